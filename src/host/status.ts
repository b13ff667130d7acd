import * as path from 'node:path';
import { Disposable, env, l10n, MarkdownString, StatusBarAlignment } from 'vscode';
import { formatFor, type Format } from '../protocol/format';
import { recentSpeed } from '../protocol/history';
import { createStatusItem } from './accessible';
import { canContinue, canPredict, canSample, isLive, latest, runName, type Run } from './runs/run';
import type { Runs } from './runs/runs';
import { throttle } from './throttle';
import { translated } from './translate';
import { phaseIcons, phaseText } from './views/looks';
import { leadingText, newestScores, scoreTexts } from './views/scores';

/** Each change of the item is a message to the window: four a second are enough for the eye. */
const interval = 250;

/**
 * The one status bar item: step, loss and speed of the run that is trained, else of the one on show; a click
 * opens the panel with it.
 */
export function registerStatus(runs: Runs): Disposable {
  // Made with the first run: Intl takes longer than all the rest of the activation.
  let format: Format | undefined;
  const item = createStatusItem('training', 'RNN Lab', StatusBarAlignment.Left, 10);

  function update() {
    const { preparing } = runs;
    const run = runs.trained ?? runs.current;
    format ??= formatFor(env.language);
    const command = (shown?: Run) => ({
      command: 'rnnLab.showPanel',
      title: l10n.t('Show panel'),
      ...(shown && { arguments: [{ run: shown.folder }] }),
    });
    if (preparing !== undefined) {
      const text = l10n.t('RNN Lab: preparing {0}', preparing);
      item.show({
        text: `$(${phaseIcons.preparing}) ${text}`,
        tooltip: undefined,
        command: command(),
      });
    } else if (run) {
      item.show({
        text: `$(${phaseIcons[run.phase]}) ${statusText(run, format)}`,
        tooltip: tooltip(run, format),
        command: command(run),
        details: [phaseText(run.phase)],
      });
    } else item.hide();
  }

  const throttled = throttle(update, interval);
  const following = runs.onDidChange(({ kind }) => {
    if (kind !== 'list' && kind !== 'compared') throttled();
  });
  return Disposable.from(following, throttled, item);
}

/** What the item says of a run, its icon left out. */
export function statusText(run: Run, format: Format): string {
  if (run.metrics.length === 0) {
    return run.phase === 'failed'
      ? l10n.t('RNN Lab: failed')
      : l10n.t('RNN Lab: {0}', runName(run));
  }
  const step = format.count(latest(run, 'step'));
  const loss = format.loss(latest(run, 'lossMean'));
  if (run.facts.task) {
    const score = leadingText(newestScores(run), format);
    const parts = [l10n.t('step {0} · loss {1}', step, loss), ...(score === '' ? [] : [score])];
    return parts.join(' · ');
  }
  if (!isLive(run)) return l10n.t('step {0} · loss {1} nats/token', step, loss);
  const speed = format.compact(recentSpeed(run.metrics));
  return l10n.t('step {0} · loss {1} nats/token · {2} tokens/s', step, loss, speed);
}

function tooltip(run: Run, format: Format): MarkdownString {
  const { facts, evaluations } = run;
  const text = new MarkdownString('', true);
  // The name and the message come from elsewhere: as text, they cannot make links.
  text.appendMarkdown('**');
  text.appendText(runName(run));
  text.appendMarkdown('** · ');
  text.appendText(phaseText(run.phase));
  text.appendMarkdown('\n\n');
  const size = l10n.t(
    '{0}, {1} parameters, vocabulary of {2}',
    path.basename(facts.cell.name),
    format.count(facts.parameters),
    format.count(facts.vocabulary),
  );
  text.appendText(size);
  if (facts.task) {
    text.appendMarkdown('\n\n');
    text.appendText(translated(facts.task.line));
    const scores = scoreTexts(newestScores(run), format);
    if (scores.length > 0) text.appendMarkdown('\n\n');
    text.appendText(scores.join(' · '));
  } else if (evaluations.length > 0) {
    const loss = format.loss(evaluations.at('validationLoss', evaluations.length - 1));
    text.appendMarkdown('\n\n');
    text.appendText(l10n.t('Validation loss {0} nats/token', loss));
  }
  if (run.fixedRate !== undefined) {
    text.appendMarkdown('\n\n');
    text.appendText(l10n.t('Learning rate {0}, set by hand', format.rate(run.fixedRate)));
  }
  if (run.message !== '') {
    text.appendMarkdown('\n\n');
    text.appendText(run.message);
  }
  text.appendMarkdown(`\n\n${actions(run).map(linkOf).join(' &nbsp; ')}`);
  // With a list of commands VS Code would draw the hover again, under the pointer, whenever the item changes.
  text.isTrusted = true;
  return text;
}

interface TooltipAction {
  readonly icon: string;
  readonly title: string;
  readonly command: string;
}

/** What can be done with a run now. */
function actions(run: Run): readonly TooltipAction[] {
  const { phase } = run;
  const isGoing = phase === 'training' || phase === 'paused';
  const all: readonly (TooltipAction & { readonly shown: boolean })[] = [
    {
      icon: 'debug-pause',
      title: l10n.t('Pause'),
      command: 'rnnLab.pause',
      shown: phase === 'training',
    },
    {
      icon: 'debug-continue',
      title: l10n.t('Resume'),
      command: 'rnnLab.resume',
      shown: phase === 'paused',
    },
    { icon: 'debug-stop', title: l10n.t('Stop'), command: 'rnnLab.stop', shown: isGoing },
    {
      icon: 'debug-continue',
      title: l10n.t('Continue training'),
      command: 'rnnLab.continue',
      shown: canContinue(run),
    },
    { icon: 'sparkle', title: l10n.t('Sample'), command: 'rnnLab.sample', shown: canSample(run) },
    {
      icon: 'question',
      title: l10n.t('Predict…'),
      command: 'rnnLab.predict',
      shown: canPredict(run),
    },
    {
      icon: 'dashboard',
      title: l10n.t('Learning rate'),
      command: 'rnnLab.setLearningRate',
      shown: isGoing,
    },
    { icon: 'output', title: l10n.t('Show log'), command: 'rnnLab.showLog', shown: true },
  ];
  return all.filter(({ shown }) => shown);
}

function linkOf({ icon, title, command }: TooltipAction): string {
  return `[$(${icon}) ${title}](command:${command})`;
}
