import type { ChannelData } from '../task/dataset';
import type { AnswerRows } from './answer-rows';
import type { Answer, Method, Search } from './answers';
import { createBeam } from './beam';
import { createSampler } from './sampler';

export interface DecodeOptions {
  readonly method: Method;
  /** START and END. */
  readonly boundary: number;
  /** A symbol that no answer has: UNKNOWN. */
  readonly excluded?: number | undefined;
  /** Whether attention's weights are wanted. */
  readonly weights?: boolean;
}

/**
 * Answers examples with sequences of symbols. What comes out does not depend on which examples are answered
 * together.
 *
 * @param examples their numbers; none has a source longer than there is room for
 * @yields share done, 0 to 1, after each step
 * @returns of each example its answers, the best first: as many as a beam is wide, of other methods one
 * @throws RangeError if the beam is wider than there are rows
 * @throws InputError if the model's logits are not finite: its training has gone wrong
 */
export function* decodeAnswers(
  rows: AnswerRows,
  input: ChannelData,
  examples: ArrayLike<number>,
  options: DecodeOptions,
): Generator<number, Answer[][], undefined> {
  const { method } = options;
  const copies = method.kind === 'beam' ? method.width : 1;
  const together = Math.floor(rows.room.rows / copies);
  if (together < 1) {
    throw new RangeError(
      `A beam of ${String(copies)} does not fit in ${String(rows.room.rows)} rows.`,
    );
  }
  const answers: Answer[][] = [];
  for (let start = 0; start < examples.length; start += together) {
    const chosen = Array.from(examples).slice(start, start + together);
    const searches = chosen.map((example) => createSearch(options, example));
    rows.begin(input, chosen, copies);
    for (let u = 0; u < rows.room.answer && !searches.every(({ done }) => done); u++) {
      advance(rows, searches, u, options.weights === true);
      yield (start + (chosen.length * (u + 1)) / rows.room.answer) / examples.length;
    }
    answers.push(...searches.map((search) => search.answers()));
  }
  return answers;
}

function createSearch({ method, boundary, excluded }: DecodeOptions, example: number): Search {
  return method.kind === 'beam'
    ? createBeam({ ...method, boundary, excluded })
    : createSampler({ ...method, boundary, excluded, example });
}

/** Reads what was chosen last, and chooses. */
function advance(rows: AnswerRows, searches: readonly Search[], u: number, weights: boolean): void {
  const { inputs, program } = rows.loaded;
  const copies = searches[0]!.next.length;
  const count = searches.length * copies;
  for (const [i, { next }] of searches.entries()) {
    inputs.u.set(next, u * program.batch + i * copies);
  }
  rows.step(u);
  const parents = Int32Array.from({ length: count }, (_, row) => row);
  for (const [i, search] of searches.entries()) {
    if (search.done) continue;
    const first = i * copies;
    search.advance({
      logits: (row) => rows.logits(u, first + row),
      weights: (row) => (weights ? rows.weights(u, first + row) : undefined),
    });
    parents.set(
      search.parents.map((row) => first + row),
      first,
    );
  }
  rows.follow(u, parents, count);
}
