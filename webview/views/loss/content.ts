import type { Format } from '../../../src/protocol/format';
import type { ComparedRun } from '../../../src/protocol/panel';
import { fill, type PanelStrings } from '../../../src/protocol/strings';
import type { Axis, Line, LineChartContent, Reference, Span } from '../../charts/line';
import { firstAtLeast } from '../../charts/reduce';
import { bestEvaluation, type Run } from '../../state';
import type { ChartColor } from '../../theme';
import { smoothed, smoothings, type Smoothing } from './smooth';
import { telling, tokensPerCharacter, type LossUnit } from './units';

/** What the user chooses of the view. */
export interface LossChoice {
  readonly unit: LossUnit;
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

/** How compared runs are told from each other: by colour, and by their dashes. */
const looks: readonly { readonly color: ChartColor; readonly dash: readonly number[] }[] = [
  { color: 'purple', dash: [6, 3] },
  { color: 'green', dash: [2, 2] },
  { color: 'red', dash: [9, 3, 2, 3] },
  { color: 'orange', dash: [4, 2] },
  { color: 'foreground', dash: [1, 3] },
];

/** The loss of a run and of those it is compared with, and the run's learning rate, as charts show them. */
export function lossContents(
  run: Run,
  compared: readonly ComparedRun[],
  choice: LossChoice,
  strings: PanelStrings,
  format: Format,
): LossContents {
  const { metrics } = run;
  const {
    name: label,
    convert,
    perCharacter,
    write,
    uniform,
  } = telling(choice.unit, strings, format);
  const factor = perCharacter ? tokensPerCharacter(run.facts.tokenizer, run.evaluations) : 1;
  const x = metrics.view(choice.axis);
  const lines = [
    ...ownLines(run, x, choice, factor, compared.length > 0, strings),
    ...compared.flatMap((other, place) => linesOf(other, place, choice, perCharacter, strings)),
  ];
  const axis = stepAxis(choice, spanOf(lines), strings, format);
  const { baselines } = run.facts;
  const reference = (text: string, nats: number): Reference => {
    return { label: fill(text, write(convert(factor * nats))), value: factor * nats };
  };
  const best = bestEvaluation(run);
  return {
    loss: {
      x: axis,
      y: {
        label,
        write,
        writeTick: format.value,
        log: choice.logLoss,
        floor: 0,
        include: [factor * baselines.uniform],
        convert,
      },
      lines,
      references: [
        reference(uniform, baselines.uniform),
        reference(strings.unigram, baselines.unigram),
        reference(strings.bigram, baselines.bigram),
      ],
      marks: best
        ? [{ label: fill(strings.best, write(convert(factor * best.loss))), x: best[choice.axis] }]
        : [],
    },
    rate: {
      x: axis,
      y: { label: strings.learningRate, write: format.value, floor: 0, include: [0] },
      lines: [
        {
          id: 'rate',
          name: strings.learningRate,
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
function stepAxis(
  { axis, logAxis }: LossChoice,
  { from, to }: Span,
  strings: PanelStrings,
  format: Format,
): Axis {
  const include = [logAxis ? from : 0, Math.max(shortest, to)];
  return axis === 'step'
    ? { label: strings.axisStep, write: format.count, include, whole: true, log: logAxis }
    : {
        label: strings.axisTime,
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
  factor: number,
  isCompared: boolean,
  strings: PanelStrings,
): Line[] {
  const mean = metrics.view('lossMean');
  const steps = metrics.view('steps');
  const reach = smoothings[smoothing] * metrics.at('step', metrics.length - 1);
  const training = reach > 0 ? strings.legendSmoothed : strings.legendTraining;
  return [
    {
      id: 'training',
      name: isCompared ? fill(strings.comparedTraining, status.label) : training,
      color: 'blue',
      x,
      y: reach > 0 ? smoothed(mean, steps, reach) : mean,
      spread: { least: metrics.view('lossMin'), greatest: metrics.view('lossMax') },
      weights: steps,
      factor,
      endValue: true,
    },
    {
      id: 'validation',
      name: isCompared ? fill(strings.comparedValidation, status.label) : strings.legendValidation,
      color: 'yellow',
      width: 2,
      x: evaluations.view(axis),
      y: evaluations.view('validationLoss'),
      factor,
      dots: true,
      endValue: true,
    },
  ];
}

/** A compared run has both curves in one colour; its validation is the one with dots. */
function linesOf(
  { id, label, metrics, evaluations }: ComparedRun,
  place: number,
  { axis, smoothing }: LossChoice,
  perCharacter: boolean,
  strings: PanelStrings,
): Line[] {
  const { color, dash } = looks[place % looks.length]!;
  const last = evaluations.step.length - 1;
  const factor = perCharacter
    ? (evaluations.bitsPerCharacter[last] ?? NaN) /
      ((evaluations.validationLoss[last] ?? NaN) / Math.LN2)
    : 1;
  const reach = smoothings[smoothing] * (metrics.step.at(-1) ?? 0);
  const { lossMean: mean, steps } = metrics;
  const training: Line = {
    id: `${id} training`,
    name: fill(strings.comparedTraining, label),
    color,
    dash,
    width: 1.25,
    x: metrics[axis],
    y: reach > 0 ? smoothed(mean, steps, reach) : mean,
    weights: steps,
    factor,
  };
  const validation: Line = {
    id: `${id} validation`,
    name: fill(strings.comparedValidation, label),
    color,
    width: 1.5,
    x: evaluations[axis],
    y: evaluations.validationLoss,
    factor,
    dots: true,
    endValue: true,
  };
  return evaluations.step.length > 0 ? [training, validation] : [training];
}
