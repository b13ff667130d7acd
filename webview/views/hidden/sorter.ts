import { byActivity, byIndex, bySimilarity, type Activations, type Sorting } from './order';

/** The order of the rows, which stays while a model learns until it is asked for again. */
export interface Sorter {
  /** Entry i is the unit in row i. */
  order(width: number): Int32Array;
  /** @param again false: an order of the same kind is kept */
  sort(activations: Activations, sorting: Sorting, again: boolean): void;
  readonly busy: boolean;
  cancel(): void;
}

/** So long it sorts at a time, milliseconds: half a frame. */
const slice = 8;

/** @param onSorted called when an order that takes its time is found; until then the one before holds */
export function createSorter(onSorted: () => void): Sorter {
  let current = byIndex(0);
  let sorted: Sorting | undefined;
  let work: Generator<undefined, Int32Array> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function cancel() {
    clearTimeout(timer);
    work = undefined;
  }

  /** @returns whether the order was found within the slice */
  function advance(): boolean {
    const end = performance.now() + slice;
    while (work && performance.now() < end) {
      const { done, value } = work.next();
      if (done !== true) continue;
      current = value;
      work = undefined;
      return true;
    }
    return false;
  }

  function goOn() {
    if (advance()) onSorted();
    else if (work) timer = setTimeout(goOn);
  }

  return {
    order(width) {
      if (current.length !== width) current = byIndex(width);
      return current;
    },
    sort(activations, sorting, again) {
      const { width } = activations;
      if (!again && sorting === sorted && (work ?? current.length === width)) return;
      cancel();
      sorted = sorting;
      if (sorting === 'index') current = byIndex(width);
      else if (sorting === 'activity') current = byActivity(activations);
      else {
        work = bySimilarity(activations);
        if (!advance()) timer = setTimeout(goOn);
      }
    },
    get busy() {
      return work !== undefined;
    },
    cancel,
  };
}
