/** Input that cannot be used: the user can mend it. The base of all such errors but a cell's. */
export class InputError extends Error {
  override readonly name: string = 'InputError';

  /**
   * @param problem what is wrong, a sentence
   * @param hint what to do about it, a sentence; empty where the problem says it
   */
  constructor(
    readonly problem: string,
    readonly hint = '',
  ) {
    super(hint === '' ? problem : `${problem} ${hint}`);
  }
}
