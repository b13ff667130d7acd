/** Recurrent states on shelves: what a model is after reading something, with what it expects next. */
import type { Floats, LoadedProgram } from '../engine/backend';
import type { Program, View } from '../engine/program';
import type { Network } from '../engine/network';

/**
 * Copies states between a program's memory and numbered slots. A slot holds the carried states of one row and the
 * logits of the next token, in the backend's own precision, so that nothing is lost. Slots are reused: once the
 * shelves are as large as they get, nothing is allocated.
 */
export interface States {
  /** Bytes of a slot. */
  readonly bytes: number;
  /** Slots in use. */
  used(): number;
  /** A free slot, whatever is in it. */
  take(): number;
  free(slot: number): void;
  /** Keeps the state after `steps` of the program's steps, at least one, and its logits. */
  save(slot: number, steps: number): void;
  /** Keeps the state that the model starts with; it has no logits. */
  saveInitial(slot: number): void;
  copy(from: number, to: number): void;
  /** Puts a state before the program's first step. */
  load(slot: number): void;
  /** The same for another program of the model, for one row. */
  loaderFor(other: LoadedProgram): (slot: number) => void;
  /** The logits of a slot are `width` values of this array from `logitsStart` on. */
  shelf(slot: number): Floats;
  logitsStart(slot: number): number;
}

/** Slots that are allocated at a time. */
const perShelf = 32;

/** @param loaded of mode `read`, for one row */
export function createStates({ backend }: Network, loaded: LoadedProgram): States {
  const { program } = loaded;
  const logits = program.probes.get('logits')!;
  const rows = rowsOf(program.carried);
  const starts: number[] = [];
  let stateWidth = 0;
  for (const { view } of rows) {
    starts.push(stateWidth);
    stateWidth += view.width;
  }
  const width = stateWidth + logits.width;
  const shelves: Floats[] = [];
  const free: number[] = [];
  let used = 0;

  function startOf(slot: number): number {
    return (slot % perShelf) * width;
  }

  function shelf(slot: number): Floats {
    return shelves[Math.floor(slot / perShelf)]!;
  }

  function grow(): void {
    const first = shelves.length * perShelf;
    const isSingle = backend.floats() instanceof Float32Array;
    const length = perShelf * width;
    shelves.push(isSingle ? new Float32Array(length) : new Float64Array(length));
    for (let slot = first + perShelf - 1; slot >= first; slot--) free.push(slot);
  }

  function loadRows(slot: number, to: typeof rows): void {
    const floats = backend.floats();
    const from = shelf(slot);
    for (let i = 0; i < to.length; i++) {
      const { view, step } = to[i]!;
      const place = view.offset + step * view.timeStride;
      copyValues(from, startOf(slot) + starts[i]!, floats, place, view.width);
    }
  }

  /** By hand: a `subarray` for each row would be garbage at every step. */
  function saveRows(slot: number, steps: number): void {
    const floats = backend.floats();
    const to = shelf(slot);
    for (let i = 0; i < rows.length; i++) {
      const { view, step } = rows[i]!;
      const from = view.offset + (step + steps) * view.timeStride;
      copyValues(floats, from, to, startOf(slot) + starts[i]!, view.width);
    }
  }

  return {
    bytes: width * (backend.floats() instanceof Float32Array ? 4 : 8),
    used: () => used,
    shelf,
    logitsStart: (slot) => startOf(slot) + stateWidth,
    take() {
      if (free.length === 0) grow();
      used++;
      return free.pop()!;
    },
    free(slot) {
      used--;
      free.push(slot);
    },
    save(slot, steps) {
      saveRows(slot, steps);
      const from = logits.offset + (steps - 1) * logits.timeStride;
      copyValues(backend.floats(), from, shelf(slot), startOf(slot) + stateWidth, logits.width);
    },
    saveInitial(slot) {
      loaded.resetState();
      saveRows(slot, 0);
      shelf(slot).fill(NaN, startOf(slot) + stateWidth, startOf(slot) + width);
    },
    copy(from, to) {
      copyValues(shelf(from), startOf(from), shelf(to), startOf(to), width);
    },
    load: (slot) => {
      loadRows(slot, rows);
    },
    loaderFor(other) {
      const own = new Map(other.program.carried.map((state) => [state.name, state]));
      const places = rowsOf(program.carried.flatMap(({ name }) => own.get(name) ?? []));
      if (places.length !== rows.length) throw new Error('The program has other states.');
      return (slot) => {
        loadRows(slot, places);
      };
    },
  };
}

/** A carried state's rows, oldest first. */
function rowsOf(carried: Program['carried']): { readonly view: View; readonly step: number }[] {
  return carried.flatMap(({ view, lag }) =>
    Array.from({ length: lag }, (_, i) => ({ view, step: i - lag })),
  );
}

function copyValues(from: Floats, start: number, to: Floats, place: number, length: number): void {
  for (let i = 0; i < length; i++) to[place + i] = from[start + i]!;
}
