/** A program in the memory of the WebAssembly backend. */
import type { Examples, Floats, LoadedProgram, StepResult, Update } from '../engine/backend';
import type { Part, Program } from '../engine/program';
import { checkPart, readState, resetState, writeState } from '../engine/state';
import type { Block } from './arena';
import { Axis, Control, Domain, Header, Status } from './assembly/layout';
import type { PackedUse, PreparedProgram } from './prepare';
import { domains, ProgramRows, rowTables } from './rows';
import { writeUpdate } from './update';
import { divide, type Division } from './work';

/** A packed copy of a matrix, and of which state of the parameters it is. */
export interface PackedCopy {
  readonly block: Block;
  version: number;
}

/** What a run is beside its program. */
export interface Job {
  readonly dropoutKey: number;
  /** With an update of the parameters. */
  readonly train: boolean;
  /** Undefined: all of it. */
  readonly part?: Part;
}

/** The header words with the addresses of each pass's first phase and of its end. */
const extents = {
  all: [Header.phases, Header.phasesEnd],
  forward: [Header.phases, Header.backward],
  backward: [Header.backward, Header.phasesEnd],
} as const;

/** What a program needs of the backend that it is loaded into. */
export interface Machine {
  readonly threads: number;
  readonly memory: WebAssembly.Memory;
  /** The control words. */
  readonly words: Int32Array;
  readonly doubles: Float64Array;
  floats(): Floats;
  packedCopy(use: PackedUse): PackedCopy;
  execute(loaded: WasmProgram, division: Division, job: Job): void;
  /** Tells that a step has changed the parameters and packed the copies of `loaded` again. */
  updated(loaded: WasmProgram): void;
}

export class WasmProgram implements LoadedProgram {
  readonly program: Program;
  readonly tokens: Int32Array;
  readonly inputs: LoadedProgram['inputs'];
  readonly targets: Int32Array;
  readonly keys: Int32Array;
  readonly copies: readonly PackedCopy[];
  private readonly rows: ProgramRows;
  private readonly header: Int32Array;
  private readonly division: Division;
  private retired = false;

  constructor(
    private readonly machine: Machine,
    readonly prepared: PreparedProgram,
    private readonly block: Block,
    readonly codeBytes: number,
  ) {
    this.program = prepared.program;
    const { buffer } = machine.memory;
    this.header = new Int32Array(buffer, block.start, Header.words);
    const tables = rowTables(this.program);
    this.rows = new ProgramRows(this.program, buffer, block.start + codeBytes, tables);
    const { inputs, targets, keys } = this.rows;
    this.inputs = inputs;
    this.tokens = inputs.t;
    this.targets = targets;
    this.keys = keys;
    this.copies = prepared.needs.packed.map((use) => machine.packedCopy(use));
    this.division = divide(this.program, machine.threads);
  }

  get address(): number {
    return this.block.start;
  }

  setExamples(examples: Examples): void {
    this.rows.setExamples(examples);
  }

  run(dropoutKey: number): { lossSum: number; count: number } {
    this.check();
    this.machine.execute(this, this.division, { dropoutKey, train: false });
    return { lossSum: this.double(Control.lossSum), count: this.machine.words[Control.count]! };
  }

  train(dropoutKey: number, update: Update): StepResult {
    this.check();
    writeUpdate(this.machine.memory, update);
    this.machine.execute(this, this.division, { dropoutKey, train: true });
    const gradientNorm = this.double(Control.norm);
    if (Number.isFinite(gradientNorm)) this.machine.updated(this);
    const count = this.machine.words[Control.count]!;
    return { loss: count === 0 ? 0 : this.double(Control.lossSum) / count, gradientNorm };
  }

  runPart(part: Part): void {
    this.check();
    checkPart(this.program, part);
    this.machine.execute(this, this.division, { dropoutKey: 0, train: false, part });
  }

  /** Notes which steps and phases run. */
  noteExtent(words: Int32Array, part: Part | undefined): void {
    const [first, end] = extents[part === undefined ? 'all' : part.pass];
    words[Control.stepFrom] = part === undefined ? 0 : part.from;
    words[Control.stepTo] = part === undefined ? this.program.sequence : part.to;
    words[Control.phaseFrom] = this.header[first]!;
    words[Control.phaseTo] = this.header[end]!;
    words[Control.partial] = Number(part !== undefined);
    words[Control.partDomain] = Domain[part?.axis ?? 't'];
  }

  /** Whether a packed copy is of older parameters. */
  isStale(version: number): boolean {
    for (const copy of this.copies) if (copy.version !== version) return true;
    return false;
  }

  resetState(row?: number): void {
    resetState(this.machine.floats(), this.program, row);
  }

  readState(into?: Float64Array): Float64Array {
    return readState(this.machine.floats(), this.program, into);
  }

  writeState(state: Float64Array): void {
    writeState(this.machine.floats(), this.program, state);
  }

  /** Gives the program's block back. */
  retire(): Block {
    this.retired = true;
    return this.block;
  }

  positionError(status: number, position: number): RangeError {
    const { batch } = this.program;
    const { header } = this;
    const domain = this.machine.words[Control.partDomain]!;
    const tokenLimit = Header.axes + domain * Axis.words + Axis.tokenLimit;
    const [what, value, limit] =
      status === Status.badToken
        ? ['Token', this.inputs[domains[domain]!][position]!, header[tokenLimit]!]
        : ['Target', this.targets[position]!, header[Header.targetLimit]!];
    const place = `step ${String(Math.floor(position / batch))}, row ${String(position % batch)}`;
    return new RangeError(
      `${what} ${String(value)} at ${place} is outside the vocabulary of ${String(limit)}.`,
    );
  }

  private check(): void {
    if (this.retired) {
      throw new Error(
        'A program loaded later took the memory of this one: load it again before it runs.',
      );
    }
  }

  private double(index: Control): number {
    return this.machine.doubles[index / 2]!;
  }
}
