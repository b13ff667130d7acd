import { logSumExp } from '../numerics';
import { notFinite } from '../sampling/choose';
import { answerOf, type Answer, type Reading, type Search, type Trail } from './answers';

/** What a beam is made for. */
export interface BeamOptions {
  /** Number of beginnings that are kept, and of answers that are found; 1 is greedy. */
  readonly width: number;
  /** α of `lengthPenalty`; 0: answers are ranked by their probability. */
  readonly lengthPenalty: number;
  /** START and END. */
  readonly boundary: number;
  /** A symbol that is never chosen. */
  readonly excluded?: number | undefined;
}

/** A beginning that might be kept. */
interface Candidate {
  readonly row: number;
  readonly id: number;
  readonly logProbability: number;
}

/**
 * lp(Y) = ((5 + |Y|) / 6)^α, by which Σ ln p is divided (Wu et al. 2016, eq. 14): without it, short answers win.
 * @param length |Y|, END included
 */
export function lengthPenalty(length: number, alpha: number): number {
  return ((5 + length) / 6) ** alpha;
}

/**
 * Beam search (Sutskever et al. 2014): at each step all beginnings are continued by all symbols, and the likeliest kept.
 * One that ends leaves the beam, which then keeps one less, until none is left. So width 1 is greedy decoding, and a
 * beam that has room for every beginning finds the best answer there is. Of equals, the one of the likelier beginning goes
 * first, then the one of the lower id.
 */
export function createBeam({
  width,
  lengthPenalty: alpha,
  boundary,
  excluded,
}: BeamOptions): Search {
  const next = new Int32Array(width).fill(boundary);
  const parents = Int32Array.from(next, (_, row) => row);
  const ended: { readonly trail: Trail; readonly score: number }[] = [];
  // One beginning to begin with: the others would be the same.
  let live: (Trail | undefined)[] = [undefined];
  let steps = 0;

  const scoreOf = ({ logProbability }: Trail): number =>
    logProbability / lengthPenalty(steps, alpha);

  return {
    next,
    parents,
    get done() {
      return live.length === 0;
    },
    advance(reading) {
      steps++;
      const kept = best(live, reading, width - ended.length, excluded);
      const going: Trail[] = [];
      for (const { row, id, logProbability } of kept) {
        const weights = reading.weights(row);
        const trail = { before: live[row], id, logProbability, weights };
        if (id === boundary) {
          ended.push({ trail, score: scoreOf(trail) });
        } else {
          next[going.length] = id;
          parents[going.length] = row;
          going.push(trail);
        }
      }
      live = going;
    },
    answers(): Answer[] {
      const cutOff = live.flatMap((trail) => (trail ? [{ trail, score: scoreOf(trail) }] : []));
      const ranked = [ended, cutOff].flatMap((some) => some.toSorted((a, b) => b.score - a.score));
      return ranked.map(({ trail, score }) => answerOf(trail, boundary, score));
    },
  };
}

/** The likeliest continuations, the best first. */
function best(
  live: readonly (Trail | undefined)[],
  reading: Reading,
  room: number,
  excluded: number | undefined,
): Candidate[] {
  const kept: Candidate[] = [];
  for (const [row, trail] of live.entries()) {
    const logits = reading.logits(row);
    const before = trail?.logProbability ?? 0;
    const total = logSumExp(logits);
    if (!Number.isFinite(total)) throw notFinite();
    for (let id = 0; id < logits.length; id++) {
      const logProbability = before + (logits[id]! - total);
      const isFull = kept.length === room;
      if (id === excluded || (isFull && !(logProbability > kept.at(-1)!.logProbability))) continue;
      if (isFull) kept.pop();
      let place = kept.length;
      while (place > 0 && kept[place - 1]!.logProbability < logProbability) place--;
      kept.splice(place, 0, { row, id, logProbability });
    }
  }
  return kept;
}
