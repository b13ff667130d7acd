import { commands, Disposable, type LogOutputChannel } from 'vscode';
import type { CommandName, Lab } from '../lab';
import { sample, sampleAtCursor, sampleWithOptions } from './sample';
import { openSample, openWalkthrough } from './start-here';
import { compareTemperatures } from './temperatures';
import { train, trainCell, trainOnSelection, trainWithOptions } from './train';

/** What the manifest's key bindings give a command in the Runs view, as VS Code gives it no line. */
const byKey = 'inFocus';

/** Loaded when they are called: they take time that the start of VS Code should not. */
const manage = () => import('./runs');
const lenses = () => import('./lenses');

/** Registers every command of the manifest; what one throws is told to the user once. */
export function registerCommands(lab: Lab, log: LogOutputChannel): Disposable {
  const actions: Record<CommandName, (target: unknown, targets: unknown) => unknown> = {
    train: (target) => train(lab, target),
    trainCell: (target) => trainCell(lab, target),
    trainOnSelection: () => trainOnSelection(lab),
    trainWithOptions: (target) => trainWithOptions(lab, target),
    stop: () => lab.runs.stop(),
    pause: () => lab.runs.pause(),
    resume: () => lab.runs.resume(),
    continue: async (target) => (await import('./continue')).continueTraining(lab, target),
    continueLonger: async (target) => (await import('./continue')).continueLonger(lab, target),
    setLearningRate: async () => (await import('./continue')).setLearningRate(lab),
    openRun: async (target) => (await manage()).openRun(lab, target),
    renameRun: async (target) => (await manage()).renameRun(lab, target),
    deleteRun: async (target, targets) => (await manage()).deleteRuns(lab, target, targets),
    undoDelete: async () => (await manage()).undoDelete(lab),
    compare: async (target, targets) => (await manage()).compareRuns(lab, target, targets),
    clearComparison: () => lab.runs.clearComparison(),
    revealRun: async (target) => (await manage()).revealRun(lab, target),
    copyRunPath: async (target, targets) => (await manage()).copyRunPath(lab, target, targets),
    refreshRuns: () => lab.runs.list.load(),
    sample: (target) => sample(lab, target),
    sampleWithOptions: (target) => sampleWithOptions(lab, target),
    sampleAtCursor: () => sampleAtCursor(lab),
    compareTemperatures: (target) => compareTemperatures(lab, target),
    newCell: async () => (await import('./new-cell')).newCell(),
    useCell: async (target) => (await import('./new-cell')).useCell(lab, target),
    checkGradients: async (target) =>
      (await import('./check-gradients')).checkGradients(lab, target),
    openSample: (name) => openSample(lab.extension, name),
    openWalkthrough: () => openWalkthrough(),
    export: async (target) => (await import('./export')).exportRun(lab, target),
    import: async (target) => (await import('./import')).importModel(lab, target),
    surpriseLens: async () => (await lenses()).surpriseLens(lab),
    neuronLens: async (unit) => (await lenses()).neuronLens(lab, unit),
    findUnits: async () => (await lenses()).findUnits(lab),
    showPanel: async (target) => (await manage()).showPanel(lab, target),
    showLog: () => log.show(),
    useRun: async () => (await import('./use-run')).useRun(lab),
    completionFigures: async () => (await import('./use-run')).showFigures(lab),
    openText: async (target) => (await import('./open-text')).openText(lab, target),
  };
  const registered = Object.entries(actions).map(([name, action]) =>
    commands.registerCommand(`rnnLab.${name}`, async (target: unknown, targets: unknown) => {
      try {
        if (target === byKey) {
          const all = await lab.runsView.inFocus();
          if (all.length > 0) await action(all[0], all);
        } else await action(target, targets);
      } catch (error) {
        lab.notifier.error(error);
      }
    }),
  );
  return Disposable.from(...registered);
}
