/** Small pictures of the five shapes, as textbooks draw them: what is read below, states between, answers above. */
import type { ModelShape } from './model-shapes';

/** Columns of steps, and in which of them something is read and something is answered. */
interface Steps {
  readonly columns: number;
  readonly read: (column: number) => boolean;
  readonly answered: (column: number) => boolean;
}

const every = (): boolean => true;

const steps: Readonly<Record<ModelShape, Steps>> = {
  'one to one': { columns: 1, read: every, answered: every },
  'one to many': { columns: 3, read: (column) => column === 0, answered: every },
  'many to one': { columns: 3, read: every, answered: (column) => column === 2 },
  'many to many, delayed': {
    ...{ columns: 5, read: (column) => column < 3 },
    answered: (column) => column >= 2,
  },
  'many to many, synced': { columns: 3, read: every, answered: every },
};

const side = 16;
const box = 2.6;
const line = 0.8;
const rows = { answer: 0.2, state: (side - box) / 2, input: side - box - 0.2 };

/** Path data of a picture of 16 × 16, filled, for the panel and for pick lists. */
export function shapePath(shape: ModelShape): string {
  const { columns, read, answered } = steps[shape];
  const pitch = columns > 3 ? 3.3 : 5.4;
  const first = (side - (columns - 1) * pitch - box) / 2;
  const rect = (x: number, y: number, width: number, height: number): string =>
    `M${number(x)} ${number(y)}h${number(width)}v${number(height)}h${number(-width)}z`;
  return Array.from({ length: columns }, (_, column) => {
    const x = first + column * pitch;
    const middle = x + (box - line) / 2;
    const link = (from: number, to: number) => rect(middle, from + box, line, to - from - box);
    return [
      rect(x, rows.state, box, box),
      column === 0 ? '' : rect(x - pitch + box, (side - line) / 2, pitch - box, line),
      read(column) ? rect(x, rows.input, box, box) + link(rows.state, rows.input) : '',
      answered(column) ? rect(x, rows.answer, box, box) + link(rows.answer, rows.state) : '',
    ].join('');
  }).join('');
}

function number(value: number): string {
  return String(Math.round(value * 100) / 100);
}
