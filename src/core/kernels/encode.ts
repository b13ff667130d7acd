import { pad } from '../graph/rows';
import type { Instruction, MatrixStorage, Phase, Program, View } from '../engine/program';
import type { Domain } from '../graph/operation';
import { Domain as DomainIndex, Header, Kind, Op, Size, Slot } from './assembly/layout';
import type { PlacedChain } from './chain';
import { floatBits, stepOperands } from './encode-steps';
import { rowBitBytes, stripPlace, type PackedUse, type PreparedProgram } from './prepare';
import { axisWords, rowTables } from './rows';

/** Where things lie in the memory, in bytes. */
export interface Addresses {
  /** Of float 0 of the arena. */
  readonly arena: number;
  /** Of the encoded program itself. */
  readonly program: number;
  /** Of the tables of its rows. */
  readonly rows: number;
  packed(use: PackedUse): number;
  /** A strip of 256 equal floats. */
  constant(value: number): number;
  /** Of a matrix' rows that are picked, a bit each; those of the run before follow. */
  pickedRows(storage: MatrixStorage): number;
}

/** Words of a view. */
const VIEW_WORDS = 4;

/** A program as the machine reads it. */
export interface EncodedProgram {
  readonly words: Int32Array;
  /** The first word of each instruction, in the order of the phases. */
  readonly instructions: readonly number[];
}

/** Encodes a program for the machine; where things stand in it does not depend on the addresses. */
export function encode(prepared: PreparedProgram, at: Addresses): EncodedProgram {
  return new Encoder(prepared, at).encode();
}

const kinds: Readonly<Record<Phase['kind'], Kind>> = {
  sweep: Kind.sweep,
  'forward loop': Kind.forward,
  'backward loop': Kind.backward,
  reduction: Kind.reduction,
};

class Encoder {
  private readonly words: number[] = [];
  private readonly instructions: number[] = [];
  private readonly program: Program;
  private readonly strips: number;
  /** Of what the phase that is being encoded has rows for. */
  private domain: Domain = 't';
  private readonly tokenLimits = { example: 0x7fffffff, t: 0x7fffffff, u: 0x7fffffff };
  private targetLimit = 0x7fffffff;

  constructor(
    private readonly prepared: PreparedProgram,
    private readonly at: Addresses,
  ) {
    this.program = prepared.program;
    const slots = Math.max(0, ...[...prepared.chains.values()].map((chain) => chain.places.length));
    this.strips = stripPlace(slots);
  }

  encode(): EncodedProgram {
    const { program, at, words } = this;
    for (let i = 0; i < Header.words; i++) words.push(0);
    words[Header.phases] = this.here();
    program.phases.forEach((phase, index) => {
      if (index === program.backward) words[Header.backward] = this.here();
      this.phase(phase);
    });
    words[Header.phasesEnd] = this.here();
    words[Header.backward] ||= this.here();
    words[Header.carried] = this.here();
    this.carried();
    words[Header.carriedEnd] = this.here();
    words[Header.packing] = this.here();
    this.packing();
    words[Header.packingEnd] = this.here();
    words[Header.picked] = this.here();
    this.picked();
    words[Header.pickedEnd] = this.here();
    words[Header.batch] = program.batch;
    words[Header.sequence] = program.sequence;
    words[Header.streams] = Number(program.rows === 'streams');
    const tables = rowTables(program);
    words[Header.targets] = at.rows + tables.targets;
    words[Header.keys] = at.rows + tables.keys;
    words[Header.lossDomain] = DomainIndex[program.lossDomain];
    axisWords(program, tables, at.rows, this.tokenLimits).forEach((word, index) => {
      words[Header.axes + index] = word;
    });
    words[Header.losses] = this.address(program.losses);
    words[Header.targetLimit] = this.targetLimit;
    words[Header.parameters] = this.address(program.parameters);
    words[Header.gradients] = this.address(program.gradients);
    words[Header.parameterFloats] = program.parameterFloats;
    return {
      words: Int32Array.from(words, (word) => word | 0),
      instructions: this.instructions,
    };
  }

  /** Address of the next word. */
  private here(): number {
    return this.at.program + this.words.length * 4;
  }

  private address(offset: number): number {
    return this.at.arena + offset * 4;
  }

  private view(view: View): number[] {
    return [this.address(view.offset), view.timeStride * 4, view.rowStride * 4, view.width];
  }

  /** A view; address 0 says that there is none. */
  private optional(view: View | undefined): number[] {
    return view ? this.view(view) : new Array<number>(VIEW_WORDS).fill(0);
  }

  private phase(phase: Phase): void {
    const { words } = this;
    words.push(kinds[phase.kind]);
    const end = words.push(0) - 1;
    words.push(DomainIndex[phase.domain]);
    this.domain = phase.domain;
    for (const instruction of phase.instructions) {
      const operands = this.operands(instruction);
      this.instructions.push(words.length);
      words.push(Op[instruction.op], operands.length + 2, ...operands);
    }
    words[end] = this.here();
  }

  private carried(): void {
    for (const { view, lag } of this.program.carried) {
      const [address, timeStride, rowStride] = this.view(view) as [number, number, number];
      this.words.push(address, timeStride, rowStride, pad(view.width) * 4, lag);
    }
  }

  private packing(): void {
    for (const use of this.prepared.needs.packed) {
      const { storage, transposed } = use;
      const copy = this.at.packed(use);
      const source = this.address(this.program.parameters + storage.offset);
      this.words.push(
        source,
        storage.inputs,
        storage.columns,
        transposed ? 0 : copy,
        transposed ? copy : 0,
      );
    }
  }

