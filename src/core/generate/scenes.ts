/** Pictures of two coloured shapes, and the sentence that tells what stands where. */
import type { Random } from '../random/random';
import { colorNames, drawShape, emptyPicture, shapeNames } from './glyphs';
import { oneOf, type GeneratedTask } from './task';

/** Width and height of a picture, pixels. */
const side = 24;
const radius = 5;
/** Pixels that a shape may be away from its place. */
const jitter = 0.75;

/** Where the first stands as seen from the second, and where both are on the canvas. */
const relations = [
  { words: 'left of', first: [6, 12], second: [18, 12] },
  { words: 'above', first: [12, 6], second: [12, 18] },
] as const;

const glyphs = colorNames.flatMap((color) => shapeNames.map((shape) => ({ color, shape })));

function near(random: Random, [x, y]: readonly [number, number]) {
  const moved = (place: number): number => place + jitter * (2 * random.uniform() - 1);
  return { x: moved(x), y: moved(y), radius };
}

export const scenes: GeneratedTask = {
  summary: 'tell in words what stands left of what, or above it',
  source: 'one picture in, a sentence out: Vinyals, Toshev, Bengio & Erhan 2015',
  format: 'images',
  columns: ['caption'],
  rows: 4000,
  floors: () => [
    {
      metric: 'exactMatch',
      value: 1 / (relations.length * glyphs.length * (glyphs.length - 1)),
      knowing: 'nothing: always the same sentence',
    },
  ],
  row(random) {
    const first = oneOf(random, glyphs);
    const second = oneOf(
      random,
      glyphs.filter((glyph) => glyph !== first),
    );
    const relation = oneOf(random, relations);
    const picture = emptyPicture(side, side);
    drawShape(picture, first, near(random, relation.first));
    drawShape(picture, second, near(random, relation.second));
    const named = ({ color, shape }: typeof first): string => `${color} ${shape}`;
    return { cells: [`${named(first)} ${relation.words} ${named(second)}`], picture };
  },
};
