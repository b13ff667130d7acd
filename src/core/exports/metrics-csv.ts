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

/** Columns that both kinds of row have are one. */
const labels = new Set([...kinds.metrics.columns.keys(), ...kinds.evaluation.columns.keys()]);

function labeled(columns: readonly Column[]): ReadonlyMap<string, string> {
  return new Map(
    columns.flatMap(({ name, label }) => (label === undefined ? [] : [[label, name]])),
  );
}

/** @param events all of the run's, in their order */
export function writeMetricsCsv(events: readonly (MetricsEvent | EvaluationEvent)[]): string {
  const lines = [['kind', ...labels], ...events.map(cellsOf)];
  return lines.map((line) => `${line.map(quoted).join(',')}\r\n`).join('');
}

function cellsOf(event: MetricsEvent | EvaluationEvent): string[] {
  const { kind, columns } = kinds[event.event];
  const numbers: Readonly<Record<string, number>> =
    event.event === 'metrics'
      ? flatten(channels.metrics, event.row)
      : flatten(channels.evaluation, event.row);
  return [kind, ...[...labels].map((label) => String(numbers[columns.get(label) ?? ''] ?? ''))];
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
