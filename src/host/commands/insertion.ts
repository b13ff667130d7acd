import {
  Disposable,
  l10n,
  Range,
  Selection,
  TextDocumentChangeReason,
  window,
  workspace,
  WorkspaceEdit,
  type TextDocument,
  type TextDocumentChangeEvent,
  type TextDocumentContentChangeEvent,
  type TextEditor,
} from 'vscode';
import { UserError } from '../notify';

/** An edit that is refused this often, with pauses between, is never accepted; milliseconds. */
const mostRefusals = 10;
const pause = 20;

/** A text that grows at a place of a document. */
export interface Insertion {
  /** Adds to it; where no editor shows the document, that waits until one does, or for the end. */
  write(text: string): void;
  /**
   * Writes what is left. What was written is one step of undo, unless someone else has edited meanwhile.
   *
   * @throws UserError where the document cannot be changed
   */
  end(): Promise<void>;
  dispose(): void;
}

/**
 * @param offset where the text goes; it keeps its place while the document is edited elsewhere
 * @param stop called once when there is no use in going on: the document was closed, cannot be changed, or
 *   the user has taken back what was written
 */
export function insertInto(document: TextDocument, offset: number, stop: () => void): Insertion {
  let waiting = '';
  let writing: Promise<void> | undefined;
  let inFlight: string | undefined;
  let failure: UserError | undefined;
  let isFirst = true;
  let foreign = false;
  let isOver = false;
  let refusals = 0;
  const listening = Disposable.from(
    workspace.onDidChangeTextDocument(changed),
    workspace.onDidCloseTextDocument((closed) => {
      if (closed === document) stop();
    }),
    window.onDidChangeVisibleTextEditors(() => {
      if (waiting !== '') wake();
    }),
  );

  function changed({ document: other, contentChanges, reason }: TextDocumentChangeEvent) {
    if (other !== document || contentChanges.length === 0) return;
    const [change] = contentChanges;
    if (contentChanges.length === 1 && change && isOurs(change)) {
      offset += change.text.length;
      return;
    }
    foreign = true;
    offset = moved(offset, contentChanges);
    if (reason === TextDocumentChangeReason.Undo) stop();
  }

  function isOurs({ rangeOffset, rangeLength, text }: TextDocumentContentChangeEvent): boolean {
    return rangeLength === 0 && rangeOffset === offset && inFlight !== undefined
      ? unified(text) === unified(inFlight)
      : false;
  }

  function wake() {
    if (!isOver) writing ??= flush(false).finally(() => (writing = undefined));
  }

  /** @param all else a last character is kept back, so that there is one for the end of the undo step */
  async function flush(all: boolean): Promise<void> {
    while (failure === undefined && !document.isClosed) {
      const text = all ? waiting : waiting.slice(0, lastCharacter(waiting));
      if (text === '') return;
      const editor = window.visibleTextEditors.find((shown) => shown.document === document);
      if (!editor && !all) return;
      inFlight = text;
      const { version } = document;
      const accepted = editor ? await insertWith(editor, text, all) : await insertHidden(text);
      inFlight = undefined;
      if (document.version === version && (accepted || ++refusals === mostRefusals)) {
        failure = readOnly(document);
        stop();
        return;
      }
      if (!accepted) {
        await new Promise((resolve) => setTimeout(resolve, pause));
        continue;
      }
      waiting = waiting.slice(text.length);
      isFirst = foreign = false;
      refusals = 0;
      if (editor) follow(editor);
    }
  }

  /** False where the document has changed meanwhile, so that the place is another: try again. */
  async function insertWith(editor: TextEditor, text: string, isLast: boolean): Promise<boolean> {
    const place = document.positionAt(offset);
    const options = { undoStopBefore: isFirst || foreign, undoStopAfter: isLast };
    try {
      return await editor.edit((edit) => edit.insert(place, text), options);
    } catch {
      // The editor was closed while this was under way.
      return false;
    }
  }

  async function insertHidden(text: string): Promise<boolean> {
    const edit = new WorkspaceEdit();
    edit.insert(document.uri, document.positionAt(offset), text);
    return workspace.applyEdit(edit);
  }

  /** Who has left the cursor where the text grows is shown its last line; a long one from its beginning, not sideways. */
  function follow(editor: TextEditor) {
    const end = document.positionAt(offset);
    if (editor.selection.isEmpty && editor.selection.active.isEqual(end)) {
      editor.revealRange(new Range(end.line, 0, end.line, 0));
    }
  }

  return {
    write(text) {
      waiting += text;
      wake();
    },
    async end() {
      isOver = true;
      await writing;
      await flush(true);
      if (failure) throw failure;
    },
    dispose() {
      listening.dispose();
    },
  };
}

/** Puts the cursor where a text is about to grow, so that it moves along. */
export function placeCursor(editor: TextEditor, offset: number): void {
  const at = editor.document.positionAt(offset);
  editor.selection = new Selection(at, at);
}

/** @throws UserError for a document that is known to be read-only */
export async function refuseReadOnly(document: TextDocument): Promise<void> {
  const { uri, isUntitled } = document;
  if (isUntitled || uri.scheme === 'vscode-notebook-cell') return;
  if (workspace.fs.isWritableFileSystem(uri.scheme) !== true) throw readOnly(document);
  try {
    const { permissions } = await workspace.fs.stat(uri);
    if (permissions !== undefined) throw readOnly(document);
  } catch (error) {
    // A file that is gone can still be written.
    if (error instanceof UserError) throw error;
  }
}

function readOnly({ uri }: TextDocument): UserError {
  const name = uri.path.split('/').pop() ?? '';
  return new UserError(
    l10n.t(
      '{0} cannot be changed: it is read-only. Sample into an untitled document instead: “Sample from the model”.',
      name,
    ),
  );
}

/** Where an offset goes when changes are made, each told with places of the text before all of them. */
function moved(offset: number, changes: readonly TextDocumentContentChangeEvent[]): number {
  let shift = 0;
  for (const { rangeOffset, rangeLength, text } of changes) {
    if (rangeOffset + rangeLength <= offset) shift += text.length - rangeLength;
    else if (rangeOffset < offset) shift += rangeOffset + text.length - offset;
  }
  return offset + shift;
}

/** Where the last character of a text begins, which may be two UTF-16 units. */
function lastCharacter(text: string): number {
  const last = text.length - 1;
  const isPair = (text.charCodeAt(last) & 0xfc00) === 0xdc00 && last > 0;
  return Math.max(0, isPair ? last - 1 : last);
}

/** The document's line ends may not be those of the text. */
function unified(text: string): string {
  return text.replace(/\r\n/g, '\n');
}
