import * as l10n from '@vscode/l10n';
import { csv } from '../../../src/protocol/csv';
import type { ExampleMessage, PanelFacts } from '../../../src/protocol/panel';
import { readHeatmapColors } from '../../charts/heatmapColors';
import { canvasPen, svgPen, type Pen } from '../../charts/pen';
import { element, setAttribute, setText } from '../../dom';
import type { Run } from '../../state';
import { createFigure } from '../figure';
import type { View, ViewContext } from '../view';
import { columnsIn, exampleHeight, exampleWidth, paintExample } from './examplePicture';
import { exampleSteps, variablesWanted, type ExampleSteps } from './exampleSteps';

/** The network of a model of examples, drawn once for each step of the row at the cursor, with its values. */
export function createUnrolledExample(context: ViewContext, facts: PanelFacts): View {
  const { format, host } = context;
  const drawing = element('div', { class: 'unrolled', role: 'img' });
  const message = element('p', { class: 'quiet', role: 'status', text: invitation() });
  const picture = element('div', { class: 'unrolled-picture' }, message, drawing);
  let colors = readHeatmapColors();
  let run: Run | undefined;
  let shown: ExampleMessage | undefined;
  let steps: ExampleSteps | undefined;
  let watching = '';

  const figure = createFigure(context, {
    id: 'model-unrolled',
    title: l10n.t('The network unrolled over the example'),
    picture: { root: picture, toCanvas, toSvg },
    fileName: () => `${facts.name} ${l10n.t('The network unrolled over the example')}`,
    csv: () => csv(header(), rows(String)),
    table: () => ({ header: header(), rows: rows(format.loss) }),
    help: l10n.t(
      'The same network, drawn once for each step of the row at the cursor, with the same weights every time. Each square is a state with its units as colours (blue below zero, red above). Arrows to the right carry a state on, those to the left are read from the end; the arrow between the two halves is what the decoder begins with, orange lines are attention, the stronger the more weight. At the top is the answer, with its loss, and in red what the file says instead.',
    ),
  });

  const words = { input: 'x', loss: format.loss };

  function measure(): Pen {
    return canvasPen(document.createElement('canvas').getContext('2d')!, colors.theme.font);
  }

  function size() {
    return steps
      ? { width: exampleWidth(steps), height: exampleHeight(steps) }
      : { width: 1, height: 1 };
  }

  function svgOf(withBackground: boolean): string {
    const pen = svgPen(size(), colors.theme.font, measure());
    paint(pen, withBackground);
    return pen.source();
  }

  function paint(pen: Pen, withBackground: boolean) {
    const { width, height } = size();
    if (withBackground) pen.rect(0, 0, width, height, colors.theme.background);
    if (steps) paintExample(pen, steps, colors, words);
  }

  function toSvg(): string {
    return svgOf(true);
  }

  function toCanvas(ratio: number): HTMLCanvasElement {
    const { width, height } = size();
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const ctx = canvas.getContext('2d')!;
    ctx.scale(ratio, ratio);
    paint(canvasPen(ctx, colors.theme.font), true);
    return canvas;
  }

  function header(): string[] {
    return [l10n.t('reads'), l10n.t('answer'), l10n.t('true'), l10n.t('Loss')];
  }

  /** A row a step of the source, then of the answer. */
  function rows(write: (loss: number) => string): string[][] {
    const all = shown?.result ? exampleSteps(shown.result, Infinity) : undefined;
    if (!all) return [];
    const { source, before, domain, answers } = all;
    const told = (step: number): string[] => {
      const { answer = '', truth = '', loss = NaN } = answers[step] ?? {};
      return [answer, truth, Number.isNaN(loss) ? '' : write(loss)];
    };
    const none = ['', '', ''];
    return [
      ...source.map((token, i) => [token, ...(domain === 't' ? told(i) : none)]),
      ...before.map((token, i) => [token, ...told(i)]),
      ...(domain === 'example' ? [['', ...told(0)]] : []),
    ];
  }

  function description({ source, before, lanes, answers }: ExampleSteps): string {
    const reads = [...source, ...before].join(' ');
    const told = answers.map(({ answer }) => answer).join(' ');
    const states = lanes.map(({ state, backward }) => (backward ? `← ${state}` : `${state} →`));
    return l10n.t(
      'The network unrolled over {0}. Its states: {1}. It answers {2}. The table below has every step.',
      reads === '' ? 'x' : reads,
      states.join(', '),
      told,
    );
  }

  function draw() {
    const room = picture.clientWidth;
    const result = shown?.result;
    steps = result && room > 0 ? exampleSteps(result, columnsIn(room)) : undefined;
    drawing.hidden = !steps;
    if (!steps) return;
    const svg = new DOMParser().parseFromString(svgOf(false), 'image/svg+xml').documentElement;
    drawing.replaceChildren(document.importNode(svg, true));
    setAttribute(drawing, 'aria-label', description(steps));
    figure.update();
  }

  function watch() {
    if (!run) return;
    const variables = variablesWanted(run.example?.result?.inside ?? undefined);
    const question = { variables, part: null, shading: 'nothing' } as const;
    const asked = JSON.stringify([run.id, question]);
    if (asked === watching) return;
    watching = asked;
    host.watchExample(run.id, question);
  }

  function leave() {
    const question = { variables: [], part: null, shading: 'nothing' } as const;
    if (watching !== '') host.watchExample(null, question);
    watching = '';
  }

  const observer = new ResizeObserver(() => requestAnimationFrame(draw));
  observer.observe(picture);

  return {
    root: figure.root,
    update(now) {
      run = now;
      watch();
      if (!now.example || now.example === shown) return;
      shown = now.example;
      const { place, message: told } = shown;
      setText(message, place ? told : invitation());
      message.hidden = place !== null && told === '';
      draw();
    },
    leave,
    updateTheme() {
      colors = readHeatmapColors();
      draw();
    },
    destroy() {
      leave();
      observer.disconnect();
    },
  };
}

function invitation(): string {
  return l10n.t('Put the cursor into a row of the data, or a line of any text.');
}
