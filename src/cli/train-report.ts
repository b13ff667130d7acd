import { leadingScores } from '../core/metrics/columns';
import { toEnglish } from '../core/sentence';
import type {
  EvaluationRow,
  Floor,
  MetricsRow,
  RunFacts,
  TrainEvent,
  TrainResult,
} from '../protocol/engine';
import {
  bar,
  duration,
  loss,
  plural,
  quoted,
  scoreText,
  scoreValue,
  shortPath,
  whole,
} from './format';
import type { Terminal } from './terminal';
import type { TrainOutput } from './train-json';

/** Between two lines where standard error is no terminal. */
const secondsBetweenLines = 5;

const ends: Readonly<Record<TrainResult['reason'], string>> = {
  finished: 'Finished',
  'time limit': 'Finished',
  'early stop': 'Stopped early, as the validation loss no longer fell,',
  stopped: 'Stopped',
};

/** What a person sees of a training: a progress bar on a terminal, else a line every few seconds. */
export function trainReport(terminal: Terminal): TrainOutput {
  let evaluation: EvaluationRow | undefined;
  let best: EvaluationRow | undefined;
  let lastLine = -Infinity;
  let isOfExamples = false;

  function row(metrics: MetricsRow): void {
    if (terminal.live) {
      terminal.progress(progressLine(metrics, evaluation, terminal.columns() - 1));
    } else if (metrics.seconds - lastLine >= secondsBetweenLines || metrics.seconds < lastLine) {
      lastLine = metrics.seconds;
      terminal.note(plainLine(metrics, evaluation));
    }
  }

  return {
    stopping: 'Stopping and saving a checkpoint; Ctrl-C again ends at once.',
    event(event: TrainEvent) {
      switch (event.event) {
        case 'started':
          isOfExamples = event.facts.task !== undefined;
          for (const line of heading(event.facts, event.step)) terminal.note(line);
          break;
        case 'metrics':
          row(event.row);
          break;
        case 'evaluation':
          evaluation = event.row;
          if (event.row.best) best = event.row;
          break;
        case 'warning':
          terminal.note(`Note: ${toEnglish(event.message)}`);
          break;
        default:
      }
    },
    done(result) {
      terminal.progress('');
      for (const line of ending(result, best, isOfExamples)) terminal.note(line);
      if (result.run !== null) terminal.out(`${shortPath(result.run)}\n`);
    },
  };
}

function heading(facts: RunFacts, step: number): string[] {
  const { cell, settings, baselines, task } = facts;
  const layers = Number(settings['model.layers'] ?? 1);
  const hidden = String(settings['model.hidden'] ?? '');
  const stack = layers === 1 ? hidden : `${String(layers)}×${hidden}`;
  const backend = facts.backend === 'reference' ? 'float64' : `${facts.backend} SIMD`;
  const model = `${cell.name} ${stack}: ${plural(facts.parameters, 'parameter')}; ${plural(facts.threads, 'thread')}, ${backend}`;
  const about =
    task === undefined
      ? [
          `${facts.name}: ${plural(facts.tokens, 'training token')}, ${whole(facts.validationTokens)} held out, vocabulary ${whole(facts.vocabulary)}`,
          model,
          `Losses to beat, nats per token: ${loss(baselines.uniform)} knowing nothing, ${loss(baselines.unigram)} knowing frequencies, ${loss(baselines.bigram)} knowing the token before`,
        ]
      : [`${facts.name}: ${toEnglish(task.line)}`, model, ...toBeat(task.floors)];
  return [...about, ...(step > 0 ? [`Going on after step ${whole(step)}`] : [])];
}

/** `██████░░░░ 61%  step 1,200  epoch 2.31  loss 1.702  validation 1.721  131,204 tokens/s  24 s left` */
function progressLine(
  row: MetricsRow,
  evaluation: EvaluationRow | undefined,
  width: number,
): string {
  const percent = `${String(Math.floor(100 * row.progress)).padStart(3)}%`;
  const left = row.progress > 0.01 ? [`${duration(remaining(row))} left`] : [];
  const parts = [...measures(row, evaluation), ...left];
  // On a narrow terminal the least important parts go first.
  while (parts.length > 2 && parts.join('  ').length + 18 > width) parts.pop();
  const text = `${percent}  ${parts.join('  ')}`;
  const room = Math.min(30, width - text.length - 1);
  return (room >= 5 ? `${bar(row.progress, room)} ${text}` : text).slice(0, Math.max(0, width));
}

/** From the share of the limit that is used up. Of a resumed run too: `seconds` and `progress` both count from its start. */
function remaining({ seconds, progress }: MetricsRow): number {
  return (seconds * (1 - progress)) / progress;
}

function plainLine(row: MetricsRow, evaluation: EvaluationRow | undefined): string {
  return [
    `${String(Math.floor(100 * row.progress)).padStart(3)}%`,
    ...measures(row, evaluation),
  ].join('  ');
}

function measures(row: MetricsRow, evaluation: EvaluationRow | undefined): string[] {
  return [
    `step ${whole(row.step)}`,
    `loss ${loss(row.loss.mean)}`,
    ...(evaluation === undefined
      ? []
      : [`validation ${loss(evaluation.validationLoss)}`, ...scoresOf(evaluation).slice(0, 1)]),
    `${whole(row.tokensPerSecond)} tokens/s`,
    `epoch ${row.epoch.toFixed(2)}`,
  ];
}

/** `To beat: accuracy 80.0 % by naive Bayes, 50.0 % by majority` */
function toBeat(floors: readonly Floor[]): string[] {
  const leading = leadingScores.find((name) => floors.some(({ score }) => score === name));
  if (leading === undefined) return [];
  const told = floors
    .filter(({ score }) => score === leading)
    .map(({ name, value }, i) => {
      const shown = i === 0 ? scoreText(leading, value) : scoreValue(leading, value);
      return `${shown} by ${name}`;
    });
  return [`To beat: ${told.join(', ')}`];
}

/** The scores that a measurement has, the one that says most first. */
function scoresOf(row: EvaluationRow): string[] {
  return leadingScores.flatMap((name) => {
    const value = row[name];
    return value === undefined ? [] : [scoreText(name, value)];
  });
}

function ending(
  result: TrainResult,
  bestRow: EvaluationRow | undefined,
  isOfExamples: boolean,
): string[] {
  const { reason, step, seconds, best, run } = result;
  const measured = [
    `loss ${loss(result.loss)}`,
    ...(result.validationLoss === undefined
      ? []
      : [`validation loss ${loss(result.validationLoss)}`]),
    ...(best === undefined
      ? []
      : [`best ${loss(best.validationLoss)} at step ${whole(best.step)}`]),
  ];
  const scores = bestRow === undefined ? [] : scoresOf(bestRow);
  return [
    `${ends[reason]} after ${plural(step, 'step')} in ${duration(seconds)}: ${measured.join(', ')}`,
    ...(scores.length === 0 ? [] : [`At its best on the validation part: ${scores.join(', ')}`]),
    ...(run === null
      ? []
      : [`Try it: rnn-lab ${isOfExamples ? 'evaluate' : 'sample'} ${quoted(shortPath(run))}`]),
  ];
}
