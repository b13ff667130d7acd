import { commands, l10n, Range, Uri, window, type LogOutputChannel } from 'vscode';
import { EngineError } from '../protocol/engine';

/** A button under a message. */
export interface Action {
  readonly title: string;
  readonly run: () => unknown;
}

/** A mistake that the user can mend: its message says how, and an action may help. */
export class UserError extends Error {
  override readonly name = 'UserError';

  constructor(
    message: string,
    readonly actions: readonly Action[] = [],
  ) {
    super(message);
  }
}

/** Tells the user about errors: each once, in one notification, with what to do. */
export interface Notifier {
  error(error: unknown): void;
  warn(message: string, ...actions: readonly Action[]): void;
}

export function createNotifier(log: LogOutputChannel): Notifier {
  // One death of the worker fails several jobs with the same error object.
  const told = new WeakSet<Error>();
  const showLog: Action = { title: l10n.t('Show log'), run: () => log.show() };

  return {
    error(thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      if (told.has(error)) return;
      told.add(error);
      const expected = error instanceof UserError || error instanceof EngineError;
      log.error(expected ? error.message : (error.stack ?? error.message));
      const actions = actionsFor(error, showLog);
      void offer(
        window.showErrorMessage(error.message, ...actions.map(({ title }) => title)),
        actions,
      );
    },
    warn(message, ...actions) {
      log.warn(message);
      void offer(window.showWarningMessage(message, ...actions.map(({ title }) => title)), actions);
    },
  };
}

async function offer(
  answer: Thenable<string | undefined>,
  actions: readonly Action[],
): Promise<void> {
  const title = await answer;
  await actions.find((action) => action.title === title)?.run();
}

function actionsFor(error: Error, showLog: Action): readonly Action[] {
  if (error instanceof UserError) return error.actions;
  if (!(error instanceof EngineError)) return [showLog];
  const { place, code, message } = error.failure;
  if (place) {
    return [
      { title: l10n.t('Go to error'), run: () => reveal(place.file, place.line, place.column) },
    ];
  }
  const setting = /\b(?:model|data|training|sampling)\.\w+/.exec(message)?.[0];
  if (setting !== undefined) {
    const query = `rnnLab.${setting}`;
    return [
      {
        title: l10n.t('Open settings'),
        run: () => commands.executeCommand('workbench.action.openSettings', query),
      },
    ];
  }
  return code === 'failure' ? [showLog] : [];
}

/** @param line and column count from 1 */
async function reveal(file: string, line: number, column: number): Promise<void> {
  const at = new Range(line - 1, column - 1, line - 1, column - 1);
  await window.showTextDocument(Uri.file(file), { selection: at });
}
