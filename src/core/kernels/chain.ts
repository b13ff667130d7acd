import { pad } from '../graph/rows';
import type { ElementOperand, ElementStep, Instruction, View } from '../engine/program';
import { Slot, Step } from './assembly/layout';
import { evaluateElement } from '../graph/elements';

type Chain = Extract<Instruction, { op: 'elementwise' }>;

/** A place an operand or a result lies in: a view, a strip of the thread's scratch, or a strip of equal values. */
export type Place =
  | { readonly kind: Slot.view; readonly view: View }
  | { readonly kind: Slot.scratch; readonly strip: number }
  | { readonly kind: Slot.constant; readonly value: number };

/** A step whose operands have found their places; indices into `places`. */
export interface PlacedStep {
  readonly operation: Step;
  readonly to: number;
  readonly a: number;
  readonly b: number;
}

/** A chain ready to be encoded. */
export interface PlacedChain {
  /** Views first. */
  readonly places: readonly Place[];
  readonly views: number;
  readonly steps: readonly PlacedStep[];
  /** Places of stores whose padding the steps leave other than zero. */
  readonly clears: readonly number[];
  /** Strips of scratch needed. */
  readonly strips: number;
  /** 1: rows of one step touch one another in all views; 2: those of all steps do; 0: neither. */
  readonly dense: 0 | 1 | 2;
}

/** How far views reach: number of time steps and of batch rows. */
export interface Extent {
  readonly sequence: number;
  readonly batch: number;
}

/**
 * Finds places for a chain's values: results that are stored go straight to their view, the others
 * to as few strips as their lifetimes allow.
 * @throws Error if a store overlaps an input without lying exactly on it
 */
export function placeChain(chain: Chain, extent: Extent): PlacedChain {
  const lastUse = lastUses(chain);
  const early = storesAtOnce(chain, extent);
  const table = new PlaceTable();
  const strips = new StripPool();
  const steps: PlacedStep[] = [];
  const deferred: { from: number; out: View }[] = [];
  const at: number[] = [];

  const placeOf = (operand: ElementOperand): number => {
    if (operand.kind === 'input') return table.view(chain.inputs[operand.index]!);
    if (operand.kind === 'step') return at[operand.index]!;
    return table.constant(operand.value);
  };

  chain.steps.forEach((step, index) => {
    const stores = chain.stores.filter((store) => store.step === index);
    if (lastUse[index] === undefined && stores.length === 0) return;
    const a = placeOf(step.a);
    const b = step.b === undefined ? a : placeOf(step.b);
    for (const operand of operandsOf(step)) {
      // An operand that ends here leaves its strip to the result: both lie at the same elements.
      if (operand.kind === 'step' && lastUse[operand.index] === index)
        strips.release(at[operand.index]!, table);
    }
    const direct = early[index];
    const to = direct === undefined ? table.scratch(strips.take()) : table.view(direct);
    at[index] = to;
    steps.push({ operation: Step[step.operation], to, a, b });
    for (const { out } of stores) {
      if (out === direct) continue;
      if (direct === undefined) deferred.push({ from: to, out });
      else steps.push({ operation: Step.copy, to: table.view(out), a: to, b: to });
    }
    if (direct === undefined && stores.length > 0) strips.keep(to, table);
  });
  for (const { from, out } of deferred) {
    steps.push({ operation: Step.copy, to: table.view(out), a: from, b: from });
  }
  return finish(chain, extent, table, steps, strips.size);
}

/** The first store of each step that may be written as soon as the step runs. */
function storesAtOnce(chain: Chain, extent: Extent): (View | undefined)[] {
  return chain.steps.map((_, index) => {
    const own = chain.stores.filter((store) => store.step === index).map((store) => store.out);
    const hindered = own.some((out) => readsLater(chain, extent, index, out));
    return hindered ? undefined : own[0];
  });
}

/** Whether a step after `index` reads an input that lies where `out` does. */
function readsLater(chain: Chain, extent: Extent, index: number, out: View): boolean {
  return chain.inputs.some((input, i) => {
    if (!overlap(input, out, extent)) return false;
    const same =
      input.offset === out.offset &&
      input.timeStride === out.timeStride &&
      input.rowStride === out.rowStride;
    if (!same) throw new Error('An elementwise store overlaps an input without lying on it.');
    return chain.steps.some(
      (step, j) => j > index && operandsOf(step).some((o) => o.kind === 'input' && o.index === i),
    );
  });
}

