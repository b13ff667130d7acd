/** What a program needs of the backend beside its floats. */
import { pickedMatrices, type PickedMatrix } from '../engine/picked';
import type { Instruction, MatrixStorage, Program } from '../engine/program';
import { pad } from '../graph/rows';
import { Size, Slot } from './assembly/layout';
import { placeChain, type PlacedChain } from './chain';

/** A packed copy of a matrix that a program's products read. */
export interface PackedUse {
  readonly storage: MatrixStorage;
  readonly transposed: boolean;
}

/** What a program needs beside its floats. */
export interface Needs {
  readonly packed: readonly PackedUse[];
  readonly constants: readonly number[];
  readonly picked: readonly PickedMatrix[];
  /** Bytes of a thread's scratch. */
  readonly scratchBytes: number;
}

/** Chains are placed once; encoding may happen again when the arena moves. */
export interface PreparedProgram {
  readonly program: Program;
  readonly chains: ReadonlyMap<Instruction, PlacedChain>;
  readonly needs: Needs;
}

/** Floats of one packed copy. */
export function packedFloats({ storage, transposed }: PackedUse): number {
  return transposed ? pad(storage.inputs) * storage.columns : storage.inputs * storage.columns;
}

/** Same matrix, same copy. */
export function packedKey({ storage, transposed }: PackedUse): string {
  return [storage.offset, storage.inputs, storage.columns, transposed].join();
}

/** Bytes of a bit for each row of a matrix. */
export function rowBitBytes({ inputs }: MatrixStorage): number {
  return 8 * Math.ceil(inputs / 64);
}

/** Finds out what a program needs. */
export function prepare(program: Program): PreparedProgram {
  const chains = new Map<Instruction, PlacedChain>();
  const packed = new Map<string, PackedUse>();
  const constants = new Set<number>();
  let slots = 0;
  let strips = 0;
  const all = program.phases.flatMap(({ domain, instructions }) =>
    instructions.map((instruction) => ({ domain, instruction })),
  );
  for (const { domain, instruction } of all) {
    if (instruction.op === 'product') {
      const use = {
        storage: program.storages[instruction.storage]!,
        transposed: instruction.transposed,
      };
      packed.set(packedKey(use), use);
    }
    if (instruction.op !== 'elementwise') continue;
    const extent = { sequence: program.steps[domain], batch: program.batch };
    const chain = placeChain(instruction, extent);
    chains.set(instruction, chain);
    slots = Math.max(slots, chain.places.length);
    strips = Math.max(strips, chain.strips);
    for (const place of chain.places) if (place.kind === Slot.constant) constants.add(place.value);
  }
  const scratchBytes = stripPlace(slots) + strips * Size.strip * 4;
  return {
    program,
    chains,
    needs: {
      packed: [...packed.values()],
      constants: [...constants],
      picked: pickedMatrices(program),
      scratchBytes,
    },
  };
}

/** Where strips begin in a thread's scratch, behind a slot table of `slots` entries. */
export function stripPlace(slots: number): number {
  return Size.slots + Math.ceil((slots * 4) / 128) * 128;
}
