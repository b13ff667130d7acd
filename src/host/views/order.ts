import { isBetterScore, leadingScore } from '../../core/metrics/columns';
import { lastPart } from '../runs/last-part';
import { notebookOf } from '../runs/notebook-of';
import type { RunLine } from '../runs/line';

/** What runs are told and sorted by. */
export const columnNames = [
  'age',
  'loss',
  'score',
  'text',
  'cell',
  'size',
  'step',
  'time',
  'tags',
] as const;
export type ColumnName = (typeof columnNames)[number];

/** In which order runs stand. */
export interface Order {
  readonly by: ColumnName;
  /** The other way round than usual. */
  readonly isReversed: boolean;
}

interface Key {
  /** Undefined: it is not known, and comes last in either order. */
  readonly valueOf: (line: RunLine) => number | string | undefined;
  /** Which comes first, usually. */
  readonly first: 'least' | 'greatest';
}

const keys: Record<ColumnName, Key> = {
  age: { valueOf: ({ summary }) => summary.created, first: 'greatest' },
  // Losses of examples are not in nats per token.
  loss: {
    valueOf: (line) => (line.summary.task === null ? lossOf(line) : undefined),
    first: 'least',
  },
  score: { valueOf: merit, first: 'greatest' },
  text: { valueOf: ({ summary }) => summary.name, first: 'least' },
  cell: { valueOf: ({ summary }) => lastPart(summary.cell), first: 'least' },
  size: { valueOf: ({ summary }) => summary.parameters, first: 'greatest' },
  step: { valueOf: ({ step }) => step, first: 'greatest' },
  time: { valueOf: ({ seconds }) => seconds, first: 'greatest' },
  tags: { valueOf: ({ summary: { tags } }) => tags.join(' ') || undefined, first: 'least' },
};

/** The greater, the better: an error counts less than nothing, and so stands behind all shares that are right. */
function merit({ scores }: RunLine): number | undefined {
  const score = leadingScore(scores);
  return score && (isBetterScore(score.name, 1, 0) ? score.value : -score.value);
}

/** What a run is worth: its best validation loss, else that of its training. */
export function lossOf({ best, loss }: Pick<RunLine, 'best' | 'loss'>): number | undefined {
  return best ?? loss;
}

/** @returns the runs in an order; of equals the one that was begun last comes first */
export function inOrder(lines: readonly RunLine[], { by, isReversed }: Order): RunLine[] {
  const { valueOf, first } = keys[by];
  const sign = (first === 'least') === isReversed ? -1 : 1;
  return lines.toSorted((a, b) => {
    const [one, other] = [valueOf(a), valueOf(b)];
    const newest = b.summary.created - a.summary.created;
    if (one === undefined || other === undefined) {
      return Number(one === undefined) - Number(other === undefined) || newest;
    }
    const order =
      typeof one === 'number'
        ? one - Number(other)
        : one.localeCompare(String(other), undefined, { numeric: true });
    return sign * order || newest;
  });
}

/**
 * Whether a run is what is looked for: all words are somewhere in its name, text, cell, settings, tags, note, notebook or experiment.
 *
 * @param told what else is told of it in words: its phase, and what was understood of its data
 */
export function isFound({ name, folder, summary }: RunLine, told: string, wanted: string): boolean {
  const { cell, tags, note, settings, experiment, git } = summary;
  const about = [
    ...[name, summary.name, cell, told, note],
    ...[lastPart(notebookOf(folder) ?? ''), experiment ?? '', git?.commit ?? ''],
    ...tags.map((tag) => `#${tag}`),
    ...Object.entries(settings).map(([key, value]) => `${key}=${String(value)}`),
  ]
    .join('\n')
    .toLowerCase();
  const words = wanted.toLowerCase().split(/\s+/);
  return words.every((word) => about.includes(word));
}
