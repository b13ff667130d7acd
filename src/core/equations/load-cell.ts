import { builtinCells } from '../cells';
import { InputError } from '../input-error';
import { joined, sentence } from '../sentence';
import { didYouMean, listed } from '../suggest';
import { parseCell } from './parse';
import type { Cell } from './syntax';

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
