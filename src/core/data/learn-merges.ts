/** Learns which neighbours become one token. */
import { byteIds, type Merge } from './bpe';
import { createPairQueue } from './pair-queue';
import { createPairTable } from './pair-table';

/** Bytes that belong together, piece after piece. */
export interface Pieces {
  readonly bytes: Uint8Array;
  /** Where each piece begins, and at last where all end: `[pieces + 1]`. */
  readonly starts: ArrayLike<number>;
  /** How often each comes. */
  readonly counts: ArrayLike<number>;
}

export interface LearntMerges {
  readonly merges: Merge[];
  /** Adds the tokens that a piece has become. */
  tokensOf(piece: number, add: (token: number) => void): void;
}

/** A pair of tokens is merged only if it comes at least so often. */
const leastCount = 2;
const nowhere = -1;

/**
 * What is known of a place: the token that begins there (its first field), the places before and after it, how often its
 * piece comes, the number of the pair that begins there, and the other places of that pair as a list in both directions.
 */
const [before, after, times, pair, later, earlier, fields] = [1, 2, 3, 4, 5, 6, 8] as const;

/**
 * The commonest pair of neighbours becomes a token, then the commonest of those there are now, and so on; of equally common
 * ones that whose left token, then whose right token has the lower id. Takes time about as the number of bytes:
 * each place is found through the pair that begins there, and nothing is counted twice.
 */
export function learnMerges({ bytes, starts, counts }: Pieces, most: number): LearntMerges {
  const pieces = counts.length;
  const places = pieces === 0 ? 0 : starts[pieces]!;
  // What is known of a place lies together, in one line of the cache; a place is the index of its first field.
  const cells = new Int32Array(fields * places);

  const table = createPairTable(2 ** 14);
  /** By number: how often a pair comes, and the first place in the list of those where it begins. */
  let pairCounts = new Float64Array(2 ** 14);
  let firsts = new Int32Array(2 ** 14);

  function numberAt(place: number): number {
    const known = table.size();
    const number = table.numberOf(cells[place]!, cells[cells[place + after]!]!);
    if (number < known) return number;
    if (number === firsts.length) {
      const [wasCounts, wasFirsts] = [pairCounts, firsts];
      pairCounts = new Float64Array(2 * number);
      firsts = new Int32Array(2 * number);
      pairCounts.set(wasCounts);
      firsts.set(wasFirsts);
    }
    firsts[number] = nowhere;
    return number;
  }

  function add(place: number): void {
    const number = numberAt(place);
    const first = firsts[number]!;
    cells[place + pair] = number;
    pairCounts[number]! += cells[place + times]! >>> 0;
    cells[place + later] = first;
    cells[place + earlier] = nowhere;
    if (first !== nowhere) cells[first + earlier] = place;
    firsts[number] = place;
  }

  function remove(place: number): void {
    const number = cells[place + pair]!;
    pairCounts[number]! -= cells[place + times]! >>> 0;
    const next = cells[place + later]!;
    const previous = cells[place + earlier]!;
    if (next !== nowhere) cells[next + earlier] = previous;
    if (previous !== nowhere) cells[previous + later] = next;
    else firsts[number] = next;
  }

  /** Makes the token at a place and the one after it one. */
  function merge(place: number, token: number): void {
    const left = cells[place + before]!;
    const right = cells[place + after]!;
    const next = cells[right + after]!;
    if (left !== nowhere) remove(left);
    remove(place);
    if (next !== nowhere) remove(right);
    cells[place] = token;
    cells[right] = nowhere;
    cells[place + after] = next;
    if (next !== nowhere) cells[next + before] = place;
    if (left !== nowhere) add(left);
    if (next !== nowhere) add(place);
  }

  /** Makes a pair of two equal tokens one, from left to right: one place may overlap the next. */
  function mergeEqual(number: number, token: number): void {
    const [left, right] = [table.left(number), table.right(number)];
    const found: number[] = [];
    for (let at = firsts[number]!; at !== nowhere; at = cells[at + later]!) found.push(at);
    for (const at of found.sort((a, b) => a - b)) {
      const behind = cells[at + after]!;
      const isThere = cells[at] === left && behind !== nowhere && cells[behind] === right;
      if (isThere) merge(at, token);
    }
  }

  /** Makes a pair of different tokens one: no merge takes another place from its list. */
  function mergeDifferent(number: number, token: number): void {
    for (let at = firsts[number]!; at !== nowhere;) {
      const next = cells[at + later]!;
      merge(at, token);
      at = next;
    }
  }

  for (let piece = 0; piece < pieces; piece++) {
    const [from, to] = [starts[piece]!, starts[piece + 1]!];
    for (let i = from; i < to; i++) {
      const place = fields * i;
      cells[place] = bytes[i]!;
      cells[place + before] = i === from ? nowhere : place - fields;
      cells[place + after] = i === to - 1 ? nowhere : place + fields;
      cells[place + times] = counts[piece]!;
    }
  }
  for (let place = 0; place < cells.length; place += fields) {
    if (cells[place + after] !== nowhere) add(place);
  }

  const queue = createPairQueue(table);
  for (let number = 0; number < table.size(); number++) queue.push(number, pairCounts[number]!);
  const merges: Merge[] = [];
  while (merges.length < most) {
    const number = queue.pop();
    if (number < 0) break;
    const count = pairCounts[number]!;
    // It has become rarer since it was put there.
    if (count !== queue.count) {
      if (count >= leastCount) queue.push(number, count);
      continue;
    }
    if (count < leastCount) break;
    const [left, right] = [table.left(number), table.right(number)];
    const token = byteIds + merges.length;
    const known = table.size();
    if (left === right) mergeEqual(number, token);
    else mergeDifferent(number, token);
    merges.push([left, right]);
    // Only pairs with the new token have become commoner.
    for (let made = known; made < table.size(); made++) queue.push(made, pairCounts[made]!);
  }
  return {
    merges,
    tokensOf(piece, addToken) {
      if (starts[piece] === starts[piece + 1]) return;
      for (let at = fields * starts[piece]!; at !== nowhere; at = cells[at + after]!) {
        addToken(cells[at]!);
      }
    },
  };
}
