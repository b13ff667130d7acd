import type { ArenaLayout, Backend, LoadedProgram, StepResult, Update } from './backend';
import { runInstruction, type Rows } from './reference-instructions';
import { updateParameters } from './reference-optimizer';
import type { Program } from './program';
import { moveState, readState, resetState, writeState } from './state';

/**
 * The reference backend: float64, plain loops, one thread. It runs the same programs as the
 * WebAssembly backend and is what that one is measured against; the gradient check uses it too.
 */
export function createReferenceBackend(layout: ArenaLayout): Backend {
  let arena = new Float64Array(layout.free);
  const grow = (floats: number): void => {
    if (arena.length >= floats) return;
    const larger = new Float64Array(floats);
    larger.set(arena);
    arena = larger;
  };
  return {
    kind: 'reference',
    threads: 1,
    floats: () => arena,
    load(program) {
      grow(program.base + program.floats);
      arena.fill(0, program.base, program.base + program.floats);
      return loadProgram(program, () => arena, layout);
    },
    parametersChanged: () => undefined,
    close: () => undefined,
  };
}

function loadProgram(
  program: Program,
  floats: () => Float64Array,
  layout: ArenaLayout,
): LoadedProgram {
  const rows = program.batch * program.sequence;
  const tokens = new Int32Array(rows);
  const targets = new Int32Array(rows);
  const run = (dropoutKey: number): { lossSum: number; count: number } => {
    const arena = floats();
    const count = targets.reduce((sum, target) => sum + (target >= 0 ? 1 : 0), 0);
    const lossScale = 1 / Math.max(count, 1);
    const context = { program, arena, tokens, targets, dropoutKey, lossScale };
    for (const phase of program.phases) {
      const isLoop = phase.kind === 'forward loop' || phase.kind === 'backward loop';
      const stretches: Rows[] = isLoop
        ? steps(program.sequence)
        : [{ from: 0, to: program.sequence }];
      if (phase.kind === 'backward loop') stretches.reverse();
      for (const stretch of stretches) {
        for (const instruction of phase.instructions) runInstruction(context, instruction, stretch);
      }
    }
    moveState(arena, program);
    let lossSum = 0;
    for (let i = 0; i < rows; i++) lossSum += arena[program.losses + i]!;
    return { lossSum, count };
  };
  resetState(floats(), program);
  return {
    program,
    tokens,
    targets,
    run,
    train(dropoutKey: number, update: Update): StepResult {
      const { lossSum, count } = run(dropoutKey);
      const gradientNorm = updateParameters(floats(), layout, update);
      return { loss: lossSum / Math.max(count, 1), gradientNorm };
    },
    resetState(row) {
      resetState(floats(), program, row);
    },
    readState: () => readState(floats(), program),
    writeState(state) {
      writeState(floats(), program, state);
    },
  };
}

function steps(sequence: number): Rows[] {
  return Array.from({ length: sequence }, (_, t) => ({ from: t, to: t + 1 }));
}
