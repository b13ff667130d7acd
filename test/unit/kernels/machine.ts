import assert from 'node:assert/strict';
import path from 'node:path';
import type { Update } from '../../../src/core/engine/backend';
import { hasRelaxedSimd, takeWideKernels, type Build } from '../../../src/core/kernels/loader';
import { createWasmBackend, type WasmBackend } from '../../../src/core/kernels/wasm';
import { nodeThreads } from '../../../src/worker/spawn';
import { compileWideKernels, mayBeWide } from '../../../src/worker/wide';
import { randomNumbers, type ProgramBuilder } from './programs';
import { runNaively } from './naive';

/** Whether the same tests run in the oldest Node as well. */
const isBesideOldest = process.env['RNN_LAB_NEWEST'] === '1';

// Where the runtime knows vectors of 256 bits they are tested as such, elsewhere as pairs of 128.
if (mayBeWide()) takeWideKernels(compileWideKernels());

/**
 * The builds that this runtime can run, but for those that an older one runs as well: `guards/parameters` shows that the
 * strict build has the same bits in both.
 */
export const builds: readonly Build[] = hasRelaxedSimd()
  ? [...(isBesideOldest ? [] : (['strict'] as const)), 'relaxed', 'wide']
  : ['strict'];

export const spawn = nodeThreads(path.resolve('dist/thread.js'));

/** Waits until all threads of a backend take part. */
export async function allReady(backend: WasmBackend): Promise<void> {
  for (let i = 0; i < 2000 && backend.readyThreads() < backend.threads; i++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.equal(backend.readyThreads(), backend.threads);
}

export interface RunOptions {
  readonly seed?: number;
  /** Tokens and targets are below this. */
  readonly vocabulary?: number;
  /** Values are random in ±scale. */
  readonly scale?: number;
}

/**
 * Runs a program naively and on each build of the kernels, on the same random numbers, and asserts that every float
 * of the arena, padding included, comes out the same but for rounding.
 */
export function assertAsNaive(
  builder: ProgramBuilder,
  tolerance: number,
  { seed = 1, vocabulary = 1, scale = 1 }: RunOptions = {},
): void {
  const { program, layout } = builder.build();
  let wanted: Float64Array | undefined;
  for (const build of builds) {
    const backend = createWasmBackend({ layout, build });
    const loaded = backend.load(program);
    const next = randomNumbers(seed);
    builder.fill(backend.floats(), program.base, () => next() * scale);
    backend.parametersChanged();
    for (let i = 0; i < loaded.tokens.length; i++) {
      loaded.tokens[i] = Math.floor((next() + 1) * 0.5 * vocabulary);
      // A fifth of the positions have no target.
      loaded.targets[i] = next() < -0.6 ? -1 : Math.floor((next() + 1) * 0.5 * vocabulary);
    }
    if (wanted === undefined) {
      const { tokens, targets } = loaded;
      wanted = new Float64Array(backend.floats());
      runNaively(program, wanted, { tokens, targets, dropoutKey: seed });
    }
    loaded.run(seed);
    assertClose(build, backend.floats(), wanted, tolerance);
    backend.close();
  }
}

function assertClose(
  build: Build,
  got: ArrayLike<number>,
  wanted: ArrayLike<number>,
  tolerance: number,
): void {
  for (let i = 0; i < wanted.length; i++) {
    const error = Math.abs(got[i]! - wanted[i]!);
    if (Object.is(got[i], wanted[i]) || error <= tolerance * (1 + Math.abs(wanted[i]!))) continue;
    if (Number.isNaN(got[i]) && Number.isNaN(wanted[i])) continue;
    assert.fail(
      `${build} build: float ${String(i)} is ${String(got[i])}, not ${String(wanted[i])}`,
    );
  }
}

/** An update with the usual numbers. */
export function anUpdate(changes: Partial<Update> = {}): Update {
  return {
    optimizer: 'sgd',
    learningRate: 0.1,
    clip: 0,
    clipValue: 0,
    momentum: 0.9,
    alpha: 0.95,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weightDecay: 0,
    step: 1,
    ...changes,
  };
}
