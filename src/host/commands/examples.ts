/** Models that answer examples, where a command is about one that goes on with a text. */
import { commands, l10n } from 'vscode';
import { UserError } from '../notify';
import { knownRun } from '../runs/run';
import type { Runs } from '../runs/runs';
import type { RunTarget } from '../runs/target';

/** Whether a run's model answers examples. */
export async function isOfExamples(runs: Runs, folder: string): Promise<boolean> {
  const { facts } = knownRun(runs, folder) ?? (await runs.read(folder));
  return facts.task !== undefined;
}

/** That a model writes no texts and looks at none, with what it can do instead. */
export function answersExamples(run: string): UserError {
  return new UserError(
    l10n.t('This model answers examples one at a time, and does not go on with a text.'),
    [
      {
        title: l10n.t('Predict…'),
        run: () => commands.executeCommand('rnnLab.predict', { run } satisfies RunTarget),
      },
    ],
  );
}
