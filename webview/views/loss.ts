import { fill } from '../../src/protocol/strings';
import type { Reference } from '../charts/annotations';
import { createLossChart, type LossChart } from '../charts/lossChart';
import { lossData, series, type LossData } from '../charts/lossData';
import { element, setAttribute, setText } from '../dom';
import { insight } from '../insight';
import { latest, type Run } from '../state';
import { readTheme } from '../theme';
import { createLossTable } from './lossTable';
import { describePoint, pointAt, type Point } from './point';
import type { View, ViewContext } from './view';

/** While the plot has the focus, its text follows the training this often at most, milliseconds. */
const speechInterval = 20_000;

/** The curve has this many points at most: more rows than that are drawn as their mean and spread. */
const maxPoints = 400;

/** The loss curve with its legend, what it means in a sentence, values under the cursor, and a table. */
export function createLoss(context: ViewContext): View {
  const { strings, format } = context;
  const sentence = element('p', { class: 'insight' });
  const canvas = element('div', { class: 'canvas', 'aria-hidden': 'true' });
  const bubble = element('div', { class: 'bubble', 'aria-hidden': 'true', hidden: '' });
  const help = element('p', { class: 'visually-hidden', id: 'loss-help', text: strings.chartHelp });
  const plot = element(
    'div',
    {
      class: 'plot',
      tabindex: '0',
      role: 'slider',
      'aria-label': strings.chartLabel,
      'aria-describedby': help.id,
      'aria-valuemin': '0',
      'aria-valuemax': '0',
      'aria-valuenow': '0',
    },
    canvas,
    bubble,
  );
  const table = createLossTable(strings, format);
  const root = element(
    'section',
    { class: 'loss' },
    element(
      'div',
      { class: 'caption' },
      element('h2', {}, `${strings.lossTitle} `, element('span', { text: strings.lossUnit })),
      createLegend(context),
    ),
    sentence,
    plot,
    help,
    table.root,
  );

  let chart: LossChart | undefined;
  let shown: Run | undefined;
  let data: LossData | undefined;
  /** What `data` was made of. */
  let drawn = '';
  /** The entry of `data` that the cursor is on; undefined: it is nowhere. */
  let cursor: number | undefined;
  /** The step that the keyboard has put the cursor on: it stays there while the axis grows. */
  let keyboardStep: number | undefined;
  let spokenAt = -Infinity;

  function makeChart(run: Run) {
    chart?.destroy();
    chart = createLossChart(canvas, {
      theme: readTheme(),
      references: references(run),
      uniform: run.facts.baselines.uniform,
      writeLoss: format.loss,
      writeStep: format.count,
      writeTick: format.value,
      onCursor: showPoint,
    });
    fit();
    if (data) chart.setData(data);
  }

  function references({ facts }: Run): Reference[] {
    const { uniform, unigram, bigram } = facts.baselines;
    const named = [
      { name: strings.uniform, loss: uniform },
      { name: strings.unigram, loss: unigram },
      { name: strings.bigram, loss: bigram },
    ];
    return named
      .filter(({ loss }) => Number.isFinite(loss))
      .sort((a, b) => b.loss - a.loss)
      .map(({ name, loss }) => ({ label: fill(name, format.loss(loss)), loss }));
  }

  function fit() {
    const { clientWidth, clientHeight } = canvas;
    if (clientWidth > 0 && clientHeight > 0) chart?.setSize(clientWidth, clientHeight);
  }

  function showPoint(index: number | undefined, left: number) {
    cursor = index;
    const point = index === undefined || !shown || !data ? undefined : pointAt(shown, data, index);
    bubble.hidden = point === undefined;
    if (point === undefined || !chart) return;
    const lines = describePoint(point, strings, format);
    bubble.replaceChildren(...lines.map(({ name, value }) => pointLine(name, value)));
    const area = chart.plotArea();
    const side = left > area.width / 2 ? 'left' : 'right';
    bubble.dataset['side'] = side;
    const x = area.left + left;
    bubble.style.left = side === 'right' ? `${String(x + 12)}px` : '';
    bubble.style.right = side === 'left' ? `${String(plot.clientWidth - x + 12)}px` : '';
    speak(point);
  }

  function speak(point: Point) {
    spokenAt = performance.now();
    const lines = describePoint(point, strings, format);
    setAttribute(plot, 'aria-valuenow', String(point.step));
    setAttribute(plot, 'aria-valuemax', String(data?.[series.step].at(-1) ?? point.step));
    setAttribute(
      plot,
      'aria-valuetext',
      lines.map(({ name, value }) => `${name} ${value}`).join(', '),
    );
  }

  function moveTo(index: number) {
    const steps = data?.[series.step] ?? [];
    const reached = Math.min(steps.length - 1, Math.max(0, index));
    keyboardStep = steps[reached];
    chart?.setCursor(reached);
  }

  function leave() {
    keyboardStep = undefined;
    chart?.setCursor(undefined);
  }

  plot.addEventListener('keydown', (event) => {
    const length = data?.[series.step].length ?? 0;
    if (length === 0) return;
    const now = cursor ?? length - 1;
    const small = Math.max(1, Math.round(length / 200));
    const moves: Partial<Record<string, () => void>> = {
      ArrowLeft: () => moveTo(now - small),
      ArrowDown: () => moveTo(now - small),
      ArrowRight: () => moveTo(now + small),
      ArrowUp: () => moveTo(now + small),
      PageDown: () => moveTo(now - 10 * small),
      PageUp: () => moveTo(now + 10 * small),
      Home: () => moveTo(0),
      End: () => moveTo(length - 1),
      Escape: leave,
    };
    const move = moves[event.key];
    if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    move();
  });
  plot.addEventListener('blur', leave);

  const observer = new ResizeObserver(fit);
  observer.observe(canvas);

  return {
    root,
    update(run) {
      const firstTime = shown !== run;
      shown = run;
      if (firstTime) makeChart(run);
      const now = `${String(latest(run, 'step'))} ${String(run.evaluations.length)}`;
      if (now === drawn && !firstTime) return;
      drawn = now;
      data = lossData(run.metrics, run.evaluations, maxPoints);
      chart?.setData(data);
      table.update(data);
      setText(sentence, insight(run, strings, format));
      if (keyboardStep !== undefined) {
        const step = keyboardStep;
        chart?.setCursor(data[series.step].findIndex((other) => other >= step));
      }
      const last = pointAt(run, data, data[series.step].length - 1);
      const quiet = document.activeElement !== plot;
      const isTime = performance.now() - spokenAt > speechInterval;
      if (cursor === undefined && last && (quiet || isTime)) speak(last);
    },
    updateTheme() {
      if (shown) makeChart(shown);
    },
    destroy() {
      observer.disconnect();
      chart?.destroy();
    },
  };
}

function createLegend({ strings }: ViewContext): HTMLElement {
  const entries = [
    { name: strings.legendTraining, mark: 'training' },
    { name: strings.legendSpread, mark: 'spread' },
    { name: strings.legendValidation, mark: 'validation' },
  ];
  return element(
    'ul',
    { class: 'legend' },
    ...entries.map(({ name, mark }) =>
      element('li', {}, element('span', { class: `mark ${mark}`, 'aria-hidden': 'true' }), name),
    ),
  );
}

function pointLine(name: string, value: string): HTMLElement {
  return element('div', {}, element('span', { text: name }), element('b', { text: value }));
}
