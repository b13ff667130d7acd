import type { HeatmapColors } from '../../charts/heatmap';
import { shades } from '../../charts/heatmapColors';
import { fitted, type Pen } from '../../charts/pen';
import type { Step } from './steps';

/** What is written beside the network. */
export interface UnrolledNames {
  /** Beside the rows: what comes next, what is expected, and the tokens that are read. */
  readonly next: string;
  readonly expected: string;
  readonly read: string;
  /** Of each layer, the first first; one layer has none. */
  readonly layers: readonly string[];
  /** Matrices on the arrows into a cell, across steps, and out to the prediction: `U`, `W`, `V`. */
  readonly input: string;
  /** Into the first layer, where an embedding comes before. */
  readonly firstInput: string;
  readonly recurrent: string;
  readonly output: string;
  /** State variables, which go from step to step: `h`, `c`. */
  readonly states: readonly string[];
}

export interface Unrolled {
  readonly steps: readonly Step[];
  readonly names: UnrolledNames;
  readonly colors: HeatmapColors;
  readonly percent: (probability: number) => string;
}

const cell = 46;
/** Between cells: at least, and where there is room. */
const between = 46;
const widestBetween = 90;
const arrow = 28;
const tokenHeight = 26;
const expectedHeight = 36;
const nextHeight = 34;
const edge = 26;
/** Of a token at most, so that it leaves its neighbours room. */
const tokenWidth = 68;
/** Narrower than that, names of rows are left to the text. */
const roomForNames = 420;

/** Width for names of rows at the left. */
function gutterOf(
  width: number,
  { next, expected, read, layers }: UnrolledNames,
  pen: Pen,
): number {
  if (width < roomForNames) return 0;
  const widest = Math.max(...[next, expected, read, ...layers].map((name) => pen.widthOf(name)));
  return Math.ceil(widest) + 10;
}

/** How many steps fit. */
export function stepsIn(width: number, names: UnrolledNames, pen: Pen): number {
  const room = width - gutterOf(width, names, pen) - 2 * edge + between;
  return Math.max(1, Math.floor(room / (cell + between)));
}

/** Height of the picture, CSS pixels. */
export function heightOf(layers: number): number {
  return nextHeight + expectedHeight + arrow + layers * (cell + arrow) + tokenHeight + 4;
}

/**
 * Draws the network once a step: the tokens it reads at the bottom, above them each layer's cell with the
 * units it gives out as colours, at the top what it expects next and what comes; arrows for what goes from
 * cell to cell, with the matrices on them.
 */
export function paintUnrolled(pen: Pen, unrolled: Unrolled, width: number): void {
  const { steps, names, colors } = unrolled;
  const { foreground, muted, reference } = colors.theme;
  const layers = steps[0]?.outputs.length ?? 0;
  const gutter = gutterOf(width, names, pen);
  const left = gutter + edge;
  const room = (width - left - edge - cell) / Math.max(1, steps.length - 1);
  const column = Math.min(cell + widestBetween, Math.max(cell + between, room));
  const expectedTop = nextHeight;
  const topOf = (layer: number) =>
    expectedTop + expectedHeight + arrow + (layers - 1 - layer) * (cell + arrow);
  const tokenTop = topOf(0) + cell + arrow;
  const middle = (step: number) => left + step * column + cell / 2;

  if (gutter > 0) {
    const name = (text: string, y: number) => pen.text(0, y, text, { fill: muted });
    name(names.next, nextHeight / 2 - 5);
    name(names.expected, expectedTop + 9);
    names.layers.forEach((text, layer) => name(text, topOf(layer) + cell / 2));
    name(names.read, tokenTop + tokenHeight / 2);
  }

  steps.forEach((step, i) => {
    const x = middle(i);
    paintNext(pen, step, x, unrolled);
    paintExpected(pen, step, x, expectedTop, unrolled);
    upwards(pen, x, topOf(layers - 1), expectedTop + expectedHeight, reference);
    pen.text(x + 6, expectedTop + expectedHeight + arrow / 2, names.output, { fill: muted });
    for (let layer = 0; layer < layers; layer++) {
      const top = topOf(layer);
      paintUnits(pen, step.outputs[layer]!, x - cell / 2, top, colors);
      upwards(pen, x, top + cell + arrow, top + cell, reference);
      const matrices = layer === 0 ? names.firstInput : names.input;
      pen.text(x + 6, top + cell + arrow / 2, matrices, { fill: muted });
    }
    paintToken(pen, step.token, x, tokenTop, colors);
  });
  for (let layer = 0; layer < layers; layer++) {
    for (let i = 0; i <= steps.length; i++) {
      // The first arrow comes from the text before, the last goes on.
      const from = i === 0 ? left - edge + 4 : middle(i - 1) + cell / 2;
      const to = i === steps.length ? from + edge - 4 : middle(i) - cell / 2;
      const labelled = i > 0 && i < steps.length;
      paintRecurrence(pen, names, { from, to, top: topOf(layer), labelled }, reference, foreground);
    }
  }
}

