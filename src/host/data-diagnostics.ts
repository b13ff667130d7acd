/** What the reading of a table has to say of its rows, at its place: as diagnostics of the document. */
import * as path from 'node:path';
import {
  commands,
  Diagnostic,
  DiagnosticSeverity,
  Disposable,
  languages,
  Range,
  TabInputText,
  Uri,
  window,
  workspace,
  type TextDocument,
} from 'vscode';
import { EngineError, wholeOf, type TrainEvent } from '../protocol/engine';
import { lineIn } from './commands/selection';
import { marksAfter, type RowMark } from './row-marks';
import type { KeptDocument } from './runs/folder';
import { isInTab } from './tabs';
import { translated } from './translate';

type Rows = Extract<TrainEvent, { readonly event: 'rows' }>['rows'];

export interface DataDiagnostics {
  /** Nothing is known of a document any longer. */
  clear(document: KeptDocument): void;
  /** Rows that are left out or cut. */
  tell(document: KeptDocument, rows: Rows): void;
  /**
   * Shows the row that cannot be read.
   * @returns false: the error has no row, or the document cannot be shown
   */
  refuse(document: KeptDocument | undefined, error: unknown): Promise<boolean>;
  dispose(): void;
}

interface Mark extends RowMark {
  readonly severity: DiagnosticSeverity;
}

const source = 'RNN Lab';

export function createDataDiagnostics(): DataDiagnostics {
  const collection = languages.createDiagnosticCollection('rnnLab.data');
  const marks = new Map<string, readonly Mark[]>();

  function set(uri: string, now: readonly Mark[]) {
    if (now.length === 0) {
      marks.delete(uri);
      collection.delete(Uri.parse(uri));
      return;
    }
    marks.set(uri, now);
    const diagnostics = now.map(({ line, message, severity }) => {
      const whole = new Range(line, 0, line, Number.MAX_SAFE_INTEGER);
      const diagnostic = new Diagnostic(whole, message, severity);
      diagnostic.source = source;
      return diagnostic;
    });
    collection.set(Uri.parse(uri), diagnostics);
  }

  const watching = Disposable.from(
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      const uri = document.uri.toString();
      const before = marks.get(uri);
      if (!before) return;
      // They come from the last place to the first, each in lines as they were.
      const after = contentChanges.reduce<readonly Mark[]>((now, { range, text }) => {
        const lines = text.split('\n').length;
        return marksAfter(now, { first: range.start.line, last: range.end.line, lines });
      }, before);
      set(uri, after);
    }),
    // VS Code keeps a document for a while after its last tab is closed.
    window.tabGroups.onDidChangeTabs(({ closed }) => {
      for (const { input } of closed) {
        if (input instanceof TabInputText && !isInTab(input.uri)) set(input.uri.toString(), []);
      }
    }),
  );

  return {
    clear: ({ uri }) => set(uri, []),
    tell(document, rows) {
      // Of a file that nobody looks at the panel tells enough.
      if (isUnplaced(document) || !openOf(document)) return;
      const severity = DiagnosticSeverity.Warning;
      const told = rows.map(({ line, message }) => ({
        ...{ line: lineOf(document, line), message: translated(message), severity },
      }));
      set(document.uri, told);
    },
    async refuse(document, error) {
      if (!document || !(error instanceof EngineError) || isUnplaced(document)) return false;
      const { place } = error.failure;
      if (place?.file !== document.name) return false;
      const line = lineOf(document, place.line);
      try {
        const shown =
          openOf(document) ?? (await workspace.openTextDocument(Uri.parse(document.uri)));
        const message = translated(wholeOf(error.failure));
        set(document.uri, [{ line, message, severity: DiagnosticSeverity.Error }]);
        await window.showTextDocument(shown, { selection: new Range(line, 0, line, 0) });
        await commands.executeCommand('editor.action.showHover');
        return true;
      } catch {
        // It is gone, or too large to be opened.
        return false;
      }
    },
    dispose() {
      watching.dispose();
      collection.dispose();
    },
  };
}

function openOf({ uri }: KeptDocument): TextDocument | undefined {
  return workspace.textDocuments.find((document) => document.uri.toString() === uri);
}

/** Of a part of a document nobody knows which. */
function isUnplaced({ uri, name, ranges }: KeptDocument): boolean {
  return ranges === undefined && name !== path.posix.basename(Uri.parse(uri).path);
}

/** @param line from 1, of what is learnt */
function lineOf({ ranges }: KeptDocument, line: number): number {
  return ranges ? lineIn(ranges, line - 1) : line - 1;
}
