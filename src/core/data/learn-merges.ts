/** Learns which neighbours become one token. */
import { byteIds, pairKeys, type Merge } from './bpe';
import { createPairQueue, type CountedPair } from './pair-queue';

/** Bytes that belong together, and how often they come. */
export interface CountedBytes {
  readonly bytes: Uint8Array;
  readonly count: number;
}

/** Two neighbours, how often they come, and the first place in the list of those where they begin. */
interface Pair extends CountedPair {
  count: number;
  first: number;
}

/** A pair of tokens is merged only if it comes at least so often. */
const leastCount = 2;
const nowhere = -1;

/**
 * The commonest pair of neighbours becomes a token, then the commonest of those there are now, and so on; of equally common
 * ones that whose left token, then whose right token has the lower id. Takes time about as the number of bytes:
 * each place is found through the pair that begins there, and nothing is counted twice.
 */
export function learnMerges(pieces: readonly CountedBytes[], most: number): Merge[] {
  const places = pieces.reduce((sum, { bytes }) => sum + bytes.length, 0);
  /** Of each place: the token that begins there, the places of its neighbours, the number of its piece. */
  const tokens = new Int32Array(places);
  const before = new Int32Array(places);
  const after = new Int32Array(places);
  const pieceOf = new Uint32Array(places);
  /** The other places where the same pair begins, as a list in both directions. */
  const later = new Int32Array(places);
  const earlier = new Int32Array(places);

  /** The number of the pair that begins at a place. */
  const pairOf = new Int32Array(places);

  /** By number. */
  const pairs: Pair[] = [];
  const numberOf = new Map<number, number>();
  const keyOf = pairKeys(byteIds + most);

  function numberAt(place: number): number {
    const left = tokens[place]!;
    const right = tokens[after[place]!]!;
    const key = keyOf(left, right);
    let number = numberOf.get(key);
    if (number === undefined) {
      number = pairs.push({ left, right, count: 0, first: nowhere }) - 1;
      numberOf.set(key, number);
    }
    return number;
  }

  function add(place: number): void {
    const number = numberAt(place);
    const pair = pairs[number]!;
    pairOf[place] = number;
    pair.count += pieces[pieceOf[place]!]!.count;
    later[place] = pair.first;
    earlier[place] = nowhere;
    if (pair.first !== nowhere) earlier[pair.first] = place;
    pair.first = place;
  }

  function remove(place: number): void {
    const pair = pairs[pairOf[place]!]!;
    pair.count -= pieces[pieceOf[place]!]!.count;
    const next = later[place]!;
    const previous = earlier[place]!;
    if (next !== nowhere) earlier[next] = previous;
    if (previous !== nowhere) later[previous] = next;
    else pair.first = next;
  }

  /** Makes the token at a place and the one after it one. */
  function merge(place: number, token: number): void {
    const [left, right] = [before[place]!, after[place]!];
    const next = after[right]!;
    if (left !== nowhere) remove(left);
    remove(place);
    if (next !== nowhere) remove(right);
    tokens[place] = token;
    tokens[right] = nowhere;
    after[place] = next;
    if (next !== nowhere) before[next] = place;
    if (left !== nowhere) add(left);
    if (next !== nowhere) add(place);
  }

  /** Where a pair begins; of one of two equal tokens from left to right, as one place may overlap the next. */
  function placesOf({ left, right, first }: Pair): number[] {
    const found: number[] = [];
    for (let place = first; place !== nowhere; place = later[place]!) found.push(place);
    return left === right ? found.sort((a, b) => a - b) : found;
  }

  let place = 0;
  pieces.forEach(({ bytes }, piece) => {
    for (let i = 0; i < bytes.length; i++, place++) {
      tokens[place] = bytes[i]!;
      pieceOf[place] = piece;
      before[place] = i === 0 ? nowhere : place - 1;
      after[place] = i === bytes.length - 1 ? nowhere : place + 1;
    }
  });
  for (let at = 0; at < places; at++) if (after[at] !== nowhere) add(at);

  const queue = createPairQueue<Pair>();
  pairs.forEach((pair) => {
    queue.push(pair, pair.count);
  });
  const merges: Merge[] = [];
  while (merges.length < most) {
    const top = queue.pop();
    if (top === undefined) break;
    const { pair, count } = top;
    // It has become rarer since it was put there.
    if (pair.count !== count) {
      if (pair.count >= leastCount) queue.push(pair, pair.count);
      continue;
    }
    if (count < leastCount) break;
    const { left, right } = pair;
    const token = byteIds + merges.length;
    const known = pairs.length;
    for (const at of placesOf(pair)) {
      const isThere = tokens[at] === left && after[at] !== nowhere && tokens[after[at]!] === right;
      if (isThere) merge(at, token);
    }
    merges.push([left, right]);
    // Only pairs with the new token have become commoner.
    for (let number = known; number < pairs.length; number++) {
      queue.push(pairs[number]!, pairs[number]!.count);
    }
  }
  return merges;
}
