import type { ArenaLayout, Backend, Floats, LoadedProgram, RowBlock } from '../engine/backend';
import type { MatrixStorage, Program } from '../engine/program';
import { pad } from '../graph/rows';
import type { RightOfWay } from '../right-of-way';
import { sentence } from '../sentence';
import { WordedError } from '../worded-error';
import { Arena, type Block } from './arena';
import { Control, Part, Size, Status } from './assembly/layout';
import { encode } from './encode';
import { compileKernels, instantiateKernels, kindOf, type Build, type Kernels } from './loader';
import { packedFloats, packedKey, prepare, rowBitBytes, type PackedUse } from './prepare';
import { readyThreads, stopThreads, type SpawnThread, type ThreadHandle } from './threads';
import { WasmProgram, type Job, type Machine, type PackedCopy } from './wasm-program';
import { rowTables } from './rows';
import type { Division } from './work';

export interface WasmOptions {
  readonly layout: ArenaLayout;
  /** Threads in all, the caller's own included; 1 if not given. More than one need `spawn`. */
  readonly threads?: number;
  readonly spawn?: SpawnThread;
  /** Seconds to wait for a thread that does nothing before the step fails; 30 if not given. */
  readonly patience?: number;
  /** For work in the background: whoever has the right of way goes first. */
  readonly rightOfWay?: RightOfWay;
  /** Forces one of the builds; else the fastest that the runtime accepts. */
  readonly build?: Build;
}

/** The WebAssembly backend, with what only it can tell. */
export interface WasmBackend extends Backend {
  readonly kind: 'relaxed' | 'strict';
  /** Threads that have started and wait for work, the caller's own included; work begins before all have. */
  readyThreads(): number;
  /** Measures where the time goes while `work` runs a program that this backend has loaded. */
  profile(loaded: LoadedProgram, work: () => Promise<void>): Promise<ProgramTimes>;
}

/** Milliseconds of the caller's own thread. */
export interface ProgramTimes {
  /** Of each instruction, in the order of the phases. */
  readonly instructions: readonly number[];
  readonly parts: Readonly<Record<keyof typeof Part, number>>;
}

/**
 * Makes the float32 backend: programs run inside WebAssembly, one call a step.
 * @throws RangeError if `threads` is not in 1 … 64
 * @throws Error if the runtime lacks SIMD, threads or shared memory
 */
export function createWasmBackend(options: WasmOptions): WasmBackend {
  return new WasmMachine(options);
}

/** A thread's scratch to begin with, bytes. */
const scratchBytes = Size.slots + 65536;

/** Bytes that the backend takes beside the arena's floats: packed matrices, scratch, and some room for programs. */
export function systemBytes(
  { packedFloats, parameterFloats }: ArenaLayout,
  threads: number,
): number {
  return packedFloats * 4 + partialBytes(parameterFloats) + threads * scratchBytes + 2 ** 20;
}

/** Of the norm's partial sums. */
function partialBytes(parameterFloats: number): number {
  return 8 * Math.ceil(parameterFloats / Size.normBlock);
}

class WasmMachine implements WasmBackend, Machine {
  readonly kind: 'relaxed' | 'strict';
  readonly threads: number;
  readonly layout: ArenaLayout;
  private readonly kernels: Kernels;
  private readonly arena: Arena;
  /** Goes up when parameters change; packed copies of an older version are stale. */
  version = 1;
  /** The control words: they stay where they are, so that a run allocates nothing. */
  readonly words: Int32Array;
  readonly doubles: Float64Array;
  private readonly handles: ThreadHandle[] = [];
  private readonly copies = new Map<string, PackedCopy>();
  private readonly constants = new Map<number, Block>();
  private readonly pickedBits = new Map<string, Block>();
  private programs: WasmProgram[] = [];
  private readonly partials: Block;
  private scratch: Block;
  private scratchStride = 0;
  /** Where times go while someone asks for them. */
  private times: Block | undefined;
  private view: Float32Array | undefined;
  private failure: Error | undefined;
  private closed = false;

