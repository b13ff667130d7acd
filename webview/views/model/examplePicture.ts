import type { HeatmapColors } from '../../charts/heatmap';
import { shades } from '../../charts/heatmapColors';
import { fitted, type Pen } from '../../charts/pen';
import type { AnswerStep, ExampleSteps, LaneSteps } from './exampleSteps';

const cell = 34;
const between = 20;
const rise = 26;
/** Above the states, where lines of attention cross. */
const attentionRise = 72;
const token = 24;
const top = 40;
const gutter = 44;
/** Between what reads and what writes. */
const border = 34;
const column = cell + between;
/** Weights of attention below this are not drawn. */
const faintest = 0.02;

/** What is written beside the picture. */
export interface ExampleWords {
  readonly input: string;
  readonly loss: (value: number) => string;
}

/** Where all is, CSS pixels. */
interface Places {
  readonly lanes: readonly LaneSteps[];
  readonly tokens: number;
  middle(domain: 't' | 'u', step: number): number;
  /** Top of a lane's cells. */
  laneTop(lane: LaneSteps): number;
  /** Where the answers' arrows end. */
  readonly answers: number;
  readonly right: number;
}

/** Columns that fit. */
export function columnsIn(width: number): number {
  return Math.max(4, Math.floor((width - gutter - border - 2 * column) / column));
}

function rowsOf({ lanes }: ExampleSteps): number {
  const of = (domain: string) => lanes.filter((lane) => lane.domain === domain).length;
  return Math.max(1, of('t'), of('u'));
}

export function exampleHeight(steps: ExampleSteps): number {
  const above = steps.weights ? attentionRise : rise;
  return top + above + rowsOf(steps) * (cell + rise) + token + 4;
}

export function exampleWidth(steps: ExampleSteps): number {
  const { right } = placesOf(steps);
  return right + (steps.domain === 'example' ? 2 * column : 8);
}

function placesOf(steps: ExampleSteps): Places {
  const { source, before, lanes, vectors, hasVector } = steps;
  const height = exampleHeight(steps);
  const bottom = height - 4 - token - rise - cell;
  const boxes = hasVector ? 1 + (lanes.length === 0 ? vectors.length : 0) : 0;
  const firstT = gutter + boxes * column;
  const firstU = firstT + source.length * column + (source.length > 0 ? border : 0);
  const rowOf = (lane: LaneSteps) =>
    lanes.filter(({ domain }) => domain === lane.domain).indexOf(lane);
  return {
    lanes,
    tokens: height - 4 - token,
    middle: (domain, step) => (domain === 't' ? firstT : firstU) + step * column + cell / 2,
    laneTop: (lane) => bottom - rowOf(lane) * (cell + rise),
    answers: top,
    right: firstU + before.length * column,
  };
}

/**
 * Draws the network once a step of one example: what is read at the bottom, above it the states of each lane with their
 * units as colours, at the top the answers; arrows for what goes where, from right to left too, across the border between
 * encoder and decoder, and for attention as strong as its weights.
 */
export function paintExample(
  pen: Pen,
  steps: ExampleSteps,
  colors: HeatmapColors,
  words: ExampleWords,
): void {
  const places = placesOf(steps);
  const { reference, muted } = colors.theme;
  if (steps.weights) paintAttention(pen, steps, places, colors);
  if (steps.hasVector) paintVectors(pen, steps, places, colors, words);
  for (const lane of steps.lanes) {
    const count = lane.domain === 't' ? steps.source.length : steps.before.length;
    if (count === 0 || lane.domain === 'example') continue;
    const y = places.laneTop(lane);
    const { domain } = lane;
    pen.text(places.middle(domain, 0) - cell / 2 - 6, y - 5, lane.state, {
      ...{ fill: muted, align: 'end' },
    });
    for (let i = 0; i < count; i++) {
      const x = places.middle(domain, i);
      if (lane.values) paintUnits(pen, lane.values, i, x - cell / 2, y, colors);
      else pen.frame(x - cell / 2, y, cell, cell, muted, 1);
      for (const { name, at } of lane.reads) {
        if (at === 'same') paintRead(pen, places, lane, name, x, reference);
      }
      if (i > 0) {
        const [from, to] = [places.middle(domain, i - 1) + cell / 2, x - cell / 2];
        if (lane.backward) across(pen, to, from, y + cell / 2, reference);
        else across(pen, from, to, y + cell / 2, reference);
      }
    }
    paintStart(pen, steps, places, lane, reference);
  }
  paintTokens(pen, steps.source, 't', places, colors);
  paintTokens(pen, steps.before, 'u', places, colors);
  paintAnswers(pen, steps, places, colors, words);
  paintRest(pen, steps, places, muted);
}

