import type { LoadedProgram } from '../../core/engine/backend';
import { describeInstruction } from '../../core/engine/describe';
import { buildModel, type Model } from '../../core/engine/model';
import { instructionOperations } from '../../core/engine/operations';
import { benchUpdate } from '../../core/kernels/bench';
import { vectorBits } from '../../core/kernels/loader';
import { measurePeak } from '../../core/kernels/peak';
import type { ProgramTimes } from '../../core/kernels/wasm';
import { divide, type Division } from '../../core/kernels/work';
import { parseSettings } from '../../core/settings/settings';
import type { ProfileRequest, ProfileResult, ProfileRow } from '../../protocol/engine';
import { createBackend } from '../backends';
import type { Job } from '../handler';
import { readCell } from '../sources';
import { loadStep } from './bench-step';

/** What the parts around the instructions are called. */
const parts: Readonly<Record<keyof ProgramTimes['parts'], string>> = {
  waiting: 'waiting for other threads',
  carrying: 'carrying states to the next chunk',
  norm: 'norm of the gradient',
  update: "optimiser's update",
  packing: 'packing of the weights',
  losses: 'sum of the losses',
};

/**
 * Measures where the time of a training step goes, part by part of the plan, with everything in memory.
 * @throws InputError if a size is out of its range
 */
export async function profile(
  request: ProfileRequest,
  job: Job<'profile'>,
): Promise<ProfileResult> {
  const { hidden = 256, layers = 1, batch = 32, sequence = 64, vocabulary = 65 } = request;
  const { threads = 0, seconds = 2 } = request;
  parseSettings({ model: { hidden, layers }, training: { batch, sequence, threads } });
  const cell = await readCell(job.platform.files, request.cell);
  const model = buildModel({ cell, hidden, layers, vocabulary, embedding: 0, dropout: 0 });
  await job.platform.beforeComputing();
  const peakGflops = measurePeak();
  const backend = createBackend(job.platform, model, threads);
  try {
    const loaded = loadStep(backend, model, { batch, sequence });
    const division = divide(loaded.program, backend.threads);
    // Threads start, code gets warm.
    await runFor(job, loaded, Math.min(0.5, seconds));
    let steps = 0;
    const started = job.platform.now();
    const times = await backend.profile(loaded, async () => {
      steps = await runFor(job, loaded, seconds);
    });
    const elapsed = job.platform.now() - started;
    return {
      backend: backend.kind,
      vectorBits: vectorBits(),
      threads: division.threads,
      peakGflops,
      cell: cell.name,
      ...{ hidden, batch, sequence, vocabulary, steps },
      millisecondsPerStep: (elapsed * 1000) / steps,
      tokensPerSecond: (steps * batch * sequence) / elapsed,
      rows: rowsOf(model, loaded, times, { steps, division }),
    };
  } finally {
    backend.close();
  }
}

/** Steps for so many seconds, letting messages in now and then. @returns how many */
async function runFor(
  job: Job<'profile'>,
  loaded: LoadedProgram,
  seconds: number,
): Promise<number> {
  const end = job.platform.now() + seconds;
  let steps = 0;
  do {
    const pause = job.platform.now() + 0.25;
    do loaded.train(0, { ...benchUpdate, step: ++steps });
    while (job.platform.now() < pause && job.platform.now() < end);
    await job.breathe();
  } while (job.platform.now() < end && !job.stopped());
  return steps;
}

function rowsOf(
  model: Model,
  { program }: LoadedProgram,
  times: ProgramTimes,
  { steps, division }: { readonly steps: number; readonly division: Division },
): ProfileRow[] {
  const instructions = program.phases.flatMap(({ kind, instructions: all }) =>
    all.map((instruction) => ({ phase: kind, instruction })),
  );
  const done = instructions.map(({ phase, instruction }, index): ProfileRow => {
    const milliseconds = times.instructions[index]! / steps;
    // The first thread has its share of the rows, and of sums that of their entries.
    const threads = phase === 'reduction' ? division.threads : division.rowThreads;
    const operations = instructionOperations(model, program, instruction) / threads;
    const gflops = operations === 0 ? NaN : operations / milliseconds / 1e6;
    return { phase, name: describeInstruction(model, instruction), milliseconds, gflops };
  });
  const around = Object.entries(parts).map(([part, name]): ProfileRow => {
    const milliseconds = times.parts[part as keyof typeof parts] / steps;
    return { phase: 'step', name, milliseconds, gflops: NaN };
  });
  return [...done, ...around];
}
