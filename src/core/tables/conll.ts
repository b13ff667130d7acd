import type { SourceText } from '../data/source';
import { InputError } from '../input-error';
import { sentence } from '../sentence';
import { linesOf } from './lines';
import { createRows, type Body } from './rows';

/** The columns of CoNLL-U by the names that its documentation gives them; empty: not read. */
const universal = ['', 'tokens', 'lemma', 'upos', 'xpos', 'feats', '', 'deprel', '', 'misc'];
/** Of CoNLL-2003. */
const named: Readonly<Record<number, readonly string[]>> = {
  4: ['tokens', 'pos', 'chunk', 'ner'],
  10: universal,
};

export function conllColumns(count: number): readonly string[] {
  return (
    named[count] ??
    Array.from({ length: count }, (_, index) =>
      index === 0 ? 'tokens' : index === count - 1 ? 'tags' : `column ${String(index + 1)}`,
    )
  );
}

/** The cells of a line, or undefined for a comment, a word of several tokens, an empty node, a document's beginning. */
export function conllCells(line: string, separator: RegExp, columns: number): string[] | undefined {
  const cells = line.trim().split(separator);
  const isSkipped =
    (line.startsWith('#') && cells.length !== columns) ||
    cells[0] === '-DOCSTART-' ||
    (columns === universal.length && !/^\d+$/.test(cells[0] ?? ''));
  return isSkipped ? undefined : cells;
}

export const separators = { tab: /\t/, space: /[ \t]+/ } as const;

/** @throws InputError for a line with another number of columns */
export async function readConll(
  text: SourceText,
  columns: number,
  separator: RegExp,
): Promise<Body> {
  const names = conllColumns(columns);
  const rows = createRows(
    text.name,
    names.filter((name) => name !== ''),
  );
  let line = 0;
  let first = 0;
  let lists: string[][] = names.map(() => []);

  function endSentence(): void {
    if (lists[0]!.length === 0) return;
    rows.add(
      first,
      names.flatMap((name, c) => (name === '' ? [] : [[name, lists[c]!] as const])),
    );
    lists = names.map(() => []);
  }

  for await (const lines of linesOf(text)) {
    for (const row of lines) {
      line++;
      if (row.trim() === '') {
        endSentence();
        continue;
      }
      const cells = conllCells(row, separator, columns);
      if (cells === undefined) continue;
      if (cells.length !== columns) {
        throw new InputError(
          sentence`${text.name}, line ${line}: ${cells.length} columns where the first token has ${columns}.`,
          sentence`Give each token the same columns, and an empty line between sentences.`,
          { place: { file: text.name, line } },
        );
      }
      if (lists[0]!.length === 0) first = line;
      cells.forEach((cell, c) => lists[c]!.push(cell));
    }
  }
  endSentence();
  return rows.finish();
}