/** From a token, or from the lane below; a lane in between is passed at its side. */
function paintRead(
  pen: Pen,
  places: Places,
  lane: LaneSteps,
  name: string,
  x: number,
  stroke: string,
): void {
  const to = places.laneTop(lane) + cell;
  const source = places.lanes.find(({ state }) => state === name);
  const from = source ? places.laneTop(source) : places.tokens;
  if (source && source.domain !== lane.domain) return;
  if (from - to <= rise + 1) {
    upwards(pen, x, from, to, stroke);
    return;
  }
  const side = x + cell / 2 + 5;
  pen.path([[x, from, side, from - 8, side, to + 8, x + 6, to + 5]], { stroke });
  head(pen, x + 4, to, stroke);
}

/** What a lane begins with: the end of another one, or the vector that is read. */
function paintStart(
  pen: Pen,
  { source, before, all }: ExampleSteps,
  places: Places,
  lane: LaneSteps,
  stroke: string,
): void {
  const count = lane.domain === 't' ? source.length : before.length;
  if (count === 0 || lane.domain === 'example') return;
  const y = places.laneTop(lane) + cell / 2;
  const first = lane.backward ? count - 1 : 0;
  const x = places.middle(lane.domain, first) - cell / 2;
  for (const { name, at } of lane.start) {
    const from = places.lanes.find(({ state }) => state === name);
    if (from?.domain === 't' && source.length > 0) {
      const end = at === 'first' ? 0 : source.length - 1;
      // Where the end is not drawn, it comes from what is left out.
      const isCut = at !== 'first' && source.length < all.t;
      const start = places.middle('t', end) + (isCut ? column - between / 2 : cell / 2);
      const height = places.laneTop(from) + cell / 2;
      pen.path([[start, height, x - 12, y, x - 5, y]], { stroke, width: 1.5 });
      pen.path([[x, y, x - 6, y - 3.5, x - 6, y + 3.5]], { fill: stroke });
    } else if (name === 'x') across(pen, gutter + cell, x, y, stroke);
  }
}

/** The vector that is read, and hidden layers where there is no step at all. */
function paintVectors(
  pen: Pen,
  { lanes, vectors }: ExampleSteps,
  places: Places,
  colors: HeatmapColors,
  { input }: ExampleWords,
): void {
  const { muted, foreground, reference } = colors.theme;
  const y = places.tokens - rise - cell;
  pen.frame(gutter, y, cell, cell, muted, 1);
  pen.text(gutter + cell / 2, y + cell / 2, fitted(pen, input, cell - 4), {
    ...{ fill: foreground, align: 'middle' },
  });
  if (lanes.length > 0) return;
  vectors.forEach((vector, i) => {
    const x = gutter + (i + 1) * column;
    paintUnits(pen, vector, 0, x, y, colors);
    pen.text(x + cell / 2, y + cell + 10, vector.name, { fill: muted, align: 'middle' });
    across(pen, x - between, x, y + cell / 2, reference);
  });
}

function paintAttention(
  pen: Pen,
  { weights, source, before, lanes, output }: ExampleSteps,
  places: Places,
  { theme }: HeatmapColors,
): void {
  const attended = lanes.filter(({ domain }) => domain === 't').at(-1);
  if (!weights || !attended || output.length === 0) return;
  const y = places.laneTop(attended);
  before.forEach((_, u) => {
    source.forEach((__, t) => {
      const weight = weights.values[u * weights.width + t]!;
      if (!(weight >= faintest)) return;
      const alpha = Math.round(255 * weight)
        .toString(16)
        .padStart(2, '0');
      const points = [places.middle('t', t), y, places.middle('u', u), places.answers + 10];
      pen.path([points], { stroke: theme.charts.orange.slice(0, 7) + alpha, width: 2 });
    });
  });
}

function paintTokens(
  pen: Pen,
  tokens: readonly string[],
  domain: 't' | 'u',
  places: Places,
  { theme }: HeatmapColors,
): void {
  tokens.forEach((name, i) => {
    const text = fitted(pen, name, column - 10);
    const width = Math.max(token, pen.widthOf(text) + 8);
    const x = places.middle(domain, i);
    pen.rect(x - width / 2, places.tokens, width, token, theme.grid);
    pen.text(x, places.tokens + token / 2, text, { fill: theme.foreground, align: 'middle' });
  });
}

