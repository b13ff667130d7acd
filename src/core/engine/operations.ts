import type { GraphModel } from './model';
import type { Domain } from '../graph/operation';
import type { Instruction, Program } from './program';
import { pad } from '../graph/rows';

/**
 * Floating-point operations of one run of a program's matrix products: 2 · m · k · n each, a multiply-add
 * counted as two. Padding counts nothing, nor does the gather that a one-hot input's product is.
 */
export function productOperations(model: GraphModel, program: Program): number {
  const operations = program.phases.flatMap(({ domain, instructions }) =>
    instructions.map((instruction) => instructionOperations(model, program, instruction, domain)),
  );
  return operations.reduce((sum, own) => sum + own, 0);
}

/** Those of one of its instructions; 0 for what is no matrix product. */
export function instructionOperations(
  model: GraphModel,
  { batch, steps }: Program,
  instruction: Instruction,
  domain: Domain = 't',
): number {
  return 2 * batch * steps[domain] * entries(model, instruction);
}

/** Entries k · n of the matrices that an instruction multiplies by, or whose gradient it sums up. */
function entries(model: GraphModel, instruction: Instruction): number {
  switch (instruction.op) {
    case 'product': {
      const { storage, column, transposed, input, out } = instruction;
      return entriesWithin(model, storage, column, transposed ? input.width : out.width);
    }
    case 'outer': {
      const { storage, column, right } = instruction;
      return entriesWithin(model, storage, column, right.width);
    }
    default:
      return 0;
  }
}

/** Entries of the matrices that stand in columns [column, column + width) of a storage. */
function entriesWithin(model: GraphModel, storage: number, column: number, width: number): number {
  const { offset, inputs, columns } = model.storages[storage]!;
  const [from, to] = [offset + column, offset + column + pad(width)];
  const inside = model.parameters.filter(
    (parameter) =>
      parameter.kind === 'matrix' &&
      parameter.columnStride === columns &&
      parameter.offset >= from &&
      parameter.offset < to,
  );
  return inside.reduce((sum, { rows }) => sum + inputs * rows, 0);
}
