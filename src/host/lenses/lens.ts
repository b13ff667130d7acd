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
import type { Answer, Asked, Reader } from '../follow/reader';
import { throttle } from '../throttle';
import { blockLines } from './shading';

export type Reading = Answer<'read'>;

/** What tells lenses apart. */
export interface LensOptions {
  readonly reader: Reader;
  /** The folder of the run whose model looks; undefined: there is none. */
  readonly run: () => string | undefined;
  /** What is to be known of each token. */
  readonly asked: () => Omit<Asked<'read'>, 'from' | 'to'>;
  readonly show: (editor: TextEditor, reading: Reading) => void;
  readonly clear: (editor: TextEditor) => void;
  /** It cannot look: it is off when this is called. */
  readonly failed: (error: unknown) => void;
}

/** Shades the visible part of some documents by what a model makes of their tokens. */
export interface Lens {
  isOn(document: TextDocument | undefined): boolean;
  set(document: TextDocument, on: boolean): void;
  /** What is asked has changed. */
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
  const asking = new Map<
    TextEditor,
    { readonly source: CancellationTokenSource; readonly part: Part }
  >();
  /** What each editor shows. */
  const shown = new WeakMap<TextEditor, Shown>();
  const changes = new EventEmitter<void>();

  function isOn(document: TextDocument | undefined): boolean {
    return document !== undefined && on.has(document.uri.toString());
  }

  async function look(editor: TextEditor) {
    asking.get(editor)?.source.cancel();
    const folder = run();
    const { document } = editor;
    const part = partOf(editor);
    if (folder === undefined || !part) return;
    const source = new CancellationTokenSource();
    asking.set(editor, { source, part });
    const { version } = document;
    try {
      const question = { ...asked(), ...part };
      const reading = await reader.ask(folder, 'read', document, question, source.token);
      if (!reading || document.version !== version || !isOn(document)) return;
      shown.set(editor, { part, version, reading });
      show(editor, reading);
    } catch (error) {
      if (source.token.isCancellationRequested) return;
      set(document, false);
      failed(error);
    } finally {
      if (asking.get(editor)?.source === source) asking.delete(editor);
      source.dispose();
    }
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
        if (editor.document !== document) continue;
        shown.delete(editor);
        clear(editor);
      }
    }
    changes.fire();
    if (wanted) update();
  }

  const subscriptions = [
    window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => {
      if (!isOn(textEditor.document)) return;
      const before = (asking.get(textEditor) ?? shown.get(textEditor))?.part;
      const now = partOf(textEditor);
      if (now && (before?.from !== now.from || before.to !== now.to)) update();
    }),
    window.onDidChangeVisibleTextEditors(() => update()),
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0 && isOn(document)) update();
    }),
    workspace.onDidCloseTextDocument((document) => on.delete(document.uri.toString())),
    reader.onDidChange(({ run: changed }) => {
      if (changed === run()) update();
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
        .find((it) => it?.version === document.version && isIn(it.part, offset))?.reading;
    },
    onDidChange: changes.event,
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

/** Of a text, `[from, to)` in UTF-16 units. */
interface Part {
  readonly from: number;
  readonly to: number;
}

interface Shown {
  readonly part: Part;
  /** Of the document. */
  readonly version: number;
  readonly reading: Reading;
}

function isIn({ from, to }: Part, offset: number): boolean {
  return from <= offset && offset < to;
}

/**
 * The blocks of lines that can be seen, and half as much before and after, so that a little scrolling shows no bare
 * text: within a block nothing is asked while one scrolls.
 */
function partOf({ document, visibleRanges }: TextEditor): Part | undefined {
  const [first, last] = [visibleRanges[0], visibleRanges.at(-1)];
  if (!first || !last) return undefined;
  const margin = Math.ceil((last.end.line - first.start.line + 1) / 2 / blockLines) * blockLines;
  const from = Math.floor((first.start.line - margin) / blockLines) * blockLines;
  const to = Math.ceil((last.end.line + 1 + margin) / blockLines) * blockLines;
  const wanted = document.validateRange(new Range(Math.max(0, from), 0, to, 0));
  const start = Math.max(
    document.offsetAt(wanted.start),
    document.offsetAt(first.start) - mostRead / 4,
  );
  return { from: start, to: Math.min(document.offsetAt(wanted.end), start + mostRead) };
}
