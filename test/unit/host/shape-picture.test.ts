import assert from 'node:assert/strict';
import { modelShapes } from '../../../src/core/model-shapes';
import { shapePath } from '../../../src/core/shape-picture';

/** Boxes of a row, from left to right: rectangles as high as they are wide. */
function boxes(path: string): { x: number; y: number }[] {
  const found = [...path.matchAll(/M([\d.]+) ([\d.]+)h([\d.]+)v([\d.]+)h-[\d.]+z/g)];
  return found
    .filter(([, , , width, height]) => width === height)
    .map(([, x, y]) => ({ x: Number(x), y: Number(y) }));
}

describe('the small picture of a shape', () => {
  it('reads below, answers above, and has states between', () => {
    const rows = modelShapes.map((shape) => {
      const all = boxes(shapePath(shape));
      const in3 = (from: number, to: number) => all.filter(({ y }) => y >= from && y < to);
      return [in3(10, 16), in3(5, 10), in3(0, 5)].map(({ length }) => length);
    });
    assert.deepEqual(rows, [
      [1, 1, 1],
      [1, 3, 3],
      [3, 3, 1],
      [3, 5, 3],
      [3, 3, 3],
    ]);
  });

  it('of the delayed shape answers from where reading ends', () => {
    const all = boxes(shapePath('many to many, delayed'));
    const columns = (row: (y: number) => boolean) =>
      all.filter(({ y }) => row(y)).map(({ x }) => x);
    const [read, answered] = [columns((y) => y > 10), columns((y) => y < 5)];
    assert.equal(Math.max(...read), Math.min(...answered));
  });

  it('stays within 16 × 16', () => {
    for (const shape of modelShapes) {
      for (const [, x, y, width, height] of shapePath(shape).matchAll(
        /M([\d.]+) ([\d.]+)h([\d.]+)v([\d.]+)/g,
      )) {
        assert.ok(Number(x) + Number(width) <= 16 && Number(y) + Number(height) <= 16);
      }
      assert.doesNotMatch(shapePath(shape), /M-|NaN/);
    }
  });
});
