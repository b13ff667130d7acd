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
import { throttle } from '../throttle';
import type { LensModel } from './model';
import { blockLines, unreadShare, type Reading } from './shading';

/** What tells lenses apart. */
export interface LensOptions {
  readonly reader: Reader;
  /** The model that looks at a document; undefined: there is none. */
  readonly modelFor: (document: TextDocument) => Promise<LensModel | undefined>;
  /** What is to be known of each token. */
  readonly asked: () => Omit<Asked<'read'>, 'from' | 'to'>;
  /** Of all parts of the text that are looked at, in its order. */
  readonly show: (editor: TextEditor, readings: readonly Reading[], model: LensModel) => void;
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
  /** Whether another model should look at what is in sight than the one that does. */
  isStale(): Promise<boolean>;
  /** What shades a place of a document, UTF-16 units, as long as that has not changed since. */
  readingAt(document: TextDocument, offset: number): Reading | undefined;
  /** What looks at a document that it is on for, and what it can make of it; undefined: nothing does yet. */
  outlook(document: TextDocument): Outlook | undefined;
  /** It is on or off somewhere. */
  readonly onDidChange: Event<void>;
  /** It has looked at a text. */
  readonly onDidLook: Event<void>;
  dispose(): void;
}

/** A model in front of a text. */
export interface Outlook {
  readonly model: LensModel;
  /** Of the part in sight the share that the model does not know and leaves out, 0 to 1. */
  readonly unread: number;
  /** At which step of its training it looked. */
  readonly step: number;
}

/** Between what scrolling and typing ask, milliseconds. */
const interval = 60;
/** Of a line without end only so much is looked at, UTF-16 units. */
const mostRead = 16_384;

export function createLens(options: LensOptions): Lens {
  const { reader, modelFor, asked, show, clear, failed } = options;
  const on = new Set<string>();
  const asking = new Map<TextEditor, Asking>();
  /** What each editor shows. */
  const shown = new WeakMap<TextEditor, Shown>();
  const outlooks = new WeakMap<TextDocument, Outlook>();
  const changes = new EventEmitter<void>();
  const looks = new EventEmitter<void>();

  function isOn(document: TextDocument | undefined): boolean {
    return document !== undefined && on.has(document.uri.toString());
  }

  async function look(editor: TextEditor) {
    asking.get(editor)?.source.cancel();
    const { document } = editor;
    const parts = partsOf(editor);
    const source = new CancellationTokenSource();
    asking.set(editor, { source, parts });
    const { version } = document;
    try {
      const model = await modelFor(document);
      if (source.token.isCancellationRequested) return;
      if (!model) {
        outlooks.delete(document);
        bare(editor);
        looks.fire();
        return;
      }
      const readings: Reading[] = [];
      for (const part of parts) {
        const question = { ...asked(), ...part };
        const reading = await reader.ask(model.folder, 'read', document, question, source.token);
        if (!reading || document.version !== version || !isOn(document)) return;
        readings.push(reading);
      }
      const step = readings[0]?.step ?? 0;
      outlooks.set(document, { model, unread: unreadShare(parts, readings), step });
      shown.set(editor, { parts, version, readings });
      show(editor, readings, model);
      looks.fire();
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
      const isLooking = ({ document }: TextEditor) =>
        isOn(document) && outlooks.get(document)?.model.folder === changed;
      if (window.visibleTextEditors.some(isLooking)) update();
    }),
    update,
    changes,
    looks,
  ];

  return {
    isOn,
    set,
    update,
    async isStale() {
      const documents = window.visibleTextEditors.map(({ document }) => document).filter(isOn);
      const models = await Promise.all(documents.map(modelFor));
      return documents.some((document, i) => {
        const looking = outlooks.get(document)?.model;
        return looking?.folder !== models[i]?.folder || looking?.reason !== models[i]?.reason;
      });
    },
    readingAt(document, offset) {
      return window.visibleTextEditors
        .filter((editor) => editor.document === document)
        .map((editor) => shown.get(editor))
        .filter((it) => it?.version === document.version)
        .map((it) => it?.readings[it.parts.findIndex((part) => isIn(part, offset))])
        .find((reading) => reading !== undefined);
    },
    outlook: (document) => (isOn(document) ? outlooks.get(document) : undefined),
    onDidChange: changes.event,
    onDidLook: looks.event,
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
