/** All that lab notebooks have once one is open. */
import {
  commands,
  Disposable,
  l10n,
  languages as editorLanguages,
  ProgressLocation,
  window,
  workspace,
  type LogOutputChannel,
  type NotebookDocument,
  type NotebookEditor,
} from 'vscode';
import type { Client } from '../../protocol/client';
import { messageOf } from '../translate';
import type { Setting } from '../configuration';
import { UserError } from '../notify';
import { languages } from './cells';
import { notebookType } from './type';
import { createChecking, type Checking } from './checking';
import { createRunner } from './controller';
import { createLaneEngines } from './engines';
import { completionsIn, hoverIn } from './help';
import { hydrate } from './hydrate';
import { nameBlock } from './name-block';
import { answerPictures, type PicturesNeeds } from './pictures';

export interface SessionNeeds {
  /** The engine that looks after runs. */
  readonly client: Pick<Client, 'start'>;
  readonly isTraining: () => boolean;
  /** There may be runs beside a notebook that had none. */
  readonly runsBegun: () => void;
  /** The bundled process of engines. */
  readonly engineFile: string;
  /** Of the manifest, with their texts. */
  readonly settings: readonly Setting[];
  readonly log: LogOutputChannel;
  readonly pictures: PicturesNeeds;
}

export interface Session {
  /** What is known of open notebooks before they are run. */
  readonly checking: Checking;
  /** Asks for a block's name and gives it. */
  name(cell: unknown): Promise<void>;
  /** Times some steps of each model of the notebook in front, so that its experiments say how long they take. */
  measure(): Promise<void>;
  /** Ends what runs of the notebook in front, and forgets what its cells came to in this session. */
  restart(): Promise<void>;
  /** Ends what runs, with checkpoints. */
  dispose(): Promise<void>;
}

export function createSession({
  client,
  isTraining,
  runsBegun,
  engineFile,
  settings,
  log,
  pictures,
}: SessionNeeds): Session {
  const startEngine = createLaneEngines(engineFile, log);
  const checking = createChecking(log);
  const runner = createRunner({
    startEngine,
    isTraining,
    runsBegun,
    // Runs that are there cost nothing any more.
    ended: ({ notebook }) => {
      checking.look(notebook).catch((error: unknown) => log.warn(messageOf(error)));
    },
  });
  const { controller } = runner;

  function shown(notebook: NotebookDocument) {
    runsBegun();
    hydrate(notebook, controller, client, () => !runner.isBusy(notebook)).catch((error: unknown) =>
      log.warn(messageOf(error)),
    );
  }

  const selector = [{ language: languages.experiment }, { language: languages.sample }];
  const disposables = Disposable.from(
    checking,
    answerPictures(pictures),
    editorLanguages.registerHoverProvider(selector, {
      provideHover: (document, position) => hoverIn(document, position, settings),
    }),
    editorLanguages.registerCompletionItemProvider(
      selector,
      {
        provideCompletionItems: (document, position) => completionsIn(document, position, settings),
      },
      ...[' ', '['],
    ),
    window.onDidChangeActiveNotebookEditor(choose),
    // Only a notebook that has chosen it lets a controller show anything.
    controller.onDidChangeSelectedNotebooks(({ notebook, selected }) => {
      if (selected) shown(notebook);
    }),
    workspace.onDidCloseNotebookDocument((notebook) => {
      if (notebook.notebookType === notebookType) void runner.stop(notebook);
    }),
  );
  choose(window.activeNotebookEditor);

  /** There is no other engine for a lab notebook, so nobody need be asked. */
  function choose(editor: NotebookEditor | undefined) {
    if (editor?.notebook.notebookType !== notebookType) return;
    const kernel = { id: controller.id, extension: 'rnn-lab.rnn-lab', skipIfAlreadySelected: true };
    void commands.executeCommand('notebook.selectKernel', kernel);
  }

  return {
    checking,
    name: nameBlock,
    async measure() {
      const notebook = notebookInFront();
      if (notebook === undefined) return;
      if (isTraining() || runner.isBusy()) {
        throw new UserError(
          l10n.t(
            'Something is trained, beside which no step can be timed. Wait for it, or stop it.',
          ),
        );
      }
      const engine = startEngine();
      const title = l10n.t('Timing steps of the notebook’s models');
      try {
        await window.withProgress({ location: ProgressLocation.Window, title }, () =>
          runner.alone(() => checking.measure(notebook, engine)),
        );
      } finally {
        await engine.dispose();
      }
    },
    async restart() {
      const notebook = notebookInFront();
      if (notebook === undefined) return;
      // The command clears the notebook in front, which another may be once all has stopped.
      await commands.executeCommand('notebook.clearAllCellsOutputs');
      await runner.restart(notebook);
    },
    async dispose() {
      disposables.dispose();
      await runner.dispose();
    },
  };
}

function notebookInFront(): NotebookDocument | undefined {
  const notebook = window.activeNotebookEditor?.notebook;
  return notebook?.notebookType === notebookType ? notebook : undefined;
}
