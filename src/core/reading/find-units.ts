/** Units of a model that tell spans of a document from the rest of it. */
import { firstWhere } from '../numerics';
import { InputError } from '../input-error';
import { rankUnits, type UnitScore } from '../inspection/auc';
import { namedBy, variablesAmong } from '../inspection/variables';
import { sentence } from '../sentence';
import type { Reading } from './reading';
import { readRange } from './read-range';

/** Offsets, `to` excluded. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface UnitsRequest extends Span {
  readonly spans: readonly Span[];
  /** Names or symbols; undefined: every variable. */
  readonly variables: readonly string[] | undefined;
  /** How many units to give. */
  readonly top: number;
  readonly context: number;
}

export interface UnitsFound extends Span {
  readonly units: readonly UnitScore[];
  /** Tokens inside and outside. */
  readonly inside: number;
  readonly outside: number;
  readonly readFrom: number;
}

/** Values of all variables and tokens together: 128 MB. */
const mostValues = 2 ** 25;

/**
 * Reads a range, or as much of it as memory holds the values of, and ranks units by how well their values after each
 * token separate those that overlap a span from the others.
 *
 * @yields after each bit of work the share done
 * @throws InputError if all tokens, or none, are inside, or a variable is not the model's
 */
export function* findUnits(
  reading: Reading,
  { from, to, spans, variables, top, context }: UnitsRequest,
  mostTokens: number,
): Generator<number, UnitsFound, undefined> {
  const { text, model } = reading;
  const { probes } = model.loaded.program;
  const known = variablesAmong(probes);
  const names = variables === undefined ? known : [...new Set(variables.flatMap(namedBy(known)))];
  const width = names.reduce((sum, name) => sum + probes.get(name)!.width, 0);
  const most = Math.min(mostTokens, Math.floor(mostValues / width));
  const end = endWithin(reading, from, to, most);
  const request = { from, to: end, context, top: 0, variables: names.map((name) => ({ name })) };
  const running = readRange(reading, request, most);
  const before = model.steps();
  const total = text.count(from, end) + 1;
  for (;;) {
    const { done, value } = running.next();
    if (done !== true) {
      yield Math.min(0.5, (0.5 * (model.steps() - before)) / total);
      continue;
    }
    const inside = Uint8Array.from(value.starts, (start, i) =>
      Number(spans.some((span) => start < span.to && value.ends[i]! > span.from)),
    );
    const members = inside.reduce((sum, is) => sum + is, 0);
    checkBoth(members, inside.length);
    const ranking = rankUnits(value.variables, inside);
    for (;;) {
      const ranked = ranking.next();
      if (ranked.done !== true) {
        yield 0.5 + ranked.value / 2;
        continue;
      }
      return {
        units: ranked.value.slice(0, top),
        inside: members,
        outside: inside.length - members,
        from,
        to: end,
        readFrom: value.readFrom,
      };
    }
  }
}

/** The greatest end of a range that begins at `from` and has at most so many tokens. */
function endWithin({ text }: Reading, from: number, to: number, most: number): number {
  const start = text.startAfter(from);
  const isTooLong = (end: number) => text.count(start, text.endBefore(end)) > most;
  return firstWhere(start + 1, to + 1, isTooLong) - 1;
}

function checkBoth(inside: number, total: number): void {
  if (inside > 0 && inside < total) return;
  throw new InputError(
    inside === 0
      ? sentence`No token is inside the spans.`
      : sentence`All tokens are inside the spans.`,
    sentence`Choose spans and a range so that some tokens are inside and some outside.`,
  );
}