  constructor({ layout, threads = 1, spawn, build, patience = 30, rightOfWay }: WasmOptions) {
    if (!(Number.isInteger(threads) && threads >= 1 && threads <= Size.maxThreads)) {
      throw new RangeError(
        `The number of threads must be from 1 to ${String(Size.maxThreads)}, not ${String(threads)}.`,
      );
    }
    const compiled = compileKernels(build);
    this.kind = kindOf(compiled.build);
    this.threads = spawn === undefined ? 1 : threads;
    this.layout = layout;
    this.arena = new Arena(systemBytes(layout, this.threads));
    this.words = new Int32Array(this.arena.memory.buffer, 0, Size.threads / 4);
    this.doubles = new Float64Array(this.words.buffer, 0, Size.threads / 8);
    this.kernels = instantiateKernels(compiled, this.arena.memory, rightOfWay);
    this.kernels.writeConstants();
    this.arena.reserve(layout.free);
    this.words[Control.patience] = patience;
    this.words[Control.polite] = Number(rightOfWay !== undefined);
    this.partials = this.allocate(partialBytes(layout.parameterFloats));
    this.scratch = this.allocate(this.threads * scratchBytes);
    this.scratchStride = scratchBytes;
    for (let index = 1; index < this.threads; index++) {
      const { memory } = this.arena;
      const init = { compiled, memory, index, ...(rightOfWay && { rightOfWay }) };
      this.handles.push(spawn!(init, (error) => (this.failure ??= error)));
    }
  }

  get memory(): WebAssembly.Memory {
    return this.arena.memory;
  }

  readyThreads(): number {
    return 1 + readyThreads(this.arena.memory);
  }

  floats(): Floats {
    return (this.view ??= this.arena.floats());
  }

  dots(rows: RowBlock, others: RowBlock): Floats {
    this.check();
    const floats = rows.count * others.count;
    this.widenScratch(floats * 4);
    const to = this.scratch.start;
    const { base } = this.arena;
    this.kernels.dots(
      base + rows.offset * 4,
      rows.stride * 4,
      rows.count,
      base + others.offset * 4,
      others.stride * 4,
      others.count,
      pad(rows.width) * 4,
      to,
    );
    return new Float32Array(this.memory.buffer, to, floats);
  }

  load(program: Program): LoadedProgram {
    this.check();
    const { base, floats } = program;
    this.programs = this.programs.filter((other) => {
      const apart =
        other.program.base + other.program.floats <= base || base + floats <= other.program.base;
      if (!apart) this.arena.release(other.retire());
      return apart;
    });
    this.view = undefined;
    this.arena.reserve(base + floats);
    const prepared = prepare(program);
    for (const use of prepared.needs.packed) this.packedCopy(use);
    for (const value of prepared.needs.constants) this.constantStrip(value);
    for (const { storage } of prepared.needs.picked) this.pickedRows(storage);
    this.widenScratch(prepared.needs.scratchBytes);
    const code = encode(prepared, this.addresses(0, 0)).words.length * 4;
    const block = this.allocate(code + rowTables(program).bytes);
    const loaded = new WasmProgram(this, prepared, block, code);
    this.programs.push(loaded);
    this.writeCode(loaded);
    this.floats().fill(0, base, base + floats);
    loaded.resetState();
    return loaded;
  }

  parametersChanged(): void {
    this.version++;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    stopThreads(this.arena.memory);
    for (const handle of this.handles) handle.end();
  }

  async profile(loaded: LoadedProgram, work: () => Promise<void>): Promise<ProgramTimes> {
    const { prepared } = this.programs.find((program) => program === loaded)!;
    const { words, instructions } = encode(prepared, this.addresses(0, 0));
    this.times = this.allocate(words.length * 8);
    try {
      await work();
      const { buffer } = this.arena.memory;
      const times = new Float64Array(buffer, this.times.start, words.length);
      const of = (part: Part): number => times[part]!;
      return {
        instructions: instructions.map((word) => times[word]!),
        parts: {
          waiting: of(Part.waiting),
          carrying: of(Part.carrying),
          norm: of(Part.norm),
          update: of(Part.update),
          packing: of(Part.packing),
          losses: of(Part.losses),
        },
      };
    } finally {
      this.arena.release(this.times);
      this.times = undefined;
    }
  }

