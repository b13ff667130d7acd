import type { Span } from './syntax';

/** Something wrong in a `.rnn` text, at a place, with a hint what to do. */
export class EquationError extends Error {
  override readonly name = 'EquationError';

  /**
   * @param problem what is wrong, with both shapes where shapes disagree
   * @param span where
   * @param hint what to do about it
   * @param source the name of the text, for the message (`lstm.rnn`)
   */
  constructor(
    readonly problem: string,
    readonly span: Span,
    readonly hint: string,
    readonly source = 'cell',
  ) {
    super(`${source}:${String(span.line)}:${String(span.column)}: ${problem} ${hint}`.trimEnd());
  }
}
