import type { SourceText } from '../data/source';
import { linesOf } from './lines';
import { createRows, type Body } from './rows';

/** What stands before a label (Joulin et al. 2017). */
export const labelMark = '__label__';

/** A text a line, and its labels in it as `__label__NAME`. */
export async function readFastText(text: SourceText): Promise<Body> {
  const rows = createRows(text.name, ['text', 'label']);
  let line = 0;
  for await (const lines of linesOf(text)) {
    for (const row of lines) {
      line++;
      if (row.trim() === '') continue;
      const words = row.trim().split(/\s+/);
      const labels = words.flatMap((word) =>
        word.startsWith(labelMark) ? [word.slice(labelMark.length)] : [],
      );
      const rest = words.filter((word) => !word.startsWith(labelMark));
      const [only = ''] = labels;
      rows.add(line, [
        ['text', rest.join(' ')],
        ['label', labels.length > 1 ? labels : only],
      ]);
    }
  }
  return rows.finish();
}
