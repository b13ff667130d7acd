/** How strongly each part of a text is shaded. */
import type { Reading } from './lens';

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

/** @param most nats of the strongest shade */
export function* surpriseShades(
  { starts, ends, loss }: Pick<Reading, 'starts' | 'ends' | 'loss'>,
  most: number,
): Iterable<Shade> {
  for (let token = 0; token < loss.length; token++) {
    yield { start: starts[token]!, end: ends[token]!, strength: loss[token]! / most };
  }
}

/** @param limit of the strongest shade; values with the other sign have none */
export function* unitShades(
  { starts, ends, variables }: Pick<Reading, 'starts' | 'ends' | 'variables'>,
  limit: number,
): Iterable<Shade> {
  const values = variables[0]?.values ?? new Float32Array();
  for (let token = 0; token < values.length; token++) {
    yield { start: starts[token]!, end: ends[token]!, strength: values[token]! / limit };
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