function paintAnswers(
  pen: Pen,
  steps: ExampleSteps,
  places: Places,
  colors: HeatmapColors,
  words: ExampleWords,
): void {
  const { reference } = colors.theme;
  const { domain, answers, output, lanes, source, all: lengths } = steps;
  const read = lanes.filter((lane) => output.some(({ name }) => name === lane.state));
  if (domain !== 'example') {
    answers.forEach((answer, i) => {
      const x = places.middle(domain, i);
      for (const lane of read) {
        if (lane.domain !== domain) continue;
        paintUp(pen, places, lane, x, reference);
      }
      paintAnswer(pen, answer, x, colors, words);
    });
    return;
  }
  const x = places.right + column;
  const bus = places.answers + rise / 2;
  const at = (lane: LaneSteps) => output.filter(({ name }) => name === lane.state);
  for (const lane of read) {
    for (const { at: which } of at(lane)) {
      const last = source.length - 1;
      const all = source.map((_, i) => i);
      if (which === 'last' && source.length < lengths.t) continue;
      const chosen = which === 'last' ? [last] : which === 'first' ? [0] : all;
      for (const step of chosen) {
        const middle = places.middle('t', step);
        pen.path([[middle, places.laneTop(lane), middle, bus]], { stroke: reference });
      }
      pen.path([[places.middle('t', chosen[0]!), bus, x - column / 2, bus]], { stroke: reference });
    }
  }
  if (read.length === 0) {
    const y = places.tokens - rise - cell / 2;
    pen.path([[places.right - between, y, x - column / 2, y, x - column / 2, bus]], {
      stroke: reference,
    });
  }
  pen.path([[x - column / 2, bus, x - 8, top - 8]], { stroke: reference });
  const [answer] = answers;
  if (answer) paintAnswer(pen, answer, x, colors, words);
}

function paintUp(pen: Pen, places: Places, lane: LaneSteps, x: number, stroke: string): void {
  const from = places.laneTop(lane);
  const isTop = places.lanes.every(
    (other) => other.domain !== lane.domain || places.laneTop(other) >= from,
  );
  if (isTop) {
    upwards(pen, x, from, places.answers, stroke);
    return;
  }
  const side = x - cell / 2 - 5;
  const points = [
    x - 6,
    from,
    side,
    from - 8,
    side,
    places.answers + 12,
    x - 5,
    places.answers + 6,
  ];
  pen.path([points], { stroke });
}

function paintAnswer(
  pen: Pen,
  { answer, truth, loss }: AnswerStep,
  x: number,
  { theme }: HeatmapColors,
  words: ExampleWords,
): void {
  const isRight = truth === undefined || truth === answer;
  const name = `${truth === answer ? '✓ ' : ''}${fitted(pen, answer, column - 12)}`;
  const style = { align: 'middle' } as const;
  const below = isRight
    ? Number.isNaN(loss)
      ? ''
      : words.loss(loss)
    : fitted(pen, truth, column - 4);
  pen.text(x, 10, name, { ...style, fill: theme.foreground, bold: true });
  pen.text(x, 26, below, { ...style, fill: isRight ? theme.muted : theme.charts.red });
}

/** That there are more steps than are drawn. */
function paintRest(pen: Pen, { source, before, all }: ExampleSteps, places: Places, fill: string) {
  const y = places.tokens + token / 2;
  if (source.length < all.t)
    pen.text(places.middle('t', source.length) - cell / 2, y, '…', { fill });
  if (before.length < all.u)
    pen.text(places.middle('u', before.length) - cell / 2, y, '…', { fill });
}

/** The units as a square of pixels, row by row. */
function paintUnits(
  pen: Pen,
  { values, width }: { readonly values: Float64Array; readonly width: number },
  step: number,
  x: number,
  y: number,
  colors: HeatmapColors,
): void {
  const units = values.subarray(step * width, (step + 1) * width);
  const side = Math.ceil(Math.sqrt(units.length));
  const canvas = document.createElement('canvas');
  canvas.width = side;
  canvas.height = Math.max(1, Math.ceil(units.length / side));
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

function across(pen: Pen, from: number, to: number, y: number, stroke: string): void {
  const back = Math.sign(to - from) * 5;
  pen.path([[from, y, to - back, y]], { stroke });
  pen.path([[to, y, to - back * 1.2, y - 3.5, to - back * 1.2, y + 3.5]], { fill: stroke });
}

function upwards(pen: Pen, x: number, from: number, to: number, stroke: string): void {
  pen.path([[x, from, x, to + 5]], { stroke });
  head(pen, x, to, stroke);
}

function head(pen: Pen, x: number, y: number, fill: string): void {
  pen.path([[x, y, x - 3.5, y + 6, x + 3.5, y + 6]], { fill });
}
