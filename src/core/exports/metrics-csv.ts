/**
 * A run's metrics as comma-separated values (RFC 4180): one row for each row of metrics and each
 * evaluation, in the order in which they were made; what a kind of row does not measure is empty.
 */
import type { EvaluationEvent, MetricsEvent } from '../training/events';

type Cell = string | number | undefined;

/** A column, and what stands in it in the rows of either kind. */
interface Column {
  readonly name: string;
  readonly training?: (row: MetricsEvent['row']) => Cell;
  readonly evaluation?: (row: EvaluationEvent['row']) => Cell;
}

const columns: readonly Column[] = [
  { name: 'kind', training: () => 'training', evaluation: () => 'evaluation' },
  { name: 'step', training: (row) => row.step, evaluation: (row) => row.step },
  { name: 'steps in this row', training: (row) => row.steps },
  { name: 'epoch', training: (row) => row.epoch, evaluation: (row) => row.epoch },
  { name: 'time [s]', training: (row) => row.seconds, evaluation: (row) => row.seconds },
  { name: 'training tokens seen', training: (row) => row.tokens },
  { name: 'loss [nats/token]', training: (row) => row.loss.mean },
  { name: 'least loss [nats/token]', training: (row) => row.loss.min },
  { name: 'greatest loss [nats/token]', training: (row) => row.loss.max },
  { name: 'gradient norm', training: (row) => row.gradientNorm.mean },
  { name: 'least gradient norm', training: (row) => row.gradientNorm.min },
  { name: 'greatest gradient norm', training: (row) => row.gradientNorm.max },
  { name: 'share of steps clipped', training: (row) => row.clipped },
  { name: 'learning rate', training: (row) => row.learningRate },
  { name: 'speed [tokens/s]', training: (row) => row.tokensPerSecond },
  { name: 'validation loss [nats/token]', evaluation: (row) => row.validationLoss },
  { name: 'bits per character', evaluation: (row) => row.bitsPerCharacter },
  { name: 'perplexity', evaluation: (row) => row.perplexity },
  { name: 'tokens evaluated', evaluation: (row) => row.tokens },
  { name: 'best so far', evaluation: (row) => Number(row.best) },
];

/** @param events all of the run's, in their order */
export function writeMetricsCsv(events: readonly (MetricsEvent | EvaluationEvent)[]): string {
  const lines = [columns.map(({ name }) => name), ...events.map(cellsOf)];
  return lines.map((line) => `${line.map(quoted).join(',')}\r\n`).join('');
}

function cellsOf(event: MetricsEvent | EvaluationEvent): Cell[] {
  return event.event === 'metrics'
    ? columns.map(({ training }) => training?.(event.row))
    : columns.map(({ evaluation }) => evaluation?.(event.row));
}

function quoted(cell: Cell): string {
  const text = String(cell ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
