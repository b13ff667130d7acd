import * as l10n from '@vscode/l10n';
import { readQualified, tokenizers } from '../../../src/protocol/core';
import type { Inspection, InspectWindow, PanelFacts } from '../../../src/protocol/panel';
import { readHeatmapColors } from '../../charts/heatmapColors';
import { canvasPen, svgPen, type Pen } from '../../charts/pen';
import { csv } from '../../../src/protocol/csv';
import { element, setAttribute, setText } from '../../dom';
import type { Run } from '../../state';
import { createFigure, type TableContent } from '../figure';
import type { View, ViewContext } from '../view';
import { createWatch } from '../watch';
import { carriersOf, shortNames } from './carriers';
import { outputsOf, readSteps, type Step } from './steps';
import {
  heightOf,
  paintUnrolled,
  stepsIn,
  type Unrolled,
  type UnrolledNames,
} from './unrolledPicture';

const mostSteps = 24;

/** The network, drawn once for each of some tokens of the text, with what it expects after each. */
export function createUnrolled(context: ViewContext, facts: PanelFacts): View {
  const { format, host } = context;
  const watch = createWatch(context);
  const names = namesFor(facts.network);
  const drawing = element('div', { class: 'unrolled', role: 'img' });
  const message = element('p', {
    class: 'quiet',
    role: 'status',
    text: l10n.t('Waiting for the model to read the text.'),
  });
  const picture = element('div', { class: 'unrolled-picture' }, message, drawing);
  let colors = readHeatmapColors();
  let run: Run | undefined;
  let answer: Inspection | undefined;
  let steps: readonly Step[] = [];

  const figure = createFigure(context, {
    id: 'model-unrolled',
    title: l10n.t('The network unrolled over the text'),
    picture: { root: picture, toCanvas, toSvg },
    fileName: () => `${facts.name} ${l10n.t('The network unrolled over the text')}`,
    csv: () => csv(header(), tableRows(String)),
    table: () => ({ header: header(), rows: tableRows(format.percent) }),
    help: l10n.t(
      'The same network, drawn once for each token it reads, with the same weights every time. Each square is a cell with its units as colours (blue below zero, red above). Arrows to the right carry the state to the next token, arrows upwards the input and the prediction; the letters are the matrices that multiply them. At the top are the token that the network finds most likely, and the actual next token with the probability it was given.',
    ),
  });

  /** Measures texts as the picture has them. */
  function measure(): Pen {
    return canvasPen(document.createElement('canvas').getContext('2d')!, colors.theme.font);
  }

  function count(): number {
    return Math.min(mostSteps, stepsIn(picture.clientWidth, names, measure()));
  }

  function windowOf(): InspectWindow {
    const { tokens, validationTokens, network } = facts;
    const each = answer ? answer.textLength / (tokens + validationTokens) : 1;
    const kept = host.memory.get('hidden.start');
    const isKept = host.memory.get('hidden.run') === run?.id && typeof kept === 'number';
    return {
      start: isKept ? kept : null,
      // Words differ in length: some more than are drawn.
      length: Math.ceil((count() + 1) * each * tokenizers[facts.tokenizer].spread),
      variables: outputsOf(network),
    };
  }

  function ask() {
    if (run && picture.clientWidth > 0) watch.update(run, windowOf());
  }

  function unrolled(): Unrolled {
    return { steps: steps.slice(0, count()), names, colors, percent: format.percent };
  }

  function size() {
    return { width: picture.clientWidth, height: heightOf(steps[0]?.outputs.length ?? 1) };
  }

  function draw() {
    if (steps.length === 0 || picture.clientWidth === 0) return;
    const svg = new DOMParser().parseFromString(svgOf(false), 'image/svg+xml').documentElement;
    drawing.replaceChildren(document.importNode(svg, true));
    setAttribute(drawing, 'aria-label', description());
    figure.update();
  }

  function svgOf(withBackground: boolean): string {
    const pen = svgPen(size(), colors.theme.font, measure());
    const { width, height } = size();
    if (withBackground) pen.rect(0, 0, width, height, colors.theme.background);
    paintUnrolled(pen, unrolled(), width);
    return pen.source();
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
    const pen = canvasPen(ctx, colors.theme.font);
    pen.rect(0, 0, width, height, colors.theme.background);
    paintUnrolled(pen, unrolled(), width);
    return canvas;
  }

  function header(): TableContent['header'] {
    const probability = l10n.t('Probability');
    return [names.read, names.expected, probability, names.next, probability];
  }

  function tableRows(write: (probability: number) => string): string[][] {
    return unrolled().steps.map(({ token, expected, next }) => [
      token,
      ...[expected.token, write(expected.probability)],
      ...[next.token, write(next.probability)],
    ]);
  }

  /** The picture in a sentence or two. */
  function description(): string {
    const shown = unrolled().steps;
    const right = shown.filter(({ expected, next }) => expected.token === next.token).length;
    return l10n.t(
      'The network unrolled over {0} tokens: {1}. It has {2}; {3} goes from step to step. It expects the right token after {4} of them. The table below has them all.',
      format.count(shown.length),
      shown.map(({ token }) => token).join(' '),
      facts.layers === 1 ? l10n.t('1 layer') : l10n.t('{0} layers', format.count(facts.layers)),
      names.states.join(', '),
      format.count(right),
    );
  }

  const observer = new ResizeObserver(() => {
    ask();
    draw();
  });
  observer.observe(picture);

  return {
    root: figure.root,
    update(now) {
      run = now;
      const { inspection } = now;
      if (inspection && inspection !== answer) {
        const read = readSteps(inspection, facts.network, mostSteps);
        setText(message, inspection.message);
        message.hidden = inspection.message === '';
        if (read && read.length > 0) {
          answer = inspection;
          steps = read;
          draw();
        }
      }
      ask();
    },
    updateTheme() {
      colors = readHeatmapColors();
      draw();
    },
    destroy() {
      observer.disconnect();
    },
  };
}

/** What stands on the arrows and beside the rows. */
function namesFor(network: PanelFacts['network']): UnrolledNames {
  const { input, recurrent, output } = carriersOf(network);
  const layers = outputsOf(network).length;
  const states = network.variables.filter(({ layer, isState }) => layer === 1 && isState);
  const embedding = network.parameters.find(
    ({ name }) => readQualified(name).place === 'embedding',
  );
  return {
    next: l10n.t('comes next'),
    expected: l10n.t('expects'),
    read: l10n.t('reads'),
    layers:
      layers > 1
        ? Array.from({ length: layers }, (_, i) => l10n.t('layer {0}', String(i + 1)))
        : [l10n.t('cell')],
    input: shortNames(input),
    firstInput: [shortNames(input), ...(embedding ? [embedding.symbol] : [])].join(', '),
    recurrent: shortNames(recurrent),
    output: shortNames(output),
    states: states
      .map(({ symbol }) => symbol)
      .sort((a, b) => Number(b === network.output) - Number(a === network.output)),
  };
}
