import type { Backend, LoadedProgram } from '../../../src/core/engine/backend';
import type { Program } from '../../../src/core/engine/program';
import { anUpdate } from './machine';
import { ProgramBuilder, randomNumbers } from './programs';

/** A small recurrent network's training step by hand: every kind of phase, most kinds of instructions. */
export function trainingStep(
  batch = 13,
  sequence = 12,
  hidden = 61,
  vocabulary = 30,
): ProgramBuilder {
  const b = new ProgramBuilder(batch, sequence);
  const U = b.storage(vocabulary, hidden);
  const W = b.storage(hidden, hidden);
  const V = b.storage(hidden, vocabulary);
  const bias = b.vector(hidden);
  const biasRow = { offset: 0, timeStride: 0, rowStride: 0, width: hidden };
  const input = b.view(hidden);
  const state = b.view(hidden, { lag: 1 });
  const before = { ...state, offset: state.offset - state.timeStride };
  const sum = b.view(hidden, { order: 'scratch' });
  const logits = b.view(vocabulary);
  const mask = b.view(hidden, { order: 'batch', gap: 1 });
  const dropped = b.view(hidden);
  const dState = b.view(hidden);
  const dSum = b.view(hidden, { lag: 0 });
  const common = { column: 0, accumulate: false, transposed: false };
  const inputOf = (index: number) => ({ kind: 'input' as const, index });
  const stepOf = (index: number) => ({ kind: 'step' as const, index });
  b.carry(state, 1);
  b.phase(
    'sweep',
    { op: 'gather', storage: U, column: 0, out: input },
    { op: 'dropoutMask', rate: 0.25, stream: 3, out: mask },
  );
  b.phase(
    'forward loop',
    { op: 'product', storage: W, ...common, input: before, out: sum },
    {
      op: 'elementwise',
      width: hidden,
      inputs: [input, sum, biasRow],
      steps: [
        { operation: 'add', a: inputOf(0), b: inputOf(1) },
        { operation: 'add', a: stepOf(0), b: inputOf(2) },
        { operation: 'tanh', a: stepOf(1) },
      ],
      stores: [{ step: 2, out: state }],
    },
  );
  b.phase(
    'sweep',
    {
      op: 'elementwise',
      width: hidden,
      inputs: [state, mask],
      steps: [{ operation: 'multiply', a: inputOf(0), b: inputOf(1) }],
      stores: [{ step: 0, out: dropped }],
    },
    { op: 'product', storage: V, ...common, input: dropped, out: logits },
    { op: 'crossEntropy', logits, gradient: logits },
    { op: 'product', storage: V, ...common, transposed: true, input: logits, out: dState },
    {
      op: 'elementwise',
      width: hidden,
      inputs: [dState, mask],
      steps: [{ operation: 'multiply', a: inputOf(0), b: inputOf(1) }],
      stores: [{ step: 0, out: dState }],
    },
  );
  const dBefore = b.view(hidden, { order: 'scratch' });
  b.phase(
    'backward loop',
    {
      op: 'elementwise',
      width: hidden,
      inputs: [state, dState, dBefore],
      steps: [
        { operation: 'add', a: inputOf(1), b: inputOf(2) },
        { operation: 'tanhGradient', a: inputOf(0), b: stepOf(0) },
      ],
      stores: [{ step: 1, out: dSum }],
    },
    { op: 'product', storage: W, ...common, transposed: true, input: dSum, out: dBefore },
  );
  b.phase(
    'reduction',
    { op: 'outer', storage: W, column: 0, accumulate: false, left: before, right: dSum },
    { op: 'outer', storage: V, column: 0, accumulate: false, left: dropped, right: logits },
    { op: 'scatter', storage: U, column: 0, accumulate: false, right: dSum },
    { op: 'sum', parameter: bias, accumulate: false, input: dSum },
  );
  // The bias is read in place, from the parameter block; `build` moves buffers only.
  b.fixed.set(biasRow, bias);
  return b;
}

/** Loads a training step on random numbers, the same each time. */
export function loadOnRandom(
  backend: Backend,
  builder: ProgramBuilder,
  program: Program,
): LoadedProgram {
  const loaded = backend.load(program);
  const next = randomNumbers(5);
  builder.fill(backend.floats(), program.base, () => next() * 0.3);
  backend.parametersChanged();
  loaded.tokens.forEach((_, i) => (loaded.tokens[i] = Math.floor((next() + 1) * 15)));
  loaded.targets.forEach((_, i) => (loaded.targets[i] = Math.floor((next() + 1) * 15)));
  return loaded;
}

/** Three steps of Adam. */
export function trainThreeSteps(loaded: LoadedProgram): void {
  for (let step = 1; step <= 3; step++) {
    loaded.train(step, anUpdate({ optimizer: 'adam', learningRate: 0.01, clip: 1, step }));
  }
}