  /** Runs a program, or a part of it. */
  execute(loaded: WasmProgram, division: Division, job: Job): void {
    this.check();
    if (loaded.isStale(this.version)) {
      this.kernels.pack(loaded.address);
      for (const copy of loaded.copies) copy.version = this.version;
    }
    const { words } = this;
    words[Control.program] = loaded.address;
    words[Control.train] = Number(job.train);
    words[Control.dropoutKey] = job.dropoutKey;
    loaded.noteExtent(words, job.part);
    words[Control.scratch] = this.scratch.start;
    words[Control.scratchStride] = this.scratchStride;
    words[Control.partials] = this.partials.start;
    words[Control.first] = this.arena.base + this.layout.first * 4;
    words[Control.second] = this.arena.base + this.layout.second * 4;
    words[Control.matrixFloats] = this.layout.matrixFloats;
    words[Control.frozenFloats] = this.layout.frozenFloats ?? 0;
    words[Control.profile] = this.times?.start ?? 0;
    const status = this.callRun(division);
    if (status !== Status.done) throw loaded.positionError(status, words[Control.position]!);
  }

  updated(loaded: WasmProgram): void {
    this.version++;
    for (const copy of loaded.copies) copy.version = this.version;
  }

  packedCopy(use: PackedUse): PackedCopy {
    const key = packedKey(use);
    const found = this.copies.get(key);
    if (found) return found;
    const copy = { block: this.allocate(packedFloats(use) * 4), version: 0 };
    this.copies.set(key, copy);
    return copy;
  }

  private callRun({ threads, rowThreads }: Division): number {
    try {
      return this.kernels.run(threads, rowThreads);
    } catch (error) {
      const aborted = new Int32Array(this.arena.memory.buffer)[Control.abort] !== 0;
      this.failure ??=
        aborted && this.threads > 1
          ? new WordedError(
              sentence`A compute thread has died or does not answer.`,
              sentence`Train again, with fewer threads if it happens again.`,
              { cause: error },
            )
          : new Error(error instanceof Error ? error.message : String(error), { cause: error });
      this.kernels.abort();
      throw this.failure;
    }
  }

  private check(): void {
    if (this.closed) throw new Error('The engine has been closed.');
    if (this.failure) throw this.failure;
  }

  private constantStrip(value: number): Block {
    const found = this.constants.get(value);
    if (found) return found;
    const block = this.allocate(Size.strip * 4);
    new Float32Array(this.arena.memory.buffer, block.start, Size.strip).fill(value);
    this.constants.set(value, block);
    return block;
  }

  /** Bits of the rows that are picked; all to begin with, as nobody knows what the gradients hold. */
  private pickedRows(storage: MatrixStorage): Block {
    const key = Object.values(storage).join();
    const found = this.pickedBits.get(key);
    if (found) return found;
    const bytes = rowBitBytes(storage);
    const block = this.allocate(2 * bytes);
    new Uint8Array(this.memory.buffer, block.start, bytes).fill(0xff);
    this.pickedBits.set(key, block);
    return block;
  }

  private widenScratch(bytes: number): void {
    const stride = Math.ceil(bytes / 4096) * 4096;
    if (stride <= this.scratchStride) return;
    this.arena.release(this.scratch);
    this.scratch = this.allocate(stride * this.threads);
    this.scratchStride = stride;
  }

  private allocate(bytes: number): Block {
    const { block, moved } = this.arena.allocate(bytes);
    if (moved) {
      this.view = undefined;
      for (const loaded of this.programs) this.writeCode(loaded);
    }
    return block;
  }

  private addresses(program: number, codeBytes: number) {
    return {
      arena: this.arena.base,
      program,
      rows: program + codeBytes,
      packed: (use: PackedUse) => this.packedCopy(use).block.start,
      constant: (value: number) => this.constantStrip(value).start,
      pickedRows: (storage: MatrixStorage) => this.pickedRows(storage).start,
    };
  }

  private writeCode(loaded: WasmProgram): void {
    const { words } = encode(loaded.prepared, this.addresses(loaded.address, loaded.codeBytes));
    new Int32Array(this.arena.memory.buffer, loaded.address, words.length).set(words);
  }
}
