import { commands, env, l10n, type LogOutputChannel } from 'vscode';
import { EngineError } from '../protocol/engine';
import { formatFor } from '../protocol/format';
import type { DataDiagnostics } from './data-diagnostics';
import type { Lab } from './lab';
import { openSetting, type Action, type Notifier } from './notify';
import { runName, type Run } from './runs/run';
import type { RunsListener } from './runs/runs';
import { messageOf, translated } from './translate';

/** Tells what goes wrong with trainings, each thing once and with what can be done about it. */
export function tellTroubles(
  notifier: Notifier,
  log: LogOutputChannel,
  lab: () => Lab,
  diagnostics: DataDiagnostics,
): RunsListener {
  const continueRun = (run: Run): Action => ({
    title: l10n.t('Continue training'),
    run: () => commands.executeCommand('rnnLab.continue', { run: run.folder }),
  });
  const halveRate = (run: Run): Action => ({
    title: l10n.t('Continue with half the learning rate'),
    run: async () => {
      const { continueWithHalfTheRate } = await import('./commands/continue');
      await continueWithHalfTheRate(lab(), run);
    },
  });

  const debugStep = (run: Run): Action => ({
    title: l10n.t('Debug the step that failed'),
    run: () => commands.executeCommand('rnnLab.debugFailedStep', { run: run.folder }),
  });

  function actionsFor(error: unknown, run: Run | undefined): readonly Action[] {
    if (run?.phase === 'interrupted') return [continueRun(run)];
    const hasDiverged = error instanceof EngineError && error.failure.parameter !== undefined;
    if (!run || !hasDiverged) return [];
    return [
      ...(run.hasFailedStep ? [debugStep(run)] : []),
      ...(run.hasCheckpoint ? [halveRate(run), openSetting('training.learningRate')] : []),
    ];
  }

  return {
    failed(error, run, document) {
      void diagnostics.refuse(document, error).then((isTold) => {
        if (isTold) log.warn(messageOf(error));
        else notifier.error(error, ...actionsFor(error, run));
      });
    },
    begins: diagnostics.clear,
    toldRows(rows, document) {
      diagnostics.tell(document, rows);
    },
    warned({ code, message }) {
      // The panel tells all of them; only what may lose work is worth an interruption.
      if (code === 'not-saved') notifier.warn(translated(message));
      else log.warn(translated(message));
    },
    recovered(run, step) {
      const name = runName(run);
      notifier.warn(
        step === 0
          ? l10n.t(
              'The engine ended unexpectedly and was started again. Training of {0}, which had no checkpoint yet, begins again.',
              name,
            )
          : l10n.t(
              'The engine ended unexpectedly and was started again. Training of {0} continues from its last checkpoint, at step {1}.',
              name,
              formatFor(env.language).count(step),
            ),
        { title: l10n.t('Show log'), run: () => log.show() },
      );
    },
  };
}
