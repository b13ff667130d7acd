import { commands, Disposable, type LogOutputChannel } from 'vscode';
import type { CommandName, Lab } from '../lab';
import { sample } from './sample';
import { continueTraining, openText, train } from './train';

/** Registers every command of the manifest; what one throws is told to the user once. */
export function registerCommands(lab: Lab, log: LogOutputChannel): Disposable {
  const actions: Record<CommandName, (target: unknown) => unknown> = {
    train: (target) => train(lab, target),
    stop: () => lab.runs.stop(),
    pause: () => lab.runs.pause(),
    resume: () => lab.runs.resume(),
    continue: () => continueTraining(lab),
    sample: () => sample(lab),
    showPanel: async () => {
      await lab.runs.openNewest();
      lab.panel.show();
    },
    showLog: () => log.show(),
    openText: () => openText(lab),
  };
  const registered = Object.entries(actions).map(([name, action]) =>
    commands.registerCommand(`rnnLab.${name}`, async (target: unknown) => {
      try {
        await action(target);
      } catch (error) {
        lab.notifier.error(error);
      }
    }),
  );
  return Disposable.from(...registered);
}
