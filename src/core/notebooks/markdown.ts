/**
 * A notebook as a Markdown text: prose, and fenced blocks that RNN Lab understands. The parts together are the text
 * again, byte for byte.
 */

/** What a fenced block of a notebook is, by the first word behind its fence. `output`: what the block before it came to. */
export const blockKinds = ['rnn', 'experiment', 'text', 'sample', 'output'] as const;
export type BlockKind = (typeof blockKinds)[number];

/** A stretch of the text. */
interface Stretch {
  /** As it stands in the text, line ends and fences included. */
  readonly source: string;
  /** Its first line in the file, from 1. */
  readonly line: number;
}

/** Everything that is no block of ours: headings, paragraphs, other fences, those in lists and quotes. */
export interface Prose extends Stretch {
  readonly kind: 'prose';
}

export interface Block extends Stretch {
  readonly kind: BlockKind;
  /** What follows the kind behind the fence; empty: nothing. */
  readonly name: string;
  /** What stands between the fences, with its line ends. */
  readonly body: string;
  /** The body's first line in the file, from 1. */
  readonly bodyLine: number;
  /** Whether it has a fence at its end. */
  readonly isClosed: boolean;
}

export type Part = Prose | Block;

/** Splits the text of a notebook; its parts joined are the text. Positions are CommonMark's, by markdown-it. */
export async function splitNotebook(text: string): Promise<Part[]> {
  const lines = linesOf(text);
  const parts: Part[] = [];
  let done = 0;
  const proseUntil = (line: number): void => {
    if (line > done) {
      parts.push({ kind: 'prose', source: lines.slice(done, line).join(''), line: done + 1 });
    }
    done = line;
  };
  for (const { info, markup, from, to } of await fencesOf(text)) {
    const [word = '', ...rest] = info.trim().split(/\s+/);
    const kind = blockKinds.find((each) => each === word);
    if (kind === undefined) continue;
    proseUntil(from);
    const last = lines[to - 1] ?? '';
    const isClosed = to > from + 1 && isClosing(last, markup);
    const body = lines.slice(from + 1, isClosed ? to - 1 : to).join('');
    const source = lines.slice(from, to).join('');
    const name = rest.join(' ');
    parts.push({ kind, source, line: from + 1, name, body, bodyLine: from + 2, isClosed });
    done = to;
  }
  proseUntil(lines.length);
  return parts;
}

/** The text of a notebook's parts. */
export function joinNotebook(parts: readonly Part[]): string {
  return parts.map(({ source }) => source).join('');
}

interface Fence {
  readonly info: string;
  readonly markup: string;
  /** Lines from 0, the end excluded. */
  readonly from: number;
  readonly to: number;
}

/** The fences that stand in no list and in no quote. */
async function fencesOf(text: string): Promise<Fence[]> {
  const { default: MarkdownIt } = await import('markdown-it');
  const markdown = new MarkdownIt('commonmark');
  // What stands within a line is not looked at.
  markdown.core.ruler.enableOnly(['normalize', 'block']);
  return markdown.parse(text.replace(/^\uFEFF/, ''), {}).flatMap((token) => {
    if (token.type !== 'fence' || token.level > 0 || token.map === null) return [];
    const [from, to] = token.map;
    return [{ info: token.info, markup: token.markup, from, to }];
  });
}

/** With their ends: CRLF, LF or CR. */
function linesOf(text: string): string[] {
  return text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? [];
}

function isClosing(line: string, markup: string): boolean {
  const marks = /^ {0,3}(`+|~+)[ \t]*[\r\n]*$/.exec(line)?.[1] ?? '';
  return marks.startsWith(markup);
}

/**
 * The text with outputs right behind their blocks, in place of those that stood there. All else is as it was.
 *
 * @param outputs by the index of their block in `parts`: lines of text, without an end of the last
 */
export function withOutputs(parts: readonly Part[], outputs: ReadonlyMap<number, string>): string {
  const end = parts.some(({ source }) => source.includes('\r\n')) ? '\r\n' : '\n';
  const pieces = parts.map(({ source }) => source);
  for (const [index, output] of outputs) {
    const former = formerOutput(parts, index);
    const block = pieces[index]!;
    const told = outputText(output, end);
    if (former !== undefined) pieces[former] = told;
    else pieces[index] = `${block}${/[\r\n]$/.test(block) ? '' : end}${end}${told}`;
  }
  return pieces.join('');
}

/** Which part is the output of a block: the next but for empty lines. */
export function formerOutput(parts: readonly Part[], index: number): number | undefined {
  const next = parts[index + 1];
  const isGap = next?.kind === 'prose' && next.source.trim() === '';
  const place = isGap ? index + 2 : index + 1;
  return parts[place]?.kind === 'output' ? place : undefined;
}

/** An `output` block. */
export function outputText(text: string, end: string): string {
  const fence = fenceFor(text);
  return [`${fence}output`, ...text.split('\n'), fence].map((line) => line + end).join('');
}

/** A fence that nothing in a text closes. */
export function fenceFor(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([marks]) => marks.length));
  return '`'.repeat(longest + 1);
}
