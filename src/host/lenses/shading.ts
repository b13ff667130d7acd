/** How strongly each part of a text is shaded. */
import type { Answer } from '../follow/reader';

export type Reading = Answer<'read'>;

/** A part of a text, `[start, end)` in UTF-16 units, and how strongly it is shaded, 0 to 1. */
export interface Shade {
  readonly start: number;
  readonly end: number;
  readonly strength: number;
}

/** Shades that the eye can tell apart. */
export const levels = 8;

/** Lines that are looked at, and drawn, together. */
export const blockLines = 16;

/** What a text's tokens stand for, in its order. */
type Places = Pick<Reading, 'starts' | 'ends'>;

/** Tokens `[first, last]` that stand for one place: more than one where a character is several bytes. */
function* placesOf({ starts }: Places): Iterable<readonly [first: number, last: number]> {
  for (let first = 0; first < starts.length;) {
    let last = first;
    while (starts[last + 1] === starts[first]) last++;
    yield [first, last];
    first = last + 1;
  }
}

/** @param most nats of the strongest shade; the bytes of a character cost what they cost together */
export function* surpriseShades(
  reading: Places & Pick<Reading, 'loss'>,
  most: number,
): Iterable<Shade> {
  const { starts, ends, loss } = reading;
  for (const [first, last] of placesOf(reading)) {
    const nats = loss.slice(first, last + 1).reduce((sum, each) => sum + each, 0);
    yield { start: starts[first]!, end: ends[last]!, strength: nats / most };
  }
}

/** @param limit of the strongest shade; values with the other sign have none */
export function* unitShades(
  reading: Places & Pick<Reading, 'variables'>,
  limit: number,
): Iterable<Shade> {
  const { starts, ends, variables } = reading;
  const values = variables[0]?.values;
  if (!values) return;
  // After the last byte the character was read.
  for (const [first, last] of placesOf(reading)) {
    yield { start: starts[first]!, end: ends[last]!, strength: values[last]! / limit };
  }
}

/** Neighbours of one level as one range: fewer decorations are drawn faster. */
export function merged(
  shades: Iterable<Shade>,
): { readonly level: number; readonly start: number; readonly end: number }[] {
  const found: { level: number; start: number; end: number }[] = [];
  for (const { start, end, strength } of shades) {
    const level = levelOf(strength);
    if (level < 0 || end <= start) continue;
    const last = found.at(-1);
    if (last?.level === level && last.end === start) last.end = end;
    else found.push({ level, start, end });
  }
  return found;
}

/** -1: not shaded at all. */
export function levelOf(strength: number): number {
  return Number.isNaN(strength)
    ? -1
    : Math.max(-1, Math.min(levels, Math.floor(strength * (levels + 1))) - 1);
}

/**
 * How much of some parts of a text no token stands for, as a share of all UTF-16 units of them: what the model does not know and
 * nothing replaces. Of a word that is not known the token that stands for all such words counts, too.
 */
export function unreadShare(
  parts: readonly { readonly from: number; readonly to: number }[],
  readings: readonly (Places & Partial<Pick<Reading, 'spelling'>>)[],
): number {
  let [all, read] = [0, 0];
  parts.forEach(({ from, to }, i) => {
    all += to - from;
    const { starts, ends, spelling } = readings[i]!;
    let before = from;
    starts.forEach((start, token) => {
      const [first, last] = [Math.max(start, before), Math.min(ends[token]!, to)];
      // What is left out is spelt with the token behind it, which is known itself.
      const isKnown = (spelling?.[token] ?? 0) === 0 || start > before;
      if (isKnown && last > first) read += last - first;
      before = Math.max(before, last);
    });
  });
  return all === 0 ? 0 : 1 - read / all;
}
