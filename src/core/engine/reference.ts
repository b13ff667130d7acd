import { evaluateElement } from '../graph/elements';
import type { ArenaLayout, Backend, LoadedProgram, RowBlock, StepResult, Update } from './backend';
import { runInstruction, type ReferenceContext, type Rows } from './reference-instructions';
import { updateParameters } from './reference-optimizer';
import type { Domain } from '../graph/operation';
import { createLengths, writeLengths } from './examples';
import { pickedMatrices } from './picked';
import type { Part, Phase, Program } from './program';
import { checkPart, moveState, readState, resetState, writeState } from './state';

/**
 * The reference backend: float64, plain loops, one thread. It runs the same programs as the
 * WebAssembly backend and is what that one is measured against; the gradient check uses it too.
 *
 * @param evaluate what elementwise operations do
 */
export function createReferenceBackend(
  layout: ArenaLayout,
  evaluate: ReferenceContext['evaluate'] = evaluateElement,
): Backend {
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
      return loadProgram(program, () => arena, layout, evaluate);
    },
    dots: (rows, others) => dots(arena, rows, others),
    parametersChanged: () => undefined,
    close: () => undefined,
  };
}

function loadProgram(
  program: Program,
  floats: () => Float64Array,
  layout: ArenaLayout,
  evaluate: ReferenceContext['evaluate'],
): LoadedProgram {
  const { batch, lossDomain } = program;
  const ids = (domain: Domain): Int32Array => new Int32Array(program.steps[domain] * batch);
  const inputs = { example: ids('example'), t: ids('t'), u: ids('u') };
  const targets = ids(lossDomain);
  const keys = new Int32Array(batch);
  const lengths = createLengths(program);
  /** Positions of rows that are there, of what the loss has rows for. */
  const positions = ({ from, to }: Rows): number[] =>
    Array.from({ length: (to - from) * batch }, (_, i) => from * batch + i).filter(
      (i) => Math.floor(i / batch) < lengths[lossDomain][i % batch]!,
    );
  /**
   * @param part the steps that run, where not all do
   * @returns the number of targets
   */
  const execute = (
    phases: readonly Phase[],
    part: Part | undefined,
    dropoutKey: number,
  ): number => {
    const extent = (domain: Domain): Rows => {
      if (part !== undefined && domain === (part.axis ?? 't')) return part;
      const isRead = part !== undefined && part.from > 0;
      return { from: 0, to: isRead ? 0 : program.steps[domain] };
    };
    const count = positions(extent(lossDomain)).filter((i) => targets[i]! >= 0).length;
    const lossScale = 1 / Math.max(count, 1);
    const job = { dropoutKey, lossScale, evaluate };
    const data = { program, arena: floats(), lengths, inputs, targets, keys };
    for (const { kind, domain, instructions } of phases) {
      const isLoop = kind === 'forward loop' || kind === 'backward loop';
      const stretches: Rows[] = isLoop ? steps(extent(domain)) : [extent(domain)];
      if (kind === 'backward loop') stretches.reverse();
      const context = { ...data, ...job, domain };
      for (const stretch of stretches) {
        for (const instruction of instructions) runInstruction(context, instruction, stretch);
      }
    }
    return count;
  };
  const run = (dropoutKey: number): { lossSum: number; count: number } => {
    const count = execute(program.phases, undefined, dropoutKey);
    const arena = floats();
    moveState(arena, program);
    const all = { from: 0, to: program.steps[lossDomain] };
    const lossSum = positions(all).reduce((sum, i) => sum + arena[program.losses + i]!, 0);
    return { lossSum, count };
  };
  const picked = pickedMatrices(program);
  /** 1 for each parameter in a row that no token picks. */
  const untouched = (): Uint8Array => {
    const marks = new Uint8Array(layout.parameterFloats);
    for (const { storage, domains } of picked) {
      const { offset, inputs: rows, columns } = storage;
      marks.fill(1, offset, offset + rows * columns);
      for (const domain of domains) {
        for (const [i, token] of inputs[domain].entries()) {
          if (Math.floor(i / batch) >= lengths[domain][i % batch]!) continue;
          marks.fill(0, offset + token * columns, offset + (token + 1) * columns);
        }
      }
    }
    return marks;
  };
  resetState(floats(), program);
  return {
    program,
    tokens: inputs.t,
    inputs,
    targets,
    keys,
    setExamples(examples) {
      writeLengths(lengths, program, examples);
    },
    run,
    runPart(part) {
      checkPart(program, part);
      execute(phasesOf(program, part.pass), part, 0);
    },
    train(dropoutKey: number, update: Update): StepResult {
      const { lossSum, count } = run(dropoutKey);
      const gradientNorm = updateParameters(floats(), layout, update, untouched());
      return { loss: lossSum / Math.max(count, 1), gradientNorm };
    },
    resetState(row) {
      resetState(floats(), program, row);
    },
    readState: (into) => readState(floats(), program, into),
    writeState(state) {
      writeState(floats(), program, state);
    },
  };
}

function dots(arena: Float64Array, rows: RowBlock, others: RowBlock): Float64Array {
  const products = new Float64Array(rows.count * others.count);
  for (let i = 0; i < rows.count; i++) {
    const row = rows.offset + i * rows.stride;
    for (let j = 0; j < others.count; j++) {
      const other = others.offset + j * others.stride;
      let sum = 0;
      for (let k = 0; k < rows.width; k++) sum += arena[row + k]! * arena[other + k]!;
      products[i * others.count + j] = sum;
    }
  }
  return products;
}

function phasesOf({ phases, backward }: Program, pass: Part['pass']): readonly Phase[] {
  return pass === 'forward' ? phases.slice(0, backward) : phases.slice(backward);
}

function steps({ from, to }: Rows): Rows[] {
  return Array.from({ length: to - from }, (_, i) => ({ from: from + i, to: from + i + 1 }));
}