  private picked(): void {
    for (const { storage, domains } of this.prepared.needs.picked) {
      const bits = this.at.pickedRows(storage);
      const picking = domains.reduce((mask, domain) => mask | (1 << DomainIndex[domain]), 0);
      const { offset, inputs, columns } = storage;
      this.words.push(offset, inputs, columns, bits, bits + rowBitBytes(storage), picking);
    }
  }

  /** The bits of the rows of a gradient that the run before may have left; 0 where all may be. */
  private staleRows(storage: MatrixStorage): number {
    const isPicked = this.prepared.needs.picked.some((matrix) => matrix.storage === storage);
    return isPicked ? this.at.pickedRows(storage) + rowBitBytes(storage) : 0;
  }

  private operands(instruction: Instruction): number[] {
    switch (instruction.op) {
      case 'gather': {
        const storage = this.token(this.storage(instruction.storage));
        const matrix = this.address(this.program.parameters + storage.offset + instruction.column);
        return [...this.view(instruction.out), matrix, storage.columns * 4];
      }
      case 'onehot':
        this.limitTokens(instruction.out.width);
        return this.view(instruction.out);
      case 'product':
        return this.product(instruction);
      case 'elementwise':
        return this.chain(instruction.width, this.prepared.chains.get(instruction)!);
      case 'softmax':
      case 'layernorm':
        return [...this.view(instruction.input), ...this.view(instruction.out)];
      case 'softmaxGradient':
        return [instruction.output, instruction.gradient, instruction.out].flatMap((v) =>
          this.view(v),
        );
      case 'layernormGradient':
        return [
          instruction.input,
          instruction.output,
          instruction.gradient,
          instruction.out,
        ].flatMap((v) => this.view(v));
      case 'dropoutMask': {
        const threshold = Math.min(Math.ceil(instruction.rate * 2 ** 32), 2 ** 32 - 1);
        return [
          ...this.view(instruction.out),
          instruction.stream,
          threshold,
          floatBits(1 / (1 - instruction.rate)),
        ];
      }
      case 'crossEntropy': {
        const { logits, gradient, weights } = instruction;
        this.targetLimit = Math.min(this.targetLimit, logits.width);
        return [...this.view(logits), ...this.optional(gradient), ...this.optional(weights)];
      }
      case 'bernoulli':
      case 'squaredError': {
        const { logits, target, gradient } = instruction;
        return [...this.view(logits), ...this.view(target), ...this.optional(gradient)];
      }
      case 'outer': {
        const storage = this.storage(instruction.storage);
        return [
          ...this.view(instruction.left),
          ...this.view(instruction.right),
          this.gradient(storage.offset + instruction.column),
          storage.columns * 4,
          storage.inputs,
          pad(instruction.right.width) / 8,
          Number(instruction.accumulate),
        ];
      }
      case 'scatter': {
        const storage = this.token(this.storage(instruction.storage));
        return [
          ...this.view(instruction.right),
          this.gradient(storage.offset + instruction.column),
          storage.columns * 4,
          storage.inputs,
          pad(instruction.right.width) / 8,
          Number(instruction.accumulate),
          this.staleRows(storage),
        ];
      }
      case 'sum':
        return [
          ...this.view(instruction.input),
          this.gradient(instruction.parameter),
          pad(instruction.input.width) / 8,
          Number(instruction.accumulate),
        ];
      default:
        return stepOperands(instruction, (view) => this.optional(view));
    }
  }

  private product(instruction: Extract<Instruction, { op: 'product' }>): number[] {
    const { transposed, column, input, out, accumulate } = instruction;
    const storage = this.storage(instruction.storage);
    const packed = this.at.packed({ storage, transposed });
    // Panels of 8 are `[depth][8]`; a transposed product starts inside each panel, at its first column.
    const depth = transposed ? pad(input.width) : storage.inputs;
    const stride = (transposed ? storage.columns : storage.inputs) * 32;
    const first = transposed ? packed + column * 32 : packed + (column / 8) * stride;
    const panels = pad(out.width) / 8;
    return [
      ...this.view(input),
      ...this.view(out),
      first,
      stride,
      depth,
      panels,
      Number(accumulate),
    ];
  }

  private chain(width: number, chain: PlacedChain): number[] {
    const places = chain.places.flatMap((place) => {
      if (place.kind === Slot.view) {
        const [address, timeStride, rowStride] = this.view(place.view) as [number, number, number];
        return [place.kind, address, timeStride, rowStride];
      }
      if (place.kind === Slot.scratch)
        return [place.kind, this.strips + place.strip * Size.strip * 4, 0, 0];
      return [place.kind, this.at.constant(place.value), 0, 0];
    });
    const steps = chain.steps.flatMap(({ operation, to, a, b }) => [
      operation,
      to * 4,
      a * 4,
      b * 4,
    ]);
    return [
      pad(width) * 4,
      width,
      chain.views,
      chain.places.length,
      chain.steps.length,
      chain.clears.length,
      chain.dense,
      0,
      ...places,
      ...steps,
      ...chain.clears,
    ];
  }

  private storage(index: number): MatrixStorage {
    return this.program.storages[index]!;
  }

  private gradient(offset: number): number {
    return this.address(this.program.gradients + offset);
  }

  /** Notes that tokens choose rows of this matrix. */
  private token(storage: MatrixStorage): MatrixStorage {
    this.limitTokens(storage.inputs);
    return storage;
  }

  private limitTokens(limit: number): void {
    this.tokenLimits[this.domain] = Math.min(this.tokenLimits[this.domain], limit);
  }
}
