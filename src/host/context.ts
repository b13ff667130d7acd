import { commands, type Disposable } from 'vscode';
import { canContinue, canDebugStep, canPredict, canSample } from './runs/run';
import type { Runs } from './runs/runs';

/**
 * Keeps the context keys that `when` clauses of the manifest ask for: a command is offered where it
 * means something.
 *
 * @param anyRun whether an earlier session has left a run; asked once, and not before it is needed
 */
export function registerContext(runs: Runs, anyRun: () => Promise<boolean>): Disposable {
  const values = new Map<string, boolean>();
  /** Whether there is a run, as far as is known. */
  let any = false;

  function set(key: string, value: boolean) {
    if (values.get(key) === value) return;
    values.set(key, value);
    void commands.executeCommand('setContext', `rnnLab.${key}`, value);
  }

  function update() {
    const { current, trained, busy } = runs;
    // Without one on show, commands take the newest.
    set('hasRuns', any || current !== undefined);
    set('canSample', current ? canSample(current) : any);
    set('canPredict', current ? canPredict(current) : any);
    set('canContinue', !busy && (current ? canContinue(current) : any));
    set('canDebugStep', current !== undefined && canDebugStep(current));
    set('training', busy);
    set('paused', trained?.phase === 'paused');
    set('comparing', runs.compared.length > 0);
    set('canUndoDelete', runs.canUndoDelete);
  }

  async function look() {
    any = await anyRun();
    update();
  }

  void look();
  return runs.onDidChange(({ kind }) => {
    if (kind === 'list') void look();
    else if (kind !== 'rows' && kind !== 'background') update();
  });
}
