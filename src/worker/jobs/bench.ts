import { loadCell } from '../../core/cells';
import type { LoadedProgram } from '../../core/engine/backend';
import { compileProgram } from '../../core/engine/compile';
import { buildModel } from '../../core/engine/model';
import { measureKernels, measurePeak } from '../../core/kernels/bench';
import { hasRelaxedSimd } from '../../core/kernels/loader';
import { initialise } from '../../core/training/initialise';
import { createRandom, type Random } from '../../core/training/random';
import type { BenchRequest, BenchResult, KernelSpeed, TrainingSpeed } from '../../protocol/engine';
import { createBackend, threadCount } from '../backends';
import type { Job } from '../handler';
import { benchUpdate, fillRandomly } from './bench-step';

/** Characters of tiny Shakespeare. */
const vocabulary = 65;

type TrainingRow = Pick<TrainingSpeed, 'cell' | 'hidden' | 'batch' | 'sequence'>;

const trainingRows: readonly TrainingRow[] = ['vanilla', 'gru', 'lstm'].flatMap((cell) =>
  [
    [100, 1, 25],
    [128, 32, 64],
    [256, 32, 64],
    [512, 64, 64],
  ].map(([hidden = 0, batch = 0, sequence = 0]) => ({ cell, hidden, batch, sequence })),
);

/** Measures the processor's peak, the kernels, and whole training steps; all in memory. */
export async function bench(request: BenchRequest, job: Job<'bench'>): Promise<BenchResult> {
  const threads = threadCount(job.platform, request.threads ?? 0);
  const machine = {
    backend: hasRelaxedSimd() ? 'relaxed' : 'strict',
    threads,
    peakGflops: measurePeak(),
  } as const;
  job.emit({ event: 'machine', ...machine });
  const kernels = await benchKernels(request, job);
  const training: TrainingSpeed[] = [];
  for (const row of trainingRows) {
    const speed = await benchTraining(row, request, job);
    if (speed === undefined) break;
    training.push(speed);
    job.emit({ event: 'training', row: speed });
  }
  return { ...machine, kernels, training };
}

/** With one thread, as the peak is, unless a number is asked for. */
async function benchKernels(
  { threads = 1, seconds = 0.5 }: BenchRequest,
  job: Job<'bench'>,
): Promise<KernelSpeed[]> {
  const { platform } = job;
  const rows: KernelSpeed[] = [];
  const options = {
    threads: threadCount(platform, threads),
    spawn: platform.spawn,
    seconds: seconds / 4,
  };
  for (const row of measureKernels(options)) {
    rows.push(row);
    job.emit({ event: 'kernel', row });
    await job.breathe();
    if (job.stopped()) break;
  }
  return rows;
}

/** @returns undefined if the job was stopped */
async function benchTraining(
  row: TrainingRow,
  { repetitions = 5, seconds = 0.5, threads = 0 }: BenchRequest,
  job: Job<'bench'>,
): Promise<TrainingSpeed | undefined> {
  if (job.stopped()) return undefined;
  const { hidden, batch, sequence } = row;
  const cell = loadCell(row.cell);
  const model = buildModel({ cell, hidden, layers: 1, vocabulary, embedding: 0, dropout: 0 });
  const backend = createBackend(job.platform, model, threads);
  try {
    const random = createRandom(1);
    initialise(model, backend.floats(), random);
    backend.parametersChanged();
    const base = model.layout.free;
    const loaded = backend.load(compileProgram(model, { batch, sequence, mode: 'train', base }));
    const rates = await measure(job, loaded, random, { repetitions, seconds });
    if (rates.length === 0) return undefined;
    return { ...row, threads: backend.threads, tokensPerSecond: spreadOf(rates) };
  } finally {
    backend.close();
  }
}

/** Tokens/s of each repetition; fewer if the job was stopped. */
async function measure(
  job: Job<'bench'>,
  loaded: LoadedProgram,
  random: Random,
  { repetitions, seconds }: { readonly repetitions: number; readonly seconds: number },
): Promise<number[]> {
  fillRandomly(loaded, vocabulary, random);
  const tokens = loaded.tokens.length;
  let step = 0;
  const steps = (until: number): number => {
    const first = step;
    do loaded.train(0, { ...benchUpdate, step: ++step });
    while (job.platform.now() < until);
    return step - first;
  };
  steps(job.platform.now() + Math.min(0.3, seconds));
  const rates: number[] = [];
  for (let repetition = 0; repetition < repetitions; repetition++) {
    await job.breathe();
    if (job.stopped()) break;
    const start = job.platform.now();
    const done = steps(start + seconds);
    rates.push((done * tokens) / (job.platform.now() - start));
  }
  return rates;
}

function spreadOf(values: readonly number[]): TrainingSpeed['tokensPerSecond'] {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median =
    sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, min: sorted[0]!, max: sorted.at(-1)! };
}