function paintNext(pen: Pen, { next, expected }: Step, x: number, { colors, percent }: Unrolled) {
  const isRight = next.token === expected.token;
  const { foreground, muted } = colors.theme;
  const text = `${isRight ? '✓ ' : ''}${fitted(pen, next.token, tokenWidth)}`;
  pen.text(x, nextHeight / 2 - 5, text, {
    ...{ fill: foreground, align: 'middle', bold: isRight },
  });
  pen.text(x, nextHeight / 2 + 8, percent(next.probability), { fill: muted, align: 'middle' });
}

/** A token with its probability as a bar below it. */
function paintExpected(
  pen: Pen,
  { expected }: Step,
  x: number,
  top: number,
  { colors, percent }: Unrolled,
) {
  const { foreground, muted, grid, charts } = colors.theme;
  const width = cell + 14;
  const share = percent(expected.probability);
  // Bold letters are wider than those that are measured.
  const name = fitted(pen, expected.token, (width - pen.widthOf(share) - 4) / 1.1);
  pen.text(x - width / 2, top + 9, name, { fill: foreground, bold: true });
  pen.text(x + width / 2, top + 9, share, { fill: muted, align: 'end' });
  pen.rect(x - width / 2, top + 20, width, 6, grid);
  pen.rect(x - width / 2, top + 20, Math.max(1, expected.probability * width), 6, charts.blue);
}

function paintToken(pen: Pen, token: string, x: number, top: number, { theme }: HeatmapColors) {
  const text = fitted(pen, token, tokenWidth);
  const width = Math.max(tokenHeight, pen.widthOf(text) + 12);
  pen.rect(x - width / 2, top, width, tokenHeight, theme.grid);
  pen.text(x, top + tokenHeight / 2, text, { fill: theme.foreground, align: 'middle', bold: true });
}

/** The units as a square of pixels, row by row. */
function paintUnits(pen: Pen, units: Float64Array, x: number, y: number, colors: HeatmapColors) {
  const side = Math.ceil(Math.sqrt(units.length));
  const canvas = document.createElement('canvas');
  canvas.width = side;
  canvas.height = Math.ceil(units.length / side);
  const ctx = canvas.getContext('2d')!;
  const image = ctx.createImageData(canvas.width, canvas.height);
  const pixels = new Uint32Array(image.data.buffer);
  const limit = Math.max(1, ...units.map(Math.abs));
  units.forEach((value, i) => {
    const shade = Math.round(((value / limit + 1) / 2) * (shades - 1));
    pixels[i] = colors.diverging[shade] ?? colors.none;
  });
  ctx.putImageData(image, 0, 0);
  pen.pixels(canvas, x + 1, y + 1, cell - 2, cell - 2);
  pen.frame(x, y, cell, cell, colors.theme.muted, 1);
}

function paintRecurrence(
  pen: Pen,
  { recurrent, states }: UnrolledNames,
  place: {
    readonly from: number;
    readonly to: number;
    readonly top: number;
    readonly labelled: boolean;
  },
  line: string,
  foreground: string,
) {
  const { from, to, top, labelled } = place;
  states.forEach((state, i) => {
    const y = top + (cell * (i + 1)) / (states.length + 1);
    pen.path([[from, y, to - 5, y]], { stroke: line });
    pen.path([[to, y, to - 6, y - 3.5, to - 6, y + 3.5]], { fill: line });
    if (!labelled) return;
    const text = i === 0 && recurrent !== '' ? recurrent : state;
    const middle = (from + to - 4) / 2;
    pen.text(middle, y - 3, text, { fill: foreground, align: 'middle', baseline: 'bottom' });
  });
}

function upwards(pen: Pen, x: number, from: number, to: number, line: string) {
  pen.path([[x, from, x, to + 5]], { stroke: line });
  pen.path([[x, to, x - 3.5, to + 6, x + 3.5, to + 6]], { fill: line });
}
