/** Where in a cell what is read step by step stands. */
import { readTokenizer } from '../data/tokenizers';
import type { Cell, Codec } from './codecs';
import { isSpace, symbolsIn } from './text-symbols';

/**
 * @returns of each step `[start, end)` in UTF-16 units of the cell, one after the other; undefined: the input is no text of
 * one column, nor symbols with spaces between them
 */
export function spansIn({ data }: Codec, cells: readonly Cell[]): number[] | undefined {
  const [cell] = cells;
  if (cells.length !== 1 || typeof cell !== 'string') return undefined;
  if (data.kind === 'sequence') {
    const symbols = [...cell.matchAll(/\S+/g)].slice(0, data.longest);
    return symbols.flatMap(({ 0: symbol, index }) => [index, index + symbol.length]);
  }
  if (data.kind !== 'text') return undefined;
  const tokenizer = readTokenizer(data.tokenizer);
  const spans: number[] = [];
  let at = 0;
  for (const symbol of symbolsIn(cell, tokenizer.kind)) {
    const end = at + symbol.length;
    const ids = data.spaces || !isSpace(symbol) ? tokenizer.idsOf(symbol) : [];
    const lengths = ids.map((id) => tokenizer.decode([id]).length);
    const isCut = lengths.reduce((sum, length) => sum + length, 0) === symbol.length;
    // Bytes of a character stand for all of it.
    for (const length of lengths) {
      spans.push(at, isCut ? at + length : end);
      if (isCut) at += length;
    }
    at = end;
  }
  return spans.slice(0, 2 * data.longest);
}
