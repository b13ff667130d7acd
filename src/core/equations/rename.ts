import { sentence, type Sentence } from '../sentence';
import { namePlaces, readableStatements } from './lenient';
import { isFunctionName, isUppercase, timeName } from './names';
import { inputName } from './syntax';
import { tokensOf } from './tokens';

/** Why a name cannot be another one. */
export function fixedNameProblem(name: string): Sentence | undefined {
  return name === inputName ? sentence`x is the input of the cell: its name is fixed.` : undefined;
}

/**
 * What is wrong with a new name; undefined: nothing.
 *
 * @param from the name of a variable, a matrix or a bias of the text
 */
export function renameProblem(source: string, from: string, to: string): Sentence | undefined {
  const places = namePlaces(readableStatements(source));
  const [token] = tokensOf(to);
  if (token?.kind !== 'word' || token.text !== to || to.includes('.')) {
    return sentence`A name is made of letters, digits and underscores, and does not start with a digit.`;
  }
  if (to === inputName) return sentence`x is the input of the cell.`;
  if (to === timeName) return sentence`t is the time.`;
  if (isFunctionName(to)) return sentence`${to} is a function.`;
  if (to !== from && places.some(({ name }) => name === to)) {
    return sentence`There is a ${to} already.`;
  }
  const isVariable = places.some(({ name, defines }) => name === from && defines);
  if (!isVariable && isUppercase(from) !== isUppercase(to)) {
    return isUppercase(from)
      ? sentence`${from} is a matrix: its name starts with a capital letter.`
      : sentence`${from} is a bias: its name starts with a small letter.`;
  }
  return undefined;
}