/** Whether two views share floats in the same row (t, b). */
function overlap(a: View, b: View, { sequence, batch }: Extent): boolean {
  const width = Math.max(pad(a.width), pad(b.width));
  const sameTime = a.timeStride === b.timeStride || sequence === 1;
  const sameRow = a.rowStride === b.rowStride || batch === 1;
  if (sameTime && sameRow) return Math.abs(a.offset - b.offset) < width;
  const end = (v: View) =>
    v.offset + (sequence - 1) * v.timeStride + (batch - 1) * v.rowStride + pad(v.width);
  return a.offset < end(b) && b.offset < end(a);
}

function operandsOf(step: ElementStep): ElementOperand[] {
  return step.b === undefined ? [step.a] : [step.a, step.b];
}

/** For each step the last step that uses its result; undefined if none does. */
function lastUses(chain: Chain): (number | undefined)[] {
  const last: (number | undefined)[] = chain.steps.map(() => undefined);
  chain.steps.forEach((step, index) => {
    for (const operand of operandsOf(step))
      if (operand.kind === 'step') last[operand.index] = index;
  });
  return last;
}

function finish(
  chain: Chain,
  extent: Extent,
  table: PlaceTable,
  steps: readonly PlacedStep[],
  strips: number,
): PlacedChain {
  const order = table.viewsFirst();
  const places = order.map((index) => table.places[index]!);
  const moved = new Map(order.map((from, to) => [from, to]));
  const renamed = steps.map(({ operation, to, a, b }) => ({
    operation,
    to: moved.get(to)!,
    a: moved.get(a)!,
    b: moved.get(b)!,
  }));
  const rest = paddingValues(chain);
  const clears = chain.stores
    .filter(({ step }) => !Object.is(Math.abs(rest[step]!), 0))
    .map(({ out }) => moved.get(table.view(out))!);
  const views = places.flatMap((place) => (place.kind === Slot.view ? [place.view] : []));
  return {
    places,
    views: views.length,
    steps: renamed,
    clears: pad(chain.width) === chain.width ? [] : clears,
    strips,
    dense: density(views, pad(chain.width), extent.batch),
  };
}

/** What each step makes of padding, which is zero in every input. */
function paddingValues(chain: Chain): number[] {
  const values: number[] = [];
  const valueOf = (operand: ElementOperand | undefined): number => {
    if (operand === undefined || operand.kind === 'input') return 0;
    return operand.kind === 'step' ? values[operand.index]! : operand.value;
  };
  for (const step of chain.steps)
    values.push(evaluateElement(step.operation, valueOf(step.a), valueOf(step.b)));
  return values;
}

function density(views: readonly View[], width: number, batch: number): 0 | 1 | 2 {
  const rows = batch === 1 || views.every((view) => view.rowStride === width);
  const times = rows && views.every((view) => view.timeStride === batch * width);
  return times ? 2 : rows ? 1 : 0;
}

/** The distinct places of a chain. */
class PlaceTable {
  readonly places: Place[] = [];
  private readonly known = new Map<string, number>();

  view(view: View): number {
    const { offset, timeStride, rowStride } = view;
    return this.add([offset, timeStride, rowStride].join(), { kind: Slot.view, view });
  }

  scratch(strip: number): number {
    return this.add(`strip ${String(strip)}`, { kind: Slot.scratch, strip });
  }

  constant(value: number): number {
    return this.add(`constant ${String(value)}`, { kind: Slot.constant, value: value + 0 });
  }

  /** Indices of places, those of views first. */
  viewsFirst(): number[] {
    const indices = this.places.map((_, index) => index);
    const isView = (index: number) => this.places[index]!.kind === Slot.view;
    return [...indices.filter(isView), ...indices.filter((index) => !isView(index))];
  }

  private add(key: string, place: Place): number {
    const found = this.known.get(key);
    if (found !== undefined) return found;
    this.known.set(key, this.places.length);
    return this.places.push(place) - 1;
  }
}

/** Strips of scratch that come and go with the values in them. */
class StripPool {
  size = 0;
  private readonly free: number[] = [];
  private readonly kept = new Set<number>();

  take(): number {
    return this.free.pop() ?? this.size++;
  }

  /** The value at this place is needed to the end of the chain. */
  keep(place: number, table: PlaceTable): void {
    const found = table.places[place];
    if (found?.kind === Slot.scratch) this.kept.add(found.strip);
  }

  release(place: number, table: PlaceTable): void {
    const found = table.places[place];
    if (found?.kind !== Slot.scratch) return;
    if (this.kept.has(found.strip) || this.free.includes(found.strip)) return;
    this.free.push(found.strip);
  }
}
