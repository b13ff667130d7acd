/** Which rows are trained on, chosen by and tested with, so that nothing of what is tested was seen before. */
import { upTo } from '../numerics';
import type { Random } from '../random/random';
import { parts, type PartName } from './dataset';
import { firstRows } from './first-rows';

/** Rows that must be on one side: the same number, the same group. */
export interface Groups {
  readonly count: number;
  /** One a row, 0 … count − 1. */
  readonly of: Uint32Array;
}

/** Groups of rows that share a key of any of the lists; a key of 0 is none. */
export function groupsOf(rows: number, keys: readonly Float64Array[]): Groups {
  const parent = upTo(rows);
  const root = (row: number): number => {
    let at = row;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]!]!;
      at = parent[at]!;
    }
    return at;
  };
  for (const list of keys) {
    const first = firstRows(list);
    for (let row = 0; row < rows; row++) {
      if (list[row] !== 0 && first[row] !== row) parent[root(row)] = root(first[row]!);
    }
  }
  const of = new Uint32Array(rows);
  /** Of a root, its group's number and 1. */
  const numbers = new Uint32Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    const at = root(row);
    if (numbers[at] === 0) numbers[at] = ++count;
    of[row] = numbers[at]! - 1;
  }
  return { count, of };
}

/** A text as a number of 53 bits: the same for the same text (bryc's cyrb53); never 0. */
export function keyOf(text: string): number {
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    a = Math.imul(a ^ c, 2654435761);
    b = Math.imul(b ^ c, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return 4294967296 * (2097151 & b) + (a >>> 0) + 1;
}

export interface Deal {
  readonly groups: Groups;
  /** One a row: rows of a stratum are dealt evenly. */
  readonly strata: ArrayLike<number> | undefined;
  /** Shares of the parts, whose sum is 1. */
  readonly shares: readonly number[];
  /** The first group of each stratum goes to the first part: what occurs once is learnt from. */
  readonly firstStays: boolean;
  readonly random: Random;
}

/**
 * Deals rows to parts, group by group in random order: each to the part that lacks most of its stratum and of all.
 * @returns a part a row
 */
export function deal({ groups, strata, shares, firstStays, random }: Deal): Uint8Array {
  const sizes = new Float64Array(groups.count);
  const stratumOf = new Float64Array(groups.count).fill(-1);
  groups.of.forEach((group, row) => {
    sizes[group]!++;
    if (stratumOf[group]! < 0) stratumOf[group] = strata?.[row] ?? 0;
  });
  const order = shuffled(groups.count, random);
  order.sort((a, b) => stratumOf[a]! - stratumOf[b]!);
  const all = new Float64Array(shares.length);
  const own = new Float64Array(shares.length);
  const partOf = new Uint8Array(groups.count);
  let [allRows, ownRows, stratum] = [0, 0, -1];
  for (const group of order) {
    const isFirst = stratumOf[group] !== stratum;
    if (isFirst) {
      stratum = stratumOf[group]!;
      own.fill(0);
      ownRows = 0;
    }
    const size = sizes[group]!;
    allRows += size;
    ownRows += size;
    let best = 0;
    if (!(isFirst && firstStays)) {
      const lacks = shares.map((share, p) => share * (ownRows + allRows) - own[p]! - all[p]!);
      best = lacks.reduce((most, lack, p) => (shares[p]! > 0 && lack > lacks[most]! ? p : most), 0);
    }
    partOf[group] = best;
    all[best]! += size;
    own[best]! += size;
  }
  return Uint8Array.from(groups.of, (group) => partOf[group]!);
}

/** 0 … count − 1 in random order (Fisher and Yates). */
function shuffled(count: number, random: Random): Uint32Array {
  const order = upTo(count);
  for (let i = count - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/** The last rows by their order are tested with, those before chosen by; members of a group stay with its first. */
export function inOrder(
  order: Float64Array,
  groups: Groups,
  validation: number,
  test: number,
): Uint8Array {
  const rows = upTo(order.length);
  rows.sort((a, b) => order[a]! - order[b]! || a - b);
  const ends = [
    Math.round(rows.length * (1 - validation - test)),
    Math.round(rows.length * (1 - test)),
  ];
  /** One a group, and 1; 0: none of its rows has come. */
  const partOfGroup = new Uint8Array(groups.count);
  const part = new Uint8Array(rows.length);
  rows.forEach((row, place) => {
    const group = groups.of[row]!;
    const own = place < ends[0]! ? 0 : place < ends[1]! ? 1 : 2;
    partOfGroup[group] ||= own + 1;
    part[row] = partOfGroup[group] - 1;
  });
  return part;
}

/** What files call the parts. */
const partNames: Readonly<Record<PartName, RegExp>> = {
  train: /^train(ing)?$/i,
  validation: /^(valid(ation)?|val|dev(elopment)?)$/i,
  test: /^(test(ing)?|eval(uation)?|t10k)$/i,
};

/** The number of a part by what a file calls it; -1: it is none. */
export function partNamed(name: string): number {
  return parts.findIndex((part) => partNames[part].test(name));
}
