import * as l10n from '@vscode/l10n';
import type { Cell, HeatmapData } from '../../charts/heatmap';
import { createLineChart } from '../../charts/lineChart';
import { createReadHeatmap } from '../../charts/readHeatmap';
import { createChoice } from '../../controls';
import { createFigure } from '../figure';
import type { ViewContext } from '../view';
import { lagContent } from './contents';
import type { Look } from './look';
import { lagCurves, shareAt, type LagCurve } from './data';
import { powerOfTen } from '../../charts/ticks';
import { curveHelp, isWhole, lagFormula } from './lagWords';
import { lagMatrix, lagOfRow } from './matrices';
import { farthest } from './reach';
import { inSight } from './sight';
import { lagCsv, lagMatrixTable, lagTable, noTable } from './tables';
import { shareText } from './sentences';

/** Height of a heatmap's cells at most, CSS pixels. */
const cellsHeight = 224;

/** ‖∂E_t/∂s_{t−k}‖ of a state: against the lag at one step, and at all steps as a heatmap. */
export interface LagPictures {
  readonly curve: HTMLElement;
  readonly matrix: HTMLElement;
  update(look: Look): void;
  /** Puts a state variable on show. */
  reveal(variable: string): void;
  updateTheme(): void;
  destroy(): void;
}

/** @param choose the user chose the observation of a step */
export function createLagPictures(
  context: ViewContext,
  choose: (step: number) => void,
): LagPictures {
  const { format, host } = context;
  let look: Look | undefined;
  let curves: readonly LagCurve[] = [];
  let matrix: HeatmapData | undefined;
  /** What curves and matrix were made of. */
  let made = '';
  let states: readonly string[] = [];
  let offered: readonly (readonly [string, string])[] = [];

  const state = createChoice<string>('gradients-state', l10n.t('State'), (value) => {
    host.memory.set('gradients.state', value);
    redraw();
  });
  const chart = createLineChart(context, {
    id: 'gradient-lags',
    label: l10n.t('Gradient through time by lag, at the chosen step and at earlier ones'),
  });
  const curveFigure = createFigure(context, {
    id: 'gradient-lags',
    title: l10n.t('Gradient through time'),
    picture: chart,
    controls: [state.root],
    fileName: () => `${look?.run.facts.name ?? ''} gradient by lag`,
    csv: () => lagCsv(curves.slice(chosen(), chosen() + 1)),
    table: () => {
      const shown = curves[chosen()];
      return shown && look ? lagTable(shown, look.writing) : noTable;
    },
    help: '',
  });

  const heatmap = createReadHeatmap({
    label: l10n.t('Gradient through time: lags by training steps'),
    help: l10n.t(
      'Arrow keys move through the cells, Home and End go to the first and last column, Enter shows that step in the other pictures, Escape leaves.',
    ),
    cellsHeight,
    columnTicks: 'bottom',
    writeValue: (decade) => powerOfTen(10 ** decade),
    rowsAt: readingOf,
    onChosen({ column }) {
      const wanted = curves[column];
      if (wanted) choose(wanted.step);
    },
  });
  const matrixFigure = createFigure(context, {
    id: 'gradient-lag-matrix',
    title: l10n.t('Vanishing and exploding'),
    picture: heatmap,
    fileName: () => `${look?.run.facts.name ?? ''} gradient by lag and step`,
    csv: () => lagCsv(curves),
    table: () => (look ? lagMatrixTable(curves, look.writing) : noTable),
    help: l10n.t(
      'Each column is one measurement during training, each row a lag. Blue: the gradient has shrunk below its value at lag 0; red: it has grown above it; the stronger the colour, the more. The line marks where 1% is left. Click a column, or press Enter, to see its curve.',
    ),
  });

  const curveSight = inSight(curveFigure.root, drawCurve);
  const matrixSight = inSight(matrixFigure.root, drawMatrix);

  function readingOf({ row, column }: Cell) {
    const shown = curves[column];
    if (!shown) return [];
    const lag = lagOfRow(row, Math.max(...curves.map(({ norms }) => norms.length)));
    const norm = shown.norms[lag];
    return [
      { name: l10n.t('Step'), value: format.count(shown.step) },
      { name: l10n.t('lag k'), value: format.count(lag) },
      { name: l10n.t('norm'), value: norm === undefined ? '–' : format.value(norm) },
      { name: l10n.t('share of lag 0'), value: shareText(shareAt(shown.norms, lag), format) },
    ];
  }

  function offerStates({ run, writing }: Look) {
    const newest = run.observations.items.at(-1)?.lags ?? [];
    const variables = newest.map(({ variable }) => variable);
    if (variables.join() === states.join()) return;
    states = variables;
    const kept = host.memory.get('gradients.state');
    // At first the one that the diagnosis speaks of.
    const usual = farthest(newest)?.variable ?? variables[0] ?? '';
    offered = states.map((variable) => [variable, writing.name(variable)] as const);
    state.setOptions(offered, states.find((variable) => variable === kept) ?? usual);
    state.root.hidden = states.length < 2;
  }

  /** Index of the curve that is looked at. */
  function chosen(): number {
    return Math.max(
      0,
      curves.findLastIndex(({ step }) => step <= (look?.step ?? Infinity)),
    );
  }

  function redraw() {
    if (!look) return;
    const wanted = `${look.version} ${state.value}`;
    if (wanted !== made) {
      made = wanted;
      curves = lagCurves(look.run.observations.items, state.value);
      matrix = undefined;
      const formula = lagFormula(look.run.facts, state.value);
      const isNamed = states.length < 2 || isWhole(look.run.facts);
      const unit = isNamed ? formula : `${formula} · ${look.writing.name(state.value)}`;
      curveFigure.setUnit(unit);
      curveFigure.setHelp(curveHelp(look.run.facts));
      matrixFigure.setUnit(unit);
    }
    curveSight.redraw();
    matrixSight.redraw();
    curveFigure.update();
    matrixFigure.update();
  }

  function drawCurve() {
    if (!look) return;
    const { run, writing } = look;
    const { label, slot } = run.status;
    const { compared: others } = context;
    const comparison =
      others.length > 0 ? { label, slot, variable: state.value, others } : undefined;
    chart.draw(lagContent(curves, chosen(), run.facts.sequence, writing, comparison));
  }

  function drawMatrix() {
    if (!look) return;
    matrix ??= lagMatrix(curves, look.writing);
    heatmap.setData({ ...matrix, marked: look.isNewest ? undefined : chosen() });
  }

  return {
    curve: curveFigure.root,
    matrix: matrixFigure.root,
    update(now) {
      look = now;
      offerStates(now);
      // A plain network has no states.
      curveFigure.root.hidden = states.length === 0;
      matrixFigure.root.hidden = states.length === 0;
      if (states.length > 0) redraw();
    },
    reveal(variable) {
      if (variable === state.value || !states.includes(variable)) return;
      state.setOptions(offered, variable);
      redraw();
    },
    updateTheme() {
      chart.updateTheme();
      heatmap.updateTheme();
    },
    destroy() {
      curveSight.destroy();
      matrixSight.destroy();
      chart.destroy();
      heatmap.destroy();
    },
  };
}
