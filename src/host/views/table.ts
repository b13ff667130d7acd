import { csv, type CsvValue } from '../../protocol/csv';
import { lastPart } from '../runs/last-part';
import type { RunLine } from '../runs/line';
import { notebookOf } from '../runs/notebook-of';

/** What there is to tell of any run, by the heading of its column. */
const facts: Readonly<Record<string, (line: RunLine) => CsvValue>> = {
  run: ({ name }) => name,
  text: ({ summary }) => summary.name,
  cell: ({ summary }) => summary.cell,
  state: ({ phase }) => phase,
  step: ({ step }) => step,
  'training time [s]': ({ seconds }) => seconds,
  'training loss [nats/token]': ({ loss }) => loss,
  'best validation loss [nats/token]': ({ best }) => best,
  tokens: ({ summary }) => summary.tokens,
  vocabulary: ({ summary }) => summary.vocabulary,
  parameters: ({ summary }) => summary.parameters,
  'hidden units': ({ summary }) => summary.hidden,
  layers: ({ summary }) => summary.layers,
  started: ({ summary }) => new Date(summary.created).toISOString(),
  changed: ({ summary }) => new Date(summary.changed).toISOString(),
  notebook: ({ folder }) => lastPart(notebookOf(folder) ?? ''),
  experiment: ({ summary }) => summary.experiment ?? '',
  'git commit': ({ summary }) => summary.git?.commit ?? '',
  'text in git': ({ summary }) => summary.git?.text ?? '',
  tags: ({ summary }) => summary.tags.join(' '),
  note: ({ summary }) => summary.note,
  folder: ({ folder }) => folder,
};

/** Runs as comma-separated values, a row each: what is known of every run, then each setting that any of them changes. */
export function runsCsv(lines: readonly RunLine[]): string {
  const settings = [...new Set(lines.flatMap(({ summary }) => Object.keys(summary.settings)))];
  const keys = settings.sort();
  return csv(
    [...Object.keys(facts), ...keys],
    lines.map((line) => [
      ...Object.values(facts).map((tell) => tell(line)),
      ...keys.map((key) => textOf(line.summary.settings[key])),
    ]),
  );
}

function textOf(value: string | number | boolean | undefined): CsvValue {
  return typeof value === 'boolean' ? String(value) : value;
}
