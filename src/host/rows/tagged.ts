/** Sentences of CoNLL: a token and its tags a line, an empty line between sentences. */
import { conllCells, conllColumns, separators } from '../../core/tables/conll';
import { paragraphAround, type Lines, type RowReader } from './reader';

export const tagged: RowReader = {
  inputsAt(document, line, [input = '']) {
    const textAt = (at: number) => document.lineAt(at).text;
    if (textAt(line).trim() === '') return undefined;
    const { first, end } = paragraphAround(document, line);
    const lines = Array.from({ length: end - first }, (_, i) => textAt(first + i)).filter(
      (text) => !text.startsWith('#'),
    );
    const separator = lines[0]?.includes('\t') === true ? separators.tab : separators.space;
    const count = lines[0]?.trim().split(separator).length ?? 0;
    const column = conllColumns(count).indexOf(input);
    if (column < 0) return undefined;
    const tokens = lines.flatMap((text) => conllCells(text, separator, count)?.[column] ?? []);
    return [tokens.join(' ')];
  },
  firstLine: (document, line) =>
    document.lineAt(line).text.trim() === '' ? line : paragraphAround(document, line).first,
  tokenAt(document, line) {
    const { first } = paragraphAround(document, line);
    const before = Array.from({ length: line - first }, (_, i) => document.lineAt(first + i).text);
    return before.filter((text) => !text.startsWith('#')).length;
  },
  /** A tag beside its token. */
  typedAt({ document, line, before, after }, { inputs, outputs }) {
    if (after.trim() !== '' || inputs.length !== 1 || outputs.length !== 1) return undefined;
    const separator = before.includes('\t') ? separators.tab : separators.space;
    const cells = before.trimStart().split(separator);
    const columns = columnsOf(document, separator);
    const tokensAt = (at: number) => conllCells(document.lineAt(at).text, separator, columns) ?? [];
    const names = conllColumns(columns);
    const [token, target] = [inputs[0]!, outputs[0]!].map((name) => names.indexOf(name));
    if (token! < 0 || cells.length !== target! + 1) return undefined;
    const { first, end } = paragraphAround(document, line);
    const tokens: string[] = [];
    let step = 0;
    for (let at = first; at < end; at++) {
      const here = at === line ? cells : tokensAt(at);
      if (here.length === 0) continue;
      if (at === line) step = tokens.length;
      tokens.push(here[token!] ?? '');
    }
    return { inputs: [tokens.join(' ')], typed: cells.at(-1)!, step, write: (text) => text };
  },
};

/** As many as the first token has. */
function columnsOf(document: Lines, separator: RegExp): number {
  for (let at = 0; at < document.lineCount; at++) {
    const { text } = document.lineAt(at);
    if (text.trim() !== '' && !text.startsWith('#')) return text.trim().split(separator).length;
  }
  return 0;
}
