/**
 * A notebook as cells, as editors show it, and the text that cells make. A cell that is as it was read is written byte
 * for byte as it stood.
 */
import {
  fenceFor,
  formerOutput,
  outputText,
  splitNotebook,
  type BlockKind,
  type Part,
} from './markdown';

export type CellKind = Exclude<BlockKind, 'output'> | 'prose';

export interface NotebookCell {
  readonly kind: CellKind;
  /** What follows the kind behind the fence. */
  readonly name: string;
  /** What is between the fences, or the prose; lines end with LF, the last with nothing. */
  readonly value: string;
  /** What it came to, as the file keeps it; undefined: nothing. */
  readonly output?: string | undefined;
  /** How it stood in the file; undefined: it is new. */
  readonly origin?: CellOrigin | undefined;
}

/** The text of a cell in its file: `before`, `source`, and where there is an output `gap` and `output`, then `after`. */
export interface CellOrigin {
  /** Its place among the file's cells. */
  readonly index: number;
  readonly kind: CellKind;
  readonly name: string;
  readonly value: string;
  readonly before: string;
  readonly source: string;
  readonly gap: string;
  readonly output: string;
  readonly after: string;
  /** A block whose fence nothing closes, so that it ends with the file. */
  readonly isOpen: boolean;
  /** Nothing closes the fence of its output. */
  readonly isOutputOpen: boolean;
}

export interface NotebookCells {
  readonly cells: readonly NotebookCell[];
  /** What stands before the first of them; all of a file without any. */
  readonly head: string;
  readonly end: '\n' | '\r\n';
}

/** Splits a notebook's text into cells. */
export async function readCells(text: string): Promise<NotebookCells> {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const parts = await splitNotebook(text.slice(mark.length));
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const cells: CellOrigin[] = [];
  let head = mark;
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]!;
    if (part.kind === 'prose' && part.source.trim() === '') {
      const last = cells.at(-1);
      if (last === undefined) head += part.source;
      else cells[cells.length - 1] = { ...last, after: last.after + part.source };
      continue;
    }
    const place = hasOutput(part) ? formerOutput(parts, i) : undefined;
    const gap = place === i + 2 ? parts[i + 1]!.source : '';
    const kept = place === undefined ? undefined : parts[place]!;
    const output = kept?.source ?? '';
    const isOutputOpen = kept?.kind === 'output' && !kept.isClosed;
    cells.push({ ...originOf(part, cells.length), gap, output, isOutputOpen });
    if (place !== undefined) i = place;
  }
  return {
    cells: cells.map((origin): NotebookCell => {
      const { kind, name, value } = origin;
      const output = origin.output === '' ? {} : { output: keptOutput(origin) };
      return { kind, name, value, ...output, origin };
    }),
    head,
    end,
  };
}

/** What CommonMark calls no blank line stays with its prose. */
function originOf(part: Part, index: number): CellOrigin {
  const nothing = {
    ...{ before: '', gap: '', output: '', after: '' },
    ...{ isOpen: false, isOutputOpen: false },
  };
  if (part.kind !== 'prose' && part.kind !== 'output') {
    const { kind, name, body, source, isClosed } = part;
    const value = plain(body).replace(/\n$/, '');
    return { ...nothing, index, kind, name, value, source, isOpen: !isClosed };
  }
  const { source } = part;
  const before = /^(?:[ \t]*(?:\r\n|\r|\n))*/.exec(source)![0];
  const rest = source.slice(before.length);
  const last = rest.search(/[^ \t\r\n][^\r\n]*(?:\r\n|\r|\n|$)[ \t\r\n]*$/);
  const kept = last + /^[^\r\n]*(?:\r\n|\r|\n|$)/.exec(rest.slice(last))![0].length;
  const own = rest.slice(0, kept);
  const value = plain(own).replace(/\n$/, '');
  return {
    ...{ ...nothing, index, kind: 'prose', name: '', value },
    ...{ before, source: own, after: rest.slice(kept) },
  };
}

/** Only these come to something that is kept. */
function hasOutput({ kind }: { readonly kind: BlockKind | CellKind }): boolean {
  return kind === 'experiment' || kind === 'sample';
}

/** Between the fences of an output's block; up to the end of one that nothing closes. */
function keptOutput({ output, isOutputOpen }: CellOrigin): string {
  const lines = plain(output).replace(/\n$/, '').split('\n');
  return lines.slice(1, isOutputOpen ? undefined : -1).join('\n');
}

function plain(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

/** The text of cells, and of each the line of its fence or of its first line, from 1. */
export interface NotebookText {
  readonly text: string;
  readonly lines: readonly number[];
}

export function writeCells({ cells, head, end }: NotebookCells): NotebookText {
  let text = head;
  const lines: number[] = [];
  // The place that a cell had in the file, of the one before; undefined: it is new.
  let former: number | undefined = -1;
  for (const [i, cell] of cells.entries()) {
    const { origin } = cell;
    // What stood side by side still does; else a blank line is between them.
    const stays = former !== undefined && origin?.index === former + 1;
    if (i > 0) text = stays ? lineEnded(text, end) : apart(text, end);
    text += origin?.before ?? '';
    lines.push(text.split(/\r\n|\r|\n/).length);
    const isLast = i === cells.length - 1;
    const output = outputOf(cell, end, isLast);
    text += sourceOf(cell, end, isLast && output === '');
    if (output !== '') text = lineEnded(text, end) + output;
    text += origin?.after ?? '';
    former = origin?.index;
  }
  return { text, lines };
}

function lineEnded(text: string, end: string): string {
  return text === '' || /[\r\n]$/.test(text) ? text : text + end;
}

function apart(text: string, end: string): string {
  const ended = lineEnded(text, end);
  return /(?:^|\r\n|\r|\n)[ \t]*(?:\r\n|\r|\n)$/.test(ended) ? ended : ended + end;
}

function sourceOf(cell: NotebookCell, end: string, isLast: boolean): string {
  const { kind, name, value, origin } = cell;
  const own = plain(value);
  if (origin?.kind === kind && origin.name === name && origin.value === own) {
    return origin.isOpen && !isLast ? closed(origin.source, end) : origin.source;
  }
  // A file that ended without an end of its line still does, where its last cell was changed.
  const close = origin === undefined || /[\r\n]$/.test(origin.source) ? end : '';
  if (kind === 'prose') return own.replaceAll('\n', end) + close;
  const said = name.replace(/[`\s]+/g, ' ').trim();
  const fence = fenceFor(own);
  const lines = [`${fence}${kind}${said === '' ? '' : ` ${said}`}`, ...(own === '' ? [] : [own])];
  return [...lines, fence].join('\n').replaceAll('\n', end) + close;
}

/** A block with the fence that it lacks, so that what follows does not become a part of it. */
function closed(source: string, end: string): string {
  const [, fence = ''] = /^ {0,3}(`+|~+)/.exec(source)!;
  return lineEnded(source, end) + fence + end;
}

function outputOf({ kind, output, origin }: NotebookCell, end: string, isLast: boolean): string {
  if (output === undefined || !hasOutput({ kind })) return '';
  const own = plain(output);
  if (origin === undefined || origin.output === '') return end + outputText(own, end);
  const { gap, output: former, isOutputOpen } = origin;
  if (keptOutput(origin) !== own) return gap + outputText(own, end);
  return gap + (isOutputOpen && !isLast ? closed(former, end) : former);
}
