import { loadCell } from '../../core/equations/load-cell';
import { buildModel } from '../../core/engine/model';
import { productOperations } from '../../core/engine/operations';
import { benchUpdate } from '../../core/kernels/bench';
import { divide } from '../../core/kernels/work';
import type { BenchRequest, TrainingSpeed } from '../../protocol/engine';
import { createBackend } from '../backends';
import type { Job } from '../handler';
import { rates, spreadOf, type Peak } from './bench-rates';
import { loadStep } from './bench-step';

export type TrainingRow = Pick<
  TrainingSpeed,
  'cell' | 'hidden' | 'batch' | 'sequence' | 'vocabulary'
>;

/** Characters of tiny Shakespeare. */
const characters = 65;

/** H, B, T, V: from one short sequence of characters, and of words, to what fills a large cache. */
const sizes = [
  [100, 1, 25, characters],
  [128, 32, 64, characters],
  [256, 32, 64, characters],
  [512, 64, 64, characters],
  [1024, 64, 128, characters],
  [100, 1, 25, 8000],
] as const;

export const trainingRows: readonly TrainingRow[] = ['vanilla', 'gru', 'lstm'].flatMap((cell) =>
  sizes.map(([hidden, batch, sequence, vocabulary]) => ({
    cell,
    hidden,
    batch,
    sequence,
    vocabulary,
  })),
);

export function trainingLabel({ cell, hidden, batch, sequence, vocabulary }: TrainingRow): string {
  return `${cell} ${[hidden, batch, sequence].join('×')} V=${String(vocabulary)}`;
}

/** @returns undefined if the job was stopped */
export async function benchTraining(
  row: TrainingRow,
  { repetitions = 5, seconds = 0.5, threads = 0 }: BenchRequest,
  job: Job<'bench'>,
  peak: Peak,
): Promise<TrainingSpeed | undefined> {
  const { hidden, batch, sequence, vocabulary } = row;
  const cell = loadCell(row.cell);
  const model = buildModel({ cell, hidden, layers: 1, vocabulary, embedding: 0, dropout: 0 });
  const backend = createBackend(job.platform, model, threads);
  try {
    const loaded = loadStep(backend, model, row);
    const { program } = loaded;
    let step = 0;
    const train = (): void => void loaded.train(0, { ...benchUpdate, step: ++step });
    const steps = await rates(job, train, { repetitions, seconds });
    if (steps.length === 0) return undefined;
    const tokens = batch * sequence;
    const tokensPerSecond = spreadOf(steps.map((rate) => rate * tokens));
    const used = divide(program, backend.threads).threads;
    const operations = productOperations(model, program) / tokens;
    return {
      ...row,
      threads: used,
      tokensPerSecond,
      gflops: (tokensPerSecond.median * operations) / 1e9,
      peakGflops: await peak(used),
      bytes: backend.floats().buffer.byteLength,
    };
  } finally {
    backend.close();
  }
}
