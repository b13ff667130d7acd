/** States one after the other, each made from the one before: some are kept, the others are made again when asked for. */
export interface Chain<S> {
  readonly length: number;
  /** How many states are known: those below it can be had by `at`. */
  readonly reached: number;
  /** @throws RangeError if it has not been reached */
  at(index: number): S;
  /** Makes what is missing up to a state. @yields after each, so that others are not held up */
  reach(index: number): Generator<undefined, void, undefined>;
  /** Forgets all states behind one. */
  cut(index: number): void;
}

/**
 * @param length number of states; the first is given
 * @param advance the state after `index`, without changing the one given
 * @param stride every so many states one is kept
 */
export function createChain<S>(
  length: number,
  first: S,
  advance: (index: number, state: S) => S,
  stride: number,
): Chain<S> {
  const kept: S[] = [first];
  let reached = 1;
  /** The last state made, and what was made again from a kept one. */
  let front = first;
  let segment: { from: number; states: S[] } = { from: 0, states: [] };

  function at(index: number): S {
    if (index < 0 || index >= reached) {
      throw new RangeError(`State ${String(index)} of ${String(reached)} is not known.`);
    }
    if (index === reached - 1) return front;
    const block = Math.floor(index / stride);
    if (index % stride === 0) return kept[block]!;
    if (segment.from !== block * stride) segment = { from: block * stride, states: [kept[block]!] };
    while (segment.states.length <= index - segment.from) {
      const last = segment.states.length - 1;
      segment.states.push(advance(segment.from + last, segment.states[last]!));
    }
    return segment.states[index - segment.from]!;
  }

  return {
    length,
    get reached() {
      return reached;
    },
    at,
    *reach(index) {
      while (reached <= Math.min(index, length - 1)) {
        front = advance(reached - 1, front);
        if (reached % stride === 0) kept.push(front);
        reached++;
        yield undefined;
      }
    },
    cut(index) {
      if (index >= reached - 1) return;
      front = at(index);
      reached = index + 1;
      kept.length = Math.floor(index / stride) + 1;
      segment = { from: 0, states: [] };
    },
  };
}
