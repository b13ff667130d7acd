import * as l10n from '@vscode/l10n';
import type { Format } from '../../../src/protocol/format';
import type { ComparedRun } from '../../../src/protocol/panel';
import {
  onScale,
  type Axis,
  type Line,
  type LineChartContent,
  type Scale,
  type Span,
} from '../../charts/line';
import { othersText } from './others';
import { firstAtLeast } from '../../charts/reduce';
import { bestEvaluation, type Run } from '../../state';
import { lookOf } from '../compared';
import { smoothed, smoothings, type Smoothing } from './smooth';
import { floorsOf } from './floors';
import { scoreContent, scoreLines } from './scores';
import { isScore, lossUnitOf, perToken, scalePerCharacter, telling, type Measure } from './units';

/** What the user chooses of the view. */
export interface LossChoice {
  readonly unit: Measure;
  readonly axis: 'step' | 'seconds';
  readonly smoothing: Smoothing;
  readonly logLoss: boolean;
  readonly logAxis: boolean;
}

export interface LossContents {
  readonly loss: LineChartContent;
  readonly rate: LineChartContent;
}

/** Distances between ticks that suit a clock, seconds. */
const clockSteps = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400,
];

/** An axis is as long as this at least, steps or seconds. */
const shortest = 20;

/** The loss of a run and of those it is compared with, and the run's learning rate, as charts show them. */
export function lossContents(
  run: Run,
  compared: readonly ComparedRun[],
  choice: LossChoice,
  format: Format,
): LossContents {
  const { metrics } = run;
  const { task } = run.facts;
  const {
    name: label,
    convert,
    perCharacter,
    write,
  } = telling(lossUnitOf(choice.unit), format, task !== null);
  const scale = perCharacter
    ? scalePerCharacter(run.facts.tokenizer, run.evaluations.view)
    : perToken;
  const x = metrics.view(choice.axis);
  const { unit } = choice;
  const lines = isScore(unit)
    ? scoreLines(run, compared, choice.axis, unit)
    : [
        ...ownLines(run, x, choice, scale, compared.length > 0),
        ...compared.flatMap((other) => linesOf(other, choice, perCharacter)),
      ];
  const axis = stepAxis(choice, spanOf(lines), format);
  const { baselines } = run.facts;
  const best = bestEvaluation(run);
  return {
    loss: isScore(unit)
      ? scoreContent(
          run,
          { score: unit, axis: choice.axis, log: choice.logLoss },
          { x: axis, lines },
          othersText(run, compared).length === 0,
          format,
        )
      : {
          x: axis,
          y: {
            label,
            write,
            writeTick: format.value,
            log: choice.logLoss,
            floor: 0,
            include: [onScale(scale, baselines.uniform)],
            convert,
          },
          lines,
          // What is to be beaten in one text says nothing of a run on another.
          references:
            othersText(run, compared).length > 0
              ? []
              : floorsOf(run, choice.unit, format).map(({ label: told, nats }) => {
                  const value = onScale(scale, nats);
                  return { label: told(write(convert(value))), value };
                }),
          marks: best
            ? [
                {
                  label: l10n.t('best {0}', write(convert(onScale(scale, best.loss)))),
                  x: best[choice.axis],
                  y: onScale(scale, best.loss),
                },
              ]
            : [],
        },
    rate: {
      x: axis,
      y: { label: l10n.t('learning rate'), write: format.rate, floor: 0, include: [0] },
      lines: [
        {
          id: 'rate',
          name: l10n.t('learning rate'),
          color: 'green',
          x,
          y: metrics.view('learningRate'),
          endValue: true,
        },
      ],
    },
  };
}

/** From the first x above 0 to the last, of all lines. */
function spanOf(lines: readonly Line[]): Span {
  const firsts = lines.map(({ x }) => x[firstAtLeast(x, Number.MIN_VALUE)] ?? Infinity);
  const lasts = lines.map(({ x }) => x[x.length - 1] ?? 0);
  return { from: Math.min(shortest, ...firsts), to: Math.max(...lasts) };
}

/** Steps or time; of both charts alike. */
function stepAxis({ axis, logAxis }: LossChoice, { from, to }: Span, format: Format): Axis {
  const include = [logAxis ? from : 0, Math.max(shortest, to)];
  return axis === 'step'
    ? { label: l10n.t('step'), write: format.count, include, whole: true, log: logAxis }
    : {
        label: l10n.t('time'),
        write: format.duration,
        include,
        tickSteps: clockSteps,
        log: logAxis,
      };
}

function ownLines(
  { status, metrics, evaluations }: Run,
  x: Float64Array,
  { axis, smoothing }: LossChoice,
  scale: Scale,
  isCompared: boolean,
): Line[] {
  const mean = metrics.view('lossMean');
  const steps = metrics.view('steps');
  const reach = smoothings[smoothing] * metrics.at('step', metrics.length - 1);
  const training = reach > 0 ? l10n.t('training, smoothed') : l10n.t('training');
  // Beside others it has one colour, as they have, and keeps it when another is on show.
  const { color } = lookOf(status.slot);
  return [
    {
      id: 'training',
      name: isCompared ? l10n.t('{0}, training', status.label) : training,
      color: isCompared ? color : 'blue',
      x,
      y: reach > 0 ? smoothed(mean, steps, reach) : mean,
      spread: { least: metrics.view('lossMin'), greatest: metrics.view('lossMax') },
      weights: steps,
      scale,
      endValue: true,
    },
    {
      id: 'validation',
      name: isCompared ? l10n.t('{0}, validation', status.label) : l10n.t('validation'),
      color: isCompared ? color : 'yellow',
      width: 2,
      x: evaluations.view(axis),
      y: evaluations.view('validationLoss'),
      scale,
      dots: true,
      endValue: true,
    },
  ];
}

/** A compared run has both curves in one colour; its validation is the one with dots. */
function linesOf(
  { id, label, slot, metrics, evaluations }: ComparedRun,
  { axis, smoothing }: LossChoice,
  perCharacter: boolean,
): Line[] {
  const { color, dash } = lookOf(slot);
  const scale = perCharacter ? scalePerCharacter(undefined, (name) => evaluations[name]) : perToken;
  const reach = smoothings[smoothing] * (metrics.step.at(-1) ?? 0);
  const { lossMean: mean, steps } = metrics;
  const training: Line = {
    id: `${id} training`,
    name: l10n.t('{0}, training', label),
    color,
    dash,
    width: 1.25,
    x: metrics[axis],
    y: reach > 0 ? smoothed(mean, steps, reach) : mean,
    weights: steps,
    scale,
  };
  const validation: Line = {
    id: `${id} validation`,
    name: l10n.t('{0}, validation', label),
    color,
    width: 1.5,
    x: evaluations[axis],
    y: evaluations.validationLoss,
    scale,
    dots: true,
    endValue: true,
  };
  return evaluations.step.length > 0 ? [training, validation] : [training];
}
