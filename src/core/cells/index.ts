import { InputError } from '../input-error';
import { parseCell } from '../equations/parse';
import { didYouMean, listed } from '../suggest';
import type { Cell } from '../equations/syntax';
import { joined, sentence } from '../sentence';
import gru from './gru.rnn';
import lstm from './lstm.rnn';
import vanillaWithoutBias from './vanilla-nobias.rnn';
import vanilla from './vanilla.rnn';

/** The cells that come with the product: name to the text of its equations. */
export const builtinCells: ReadonlyMap<string, string> = new Map([
  ['vanilla', vanilla],
  ['vanilla-nobias', vanillaWithoutBias],
  ['gru', gru],
  ['lstm', lstm],
]);

/**
 * Reads a built-in cell.
 *
 * @throws InputError if there is none of that name
 */
export function loadCell(name: string): Cell {
  const source = builtinCells.get(name);
  if (source === undefined) {
    const names = [...builtinCells.keys()];
    const choices = listed(names, 'or');
    throw new InputError(
      sentence`There is no cell ${name}.`,
      joined(didYouMean(name, names), sentence`Use ${choices}, or a file that ends in .rnn.`),
    );
  }
  return parseCell(source, name);
}
