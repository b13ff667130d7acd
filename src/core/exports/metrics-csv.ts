/**
 * A run's metrics as comma-separated values (RFC 4180): one row for each row of metrics and each
 * evaluation, in the order in which they were made; what a kind of row does not measure is empty.
 */
import { channels, columnsOf, flatten, type Column } from '../metrics/columns';
import type { EvaluationEvent, MetricsEvent } from '../training/events';

/** What the rows of either event are called, and the column of each of their numbers by its label. */
const kinds = {
  metrics: { kind: 'training', columns: labeled(columnsOf(channels.metrics)) },
  evaluation: { kind: 'evaluation', columns: labeled(columnsOf(channels.evaluation)) },
};

/** What only some tasks have, by its label. */
const optional = new Map(
  columnsOf(channels.evaluation)
    .filter((column) => column.optional)
    .map(({ name, label }) => [label, name]),
);

/** Columns that both kinds of row have are one. */
const all = new Set([...kinds.metrics.columns.keys(), ...kinds.evaluation.columns.keys()]);

function labeled(columns: readonly Column[]): ReadonlyMap<string, string> {
  return new Map(
    columns.flatMap(({ name, label }) => (label === undefined ? [] : [[label, name]])),
  );
}

/** @param events all of the run's, in their order */
export function writeMetricsCsv(events: readonly (MetricsEvent | EvaluationEvent)[]): string {
  const rows = events.map(numbersOf);
  const labels = [...all].filter((label) => {
    const name = optional.get(label);
    return name === undefined || rows.some((row) => !Number.isNaN(row[name] ?? NaN));
  });
  const lines = [
    ['kind', ...labels],
    ...events.map(({ event }, i) => cellsOf(event, rows[i]!, labels)),
  ];
  return lines.map((line) => `${line.map(quoted).join(',')}\r\n`).join('');
}

function numbersOf(event: MetricsEvent | EvaluationEvent): Readonly<Record<string, number>> {
  return event.event === 'metrics'
    ? flatten(channels.metrics, event.row)
    : flatten(channels.evaluation, event.row);
}

function cellsOf(
  event: keyof typeof kinds,
  numbers: Readonly<Record<string, number>>,
  labels: readonly string[],
): string[] {
  const { kind, columns } = kinds[event];
  return [kind, ...labels.map((label) => String(numbers[columns.get(label) ?? ''] ?? ''))];
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
