import { sentence } from '../sentence';
import { InputError } from '../input-error';

/** @throws InputError if the text is empty */
export function refuseEmpty(tokens: number): void {
  if (tokens !== 0) return;
  throw new InputError(sentence`The text is empty.`, sentence`Give a text with something in it.`);
}

/** @throws InputError if nothing but this character is in the text */
export function refuseSingle(characters: ReadonlySet<string>): void {
  if (characters.size !== 1) return;
  const [character] = characters;
  throw new InputError(
    sentence`The text has only one symbol, ${JSON.stringify(character)}: there is nothing to learn.`,
    sentence`Give a text with at least two different characters.`,
  );
}
