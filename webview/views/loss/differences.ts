/** What differs between runs that are compared, as plain data. */
import * as l10n from '@vscode/l10n';
import type { Format } from '../../../src/protocol/format';
import type { ComparedFacts, ComparedRun } from '../../../src/protocol/panel';
import { latest, type Run } from '../../state';
import { othersText } from './others';

export interface Column {
  readonly name: string;
  /** In full, where the name is short. */
  readonly title: string;
  /** Words, and not numbers. */
  readonly isText: boolean;
}

export interface Row {
  readonly id: string;
  readonly label: string;
  /** Which colour it has in the pictures. */
  readonly slot: number;
  readonly isShown: boolean;
  /** Nats per token, the lowest of its validation, else the last of its training; NaN before the first. */
  readonly loss: number;
  /** Whether its loss is the lowest of those that can be compared. */
  readonly isBest: boolean;
  /** One for each column. */
  readonly cells: readonly string[];
}

export interface Differences {
  readonly columns: readonly Column[];
  /** The run with the lowest loss comes first; those of other texts, whose losses say nothing beside it, come last. */
  readonly rows: readonly Row[];
}

interface Compared {
  readonly id: string;
  readonly label: string;
  readonly slot: number;
  readonly facts: ComparedFacts;
  readonly loss: number;
  readonly step: number;
  readonly seconds: number;
}

/** Losses and lengths of the runs, then only what is not the same for all of them. */
export function differencesOf(
  run: Run,
  others: readonly ComparedRun[],
  format: Format,
): Differences {
  const { status, evaluations } = run;
  const strangers = new Set(othersText(run, others).map(({ id }) => id));
  const isContest = others.length > strangers.size;
  const own: Compared = {
    ...{ id: run.id, label: status.label, slot: status.slot, facts: run.facts },
    loss: lowest(evaluations.view('validationLoss'), latest(run, 'lossMean')),
    step: latest(run, 'step') || 0,
    seconds: latest(run, 'seconds') || 0,
  };
  const all = [
    own,
    ...others.map((other): Compared => {
      const { id, label, slot, facts, metrics } = other;
      return {
        ...{ id, label, slot, facts },
        loss: lowest(other.evaluations.validationLoss, metrics.lossMean.at(-1) ?? NaN),
        step: metrics.step.at(-1) ?? 0,
        seconds: metrics.seconds.at(-1) ?? 0,
      };
    }),
  ].toSorted(
    (a, b) =>
      Number(strangers.has(a.id)) - Number(strangers.has(b.id)) || rank(a.loss) - rank(b.loss),
  );
  const columns = [
    ...measured(format),
    ...chosen(all, format).filter(({ tell }) => differs(all, tell)),
  ];
  return {
    columns: columns.map(({ name, title = name, isText = false }) => ({ name, title, isText })),
    rows: all.map((each, i) => {
      const { id, label, slot, loss } = each;
      const cells = columns.map(({ tell }) => tell(each));
      const isBest = isContest && i === 0;
      return { id, label, slot, loss, isShown: id === run.id, isBest, cells };
    }),
  };
}

interface Teller {
  readonly name: string;
  readonly title?: string;
  readonly isText?: boolean;
  readonly tell: (run: Compared) => string;
}

/** What each run has come to. */
function measured(format: Format): readonly Teller[] {
  return [
    {
      name: l10n.t('Loss'),
      title: l10n.t(
        'The lowest validation loss, nats per token; without validation the last training loss',
      ),
      tell: ({ loss }) => (Number.isNaN(loss) ? '–' : format.loss(loss)),
    },
    { name: l10n.t('Step'), tell: ({ step }) => format.count(step) },
    { name: l10n.t('Time'), tell: ({ seconds }) => format.duration(seconds) },
  ];
}

/** What can differ between them. */
function chosen(all: readonly Compared[], format: Format): readonly Teller[] {
  const versions = versionsOf(all);
  const keys = [...new Set(all.flatMap(({ facts }) => Object.keys(facts.settings)))];
  return [
    { name: l10n.t('Text'), isText: true, tell: ({ facts }) => facts.name },
    { name: l10n.t('Tokens'), tell: ({ facts }) => format.count(facts.tokens) },
    { name: l10n.t('Vocabulary'), tell: ({ facts }) => format.count(facts.vocabulary) },
    {
      name: l10n.t('Cell'),
      isText: true,
      // A file that was changed between two runs has the same name.
      tell: ({ facts }) => {
        const known = versions.get(keyOf(facts))!;
        return known.length === 1
          ? facts.cell.name
          : l10n.t('{0}, version {1}', facts.cell.name, known.indexOf(facts.cell.equations) + 1);
      },
    },
    { name: l10n.t('Parameters'), tell: ({ facts }) => format.count(facts.parameters) },
    ...keys
      .filter((key) => key !== 'model.cell')
      .map((key) => ({
        name: key.split('.').at(-1)!,
        title: `rnnLab.${key}`,
        isText: all.some(({ facts }) => typeof facts.settings[key] === 'string'),
        tell: ({ facts }: Compared) => settingText(facts.settings[key], format),
      })),
  ];
}

/** Of each cell's name its different equations; a table's have more around the same cell. */
function versionsOf(all: readonly Compared[]): ReadonlyMap<string, readonly string[]> {
  const versions = new Map<string, string[]>();
  for (const { facts } of all) {
    const known = versions.get(keyOf(facts)) ?? [];
    const { equations } = facts.cell;
    versions.set(keyOf(facts), known.includes(equations) ? known : [...known, equations]);
  }
  return versions;
}

function keyOf({ cell, task }: ComparedFacts): string {
  return `${String(task === null)} ${cell.name}`;
}

function settingText(value: string | number | boolean | undefined, format: Format): string {
  // An older version did not have it.
  if (value === undefined) return '–';
  return typeof value === 'number' ? format.value(value) : String(value);
}

function differs(all: readonly Compared[], tell: Teller['tell']): boolean {
  return new Set(all.map(tell)).size > 1;
}

function lowest(losses: Float64Array, otherwise: number): number {
  return losses.length > 0 ? losses.reduce((a, b) => Math.min(a, b)) : otherwise;
}

/** One that has no loss comes last. */
function rank(loss: number): number {
  return Number.isNaN(loss) ? Infinity : loss;
}
