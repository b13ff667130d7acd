import { commands, l10n, Uri, window, type ExtensionContext } from 'vscode';
import { statusItems } from './accessible';
import { registerCommands } from './commands/commands';
import { createRowAnswers } from './completion/answers';
import { registerCompletion } from './completion/completion';
import { settingsOf } from './configuration';
import { registerContext } from './context';
import { createDataDiagnostics } from './data-diagnostics';
import { rememberFront } from './documents';
import { registerDebugger } from './debugger/debugger';
import { createEngine } from './engine';
import { createEngineProcess } from './engine-process';
import { createRunChoice } from './follow/choice';
import { createReader } from './follow/reader';
import { offerInterrupted } from './interrupted';
import type { Lab } from './lab';
import { registerLanguage } from './language/language';
import { createLenses } from './lenses/lenses';
import { registerNotebooks } from './notebooks/notebooks';
import { createNotifier } from './notify';
import { registerPanel } from './panel/panel';
import { saveFromPanel } from './panel/save';
import { hasRuns } from './runs/folder';
import { createHomes } from './runs/homes';
import { createRuns } from './runs/runs';
import { runsFolderIn } from './runs/storage';
import { startFromEnvironment } from './start';
import { registerStatus } from './status';
import { createTrials } from './trials/trials';
import { tellTroubles } from './troubles';
import { registerRunsView } from './views/runs';

/** VS Code calls `deactivate` without arguments, so what it has to end is kept here. */
let active: Lab | undefined;

/** @returns what tests look at */
export function activate(context: ExtensionContext): Lab {
  const started = performance.now();
  const { extension, extensionUri, subscriptions, storageUri, globalStorageUri, workspaceState } =
    context;
  const log = window.createOutputChannel('RNN Lab', { log: true });
  const settings = settingsOf(extension);
  const front = rememberFront();
  const notifier = createNotifier(log);
  const engineFile = Uri.joinPath(extensionUri, 'dist', 'engine.js').fsPath;
  const lines = createEngineProcess(engineFile, log);
  const engine = createEngine(() => lines.open('trainer'), log);
  const readingEngine = createEngine(() => lines.open('reader'), log);
  const runsFolder = runsFolderIn((storageUri ?? globalStorageUri).fsPath);
  const diagnostics = createDataDiagnostics();
  const troubles = tellTroubles(notifier, log, () => lab, diagnostics);
  const homes = createHomes();
  const runs = createRuns(engine, runsFolder, troubles, () => homes.folders);
  const reader = createReader(readingEngine, runs, log);
  const choice = createRunChoice(runs, workspaceState, () => hasRuns(runsFolder));
  const lenses = createLenses(reader, runs, choice, readingEngine, (error) =>
    notifier.error(error),
  );
  const answers = createRowAnswers(readingEngine, runs);
  const completion = registerCompletion({ reader, choice, answers, memento: workspaceState, log });
  const panel = registerPanel({
    engine,
    reader,
    lenses,
    choice,
    runs,
    extension: extensionUri,
    log,
    run(command) {
      // Of what the panel shows, whichever text is in front.
      const isOfRun = command === 'changeTable' || command.startsWith('debug');
      const run = isOfRun ? runs.current?.folder : undefined;
      void lab.run(command, run === undefined ? undefined : { run });
    },
    colourByUnit: (unit) => void lab.run('neuronLens', unit),
    openLine(run, line) {
      const opened = import('./commands/open-text').then(({ openText }) =>
        openText(lab, { run }, line),
      );
      opened.catch((error: unknown) => notifier.error(error));
    },
    openPlace(place) {
      const opened = import('./commands/open-text').then(({ openPlace }) => openPlace(lab, place));
      opened.catch((error: unknown) => notifier.error(error));
    },
    failed: (error) => notifier.error(error),
    save: (request) => void saveFromPanel(request, workspaceState, notifier),
    retrain: (settings) => {
      const again = import('./commands/retrain').then(({ retrain }) => retrain(lab, settings));
      again.catch((error: unknown) => notifier.error(error));
    },
    restore: (run) => void restore(run),
  });
  const trials = createTrials({
    engine,
    runs,
    orderFor: async (...asked) => (await import('./commands/try-cell')).trialOrder(lab, ...asked),
  });
  const notebooks = registerNotebooks({
    client: engine,
    isTraining: () => runs.busy,
    runsBegun: () => void homes.look(),
    engineFile,
    settings,
    log,
    pictures: {
      save: (request) => void saveFromPanel(request, workspaceState, notifier),
      openRun: (run) => void lab.run('openRun', { run }),
      useSettings: (run) => void lab.run('useSettings', { run }),
    },
  });
  const runsView = registerRunsView(runs, runsFolder, homes, workspaceState, (error) =>
    notifier.error(error),
  );
  const lab: Lab = {
    engine,
    runs,
    reader,
    choice,
    counter: completion.counter,
    answers,
    notifier,
    panel,
    runsView,
    lenses,
    trials,
    notebooks,
    extension: extensionUri,
    storage: globalStorageUri,
    settings,
    memento: workspaceState,
    statusItems,
    get activationTime() {
      return activationTime;
    },
    run: async (command, target) => {
      await commands.executeCommand(`rnnLab.${command}`, target);
    },
    async dispose() {
      await Promise.all([runs.suspend(), notebooks.close()]);
      await engine.close();
    },
  };

  async function anyRun(): Promise<boolean> {
    const found = await Promise.all([runsFolder, ...homes.folders].map(hasRuns));
    return found.includes(true);
  }

  async function restore(run: string | undefined) {
    if (run === undefined || runs.current) return;
    try {
      await runs.open(run);
    } catch (error) {
      log.warn(l10n.t('The run shown in the panel cannot be read.'), error);
    }
  }

  subscriptions.push(
    log,
    front,
    diagnostics,
    homes,
    runs,
    reader,
    lenses,
    choice,
    completion,
    panel,
    trials,
    notebooks,
    registerContext(runs, anyRun),
    registerStatus(runs),
    runsView,
    registerLanguage(),
    registerDebugger(readingEngine, notifier),
    registerCommands(lab, log),
  );
  startFromEnvironment(lab, workspaceState);
  void offerInterrupted(lab, runsFolder, log);
  active = lab;
  const activationTime = performance.now() - started;
  log.debug(`Activated in ${activationTime.toFixed(1)} ms.`);
  return lab;
}

/** Ends the training with a checkpoint: VS Code waits for this, a few seconds at most. */
export async function deactivate(): Promise<void> {
  await active?.dispose();
  active = undefined;
}
