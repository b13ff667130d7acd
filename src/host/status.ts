import { Disposable, env, l10n, MarkdownString, StatusBarAlignment, window } from 'vscode';
import { formatFor, type Format } from '../protocol/format';
import { recentSpeed } from '../protocol/history';
import type { RunPhase } from '../protocol/panel';
import { isLive, latest, type Run } from './runs/run';
import type { Runs } from './runs/runs';
import { throttle } from './throttle';

/** Each change of the item is a message to the window: four a second are enough for the eye. */
const interval = 250;

const icons: Record<RunPhase, string> = {
  preparing: '$(loading~spin)',
  training: '$(loading~spin)',
  paused: '$(debug-pause)',
  stopping: '$(loading~spin)',
  finished: '$(check)',
  stopped: '$(debug-stop)',
  interrupted: '$(debug-disconnect)',
  failed: '$(error)',
  elsewhere: '$(multiple-windows)',
};

/** The one status bar item: step, loss and speed of the run on show; a click opens the panel. */
export function registerStatus(runs: Runs): Disposable {
  // Made with the first run: Intl takes longer than all the rest of the activation.
  let format: Format | undefined;
  const item = window.createStatusBarItem('training', StatusBarAlignment.Left, 10);
  item.name = 'RNN Lab';
  item.command = 'rnnLab.showPanel';

  function update() {
    const { current, preparing } = runs;
    format ??= formatFor(env.language);
    if (preparing !== undefined) {
      item.text = `${icons.preparing} ${l10n.t('RNN Lab: preparing {0}', preparing)}`;
      item.tooltip = undefined;
    } else if (current) {
      item.text = `${icons[current.phase]} ${statusText(current, format)}`;
      item.tooltip = tooltip(current, format);
    } else {
      item.hide();
      return;
    }
    item.accessibilityInformation = { label: item.text.replace(/\$\([^)]*\) /, 'RNN Lab: ') };
    item.show();
  }

  const throttled = throttle(update, interval);
  const following = runs.onDidChange(throttled);
  return Disposable.from(following, throttled, item);
}

/** What the item says of a run, its icon left out. */
export function statusText(run: Run, format: Format): string {
  if (run.metrics.length === 0) {
    return run.phase === 'failed'
      ? l10n.t('RNN Lab: failed')
      : l10n.t('RNN Lab: {0}', run.facts.name);
  }
  const step = format.count(latest(run, 'step'));
  const loss = format.loss(latest(run, 'lossMean'));
  if (!isLive(run)) return l10n.t('step {0} · loss {1} nats/token', step, loss);
  const speed = format.compact(recentSpeed(run.metrics));
  return l10n.t('step {0} · loss {1} nats/token · {2} tokens/s', step, loss, speed);
}

function tooltip(run: Run, format: Format): MarkdownString {
  const { facts, evaluations } = run;
  const text = new MarkdownString('', true);
  // The name and the message come from elsewhere: as text, they cannot make links.
  text.appendMarkdown('**');
  text.appendText(facts.name);
  text.appendMarkdown('**\n\n');
  const size = l10n.t(
    '{0}, {1} parameters, vocabulary of {2}',
    facts.cell.name,
    format.count(facts.parameters),
    format.count(facts.vocabulary),
  );
  text.appendText(size);
  if (evaluations.length > 0) {
    const loss = format.loss(evaluations.at('validationLoss', evaluations.length - 1));
    text.appendMarkdown('\n\n');
    text.appendText(l10n.t('Validation loss {0} nats/token', loss));
  }
  if (run.message !== '') {
    text.appendMarkdown('\n\n');
    text.appendText(run.message);
  }
  const links = [`[${l10n.t('Show panel')}](command:rnnLab.showPanel)`];
  if (run.job) links.push(`[${l10n.t('Stop training')}](command:rnnLab.stop)`);
  text.appendMarkdown(`\n\n${links.join(' · ')}`);
  text.isTrusted = { enabledCommands: ['rnnLab.showPanel', 'rnnLab.stop'] };
  return text;
}
