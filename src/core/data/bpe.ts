import {
  decodeAll,
  idArray,
  nothingUnknown,
  printable,
  utf8Decoder,
  type Encoding,
  type TokenIds,
  type Tokenizer,
} from './tokenizer';
import { hexOf } from './utf8';
import { createPairTable } from './pair-table';
import { segmentsOf } from './words';

/** Two tokens that become one. */
export type Merge = readonly [left: number, right: number];

/** Ids of tokens that are a byte; those of merges follow. */
export const byteIds = 256;
/** Ids are below this. */
export const mostIds = 2 ** 20;
/** Code points of a unit; longer ones are cut, so that what a unit takes is bounded. */
export const longestUnit = 32;
/** Bytes of a token, at most. */
export const longestToken = 4 * longestUnit;

/** Units whose tokens are remembered; when they are more, all are forgotten. */
const mostRemembered = 50_000;

/**
 * Byte-pair encoding (Sennrich, Haddow & Birch 2016) on bytes of UTF-8, so that there is nothing unknown: a text's
 * units, words with the space before them, are bytes first; then of all neighbours the two that were merged first in
 * training become one token, again and again.
 *
 * @param merges in the order in which they were learnt; merge i makes token 256 + i
 */
export function bpeTokenizer(merges: readonly Merge[]): Tokenizer {
  const bytesOf = tokenBytes(merges);
  const vocabulary = bytesOf.length;
  const encodeBytes = createMerger(merges);
  const encoder = new TextEncoder();
  const remembered = new Map<string, readonly number[]>();

  function idsOfUnit(unit: string): readonly number[] {
    let ids = remembered.get(unit);
    if (ids === undefined) {
      if (remembered.size >= mostRemembered) remembered.clear();
      ids = piecesOf(unit).flatMap((piece) => encodeBytes(encoder.encode(piece)));
      remembered.set(unit, ids);
    }
    return ids;
  }

  function idsOf(text: string): number[] {
    const ids: number[] = [];
    for (const unit of unitsOf(text)) for (const id of idsOfUnit(unit)) ids.push(id);
    return ids;
  }

  return {
    kind: 'bpe',
    vocabulary,
    unknown: undefined,
    encode(text) {
      const found = idsOf(text);
      const ids = idArray(vocabulary, found.length);
      ids.set(found);
      return bpeEncoding(ids, bytesOf);
    },
    idsOf,
    knows: () => true,
    spelling: () => 0,
    decode(ids) {
      return decodeAll(this.decoder(), ids);
    },
    decoder: () => utf8Decoder((id) => bytesOf[id]),
    describe: (id) => describe(bytesOf[id] ?? new Uint8Array(0)),
    toJSON: () => ({ kind: 'bpe', merges }),
  };
}

/** Bytes of each token. */
export function tokenBytes(merges: readonly Merge[]): readonly Uint8Array[] {
  const bytesOf = Array.from({ length: byteIds }, (_, byte) => Uint8Array.of(byte));
  for (const [left, right] of merges) {
    const [first, second] = [bytesOf[left]!, bytesOf[right]!];
    const bytes = new Uint8Array(first.length + second.length);
    bytes.set(first);
    bytes.set(second, first.length);
    bytesOf.push(bytes);
  }
  return bytesOf;
}

/** Code points are counted by the bytes that begin one. */
export function bpeEncoding(ids: TokenIds, bytesOf: readonly Uint8Array[]): Encoding {
  const points = Uint8Array.from(
    bytesOf,
    (bytes) => bytes.filter((byte) => (byte & 0xc0) !== 0x80).length,
  );
  return {
    ids,
    unknown: nothingUnknown,
    characters(from, to) {
      let characters = 0;
      for (let i = from; i < to; i++) characters += points[ids[i]!]!;
      return characters;
    },
    spelling: () => 0,
  };
}

/** What no merge goes across: the words of a text (`segmentsOf`), each with the one space before it. */
export function* unitsOf(text: string): Generator<string> {
  let waits = false;
  for (const segment of segmentsOf(text)) {
    if (waits && startsWithSpace(segment)) yield ' ';
    const unit: string = waits && !startsWithSpace(segment) ? ` ${segment}` : segment;
    waits = unit === ' ';
    if (!waits) yield unit;
  }
  if (waits) yield ' ';
}

/** Whether a space before a segment is a unit of its own. */
export function startsWithSpace(segment: string): boolean {
  return /^\s/u.test(segment);
}

/** A unit, cut where it is too long. */
export function piecesOf(unit: string): readonly string[] {
  if (unit.length <= longestUnit) return [unit];
  const points = Array.from(unit);
  return Array.from({ length: Math.ceil(points.length / longestUnit) }, (_, i) =>
    points.slice(i * longestUnit, (i + 1) * longestUnit).join(''),
  );
}

/** Makes the bytes of a unit tokens. */
export function createMerger(merges: readonly Merge[]): (bytes: Uint8Array) => number[] {
  const table = createPairTable(merges.length);
  const ranks = new Int32Array(merges.length);
  merges.forEach(([left, right], rank) => (ranks[table.numberOf(left, right)] = rank));
  const ids = new Int32Array(longestToken);
  /** Of each token and the one after it; `none` where they are not merged. */
  const rankAt = new Int32Array(longestToken);
  const none = merges.length;

  function rankOf(at: number): number {
    const number = table.find(ids[at]!, ids[at + 1]!);
    return number < 0 ? none : ranks[number]!;
  }

  return (bytes) => {
    ids.set(bytes);
    let { length } = bytes;
    for (let i = 0; i < length - 1; i++) rankAt[i] = rankOf(i);
    for (;;) {
      let [best, at] = [none, 0];
      for (let i = 0; i < length - 1; i++) if (rankAt[i]! < best) [best, at] = [rankAt[i]!, i];
      if (best === none) return Array.from(ids.subarray(0, length));
      ids[at] = byteIds + best;
      ids.copyWithin(at + 1, at + 2, length);
      rankAt.copyWithin(at + 1, at + 2, length);
      length--;
      if (at > 0) rankAt[at - 1] = rankOf(at - 1);
      if (at < length - 1) rankAt[at] = rankOf(at);
    }
  };
}

/** As text where it is whole characters, else its bytes. */
function describe(bytes: Uint8Array): string {
  try {
    return printable(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return Array.from(bytes, hexOf).join(' ');
  }
}
