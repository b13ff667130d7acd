/** How a model reads a document: states at any place, from the nearest one that is kept. */
import type { Tokenizer } from '../data/tokenizer';
import type { Floats, LoadedProgram } from '../engine/backend';
import type { View } from '../engine/program';
import { parameterCount } from '../engine/parameters';
import type { Network } from '../engine/network';
import { reachOf } from '../engine/structure';
import type { Expectations } from './expectations';
import { createSnapshots, type Snapshot } from './snapshots';
import type { Spelling } from './spelling';
import type { States } from './states';
import type { TokenText } from './token-text';
import type { TokenChange } from './pieces';

/** Some tokens that have just been read: their values are rows `[0, count)` of the program's probes. */
export interface ReadBit {
  readonly tokens: Spelling;
  /** The first one's index in `tokens`. */
  readonly first: number;
  readonly count: number;
  /** Holds the logits before the first one; NaN where nothing was read before. */
  readonly before: number;
}

export interface Reading {
  readonly text: TokenText;
  readonly model: ReadModel;
  /** As many tokens as are asked for, or as the lags of all layers reach back together. */
  enough(context: number): number;
  /**
   * The context, or a shorter one where the state after so many tokens is not yet known: such a one that no more than
   * `most` tokens have to be read, or as many as the lags reach back.
   */
  contextWithin(place: number, context: number, most: number): number;
  /**
   * The state at a place, after at least `context` tokens or from the text's start. It may be dropped as soon as
   * something else is read: copy it.
   * @yields after each bit of work; if the text is changed meanwhile, give up (`return`)
   */
  at(place: number, context: number): Generator<undefined, Snapshot, undefined>;
  /** Reads on from a state to a place after it, and calls with all that is read. */
  on(
    from: Snapshot,
    to: number,
    each: (bit: ReadBit) => void,
  ): Generator<undefined, Snapshot, undefined>;
  /** Keeps a copy of a state that was reached otherwise. */
  keep(snapshot: Snapshot): void;
  edited(change: TokenChange): void;
  /** Gives all states back. */
  clear(): void;
}

/** A model made ready to read: one for each set of weights, for all documents. */
export interface ReadModel {
  readonly network: Network;
  readonly tokenizer: Tokenizer;
  readonly expectations: Expectations;
  readonly loaded: LoadedProgram;
  readonly states: States;
  /** Tokens that are read between two yields. */
  readonly bit: number;
  /** Runs the program's first steps, on the tokens that are there. */
  run(steps: number): void;
  /** Steps that were run so far. */
  steps(): number;
}

/** Steps of the program; a bit has at most as many. */
export const longestBit = 64;

/** Multiply-adds between two yields: a third of a millisecond or so. */
const bitWork = 3_000_000;

/** Tokens between two states that are kept where nobody asks. */
const spacing = 32;

/** Multiply-adds in 150 ms or so, where the weights come from the third-level cache. */
const quickWork = 450_000_000;

/** How many tokens of a model are read for an answer that must come soon. */
export function quickContext({ model }: Network): number {
  return Math.floor(quickWork / parameterCount(model.parameters));
}

/** How many tokens of a model make a bit. */
export function bitFor({ model }: Network): number {
  return Math.max(1, Math.min(longestBit, Math.floor(bitWork / parameterCount(model.parameters))));
}

/** @param limit most states that are kept */
export function createReading(text: TokenText, model: ReadModel, limit: number): Reading {
  const { loaded, states, bit } = model;
  const snapshots = createSnapshots(states, limit);
  // One more, from which the loss of the first token comes.
  const fewest = reachOf(model.network.model.spec) + 1;
  const enough = (context: number): number => Math.max(context, fewest);

  /** The nearest state that has read enough, unless beginning again is less work. */
  function nearest(place: number, context: number): Snapshot | undefined {
    const fresh = text.count(text.back(place, context), place);
    for (const snapshot of snapshots.before(place)) {
      const distance = text.count(snapshot.place, place);
      if (distance > fresh) return undefined;
      if (snapshot.stretch.start === 0 || snapshot.age + distance >= context) return snapshot;
    }
    return undefined;
  }

  function beginAt(place: number): Snapshot {
    const slot = states.take();
    states.saveInitial(slot);
    const { boundary } = model.tokenizer;
    // A model of documents has learnt that one begins behind the mark.
    if (place === 0 && boundary !== undefined) {
      states.load(slot);
      loaded.tokens[0] = boundary;
      model.run(1);
      states.save(slot, 1);
    }
    const kept = snapshots.keep({ place, stretch: { start: place }, age: 0, slot });
    states.free(slot);
    return kept;
  }

  function* read(
    from: Snapshot,
    to: number,
    each?: (bit: ReadBit) => void,
  ): Generator<undefined, Snapshot, undefined> {
    const { stretch } = from;
    const tokens = text.tokens(from.place, to);
    const { ids, starts, ends } = tokens;
    let { age } = from;
    let last = from;
    // Others may read between two bits, and drop the state that this began with.
    const working = states.take();
    const before = states.take();
    states.copy(from.slot, working);
    try {
      for (let first = 0; first < ids.length;) {
        const count = Math.min(bit, spacing - (age % spacing), ids.length - first);
        states.load(working);
        for (let i = 0; i < count; i++) loaded.tokens[i] = ids[first + i]!;
        model.run(count);
        states.copy(working, before);
        states.save(working, count);
        each?.({ tokens, first, count, before });
        age += count;
        first += count;
        const isUnitEnd = first === ids.length || starts[first] !== starts[first - 1];
        if (isUnitEnd && (age % spacing === 0 || first === ids.length)) {
          last = snapshots.keep({ place: ends[first - 1]!, stretch, age, slot: working });
        }
        // What is there at the end is handed over before anyone else reads.
        if (first < ids.length) yield undefined;
      }
    } finally {
      states.free(working);
      states.free(before);
    }
    return last;
  }

  return {
    text,
    model,
    enough,
    contextWithin(place, asked, most) {
      const context = enough(asked);
      const from = nearest(place, context)?.place ?? text.back(place, context);
      return text.count(from, place) <= most ? context : Math.min(context, enough(most));
    },
    *at(place, asked) {
      const context = enough(asked);
      const found = nearest(place, context) ?? beginAt(text.back(place, context));
      return found.place === place ? found : yield* read(found, place);
    },
    on: read,
    keep: (snapshot) => void snapshots.keep(snapshot),
    edited: snapshots.edited,
    clear: snapshots.clear,
  };
}

/** A row of a probe of the program that reads. */
export function probeRow(
  { network, loaded }: ReadModel,
  name: string,
): (row: number) => { readonly floats: Floats; readonly start: number } {
  const view: View | undefined = loaded.program.probes.get(name);
  if (view === undefined) throw new Error(`The program keeps no ${name}.`);
  return (row) => ({
    floats: network.backend.floats(),
    start: view.offset + row * view.timeStride,
  });
}
