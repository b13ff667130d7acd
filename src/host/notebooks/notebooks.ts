import type { Disposable } from 'vscode';
import { workspace } from 'vscode';

/** As the manifest calls them. */
const notebookType = 'rnn-lab-notebook';

/** Lab notebooks. Nothing of them is loaded before one is opened. */
export function registerNotebooks(): Disposable {
  return workspace.registerNotebookSerializer(
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
  );
}
