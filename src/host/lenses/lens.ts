import {
  CancellationTokenSource,
  EventEmitter,
  Range,
  window,
  workspace,
  type Event,
  type TextDocument,
  type TextEditor,
} from 'vscode';
import { isText } from '../documents';
import type { Asked, Reader } from '../follow/reader';
import type { Run } from '../runs/run';
import { throttle } from '../throttle';
import { blockLines, type Reading } from './shading';

/** What tells lenses apart. */
export interface LensOptions {
  readonly reader: Reader;
  /** The run whose model looks; undefined: there is none. */
  readonly run: () => Run | undefined;
  /** What is to be known of each token. */
  readonly asked: () => Omit<Asked<'read'>, 'from' | 'to'>;
  /** Of all parts of the text that are looked at, in its order. */
  readonly show: (editor: TextEditor, readings: readonly Reading[]) => void;
  readonly clear: (editor: TextEditor) => void;
  /** It cannot look: it is off when this is called. */
  readonly failed: (error: unknown) => void;
}

/** Shades the visible part of some documents by what a model makes of their tokens. */
export interface Lens {
  isOn(document: TextDocument | undefined): boolean;
  set(document: TextDocument, on: boolean): void;
  /** Another model looks, or what is asked has changed. */
  update(): void;
  /** What shades a place of a document, UTF-16 units, as long as that has not changed since. */
  readingAt(document: TextDocument, offset: number): Reading | undefined;
  /** It is on or off somewhere. */
  readonly onDidChange: Event<void>;
  dispose(): void;
}

/** Between what scrolling and typing ask, milliseconds. */
const interval = 60;
/** Of a line without end only so much is looked at, UTF-16 units. */
const mostRead = 16_384;

export function createLens(options: LensOptions): Lens {
  const { reader, run, asked, show, clear, failed } = options;
  const on = new Set<string>();
  const asking = new Map<TextEditor, Asking>();
  /** What each editor shows. */
  const shown = new WeakMap<TextEditor, Shown>();
  const changes = new EventEmitter<void>();

  function isOn(document: TextDocument | undefined): boolean {
    return document !== undefined && on.has(document.uri.toString());
  }

  async function look(editor: TextEditor) {
    asking.get(editor)?.source.cancel();
    const folder = run()?.folder;
    const { document } = editor;
    const parts = partsOf(editor);
    if (folder === undefined) {
      bare(editor);
      return;
    }
    const source = new CancellationTokenSource();
    asking.set(editor, { source, parts });
    const { version } = document;
    try {
      const readings: Reading[] = [];
      for (const part of parts) {
        const question = { ...asked(), ...part };
        const reading = await reader.ask(folder, 'read', document, question, source.token);
        if (!reading || document.version !== version || !isOn(document)) return;
        readings.push(reading);
      }
      shown.set(editor, { parts, version, readings });
      show(editor, readings);
    } catch (error) {
      if (source.token.isCancellationRequested) return;
      set(document, false);
      failed(error);
    } finally {
      if (asking.get(editor)?.source === source) asking.delete(editor);
      source.dispose();
    }
  }

  function bare(editor: TextEditor) {
    if (shown.delete(editor)) clear(editor);
  }

  function lookAll() {
    for (const editor of window.visibleTextEditors) if (isOn(editor.document)) void look(editor);
  }
  const update = throttle(lookAll, interval);

  function set(document: TextDocument, wanted: boolean) {
    const name = document.uri.toString();
    if (wanted && isText(document)) on.add(name);
    else on.delete(name);
    if (!wanted) {
      for (const editor of window.visibleTextEditors) {
        if (editor.document === document) bare(editor);
      }
    }
    changes.fire();
    if (wanted) update();
  }

  const subscriptions = [
    window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => {
      if (!isOn(textEditor.document)) return;
      const before = (asking.get(textEditor) ?? shown.get(textEditor))?.parts;
      if (!areSame(before ?? [], partsOf(textEditor))) update();
    }),
    window.onDidChangeVisibleTextEditors(() => update()),
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0 && isOn(document)) update();
    }),
    workspace.onDidCloseTextDocument((document) => {
      // One whose language changes is told as closed and opened again.
      if (document.isClosed && isOn(document)) set(document, false);
    }),
    reader.onDidChange(({ run: changed }) => {
      if (changed === run()?.folder) update();
    }),
    update,
    changes,
  ];

  return {
    isOn,
    set,
    update,
    readingAt(document, offset) {
      return window.visibleTextEditors
        .filter((editor) => editor.document === document)
        .map((editor) => shown.get(editor))
        .filter((it) => it?.version === document.version)
        .map((it) => it?.readings[it.parts.findIndex((part) => isIn(part, offset))])
        .find((reading) => reading !== undefined);
    },
    onDidChange: changes.event,
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

/** Of a text, `[from, to)` in UTF-16 units. */
export interface Part {
  readonly from: number;
  readonly to: number;
}

interface Asking {
  readonly source: CancellationTokenSource;
  readonly parts: readonly Part[];
}

interface Shown {
  readonly parts: readonly Part[];
  /** Of the document. */
  readonly version: number;
  /** Of each part. */
  readonly readings: readonly Reading[];
}

function isIn({ from, to }: Part, offset: number): boolean {
  return from <= offset && offset < to;
}

function areSame(some: readonly Part[], others: readonly Part[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ from, to }, i) => from === others[i]!.from && to === others[i]!.to)
  );
}

/**
 * The blocks of lines that can be seen, and half as much before and after, so that a little scrolling shows no bare
 * text: within a block nothing is asked while one scrolls. What is folded away parts them.
 */
function partsOf({ document, visibleRanges }: TextEditor): Part[] {
  const lines = visibleRanges.reduce((sum, { start, end }) => sum + end.line - start.line + 1, 0);
  const margin = Math.ceil(lines / 2 / blockLines) * blockLines;
  const parts: { from: number; to: number }[] = [];
  for (const { start, end } of visibleRanges) {
    const first = Math.floor((start.line - margin) / blockLines) * blockLines;
    const last = Math.ceil((end.line + 1 + margin) / blockLines) * blockLines;
    const wanted = document.validateRange(new Range(Math.max(0, first), 0, last, 0));
    const from = Math.max(
      document.offsetAt(wanted.start),
      document.offsetAt(start) - mostRead / 4,
      parts.at(-1)?.to ?? 0,
    );
    const to = Math.min(document.offsetAt(wanted.end), from + mostRead);
    const before = parts.at(-1);
    if (before?.to === from && to - before.from <= mostRead) before.to = to;
    else if (from < to) parts.push({ from, to });
  }
  return parts;
}
