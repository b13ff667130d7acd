/** What is wrong in a notebook, each with its place in the file. */
import { InputError } from '../input-error';
import { sentence, verbatim, type Sentence } from '../sentence';

/** Lines and columns count from 1, columns in UTF-16 units. */
export interface Problem {
  readonly line: number;
  readonly column: number;
  /** Of what is underlined on this line; at least 1. */
  readonly length: number;
  /** What is wrong, and what to do. */
  readonly message: Sentence;
}

/** A notebook that cannot be run as it stands. */
export class NotebookError extends InputError {
  override readonly name = 'NotebookError';

  /**
   * @param file its name, as the user gave it
   * @param problems at least one, by their lines
   */
  constructor(
    file: string,
    readonly problems: readonly Problem[],
  ) {
    const [{ line, message } = { line: 1, message: verbatim('') }] = problems;
    super(sentence`${file}, line ${line}: ${message}`, undefined, { place: { file, line } });
  }
}
