/** Numbers in an HDF5 file, by their paths. */
import { Dataset, File, Group } from 'jsfive';
import { Damage } from '../../formats/damage';
import { product } from '../../formats/safetensors';
import { sentence } from '../../sentence';
import type { NamedTensor } from './tensors';

export interface Hdf5 {
  /** An attribute of the file itself. */
  readonly attribute: (name: string) => unknown;
  /** The arrays within a group and the groups within it, in the order of their names. */
  readonly tensorsIn: (group: string) => readonly NamedTensor[];
}

/** Groups are looked through to this depth; more of them than any model has make a circle. */
const deepest = 8;
const mostArrays = 10_000;

export function isHdf5(bytes: Uint8Array): boolean {
  return [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a].every((byte, i) => bytes[i] === byte);
}

/** @throws Damage */
export function openHdf5(bytes: Uint8Array): Hdf5 {
  const file = orDamage(() => new File(bytes.slice().buffer, 'file'));
  return {
    attribute: (name) => orDamage(() => file.attrs[name]),
    tensorsIn: (path) =>
      orDamage(() => {
        let group: Group | Dataset | null = file;
        for (const key of path.split('/')) {
          if (!(group instanceof Group) || !group.keys.includes(key)) return [];
          group = group.get(key);
        }
        const found: NamedTensor[] = [];
        if (group instanceof Group) collect(group, path, found, deepest);
        return found;
      }),
  };
}

function collect(group: Group, path: string, found: NamedTensor[], depth: number): void {
  if (depth === 0 || found.length > mostArrays) throw new Damage(sentence`its groups go too deep`);
  for (const key of [...group.keys].sort()) {
    const name = `${path}/${key}`;
    const inner = group.get(key);
    if (inner instanceof Group) collect(inner, name, found, depth - 1);
    else if (inner instanceof Dataset) found.push(tensorOf(name, inner));
  }
}

function tensorOf(name: string, dataset: Dataset): NamedTensor {
  const { shape, dtype } = dataset;
  return {
    name,
    shape,
    values: () =>
      orDamage(() => {
        if (typeof dtype !== 'string' || !/^[<>]f[248]$/.test(dtype)) {
          throw new Damage(
            sentence`${name} holds ${String(dtype)} numbers; floating-point ones can be read`,
          );
        }
        const { value } = dataset;
        if (!Array.isArray(value) || value.length !== product(shape)) {
          throw new Damage(sentence`the numbers of ${name} are missing or are not all there`);
        }
        return Float64Array.from(value, Number);
      }),
  };
}

/** Whatever the reader stumbles over is damage. */
function orDamage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Damage) throw error;
    throw new Damage(sentence`its HDF5 cannot be read`);
  }
}
