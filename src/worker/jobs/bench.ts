import { kernelShapes, measureShape, type KernelShape } from '../../core/kernels/bench';
import { bestBuild, kindOf, vectorBits } from '../../core/kernels/loader';
import { measureCommonPeak } from '../../core/kernels/peak';
import { sentence } from '../../core/sentence';
import type { BenchRequest, BenchResult, KernelSpeed } from '../../protocol/engine';
import { threadCount } from '../backends';
import { inputError } from '../failures';
import type { Job } from '../handler';
import type { Peak } from './bench-rates';
import { benchSampling, samplingLabel, samplingRows } from './bench-sampling';
import { benchTraining, trainingLabel, trainingRows } from './bench-training';

/** Measures the processor's peak, the kernels, whole training steps, and sampling; all in memory. */
export async function bench(request: BenchRequest, job: Job<'bench'>): Promise<BenchResult> {
  const rows = wantedRows(request.only);
  await job.platform.beforeComputing();
  const threads = threadCount(job.platform, request.threads ?? 0);
  const peak = rememberedPeak(job);
  const machine = {
    backend: kindOf(bestBuild()),
    vectorBits: vectorBits(),
    threads,
    peakGflops: await peak(1),
    commonPeakGflops: await peak(threads),
  } as const;
  job.emit({ event: 'machine', ...machine });
  const kernels = await rowByRow(
    job,
    rows.kernels,
    (shape) => benchKernel(shape, request, job, peak),
    (row) => {
      job.emit({ event: 'kernel', row });
    },
  );
  const training = await rowByRow(
    job,
    rows.training,
    (row) => benchTraining(row, request, job, peak),
    (row) => {
      job.emit({ event: 'training', row });
    },
  );
  const sampling = await rowByRow(
    job,
    rows.sampling,
    (row) => benchSampling(row, request, job),
    (row) => {
      job.emit({ event: 'sampling', row });
    },
  );
  return { ...machine, kernels, training, sampling };
}

/** A peak is measured once, when a row first needs it: the machine is the same from row to row. */
function rememberedPeak({ platform }: Job<'bench'>): Peak {
  const { spawn, breathe } = platform;
  const known = new Map<number, Promise<number>>();
  return (threads) => {
    const peak = known.get(threads) ?? measureCommonPeak({ threads, spawn, breathe });
    known.set(threads, peak);
    return peak;
  };
}

/**
 * The rows that have a text in their name; `x` may stand for `×`.
 * @throws JobError if there is none
 */
function wantedRows(only = '') {
  const plain = (text: string): string => text.toLowerCase().replaceAll('×', 'x');
  const isWanted = (label: string): boolean => plain(label).includes(plain(only));
  const kernels = kernelShapes.filter((shape) => isWanted(kernelLabel(shape)));
  const training = trainingRows.filter((row) => isWanted(trainingLabel(row)));
  const sampling = samplingRows.filter((row) => isWanted(samplingLabel(row)));
  if (kernels.length + training.length + sampling.length === 0) {
    throw inputError(
      sentence`No row of the benchmark has ${only} in its name.`,
      sentence`Leave --only away to see them all.`,
    );
  }
  return { kernels, training, sampling };
}

/** @param measure returns undefined if the job was stopped on the way */
async function rowByRow<Row, Speed>(
  job: Job<'bench'>,
  rows: readonly Row[],
  measure: (row: Row) => Promise<Speed | undefined>,
  emit: (speed: Speed) => void,
): Promise<Speed[]> {
  const done: Speed[] = [];
  for (const row of rows) {
    const speed = job.stopped() ? undefined : await measure(row);
    if (speed === undefined) break;
    done.push(speed);
    emit(speed);
    await job.breathe();
  }
  return done;
}

function kernelLabel({ kernel, m, k, n }: KernelShape): string {
  return `${kernel} ${[m, k, n].join('×')}`;
}

/** With one thread unless a number is asked for. */
async function benchKernel(
  shape: KernelShape,
  { threads = 1, seconds = 0.5 }: BenchRequest,
  { platform }: Job<'bench'>,
  peak: Peak,
): Promise<KernelSpeed> {
  const speed = measureShape(shape, {
    threads: threadCount(platform, threads),
    spawn: platform.spawn,
    seconds: seconds / 4,
  });
  return { ...shape, ...speed, peakGflops: await peak(speed.threads) };
}
