/** Inline completion: how a document's model would go on, at the cursor, and what it expects there. */
import {
  commands,
  Disposable,
  languages,
  window,
  type LogOutputChannel,
  type Memento,
  type Position,
  type TextDocument,
} from 'vscode';
import type { RunChoice } from '../follow/choice';
import type { Reader } from '../follow/reader';
import { throttle } from '../throttle';
import { messageOf } from '../translate';
import type { RowAnswers } from './answers';
import { completionOptions } from './configured';
import { createCounter, type Counter } from './figures';
import { countCommand, createProvider } from './provider';

export interface Completion {
  readonly counter: Counter;
  dispose(): void;
}

const memory = 'completionFigures';
/** The workspace's memory is written at most this often, milliseconds. */
const keepInterval = 5000;
/** Why there is no suggestion is shown so long, milliseconds. */
const explanationTime = 8000;

export function registerCompletion({
  reader,
  choice,
  answers,
  memento,
  log,
}: {
  readonly reader: Reader;
  readonly choice: RunChoice;
  readonly answers: RowAnswers;
  readonly memento: Memento;
  readonly log: LogOutputChannel;
}): Completion {
  const keep = throttle(() => void memento.update(memory, counter.figures()), keepInterval);
  const counter = createCounter(memento.get(memory), keep);
  // Which documents have a model is asked at each request: of any language, and of more schemes than can be named.
  const everywhere = { pattern: '**' };
  const registered = Disposable.from(
    keep,
    choice.onDidChange(answers.forget),
    // Internal, as the underscore says: VS Code runs it when a suggestion is taken.
    commands.registerCommand(countCommand, (text) => counter.accepted(String(text))),
    languages.registerInlineCompletionItemProvider(
      everywhere,
      createProvider({ reader, choice, answers, counter, log, explain }),
    ),
    window.onDidChangeTextEditorSelection(({ textEditor, kind }) => {
      // Moved by a person, who may be about to type.
      if (kind !== undefined) void prepare(textEditor.document);
    }),
    languages.registerHoverProvider(everywhere, {
      async provideHover(document, position, token) {
        if (!isAtCursor(document, position)) return undefined;
        const { expectedAt } = await import('./expected');
        return expectedAt(document, { reader, choice }, token);
      },
    }),
  );
  /** VS Code waits 750 ms for a suggestion, which a model that has to be opened first may take. */
  async function prepare(document: TextDocument): Promise<void> {
    if (completionOptions(document).mode !== 'automatic') return;
    try {
      const run = await choice.runOf(document);
      if (run !== undefined) reader.prepare(run, document);
    } catch (error) {
      // Whoever asks for a suggestion is told.
      log.debug(`Completion: ${messageOf(error)}`);
    }
  }

  return {
    counter,
    dispose() {
      registered.dispose();
    },
  };
}

/** Where VS Code itself says what happened: other programs may complete the text, so nothing stands in the way. */
function explain(reason: string): void {
  window.setStatusBarMessage(`$(info) RNN Lab: ${reason}`, explanationTime);
}

/** Elsewhere a hover is for other things. */
function isAtCursor(document: TextDocument, position: Position): boolean {
  const editor = window.activeTextEditor;
  if (editor?.document !== document) return false;
  const { line, character } = editor.selection.active;
  return position.line === line && Math.abs(position.character - character) <= 1;
}
