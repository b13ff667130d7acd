import { CodeActionKind, Disposable, languages, workspace, type TextDocument } from 'vscode';

/** Of `.rnn` files, as the manifest names it. */
export const cellLanguage = 'rnn-cell';

/** A pause in typing as long as this: time to say what is wrong; milliseconds. */
const pause = 250;

/**
 * Help with `.rnn` documents: what is wrong with them, what a name is, what may be written. Nothing of it
 * is loaded before such a document is opened.
 */
export function registerLanguage(): Disposable {
  const selector = { language: cellLanguage };
  return Disposable.from(
    registerDiagnostics(),
    languages.registerHoverProvider(selector, {
      async provideHover(document, position) {
        const { hoverAt } = await import('./hover');
        return hoverAt(document, position);
      },
    }),
    languages.registerCompletionItemProvider(
      selector,
      {
        async provideCompletionItems(document, position) {
          const { completionsAt } = await import('./completion');
          return completionsAt(document, position);
        },
      },
      '[',
    ),
    languages.registerDefinitionProvider(selector, {
      async provideDefinition(document, position) {
        const { definitionAt } = await import('./symbols');
        return definitionAt(document, position);
      },
    }),
    languages.registerDocumentHighlightProvider(selector, {
      async provideDocumentHighlights(document, position) {
        const { highlightsAt } = await import('./symbols');
        return highlightsAt(document, position);
      },
    }),
    languages.registerDocumentSymbolProvider(selector, {
      async provideDocumentSymbols(document) {
        const { symbolsOf } = await import('./symbols');
        return symbolsOf(document);
      },
    }),
    languages.registerCodeActionsProvider(
      selector,
      {
        async provideCodeActions(document, _, { diagnostics }) {
          const { corrections } = await import('./corrections');
          return diagnostics.flatMap((diagnostic) => corrections(document, diagnostic));
        },
      },
      { providedCodeActionKinds: [CodeActionKind.QuickFix] },
    ),
  );
}

function registerDiagnostics(): Disposable {
  const collection = languages.createDiagnosticCollection(cellLanguage);
  const waiting = new Map<TextDocument, NodeJS.Timeout>();

  function later(document: TextDocument, delay: number) {
    if (document.languageId !== cellLanguage) return;
    clearTimeout(waiting.get(document));
    waiting.set(
      document,
      setTimeout(() => void look(document), delay),
    );
  }

  async function look(document: TextDocument) {
    waiting.delete(document);
    const { diagnose } = await import('./diagnostics');
    if (!document.isClosed) collection.set(document.uri, diagnose(document));
  }

  function forget(document: TextDocument) {
    clearTimeout(waiting.get(document));
    waiting.delete(document);
    collection.delete(document.uri);
  }

  workspace.textDocuments.forEach((document) => later(document, 0));
  return Disposable.from(
    collection,
    workspace.onDidOpenTextDocument((document) => later(document, 0)),
    workspace.onDidChangeTextDocument(({ document }) => later(document, pause)),
    workspace.onDidCloseTextDocument(forget),
    workspace.onDidChangeConfiguration((change) => {
      // Shapes follow from the sizes of the model.
      if (!['rnnLab.model', 'rnnLab.data'].some((name) => change.affectsConfiguration(name)))
        return;
      workspace.textDocuments.forEach((document) => later(document, 0));
    }),
    { dispose: () => waiting.forEach((timer) => clearTimeout(timer)) },
  );
}
