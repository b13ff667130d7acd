import {
  CodeActionKind,
  Disposable,
  EventEmitter,
  languages,
  workspace,
  type ConfigurationChangeEvent,
  type DocumentSelector,
  type TextDocument,
} from 'vscode';
import { semanticLegend } from './semantic-legend';

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
    languages.registerReferenceProvider(selector, {
      async provideReferences(document, position, context) {
        const { referencesAt } = await import('./names');
        return referencesAt(document, position, context);
      },
    }),
    languages.registerRenameProvider(selector, {
      async prepareRename(document, position) {
        const { renamedAt } = await import('./names');
        return renamedAt(document, position);
      },
      async provideRenameEdits(document, position, name) {
        const { renameAt } = await import('./names');
        return renameAt(document, position, name);
      },
    }),
    languages.registerSignatureHelpProvider(
      selector,
      {
        async provideSignatureHelp(document, position) {
          const { signatureAt } = await import('./signature');
          return signatureAt(document, position);
        },
      },
      '(',
    ),
    languages.registerDocumentSemanticTokensProvider(
      selector,
      {
        async provideDocumentSemanticTokens(document) {
          const { semanticTokensOf } = await import('./semantic');
          return semanticTokensOf(document);
        },
      },
      semanticLegend,
    ),
    registerStructure(selector),
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

function registerStructure(selector: DocumentSelector): Disposable {
  const structure = () => import('./structure');
  const shapes = new EventEmitter<void>();
  return Disposable.from(
    shapes,
    workspace.onDidChangeConfiguration((change) => {
      if (givesShapes(change) || change.affectsConfiguration('rnnLab.cells')) shapes.fire();
    }),
    languages.registerDocumentSymbolProvider(selector, {
      provideDocumentSymbols: async (document) => (await structure()).symbolsOf(document),
    }),
    languages.registerFoldingRangeProvider(selector, {
      provideFoldingRanges: async (document) => (await structure()).foldsOf(document),
    }),
    languages.registerDocumentFormattingEditProvider(selector, {
      provideDocumentFormattingEdits: async (document, options) =>
        (await structure()).formatEdits(document, options),
    }),
    languages.registerCodeLensProvider(selector, {
      provideCodeLenses: async (document) => (await structure()).codeLensesOf(document),
    }),
    languages.registerInlayHintsProvider(selector, {
      onDidChangeInlayHints: shapes.event,
      provideInlayHints: async (document, range) => (await structure()).shapeHints(document, range),
    }),
  );
}

/** Shapes follow from the sizes of the model. */
function givesShapes(change: ConfigurationChangeEvent): boolean {
  return ['rnnLab.model', 'rnnLab.data'].some((name) => change.affectsConfiguration(name));
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
      if (!givesShapes(change)) return;
      workspace.textDocuments.forEach((document) => later(document, 0));
    }),
    { dispose: () => waiting.forEach((timer) => clearTimeout(timer)) },
  );
}
