import { commands, Disposable, type LogOutputChannel } from 'vscode';
import type { CommandName, Lab } from '../lab';
import { targetQueued, targetRuns } from '../runs/target';
import { sample, sampleAtCursor, sampleWithOptions } from './sample';
import { openSample, openWalkthrough } from './start-here';
import { compareTemperatures } from './temperatures';
import { tellWaiting } from './under-way';
import { train, trainCell, trainOnSelection, trainTogether, trainWithOptions } from './train';

/** What the manifest's key bindings give a command in the Runs view, as VS Code gives it no line. */
const byKey = 'inFocus';

/** Loaded when they are called: they take time that the start of VS Code should not. */
const manage = () => import('./runs');
const lenses = () => import('./lenses');
const arrange = () => import('./arrange');
const annotate = () => import('./annotate');
const notebooks = () => import('../notebooks/new-notebook');
const debugging = () => import('./debug');

/** Registers every command of the manifest; what one throws is told to the user once. */
export function registerCommands(lab: Lab, log: LogOutputChannel): Disposable {
  const actions: Record<CommandName, (target: unknown, targets: unknown) => unknown> = {
    train: (target, targets) => train(lab, target, targets),
    trainFiles: (target, targets) => train(lab, target, targets),
    trainFolder: (target) => train(lab, target),
    trainTogether: (target, targets) => trainTogether(lab, target, targets),
    trainCell: (target) => trainCell(lab, target),
    tryCell: async (target, action) => (await import('./try-cell')).tryCell(lab, target, action),
    trainOnSelection: () => trainOnSelection(lab),
    trainWithOptions: (target, targets) => trainWithOptions(lab, target, targets),
    async stop() {
      await lab.runs.stop();
      tellWaiting(lab);
    },
    pause: () => lab.runs.pause(),
    resume: () => lab.runs.resume(),
    continue: async (target, targets) =>
      (await import('./continue')).continueTraining(lab, target, targets),
    continueLonger: async (target) => (await import('./continue')).continueLonger(lab, target),
    setLearningRate: async () => (await import('./continue')).setLearningRate(lab),
    openRun: async (target) => (await manage()).openRun(lab, target),
    renameRun: async (target) => {
      if (targetQueued(target) === undefined) await (await manage()).renameRun(lab, target);
    },
    async deleteRun(target, targets) {
      const queued = targetQueued(target);
      if (queued === undefined) await (await manage()).deleteRuns(lab, target, targets);
      else await lab.runs.queue.remove(queued);
    },
    undoDelete: async () => (await manage()).undoDelete(lab),
    compare: async (target, targets) => (await manage()).compareRuns(lab, target, targets),
    clearComparison: () => lab.runs.clearComparison(),
    revealRun: async (target) => (await manage()).revealRun(lab, target),
    copyRunPath: async (target, targets) => (await manage()).copyRunPath(lab, target, targets),
    refreshRuns: () => lab.runs.list.load(),
    sortRuns: async () => (await arrange()).sortRuns(lab),
    chooseColumns: async () => (await arrange()).chooseColumns(lab),
    groupRuns: async () => (await arrange()).groupRuns(lab),
    filterRuns: async () => (await arrange()).filterRuns(lab),
    clearFilter: async () => (await arrange()).clearFilter(lab),
    saveRuns: async (target, targets) => (await arrange()).saveRuns(lab, target, targets),
    tagRuns: async (target, targets) => (await annotate()).tagRuns(lab, target, targets),
    editNote: async (target) => (await annotate()).editNote(lab, target),
    trainQueued: (target) => lab.runs.startQueued(targetQueued(target)),
    unqueue: (target) => lab.runs.queue.remove(targetQueued(target) ?? ''),
    queueUp: (target) => lab.runs.queue.move(targetQueued(target) ?? '', -1),
    queueDown: (target) => lab.runs.queue.move(targetQueued(target) ?? '', 1),
    forgetRun: (target, targets) => lab.runs.list.forget(targetRuns(target, targets)),
    sample: (target) => sample(lab, target),
    sampleWithOptions: (target) => sampleWithOptions(lab, target),
    sampleAtCursor: () => sampleAtCursor(lab),
    compareTemperatures: (target) => compareTemperatures(lab, target),
    changeTable: async (target) => (await import('./change-table')).changeTable(lab, target),
    predict: async (target) => (await import('./predict')).predict(lab, target),
    newCell: async () => (await import('./new-cell')).newCell(),
    useCell: async (target) => (await import('./new-cell')).useCell(lab, target),
    checkGradients: async (target) =>
      (await import('./check-gradients')).checkGradients(lab, target),
    debugCell: async (target) => (await debugging()).debugCell(target),
    debugText: async (target) => (await debugging()).debugText(lab, target),
    debugRow: async (target) => (await debugging()).debugRow(lab, target),
    debugFailedStep: async (target) => (await debugging()).debugFailedStep(lab, target),
    openSample: (name) => openSample(lab, name),
    openCourse: async (name) => (await import('./course')).openCourse(lab, name),
    openWalkthrough: () => openWalkthrough(),
    export: async (target) => (await import('./export')).exportRun(lab, target),
    trainElsewhere: async (target) => (await import('./export')).trainElsewhere(lab, target),
    import: async (target) => (await import('./import')).importModel(lab, target),
    surpriseLens: async () => (await lenses()).surpriseLens(lab),
    scoreLens: async () => (await lenses()).scoreLens(lab),
    nearestWords: async () => (await import('./nearest')).nearestWords(lab),
    neuronLens: async (unit) => (await lenses()).neuronLens(lab, unit),
    findUnits: async () => (await lenses()).findUnits(lab),
    showPanel: async (target) => (await manage()).showPanel(lab, target),
    showLog: () => log.show(),
    useRun: async () => (await import('./use-run')).useRun(lab),
    useSettings: async (target) => (await import('./use-settings')).useSettings(lab, target),
    completionFigures: async () => (await import('./use-run')).showFigures(lab),
    newNotebook: async () => (await notebooks()).newNotebook(),
    makeNotebook: async (target) => (await notebooks()).makeNotebook(lab, target),
    nameBlock: async (cell) => (await lab.notebooks.session()).name(cell),
    notebookCost: async () => (await lab.notebooks.session()).measure(),
    restartNotebook: async () => (await lab.notebooks.session()).restart(),
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
