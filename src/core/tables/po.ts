import PO from 'pofile';
import type { SourceText } from '../data/source';
import { stringsOf } from './lines';
import { createRows, type Body } from './rows';

/** A gettext catalogue's texts and their translations, without those that are fuzzy, obsolete or not translated. */
export async function readPo(text: SourceText): Promise<Body> {
  const parts: string[] = [];
  for await (const part of stringsOf(text)) parts.push(part);
  const rows = createRows(text.name, ['msgid', 'msgstr']);
  for (const item of PO.parse(parts.join('')).items) {
    if (item.obsolete || item.flags['fuzzy'] === true) continue;
    add(item.msgid, item.msgstr[0]);
    // Its declaration does not say that it is null where there is none.
    const plural = item.msgid_plural as string | null | undefined;
    if (plural != null) add(plural, item.msgstr.at(-1));
  }

  function add(source: string, target = ''): void {
    if (source === '' || target === '') return;
    rows.add(0, [
      ['msgid', source],
      ['msgstr', target],
    ]);
  }
  return { ...rows.finish(), lines: undefined };
}
