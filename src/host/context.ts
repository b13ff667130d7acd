import { commands, type Disposable } from 'vscode';
import { canContinue, canSample } from './runs/run';
import type { Runs } from './runs/runs';

/**
 * Keeps the context keys that `when` clauses of the manifest ask for: a command is offered where it
 * means something.
 *
 * @param anyRun whether an earlier session has left a run; asked once, and not before it is needed
 */
export function registerContext(runs: Runs, anyRun: () => Promise<boolean>): Disposable {
  const values = new Map<string, boolean>();

  function set(key: string, value: boolean) {
    if (values.get(key) === value) return;
    values.set(key, value);
    void commands.executeCommand('setContext', `rnnLab.${key}`, value);
  }

  function update() {
    const { current, busy } = runs;
    set('training', busy);
    set('paused', current?.phase === 'paused');
    if (!current) return;
    set('canSample', canSample(current));
    set('canContinue', canContinue(current) && !busy);
  }

  void anyRun().then((found) => {
    if (!found || runs.current) return;
    set('canSample', true);
    set('canContinue', true);
  });
  return runs.onDidChange(({ kind }) => {
    if (kind !== 'rows') update();
  });
}
