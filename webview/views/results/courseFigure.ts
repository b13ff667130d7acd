import * as l10n from '@vscode/l10n';
import { csv } from '../../../src/protocol/csv';
import { createLineChart } from '../../charts/lineChart';
import { createChoice } from '../../controls';
import { element, setText } from '../../dom';
import { createFigure } from '../figure';
import type { ViewContext } from '../view';
import { courseLines, originsOf, usualOrigin, type Course } from './courses';

export interface CourseFigure {
  readonly root: HTMLElement;
  show(course: Course | undefined): void;
  updateTheme(): void;
  destroy(): void;
}

/** A series and its forecasts: one step ahead, and free running from an origin that is chosen, with a band. */
export function createCourse(context: ViewContext, name: () => string): CourseFigure {
  const { format } = context;
  const title = l10n.t('Series and forecast');
  let shown: Course | undefined;
  let column = 0;
  let origin = 0;
  const chart = createLineChart(context, { id: 'results-course', label: title });
  const choice = createChoice('results-course-column', l10n.t('Column'), (value) => {
    column = Number(value);
    draw();
  });
  const slider = element('input', {
    class: 'range',
    type: 'range',
    'aria-label': l10n.t('Forecast from'),
    ...{ min: '0', max: '0', step: '1', value: '0' },
  });
  const value = element('output');
  const from = element(
    'div',
    { class: 'results-origin' },
    element('span', { text: l10n.t('Forecast from'), 'aria-hidden': 'true' }),
    slider,
    value,
  );
  slider.addEventListener('input', () => {
    origin = Number(slider.value);
    draw();
  });

  const lines = () => (shown ? courseLines(shown, column, origin) : undefined);
  /** A step by its date, where there is one. */
  const stepName = (step: number) =>
    (shown?.dates[step - 1 - shown.first] ?? '') || format.count(step);
  /** Each step on show, or behind the last: true, one step ahead, and from the origin with its band. */
  function rows(): (number | null)[][] {
    const all = lines();
    if (!all) return [];
    const { steps, truth, oneStep, ahead, told, low, high } = all;
    const last = Math.max(steps.at(-1) ?? 0, ahead.at(-1) ?? 0);
    const begin = steps[0] ?? 1;
    return Array.from({ length: last - begin + 1 }, (_, i) => {
      const k = begin + i - (ahead[0] ?? Infinity);
      return [begin + i, truth[i], oneStep[i], told[k], low[k], high[k]].map((number) =>
        number === undefined || Number.isNaN(number) ? null : number,
      );
    });
  }

  const figure = createFigure(context, {
    ...{ id: 'results-course', title },
    picture: {
      root: element('div', {}, chart.root, from),
      toCanvas: chart.toCanvas,
      toSvg: chart.toSvg,
    },
    controls: [choice.root],
    fileName: () => `${name()} ${title}`,
    csv: () =>
      csv(
        ['step', 'date', 'true', 'one step ahead', 'forecast', 'low', 'high'],
        rows().map(([step, ...rest]) => [
          step!,
          shown?.dates[step! - 1 - shown.first] ?? '',
          ...rest,
        ]),
      ),
    table: () => ({
      header: [
        l10n.t('Step'),
        l10n.t('true'),
        l10n.t('one step ahead'),
        l10n.t('free running'),
        l10n.t('80% band, from'),
        l10n.t('80% band, to'),
      ],
      rows: rows().map(([step, ...rest]) => [
        stepName(step!),
        ...rest.map((number) => (number === null ? '–' : format.value(number))),
      ]),
    }),
    help: l10n.t(
      'The last steps of the part. One step ahead each value is told from all true ones before it; free running from the dotted line on, where the model reads its own forecasts. The band holds 80% of what was true in forecasts that looked so far ahead, from all origins of the part, the lowest and the highest tenth left out. Move the origin to see where forecasts go wrong.',
    ),
  });

  function draw() {
    const all = lines();
    if (!shown || !all) return;
    const at = shown.first + origin;
    slider.max = String(originsOf(shown) - 1);
    slider.value = String(origin);
    slider.setAttribute('aria-valuetext', stepName(at));
    setText(value, stepName(at));
    const { steps, ahead } = all;
    chart.draw({
      x: { label: l10n.t('step'), write: stepName, writeTick: format.count, whole: true },
      y: { label: shown.columns[column]!.name, write: format.value },
      lines: [
        { id: 'true', name: l10n.t('true'), color: 'foreground', x: steps, y: all.truth },
        {
          ...{ id: 'one', name: l10n.t('one step ahead'), color: 'blue' as const },
          ...{ x: steps, y: all.oneStep, dash: [2, 3] },
        },
        {
          ...{ id: 'free', name: l10n.t('free running'), color: 'green' as const, width: 2.5 },
          ...{ x: ahead, y: all.told, dots: ahead.length < 2 },
          spread: { least: all.low, greatest: all.high },
        },
      ],
      marks: [{ label: l10n.t('from here on'), x: at }],
    });
    figure.update();
  }

  return {
    root: figure.root,
    show(course) {
      const isOther = course?.first !== shown?.first || course?.leads !== shown?.leads;
      shown = course && course.columns.length > 0 ? course : undefined;
      figure.root.hidden = shown === undefined;
      if (!shown) return;
      if (isOther) origin = usualOrigin(shown);
      column = Math.min(column, shown.columns.length - 1);
      choice.root.hidden = shown.columns.length < 2;
      choice.setOptions(
        shown.columns.map((each, i) => [String(i), each.name]),
        String(column),
      );
      draw();
    },
    updateTheme: chart.updateTheme,
    destroy: chart.destroy,
  };
}
