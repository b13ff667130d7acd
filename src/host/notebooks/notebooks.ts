import { Disposable, workspace, type NotebookDocument } from 'vscode';
import type { Session, SessionNeeds } from './session';
import { notebookType } from './type';

/** Lab notebooks. Nothing of them is loaded before one is opened. */
export interface Notebooks {
  /** What open notebooks are run with. */
  session(): Promise<Session>;
  /** Ends what runs, with checkpoints. */
  close(): Promise<void>;
  dispose(): void;
}

export function registerNotebooks(needs: SessionNeeds): Notebooks {
  let session: Promise<Session> | undefined;

  async function begin(): Promise<Session> {
    const { createSession } = await import('./session');
    return createSession(needs);
  }

  function opened({ notebookType: type }: Pick<NotebookDocument, 'notebookType'>) {
    if (type === notebookType) void notebooks.session();
  }

  async function close() {
    const closing = session;
    session = undefined;
    await (await closing)?.dispose();
  }

  const notebooks: Notebooks = {
    session: () => (session ??= begin()),
    close,
    dispose() {
      disposables.dispose();
      void close();
    },
  };
  const disposables = Disposable.from(
    workspace.registerNotebookSerializer(
      notebookType,
      {
        async deserializeNotebook(content, token) {
          const { serializer } = await import('./serializer');
          return serializer.deserializeNotebook(content, token);
        },
        async serializeNotebook(data, token) {
          const { serializer } = await import('./serializer');
          return serializer.serializeNotebook(data, token);
        },
      },
      // What a file keeps of an output is in its cell's metadata; what is shown of it is made of that and of the runs.
      { transientOutputs: true },
    ),
    workspace.onDidOpenNotebookDocument(opened),
  );
  workspace.notebookDocuments.forEach(opened);
  return notebooks;
}
