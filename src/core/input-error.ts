import { WordedError } from './worded-error';

/** Input that cannot be used: the user can mend it. The base of all such errors but a cell's. */
export class InputError extends WordedError {
  override readonly name: string = 'InputError';
}
