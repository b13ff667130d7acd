import type { Sentence } from './sentence';
import { WordedError } from './worded-error';

/** Of a file of data: its name, and a line of it, from 1. */
export interface DataPlace {
  readonly file: string;
  readonly line: number;
}

type Options = ConstructorParameters<typeof WordedError>[2];

/** Input that cannot be used: the user can mend it. The base of all such errors but a cell's. */
export class InputError extends WordedError {
  override readonly name: string = 'InputError';
  /** Where in a file of data it is; undefined: nowhere in particular. */
  readonly place: DataPlace | undefined;

  constructor(
    problem: Sentence,
    hint?: Sentence,
    { place, ...options }: Options & { readonly place?: DataPlace } = {},
  ) {
    super(problem, hint, options);
    this.place = place;
  }
}
