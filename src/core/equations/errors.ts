import { float32Problem } from '../float32';
import { joined, sentence, type Sentence } from '../sentence';
import { WordedError } from '../worded-error';
import type { Place } from './raw';
import type { Span } from './syntax';

/** Takes note of a mistake; the text is read on, so that one reading finds them all. */
export type Report = (problem: Sentence, place: Place, hint: Sentence | undefined) => void;

/** Something wrong in a `.rnn` text, at a place, with a hint what to do. */
export class EquationError extends WordedError {
  override readonly name = 'EquationError';
  /** The problem after its place: `lstm.rnn:2:8: …` */
  readonly located: Sentence;

  /**
   * @param problem what is wrong, with both shapes where shapes disagree
   * @param span where
   * @param hint what to do about it
   * @param source the name of the text, for the message (`lstm.rnn`)
   */
  constructor(
    problem: Sentence,
    readonly span: Span,
    hint: Sentence | undefined,
    readonly source = 'cell',
  ) {
    const place = `${source}:${String(span.line)}:${String(span.column)}`;
    const located = sentence`${place}: ${problem}`;
    super(problem, hint, { whole: joined(located, hint) });
    this.located = located;
  }
}

/**
 * Reports a number that float32 cannot hold.
 * @returns whether it can be used
 */
export function reportNumber(value: number, place: Place, report: Report): boolean {
  const found = float32Problem(value);
  if (found !== undefined) report(found.problem, place, found.hint);
  return found === undefined;
}
