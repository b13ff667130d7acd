import { pad } from '../graph/rows';
import type { Instruction, Program } from '../engine/program';

/** Floating-point operations in row phases below which waking threads costs more than it saves (some 40 µs). */
const WORTH_DIVIDING_ROWS = 2e6;
/** The same for sums and updates: each of their parts ends at a barrier (some 200 µs). */
const WORTH_DIVIDING_SUMS = 1e7;

/** How a program's steps are divided. */
export interface Division {
  /** Threads in all. */
  readonly threads: number;
  /** Threads that have batch rows. */
  readonly rowThreads: number;
}

/** Decides how many of `available` threads a step of this program should use. */
export function divide(program: Program, available: number): Division {
  const phases = program.phases.flatMap((phase) =>
    phase.instructions.map((instruction) => ({
      phase,
      cost: costOf(program, instruction) * program.batch * program.steps[phase.domain],
    })),
  );
  const inRows = phases.reduce(
    (sum, { phase, cost }) => sum + (phase.kind === 'reduction' ? 0 : cost),
    0,
  );
  const inSums = phases.reduce(
    (sum, { phase, cost }) => sum + (phase.kind === 'reduction' ? cost : 0),
    0,
  );
  // Norm, update and packing touch each parameter some ten times.
  const shared = inSums === 0 ? 0 : inSums + 10 * program.parameterFloats;
  const rowThreads = inRows < WORTH_DIVIDING_ROWS ? 1 : Math.min(available, program.batch);
  return {
    threads: Math.max(rowThreads, shared < WORTH_DIVIDING_SUMS ? 1 : available),
    rowThreads,
  };
}

/** Rough number of floating-point operations per row. */
function costOf(program: Program, instruction: Instruction): number {
  switch (instruction.op) {
    case 'product':
      return (
        2 *
        program.storages[instruction.storage]!.inputs *
        pad(instruction.transposed ? instruction.input.width : instruction.out.width)
      );
    case 'outer':
      return 2 * instruction.left.width * pad(instruction.right.width);
    case 'elementwise':
      return 4 * instruction.steps.length * pad(instruction.width);
    case 'crossEntropy':
    case 'bernoulli':
    case 'squaredError':
      return 20 * instruction.logits.width;
    case 'dot':
    case 'additive': {
      const { op, keys } = instruction;
      return (op === 'dot' ? 2 : 30) * keys.view.width * program.steps[keys.axis];
    }
    case 'mix':
      return 2 * instruction.out.width * program.steps[instruction.values.axis];
    case 'unmix':
      return 2 * instruction.out.width * program.steps[instruction.weights.axis];
    case 'additiveGradient': {
      const { by, query, keys, out } = instruction;
      return 40 * out.width * program.steps[by === 'keys' ? query.axis : keys.axis];
    }
    case 'border':
      return instruction.out.view.width;
    case 'sum':
      return instruction.input.width;
    case 'scatter':
      return instruction.right.width;
    default:
      return 10 * instruction.out.width;
  }
}
