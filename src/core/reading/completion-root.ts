/** Where a completion begins: at the root of the tree of predictions, which follows the typing. */
import { tokenizers } from '../data/kinds';
import type { TokenChange } from './pieces';
import type { PredictionNode, PredictionTree } from './prediction-tree';
import type { Reading } from './reading';
import { createSpeller } from './spelling';

/** A state to go on from, and what of the text its tokens must spell first. */
export interface Beginning {
  readonly node: PredictionNode;
  /** Of tokens cut from words only: a word that is begun, and the prefix. */
  readonly required: string;
}

export interface CompletionRoot {
  /** @yields after each step of the model */
  begin(
    offset: number,
    prefix: string,
    context: number,
  ): Generator<undefined, Beginning, undefined>;
  /** Where reading began for the last beginning. */
  readFrom(): number;
  edited(change: TokenChange): void;
}

/** Tokens between the tree's root and a place for which the tree is looked through rather than the kept states. */
const longestWalk = 64;

export function createContinuationRoot(reading: Reading, tree: PredictionTree): CompletionRoot {
  const { text } = reading;
  const { tokenizer } = text;
  const speller = createSpeller(tokenizer);
  /** Of the tree's root. */
  let [place, start, age] = [0, 0, 0];

  /** Moves the root to a place if the model has read the way there as a prediction. */
  function walk(to: number, context: number): PredictionNode | undefined {
    const root = tree.root();
    if (root === undefined || to < place || text.count(place, to) > longestWalk) return undefined;
    const { ids } = text.tokens(place, to);
    if (start !== 0 && age + ids.length < reading.enough(context)) return undefined;
    const node = tree.find(ids);
    if (node === undefined || node === root) return node;
    tree.moveTo(node);
    place = to;
    age += ids.length;
    reading.keep({ place, stretch: { start }, age, slot: node.slot });
    return node;
  }

  function* rootAt(to: number, context: number): Generator<undefined, PredictionNode, undefined> {
    const known = walk(to, context);
    if (known !== undefined) return known;
    const state = yield* reading.at(to, context);
    [place, start, age] = [to, state.stretch.start, state.age];
    return tree.plant(state.slot);
  }

  return {
    readFrom: () => start,
    *begin(offset, prefix, context) {
      if (!tokenizers[tokenizer.kind].ofWords) {
        let node = yield* rootAt(text.place(offset), context);
        for (const id of speller.spell(prefix, false).ids) {
          const next = tree.child(node, id);
          if (tree.grow(node, next)) yield undefined;
          node = next;
        }
        return { node, required: '' };
      }
      // The word that ends at the offset, or is cut by it, may become another as typing goes on.
      const from = Math.min(offset, text.startAfter(Math.max(0, offset - 1)));
      const written = text.slice(from, offset);
      const isLineEnd = /^[\r\n]*$/.test(written);
      const node = yield* rootAt(text.place(isLineEnd ? offset : from), context);
      return { node, required: (isLineEnd ? '' : written) + prefix };
    },
    edited(change) {
      if (tree.root() === undefined || place <= change.from) return;
      if (start < change.oldTo) {
        tree.clear();
        return;
      }
      place += change.newTo - change.oldTo;
      start += change.newTo - change.oldTo;
    },
  };
}
