import type { Domain } from '../graph/operation';
import type { MatrixStorage, Program } from './program';

/** A matrix whose gradient is zero but for the rows that tokens pick. */
export interface PickedMatrix {
  readonly storage: MatrixStorage;
  /** Whose tokens pick its rows. */
  readonly domains: readonly Domain[];
}

/**
 * Embeddings and matrices of one-hot inputs, in the order of their places: those into whose gradient nothing is summed
 * but rows that tokens pick.
 */
export function pickedMatrices({ phases, storages }: Program): PickedMatrix[] {
  const domains = new Map<number, Set<Domain>>();
  const products = new Set<number>();
  for (const { domain, instructions } of phases) {
    for (const instruction of instructions) {
      if (instruction.op === 'outer') products.add(instruction.storage);
      if (instruction.op !== 'scatter') continue;
      const known = domains.get(instruction.storage) ?? new Set();
      domains.set(instruction.storage, known.add(domain));
    }
  }
  const isAlone = (index: number): boolean =>
    !products.has(index) &&
    [...products, ...domains.keys()].every(
      (other) => other === index || apart(storages[other]!, storages[index]!),
    );
  return [...domains]
    .filter(([index]) => isAlone(index))
    .map(([index, picking]) => ({ storage: storages[index]!, domains: [...picking] }))
    .sort((a, b) => a.storage.offset - b.storage.offset);
}

function apart(a: MatrixStorage, b: MatrixStorage): boolean {
  return endOf(a) <= b.offset || endOf(b) <= a.offset;
}

function endOf({ offset, inputs, columns }: MatrixStorage): number {
  return offset + inputs * columns;
}
