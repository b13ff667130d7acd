/** What the editor shows while a model is gone through: the token of the frame, values in the equations. */
import {
  debug,
  DebugStackFrame,
  DecorationRangeBehavior,
  Disposable,
  EvaluatableExpression,
  InlineValueEvaluatableExpression,
  l10n,
  languages,
  Range,
  ThemeColor,
  Uri,
  ViewColumn,
  window,
  workspace,
  type DebugSession,
  type InlineValue,
  type TextDocument,
} from 'vscode';
import { cellLanguage } from '../language/language';
import type { TextPlace } from './open';

/** A name with its time, a parameter. */
const namePattern = /[\p{L}_][\p{L}\p{M}\p{Nd}_.]*(?:\[(?:[tu](?:[-+]\d+)?|1|T)\])?/u;
/** A name at a time. */
const timed = /[\p{L}_][\p{L}\p{M}\p{Nd}_.]*\[(?:[tu](?:[-+]\d+)?|1|T)\]/gu;

/** Shows, in the document that is gone through, the token of the frame that is chosen. */
export interface TokenMarks {
  /** @param place where a session's text stands */
  follow(session: DebugSession, place: TextPlace): Promise<void>;
  /** Opens the text of a row of the session's batch, and follows it. */
  show(session: DebugSession, text: string, row: number, isBatch: boolean): Promise<void>;
  dispose(): void;
}

/** Of documents with what a session reads: nobody's files. */
const scheme = 'rnn-lab-debug';

export function createTokenMarks(): TokenMarks {
  /** What the rows of a session's batch read, and where that is shown. */
  const rows = new Map<string, { readonly text: string; readonly place: TextPlace }>();
  const places = new Map<string, TextPlace>();
  const mark = window.createTextEditorDecorationType({
    backgroundColor: new ThemeColor('editor.focusedStackFrameHighlightBackground'),
    border: '1px solid',
    borderColor: new ThemeColor('contrastActiveBorder'),
    rangeBehavior: DecorationRangeBehavior.ClosedClosed,
  });

  function clear() {
    for (const editor of window.visibleTextEditors) editor.setDecorations(mark, []);
  }

  async function show(item: typeof debug.activeStackItem) {
    if (!(item instanceof DebugStackFrame) || !places.has(item.session.id)) return;
    const { frameId, session } = item;
    const { row, start, end } = (await session.customRequest('tokenOf', { frameId })) as {
      readonly row: number;
      readonly start: number;
      readonly end: number;
    };
    const place = rows.get(`${session.id}/${String(row)}`)?.place ?? places.get(session.id);
    if (!place) return;
    clear();
    for (const editor of window.visibleTextEditors) {
      const { document } = editor;
      if (document.uri.toString() !== place.document.toString()) continue;
      const range = new Range(
        document.positionAt(place.offset + start),
        document.positionAt(place.offset + end),
      );
      editor.setDecorations(mark, [range]);
      editor.revealRange(range);
    }
  }

  async function follow({ id }: DebugSession, place: TextPlace) {
    places.set(id, place);
    const address = place.document.toString();
    const isVisible = window.visibleTextEditors.some(
      ({ document }) => document.uri.toString() === address,
    );
    if (isVisible) return;
    const document = await workspace.openTextDocument(place.document);
    await window.showTextDocument(document, {
      viewColumn: ViewColumn.Beside,
      preserveFocus: true,
      preview: false,
    });
  }

  const listening = Disposable.from(
    workspace.registerTextDocumentContentProvider(scheme, {
      provideTextDocumentContent: ({ query }) => rows.get(query)?.text ?? '',
    }),
    debug.onDidChangeActiveStackItem((item) => {
      // A session that has ended answers nothing any more.
      show(item).then(undefined, clear);
    }),
    debug.onDidTerminateDebugSession(({ id }) => {
      for (const key of rows.keys()) if (key.startsWith(`${id}/`)) rows.delete(key);
      if (places.delete(id)) clear();
    }),
  );
  return {
    follow,
    async show(session, text, row, isBatch) {
      const key = `${session.id}/${String(row)}`;
      const name = isBatch ? l10n.t('Row {0}', row + 1) : l10n.t('Example');
      const place = { document: Uri.from({ scheme, path: `/${name}.txt`, query: key }), offset: 0 };
      rows.set(key, { text, place });
      await follow(session, place);
    },
    dispose() {
      listening.dispose();
      mark.dispose();
    },
  };
}

/** Hovers and values at the ends of lines. */
export function registerValues(): Disposable {
  return Disposable.from(
    languages.registerEvaluatableExpressionProvider(cellLanguage, {
      provideEvaluatableExpression(document, position) {
        const range = document.getWordRangeAtPosition(position, namePattern);
        return range && new EvaluatableExpression(range);
      },
    }),
    languages.registerInlineValuesProvider(cellLanguage, {
      provideInlineValues: valuesIn,
    }),
  );
}

/** What stands in the equations at a time: what is not worked out yet has no value, and is not shown. */
function valuesIn(document: TextDocument, { start, end }: Range): InlineValue[] {
  const values: InlineValue[] = [];
  for (let line = start.line; line <= Math.min(end.line, document.lineCount - 1); line++) {
    const [equation = ''] = document.lineAt(line).text.split('#');
    for (const { 0: name, index } of equation.matchAll(timed)) {
      const range = new Range(line, index, line, index + name.length);
      values.push(new InlineValueEvaluatableExpression(range, name));
    }
  }
  return values;
}
