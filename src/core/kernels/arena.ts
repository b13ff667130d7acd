import { sentence } from '../sentence';
import { WordedError } from '../worded-error';
import { Size } from './assembly/layout';

const PAGE = 65536;
const MAX_PAGES = 65536;
const ALIGNMENT = 128;
/** Bytes past the last row that a kernel may read (never use). */
const SLACK = 256;

/** A stretch of memory, `[start, end)` in bytes. */
export interface Block {
  readonly start: number;
  readonly end: number;
}

/**
 * One shared memory: control words, then the system's blocks (encoded programs, packed weights,
 * scratch), then the arena of floats. When the system needs more room the arena moves up.
 */
export class Arena {
  readonly memory: WebAssembly.Memory;
  private floatCount = 0;
  private start: number;
  private top: number = Size.free;
  private free: Block[] = [];

  /**
   * @param systemBytes room to begin with for the system's blocks
   * @throws Error if the machine grants no shared memory
   */
  constructor(systemBytes: number) {
    this.memory = createMemory();
    this.start = align(Size.free + systemBytes, 4096);
  }

  /** Address of float 0. */
  get base(): number {
    return this.start;
  }

  /** All floats. The view is valid until the next `reserve` or `allocate`. */
  floats(): Float32Array {
    return new Float32Array(this.memory.buffer, this.start, this.floatCount);
  }

  integers(block: Block): Int32Array {
    return new Int32Array(this.memory.buffer, block.start, (block.end - block.start) / 4);
  }

  /**
   * Makes the arena at least `count` floats long.
   * @throws RangeError if that is more than a memory can be
   */
  reserve(count: number): void {
    const wanted = Math.max(count, this.floatCount);
    this.grow(this.start + wanted * 4);
    this.floatCount = wanted;
  }

  /**
   * A block of zeros outside the arena.
   * @returns the block, and whether the arena had to move (addresses in it have changed)
   * @throws RangeError if memory is exhausted
   */
  allocate(bytes: number): { readonly block: Block; readonly moved: boolean } {
    const size = align(Math.max(bytes, ALIGNMENT), ALIGNMENT);
    const fitting = this.free.findIndex((gap) => gap.end - gap.start >= size);
    if (fitting >= 0) {
      const gap = this.free[fitting]!;
      const block = { start: gap.start, end: gap.start + size };
      this.free.splice(fitting, 1, { start: block.end, end: gap.end });
      return { block: this.cleared(block), moved: false };
    }
    const moved = this.top + size > this.start;
    if (moved) this.move(this.top + size * 2);
    const block = { start: this.top, end: this.top + size };
    this.top = block.end;
    return { block: this.cleared(block), moved };
  }

  release(block: Block): void {
    if (block.end === this.top) this.top = block.start;
    else this.free.push(block);
  }

  private cleared(block: Block): Block {
    this.grow(block.end);
    new Uint8Array(this.memory.buffer, block.start, block.end - block.start).fill(0);
    return block;
  }

  private move(systemEnd: number): void {
    const bytes = this.floatCount * 4;
    const start = align(Math.max(systemEnd, this.start + (this.start >> 1)), 4096);
    this.grow(start + bytes);
    new Uint8Array(this.memory.buffer).copyWithin(start, this.start, this.start + bytes);
    this.start = start;
  }

  private grow(end: number): void {
    const missing = Math.ceil((end + SLACK - this.memory.buffer.byteLength) / PAGE);
    if (missing <= 0) return;
    try {
      this.memory.grow(missing);
    } catch {
      const gigabytes = ((end + SLACK) / 2 ** 30).toFixed(1);
      throw new RangeError(
        `This needs ${gigabytes} GB of memory, more than the engine can have (4 GB, or less on this machine). ` +
          'Choose a smaller hidden size, batch or sequence.',
      );
    }
  }
}

function align(bytes: number, to: number): number {
  return Math.ceil(bytes / to) * to;
}

/** The largest shared memory that can be had: address space may be limited. */
function createMemory(): WebAssembly.Memory {
  for (let maximum = MAX_PAGES; ; maximum /= 2) {
    try {
      return new WebAssembly.Memory({ initial: 1, maximum, shared: true });
    } catch (error) {
      if (maximum <= 1024)
        throw new WordedError(
          sentence`Shared WebAssembly memory is not available on this machine.`,
          undefined,
          { cause: error },
        );
    }
  }
}
