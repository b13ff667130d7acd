import { compileProgram, type RowShape } from '../engine/compile';
import type { GraphModel, Mode } from '../engine/model';
import { Size } from '../kernels/assembly/layout';
import { systemBytes } from '../kernels/wasm';
import { sentence } from '../sentence';
import { WordedError } from '../worded-error';

/** More than a WebAssembly memory has room for, bytes. */
const largestMemory = 2 ** 32;
const floatBytes = 4;

/** A model needs more memory than there is. */
export class MemoryError extends WordedError {
  override readonly name: string = 'MemoryError';

  /**
   * @param needed bytes
   * @param available bytes
   */
  constructor(
    readonly needed: number,
    readonly available: number,
  ) {
    super(
      sentence`There is not enough memory for this model: it needs ${gigabytes(needed)} GB, and there are ${gigabytes(available)} GB.`,
      sentence`Use a smaller hidden size, batch, sequence or vocabulary, or fewer layers.`,
    );
  }
}

function gigabytes(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1);
}

/** A program that will be loaded. */
export interface ProgramShape extends RowShape {
  readonly mode: Mode;
}

/**
 * Refuses a model before anything is allocated for it.
 *
 * @param threads that will work on it; 0: as many as there may be
 * @param available bytes that are free; undefined: not known
 * @throws MemoryError if its parameters and programs take more than there is
 */
export function checkMemory(
  model: GraphModel,
  programs: readonly ProgramShape[],
  threads: number,
  available = largestMemory,
): void {
  const { layout } = model;
  const floats = programs.reduce(
    (sum, shape) => sum + compileProgram(model, { ...shape, base: layout.free }).floats,
    layout.free,
  );
  const needed =
    systemBytes(layout, threads === 0 ? Size.maxThreads : threads) + floatBytes * floats;
  const most = Math.min(available, largestMemory);
  if (needed > most) throw new MemoryError(needed, most);
}
