import { fill } from '../../../src/protocol/strings';
import { createHeatmap, type Cell } from '../../charts/heatmap';
import { createLineChart } from '../../charts/lineChart';
import { createReadout } from '../../charts/readout';
import { createChoice } from '../../controls';
import type { Run } from '../../state';
import { createFigure } from '../figure';
import type { ViewContext } from '../view';
import { lagContent, type Writing } from './contents';
import { lagCurves, shareAt, type LagCurve } from './data';
import { lagMatrix, lagOfRow, writeDecade } from './matrices';
import { farthest } from './reach';
import { lagCsv, lagMatrixTable, lagTable } from './tables';
import { shareText } from './sentences';

/** Height of a heatmap's cells at most, CSS pixels. */
const cellsHeight = 224;

/** ‖∂E_t/∂s_{t−k}‖ of a state: against the lag at one step, and at all steps as a heatmap. */
export interface LagPictures {
  readonly curve: HTMLElement;
  readonly matrix: HTMLElement;
  /** @param step that of the chosen observation */
  update(run: Run, step: number, writing: Writing): void;
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
  const { strings, format, host } = context;
  let run: Run | undefined;
  let writing: Writing | undefined;
  let curves: readonly LagCurve[] = [];
  /** Index of the chosen curve. */
  let chosen = 0;
  let step = 0;
  let states: readonly string[] = [];
  let offered: readonly (readonly [string, string])[] = [];

  const state = createChoice<string>('gradients-state', strings.gradientsState, (value) => {
    host.memory.set('gradients.state', value);
    draw();
  });
  const chart = createLineChart(context, { id: 'gradient-lags', label: strings.lagsLabel });
  const curve = createFigure(context, {
    id: 'gradient-lags',
    title: strings.lagsTitle,
    picture: chart,
    controls: [state.root],
    fileName: () => `${run?.facts.name ?? ''} gradient by lag`,
    csv: () => lagCsv(curves.slice(chosen, chosen + 1)),
    table: () => {
      const shown = curves[chosen];
      return shown && writing ? lagTable(shown, writing) : { header: [], rows: [] };
    },
    help: strings.lagsHelp,
  });

  const readout = createReadout();
  const heatmap = createHeatmap({
    label: strings.lagMatrixLabel,
    help: strings.matrixKeys,
    cellsHeight,
    columnTicks: 'bottom',
    writeValue: (value) => (writing ? writeDecade(value, writing) : ''),
    describe: (cell) =>
      readingOf(cell)
        .map(({ name, value }) => `${name} ${value}`)
        .join(', '),
    onCursor(cell, place) {
      const rows = cell ? readingOf(cell) : [];
      if (rows.length === 0) readout.hide();
      else readout.show(rows, place.x + place.width / 2, heatmap.root.clientWidth);
    },
  });
  heatmap.root.append(readout.root);
  onChosen(heatmap.root, () => {
    const column = heatmap.cursor?.column;
    const wanted = column === undefined ? undefined : curves[column];
    if (wanted) choose(wanted.step);
  });
  const matrix = createFigure(context, {
    id: 'gradient-lag-matrix',
    title: strings.lagMatrixTitle,
    picture: heatmap,
    fileName: () => `${run?.facts.name ?? ''} gradient by lag and step`,
    csv: () => lagCsv(curves),
    table: () => (writing ? lagMatrixTable(curves, writing) : { header: [], rows: [] }),
    help: strings.lagMatrixHelp,
  });

  function readingOf({ row, column }: Cell) {
    const shown = curves[column];
    if (!shown) return [];
    const lag = lagOfRow(row, Math.max(...curves.map(({ norms }) => norms.length)));
    const norm = shown.norms[lag];
    return [
      { name: strings.step, value: format.count(shown.step) },
      { name: strings.gradientsLag, value: format.count(lag) },
      { name: strings.gradientsNorm, value: norm === undefined ? '–' : format.value(norm) },
      { name: strings.shareOfLag0, value: shareText(shareAt(shown.norms, lag), strings, format) },
    ];
  }

  function offerStates({ observations }: Run, { name }: Writing) {
    const newest = observations.items.at(-1)?.lags ?? [];
    const variables = newest.map(({ variable }) => variable);
    if (variables.join() === states.join()) return;
    states = variables;
    const kept = host.memory.get('gradients.state');
    // At first the one that the diagnosis speaks of.
    const usual = farthest(newest)?.variable ?? variables[0] ?? '';
    offered = states.map((variable) => [variable, name(variable)] as const);
    state.setOptions(offered, states.find((variable) => variable === kept) ?? usual);
    state.root.hidden = states.length < 2;
  }

  function draw() {
    if (!run || !writing) return;
    curves = lagCurves(run.observations.items, state.value);
    const last = curves.findLastIndex((shown) => shown.step <= step);
    chosen = Math.max(0, last);
    const symbol = state.value.slice(state.value.indexOf('.') + 1);
    const formula = fill(strings.lagsUnit, symbol);
    const unit = state.root.hidden ? formula : `${formula} · ${writing.name(state.value)}`;
    curve.setUnit(unit);
    matrix.setUnit(unit);
    chart.draw(lagContent(curves, chosen, run.facts.sequence, writing));
    const isNewest = chosen === curves.length - 1;
    heatmap.setData(lagMatrix(curves, isNewest ? undefined : chosen, writing));
    curve.update();
    matrix.update();
  }

  return {
    curve: curve.root,
    matrix: matrix.root,
    update(now, chosenStep, by) {
      run = now;
      step = chosenStep;
      writing = by;
      offerStates(now, by);
      draw();
    },
    reveal(variable) {
      if (variable === state.value || !states.includes(variable)) return;
      state.setOptions(offered, variable);
      draw();
    },
    updateTheme() {
      chart.updateTheme();
      heatmap.updateTheme();
    },
    destroy() {
      chart.destroy();
      heatmap.destroy();
    },
  };
}

/** A click, and Enter, choose what the cursor of a heatmap is on. */
export function onChosen(root: HTMLElement, choose: () => void): void {
  root.addEventListener('click', choose);
  root.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    choose();
  });
}
