import { pad } from '../../../src/core/graph/rows';
import type { ArenaLayout, Floats } from '../../../src/core/engine/backend';
import type {
  CarriedState,
  Instruction,
  MatrixStorage,
  Phase,
  Program,
  View,
} from '../../../src/core/engine/program';

/** How rows of a view lie in memory. */
export interface Placing {
  /** `time`: [T, B], `batch`: [B, T], `shared`: one row for the batch, `scratch`: the same rows at each step, `one`: one row in all. */
  readonly order?: 'time' | 'batch' | 'shared' | 'scratch' | 'one';
  /** Multiples of 8 floats between rows. */
  readonly gap?: number;
  /** Steps kept before step 0. */
  readonly lag?: number;
}

/** Lays out programs by hand, as the plan compiler would. */
export class ProgramBuilder {
  readonly phases: Phase[] = [];
  readonly storages: MatrixStorage[] = [];
  readonly carried: CarriedState[] = [];
  readonly views: View[] = [];
  /** Views of the parameter block, with their offset in it: `build` leaves them there. */
  readonly fixed = new Map<View, number>();
  /** Values of the parameter block that are not padding. */
  private readonly stretches: { offset: number; width: number }[] = [];
  private parameterFloats = 0;
  private buffers = 0;

  constructor(
    readonly batch: number,
    readonly sequence: number,
  ) {}

  /** Matrices with these numbers of columns side by side. All storages must come before `vector`. */
  storage(inputs: number, ...widths: number[]): number {
    const columns = widths.reduce((sum, width) => sum + pad(width), 0);
    for (let row = 0; row < inputs; row++) {
      let offset = this.parameterFloats + row * columns;
      for (const width of widths) {
        this.stretches.push({ offset, width });
        offset += pad(width);
      }
    }
    this.storages.push({ offset: this.parameterFloats, inputs, columns });
    this.parameterFloats += inputs * columns;
    return this.storages.length - 1;
  }

  vector(width: number): number {
    this.stretches.push({ offset: this.parameterFloats, width });
    this.parameterFloats += pad(width);
    return this.parameterFloats - pad(width);
  }

  /** A view whose offset counts from the program's base; `build` moves it. */
  view(width: number, { order = 'time', gap = 0, lag = 0 }: Placing = {}): View {
    const stride = pad(width) + gap * 8;
    const rows = { time: this.batch, batch: this.batch, shared: 1, scratch: this.batch, one: 1 }[
      order
    ];
    const steps = order === 'scratch' || order === 'one' ? 1 : this.sequence + lag;
    const strides = {
      time: [rows * stride, stride],
      batch: [stride, steps * stride],
      shared: [stride, 0],
      scratch: [0, stride],
      one: [0, 0],
    }[order] as [number, number];
    const view = {
      offset: this.buffers + lag * strides[0],
      timeStride: strides[0],
      rowStride: strides[1],
      width,
    };
    this.buffers += rows * steps * stride;
    this.views.push(view);
    return view;
  }

  phase(kind: Phase['kind'], ...instructions: Instruction[]): this {
    this.phases.push({ kind, domain: 't', instructions });
    return this;
  }

  carry(view: View, lag: number, initial = 0): this {
    this.carried.push({ name: `state ${String(this.carried.length)}`, view, lag, initial });
    return this;
  }

  /** @param skip floats left free before the program's buffers */
  build(skip = 0): { program: Program; layout: ArenaLayout } {
    const n = this.parameterFloats;
    const matrices = this.storages.reduce((sum, { inputs, columns }) => sum + inputs * columns, 0);
    const layout = {
      parameterFloats: n,
      matrixFloats: matrices,
      packedFloats: 3 * matrices,
      parameters: 0,
      gradients: n,
      first: 2 * n,
      second: 3 * n,
      free: 4 * n,
    };
    const base = layout.free + skip;
    const program: Program = {
      batch: this.batch,
      sequence: this.sequence,
      steps: { example: 1, t: this.sequence, u: 0 },
      rows: 'streams',
      phases: this.phases.map((phase) => ({
        ...phase,
        instructions: phase.instructions.map((i) => this.moved(i, base)),
      })),
      backward: undefined,
      storages: this.storages,
      parameters: 0,
      gradients: n,
      parameterFloats: n,
      carried: this.carried.map((state) => ({ ...state, view: shifted(state.view, base) })),
      delayed: [],
      advanced: [],
      terms: [],
      losses: base + this.buffers,
      lossDomain: 't',
      given: new Map(),
      probes: new Map(),
      base,
      floats: this.buffers + pad(this.batch * this.sequence),
    };
    return { program, layout };
  }

  /** Moves all views of an instruction to their final place. */
  private moved<T>(value: T, base: number): T {
    if (Array.isArray(value)) return value.map((item: unknown) => this.moved(item, base)) as T;
    if (typeof value !== 'object' || value === null) return value;
    if ('timeStride' in value) {
      const view = value as unknown as View;
      const fixed = this.fixed.get(view);
      return (fixed === undefined ? shifted(view, base) : { ...view, offset: fixed }) as T;
    }
    const entries = Object.entries(value).map(([key, item]) => [
      key,
      this.moved(item as unknown, base),
    ]);
    return Object.fromEntries(entries) as T;
  }

  /** Writes `value()` to all values of parameters, gradients, moments and buffers; never to padding. */
  fill(floats: Floats, base: number, value: () => number): void {
    const n = this.parameterFloats;
    for (let block = 0; block < 4; block++) {
      // Moments of squares are not negative.
      const next = block === 3 ? () => Math.abs(value()) : value;
      for (const { offset, width } of this.stretches) {
        for (let i = 0; i < width; i++) floats[block * n + offset + i] = next();
      }
    }
    for (const view of this.views) {
      const lag = this.carried.find((state) => state.view === view)?.lag ?? 0;
      for (let t = -lag; t < this.sequence; t++) {
        for (let b = 0; b < this.batch; b++) {
          const row = base + view.offset + t * view.timeStride + b * view.rowStride;
          for (let i = 0; i < view.width; i++) floats[row + i] = value();
        }
      }
    }
  }
}

function shifted(view: View, base: number): View {
  return { ...view, offset: view.offset + base };
}

/** A small reproducible generator of numbers in [-1, 1), multiples of 2⁻²³ so that float32 holds them. */
export function randomNumbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >> 8) / 2 ** 23;
  };
}
