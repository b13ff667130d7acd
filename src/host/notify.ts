import * as path from 'node:path';
import { commands, l10n, Range, Uri, window, workspace, type LogOutputChannel } from 'vscode';
import { EngineError } from '../protocol/engine';
import { messageOf } from './translate';

/** A button under a message. */
export interface Action {
  readonly title: string;
  readonly run: () => unknown;
}

/** A mistake that the user can mend: its message says how, and an action may help. */
export class UserError extends Error {
  override readonly name = 'UserError';

  /** @param severity `warning`: nothing has gone wrong, but there is something to decide */
  constructor(
    message: string,
    readonly actions: readonly Action[] = [],
    readonly severity: 'error' | 'warning' = 'error',
  ) {
    super(message);
  }
}

/** Tells the user about errors: each once, in one notification, with what to do. */
export interface Notifier {
  /** @param actions come before those that the error itself brings */
  error(error: unknown, ...actions: readonly Action[]): void;
  /** Something that was done, and what can be done about it. */
  info(message: string, ...actions: readonly Action[]): void;
  /** The same words are shown once a session; after that they go to the log alone. */
  warn(message: string, ...actions: readonly Action[]): void;
}

export function createNotifier(log: LogOutputChannel): Notifier {
  // One death of the worker fails several jobs with the same error object.
  const told = new WeakSet<Error>();
  const warned = new Set<string>();
  const showLog: Action = { title: l10n.t('Show log'), run: () => log.show() };

  const notifier: Notifier = {
    error(thrown, ...first) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      if (told.has(error)) return;
      told.add(error);
      const expected = error instanceof UserError || error instanceof EngineError;
      const message = messageOf(error);
      const actions = [...first, ...actionsFor(error, showLog)];
      const titles = actions.map(({ title }) => title);
      if (error instanceof UserError && error.severity === 'warning') {
        log.warn(message);
        void offer(window.showWarningMessage(message, ...titles), actions);
        return;
      }
      log.error(expected ? message : (error.stack ?? message));
      void offer(window.showErrorMessage(message, ...titles), actions);
    },
    info(message, ...actions) {
      log.info(message);
      const titles = actions.map(({ title }) => title);
      void offer(window.showInformationMessage(message, ...titles), actions);
    },
    warn(message, ...actions) {
      log.warn(message);
      if (warned.has(message)) return;
      warned.add(message);
      void offer(window.showWarningMessage(message, ...actions.map(({ title }) => title)), actions);
    },
  };

  async function offer(
    answer: Thenable<string | undefined>,
    actions: readonly Action[],
  ): Promise<void> {
    const title = await answer;
    try {
      await actions.find((action) => action.title === title)?.run();
    } catch (error) {
      notifier.error(error);
    }
  }

  return notifier;
}

/** A button that opens a setting where it is set: `model.hidden`. */
export function openSetting(key: string, inWorkspace = false): Action {
  const command = inWorkspace ? 'openWorkspaceSettings' : 'openSettings';
  return {
    title: l10n.t('Open settings'),
    run: () => commands.executeCommand(`workbench.action.${command}`, `@id:rnnLab.${key}`),
  };
}

function actionsFor(error: Error, showLog: Action): readonly Action[] {
  if (error instanceof UserError) return error.actions;
  if (!(error instanceof EngineError)) return [showLog];
  const { place, code, setting } = error.failure;
  if (place) {
    return [
      { title: l10n.t('Go to error'), run: () => reveal(place.file, place.line, place.column) },
    ];
  }
  if (setting !== undefined) return [openSetting(setting)];
  return code === 'failure' ? [showLog] : [];
}

/**
 * @param file a path, absolute or within the workspace
 * @param line and column count from 1
 */
async function reveal(file: string, line: number, column: number): Promise<void> {
  const selection = new Range(line - 1, column - 1, line - 1, column - 1);
  await window.showTextDocument(addressOf(file), { selection });
}

/** As `workspace.asRelativePath` names files: in a workspace of several folders, by the folder's name. */
function addressOf(file: string): Uri {
  const folders = workspace.workspaceFolders ?? [];
  if (path.isAbsolute(file) || folders.length === 0) return Uri.file(path.resolve(file));
  const [first = '', ...rest] = file.split('/');
  const named = folders.find(({ name }) => folders.length > 1 && name === first);
  return named ? Uri.joinPath(named.uri, ...rest) : Uri.joinPath(folders[0]!.uri, file);
}
