/** What a file of another program does not tell, and whoever imports it is asked for. */
import { InputError } from '../../input-error';
import { sentence } from '../../sentence';

/** Of an `nn.RNN`. */
export const nonlinearities = ['tanh', 'relu'] as const;
export type Nonlinearity = (typeof nonlinearities)[number];

/** What can be missing. */
export type Need = 'vocabulary' | 'nonlinearity';

/** Nothing is wrong with the file, but it does not tell enough. */
export abstract class Needed extends InputError {
  abstract readonly need: Need;
}

export class VocabularyNeeded extends Needed {
  override readonly name = 'VocabularyNeeded';
  readonly need = 'vocabulary';

  constructor(file: string, tokens: number) {
    super(
      sentence`${file} does not say which tokens its ${tokens} are.`,
      sentence`Give its vocabulary with --vocabulary-file: JSON, a token a line, or the text it was trained on.`,
    );
  }
}

export class NonlinearityNeeded extends Needed {
  override readonly name = 'NonlinearityNeeded';
  readonly need = 'nonlinearity';

  constructor() {
    super(
      sentence`A file of PyTorch does not say whether its nn.RNN is one of tanh or of relu.`,
      sentence`Say so with --nonlinearity.`,
    );
  }
}
