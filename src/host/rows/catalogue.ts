/** Entries of a gettext catalogue, where a text and its translation alternate. */
import { paragraphAround, type Lines, type RowReader } from './reader';

const [source, target] = ['msgid', 'msgstr'] as const;
/** A part of a text in quotation marks, which may have a keyword in front. */
const part = /^\s*(?:(msgid|msgstr)\s+)?"((?:[^"\\]|\\.)*)"\s*$/;

export const catalogue: RowReader = {
  inputsAt(document, line, inputs) {
    const text = textAround(document, line);
    return inputs.length === 1 && inputs[0] === source && text !== undefined ? [text] : undefined;
  },
  firstLine: (document, line) =>
    document.lineAt(line).text.trim() === '' ? line : paragraphAround(document, line).first,
  /** A translation on one line, which has been begun. */
  typedAt({ document, line, before, after }, { inputs, outputs }) {
    if (inputs.join() !== source || outputs.join() !== target) return undefined;
    const typed = /^\s*msgstr\s+"([^"\\]*)$/.exec(before)?.[1];
    const text = textAround(document, line);
    if (typed === undefined || text === undefined || !/^(?:"\s*)?$/.test(after)) return undefined;
    const end = after === '' ? '"' : '';
    return {
      inputs: [text],
      ...{ typed, step: undefined },
      write: (answer) => JSON.stringify(answer).slice(1, -1) + end,
    };
  },
};

/** What is to be translated in the entry around a line: its `msgid`, of one line or several. */
function textAround(document: Lines, line: number): string | undefined {
  if (document.lineAt(line).text.trim() === '') return undefined;
  const { first, end } = paragraphAround(document, line);
  let text: string | undefined;
  for (let at = first; at < end; at++) {
    const found = part.exec(document.lineAt(at).text);
    const isFirst = found?.[1] === source;
    if (isFirst) text = '';
    else if (text !== undefined && (!found || found[1] !== undefined)) break;
    if (found && text !== undefined) text += spoken(found[2]!);
  }
  return text;
}

/** Without what quotation marks ask for. */
function spoken(text: string): string {
  return text.replace(/\\(.)/g, (_, sign: string) => ({ n: '\n', t: '\t' })[sign] ?? sign);
}
