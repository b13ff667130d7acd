/** Tensors that other programs have named, before it is known what they are for. */
import { Damage } from '../../formats/damage';
import type { NumberArray } from '../../formats/safetensors';
import { sentence } from '../../sentence';

/** A tensor; its numbers are read when they are asked for. */
export interface NamedTensor {
  /** As the file has it. */
  readonly name: string;
  readonly shape: readonly number[];
  /** Row-major. @throws Damage if they cannot be read */
  readonly values: () => NumberArray;
}

export type NamedTensors = ReadonlyMap<string, NamedTensor>;

/** `weight [128, 64]` */
export function shown({ name, shape }: NamedTensor): string {
  return `${name} [${shape.join(', ')}]`;
}

/** @throws Damage that says which shape was expected */
export function requireShape(tensor: NamedTensor, expected: readonly number[]): void {
  const wanted = expected.join(', ');
  const found = tensor.shape.join(', ');
  if (found !== wanted) {
    throw new Damage(sentence`${tensor.name} has the shape [${found}], not [${wanted}]`);
  }
}

/** Some of a tensor's numbers, one behind the other. */
export function partOf({ name, values }: NamedTensor, from: number, length: number): NamedTensor {
  return { name, shape: [length], values: () => values().slice(from, from + length) };
}

/** Some names, and that there are more. */
export function someOf(names: readonly string[]): string {
  const most = 5;
  return `${names.slice(0, most).join(', ')}${names.length > most ? ' …' : ''}`;
}
