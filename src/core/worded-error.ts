import { joined, toEnglish, type Sentence } from './sentence';

/** An error in words that can be translated; its `message` is the English. */
export class WordedError extends Error {
  override readonly name: string = 'WordedError';
  /** All that is to be said: what `message` says in English. */
  readonly whole: Sentence;

  /**
   * @param problem what is wrong
   * @param hint what to do about it; undefined where the problem says it
   * @param options `whole`: all that is to be said, where that is more than problem and hint
   */
  constructor(
    readonly problem: Sentence,
    readonly hint?: Sentence,
    {
      whole = joined(problem, hint),
      ...options
    }: ErrorOptions & { readonly whole?: Sentence } = {},
  ) {
    super(toEnglish(whole), options);
    this.whole = whole;
  }
}
