/** What the line charts of the view show, as plain data. */
import * as l10n from '@vscode/l10n';
import type { Format } from '../../../src/protocol/format';
import type { MetricsColumns } from '../../../src/protocol/history';
import { readQualified } from '../../../src/protocol/core';
import type { ComparedRun, Observation, PanelFacts } from '../../../src/protocol/panel';
import type { Line, LineChartContent, Mark } from '../../charts/line';
import { powerOfTen } from '../../charts/ticks';
import { earlierCurves, shareAt, type LagCurve } from './data';
import { lookOf } from '../compared';
import { usualRatio } from './diagnosis';
import type { ParameterEntry } from './groups';
import { farthest, vanished } from './reach';
import { shareText } from './sentences';
import { stylesOfVariables, type LineStyle } from './styles';

type Network = PanelFacts['network'];

/** Who writes. */
export interface Writing {
  readonly format: Format;
  /** Of a parameter or a variable. */
  readonly name: (qualified: string) => string;
}

/** The parameters on show, and how they look. */
export interface Shown {
  readonly entries: readonly ParameterEntry[];
  readonly styles: readonly LineStyle[];
}

/**
 * Norms of the parameters' gradients, and the global one with its spread, what clips it and when.
 *
 * @param mark the step of the observation that is looked at; undefined: it is the newest
 */
export function normContent(
  metrics: MetricsColumns,
  observations: readonly Observation[],
  shown: Shown,
  clip: number,
  mark: number | undefined,
  writing: Writing,
  others: readonly ComparedRun[] = [],
): LineChartContent {
  const { format } = writing;
  const global: Line = {
    id: 'global',
    name: l10n.t('all parameters'),
    color: 'foreground',
    width: 1.25,
    x: metrics.step,
    y: metrics.gradientNormMean,
    spread: { least: metrics.gradientNormMin, greatest: metrics.gradientNormMax },
    weights: metrics.steps,
  };
  const reference = { label: l10n.t('clipped at {0}', format.value(clip)), value: clip };
  return {
    x: { label: l10n.t('step'), write: format.count, whole: true },
    y: { label: '‖∂E/∂θ‖', write: format.value, log: true },
    lines: [
      global,
      ...parameterLines(observations, shown, (o) => o.gradientNorm, writing),
      ...others.map(globalNorm),
    ],
    references: clip > 0 ? [reference] : [],
    marks: marksAt(mark, writing),
    rugs: [
      { name: l10n.t('clipped steps'), color: 'red', x: metrics.step, share: metrics.clipped },
    ],
  };
}

/** That of another run. */
function globalNorm({ id, label, slot, metrics }: ComparedRun): Line {
  return {
    id: `${id} global`,
    name: label,
    ...lookOf(slot),
    width: 1.25,
    x: metrics.step,
    y: metrics.gradientNormMean,
    weights: metrics.steps,
  };
}

/** ‖Δθ‖ / ‖θ‖ of the observed steps. */
export function ratioContent(
  observations: readonly Observation[],
  shown: Shown,
  mark: number | undefined,
  writing: Writing,
): LineChartContent {
  const { format } = writing;
  return {
    x: { label: l10n.t('step'), write: format.count, whole: true },
    y: {
      label: '‖Δθ‖ / ‖θ‖',
      write: format.value,
      // Whatever is on show: at another step, or zoomed in.
      writeTick: powerOfTen,
      log: true,
      include: [usualRatio],
    },
    lines: parameterLines(observations, shown, (o) => o.updateRatio, writing),
    references: [{ label: l10n.t('0.1%, a rule of thumb'), value: usualRatio }],
    marks: marksAt(mark, writing),
  };
}

/** ‖θ‖ of the parameters. */
export function weightContent(
  observations: readonly Observation[],
  shown: Shown,
  mark: number | undefined,
  writing: Writing,
): LineChartContent {
  const { format } = writing;
  return {
    x: { label: l10n.t('step'), write: format.count, whole: true },
    y: { label: '‖θ‖', write: format.value, log: true },
    lines: parameterLines(observations, shown, (o) => o.weightNorm, writing),
    marks: marksAt(mark, writing),
  };
}

/** Share of the saturated values of each variable; of many variables, of those with a tanh. */
export function saturationContent(
  observations: readonly Observation[],
  network: Network,
  mark: number | undefined,
  { format, name }: Writing,
): LineChartContent {
  const squashed = network.variables.filter(({ activation }) => activation !== null);
  const isTanh = ({ activation }: (typeof squashed)[number]) => activation === 'tanh';
  const many = squashed.length > mostVariables && squashed.some(isTanh);
  const shown = many ? squashed.filter(isTanh) : squashed;
  const styles = stylesOfVariables(shown);
  const x = observations.map(({ step }) => step);
  const lines = shown.map((variable, i) => ({
    id: variable.name,
    name: name(variable.name),
    ...styles[i]!,
    x,
    y: observations.map(
      ({ saturation }) =>
        saturation.find((measured) => measured.variable === variable.name)?.share ?? NaN,
    ),
    endValue: shown.length <= 6,
  }));
  return {
    x: { label: l10n.t('step'), write: format.count, whole: true },
    y: { label: l10n.t('saturated'), write: format.percent, floor: 0, include: [0, 0.5] },
    lines,
    marks: marksAt(mark, { format }),
  };
}

/** More lines than this in one picture are no picture. */
const mostVariables = 12;

function marksAt(step: number | undefined, { format }: Pick<Writing, 'format'>): Mark[] {
  return step === undefined ? [] : [{ label: l10n.t('step {0}', format.count(step)), x: step }];
}

function parameterLines(
  observations: readonly Observation[],
  { entries, styles }: Shown,
  read: (observation: Observation) => Float64Array,
  { name }: Writing,
): Line[] {
  const x = observations.map(({ step }) => step);
  return entries.map((entry, i) => ({
    id: entry.name,
    name: name(entry.name),
    ...styles[i]!,
    x,
    y: observations.map((observation) => read(observation)[entry.index] ?? NaN),
    endValue: entries.length <= 6,
  }));
}

/** The run on show beside others. */
export interface Compared {
  /** Its label and its colour. */
  readonly label: string;
  readonly slot: number;
  /** The state variable on show. */
  readonly variable: string;
  readonly others: readonly ComparedRun[];
}

/** So many curves stand behind the chosen one. */
const mostEarlier = 4;
/** What lies below is nothing to anybody, and would only flatten what lies above. */
const faintest = 1e-8;

/**
 * ‖∂E_t/∂s_{t−k}‖ against the lag k, as shares of lag 0, at the chosen step and at some before; of runs that are
 * compared the others' at their newest step, of the same state variable, or of the one that reaches farthest.
 *
 * @param sequence steps after which training truncates; 0: it does not
 */
export function lagContent(
  curves: readonly LagCurve[],
  chosen: number,
  sequence: number,
  { format }: Writing,
  comparison?: Compared,
): LineChartContent {
  const lags = Array.from(curves[chosen]?.norms ?? [], (_, lag) => lag);
  const line = (index: number, style: Omit<Line, 'name' | 'x' | 'y'>): Line[] => {
    const curve = curves[index];
    if (!curve) return [];
    return [
      {
        name: comparison
          ? l10n.t('{0}, step {1}', comparison.label, format.count(curve.step))
          : l10n.t('step {0}', format.count(curve.step)),
        ...style,
        x: lags,
        y: lags.map((lag) => visible(shareAt(curve.norms, lag))),
      },
    ];
  };
  const earlier = comparison ? [] : earlierCurves(curves.length, chosen, mostEarlier);
  const own = comparison && lookOf(comparison.slot).color;
  const write = (share: number) => shareText(share, format);
  return {
    x: { label: l10n.t('lag k'), write: format.count, whole: true },
    y: {
      label: l10n.t('share of lag 0'),
      write,
      writeTick: powerOfTen,
      log: true,
      include: [vanished / 2, 1],
    },
    lines: [
      ...earlier.flatMap((index, i) =>
        i === 0
          ? line(index, { id: 'first', color: 'yellow', dash: [6, 3], width: 1.25 })
          : line(index, {
              id: `earlier${String(i)}`,
              color: 'foreground',
              dash: [1.5, 3],
              width: 1,
            }),
      ),
      ...line(chosen, { id: 'chosen', color: own ?? 'blue', width: 2.5 }),
      ...otherLags(comparison, format),
    ],
    references: [{ label: l10n.t('1% of lag 0'), value: vanished }],
    marks:
      sequence > 0
        ? [{ label: l10n.t('training truncates at {0}', format.count(sequence)), x: sequence }]
        : [],
  };
}

function otherLags(comparison: Compared | undefined, format: Format): readonly Line[] {
  return (comparison?.others ?? []).flatMap(({ id, label, slot, lags }) => {
    const states = lags?.states ?? [];
    const same = states.find(({ variable }) => variable === comparison?.variable)?.variable;
    const variable = same ?? farthest(states)?.variable;
    const norms = states.find((state) => state.variable === variable)?.norms;
    if (!lags || !norms || variable === undefined) return [];
    const step = format.count(lags.step);
    return [
      {
        id,
        name:
          same === undefined
            ? l10n.t('{0}, {1}, step {2}', label, readQualified(variable).symbol, step)
            : l10n.t('{0}, step {1}', label, step),
        ...lookOf(slot),
        x: Array.from(norms, (_, lag) => lag),
        y: Array.from(norms, (_, lag) => visible(shareAt(norms, lag))),
      },
    ];
  });
}

function visible(share: number): number {
  return share >= faintest ? share : NaN;
}
