import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  levelOf,
  levels,
  merged,
  surpriseShades,
  unitShades,
  type Shade,
} from '../../../src/host/lenses/shading';

const strengths = fc.oneof(fc.double({ min: -2, max: 2, noNaN: true }), fc.constant(NaN));
/** Parts of a text, one after the other, with gaps and empty parts between. */
const shadings = fc.array(fc.tuple(fc.nat(3), fc.nat(3), strengths)).map((parts) => {
  const shades: Shade[] = [];
  let end = 0;
  for (const [gap, length, strength] of parts) {
    const start = end + gap;
    end = start + length;
    shades.push({ start, end, strength });
  }
  return shades;
});

describe('shading', () => {
  it('has nine equal parts from 0 to 1, of which the faintest is no shade', () => {
    const middles = Array.from({ length: levels + 1 }, (_, part) => (part + 0.5) / (levels + 1));
    assert.deepEqual(middles.map(levelOf), [-1, 0, 1, 2, 3, 4, 5, 6, 7]);
    assert.deepEqual([-1, -0, 0, NaN, 1, 5, Infinity].map(levelOf), [-1, -1, -1, -1, 7, 7, 7]);
  });

  it('shades each character as its own part says, in as few ranges as there can be', () => {
    fc.assert(
      fc.property(shadings, (shades) => {
        const ranges = merged(shades);
        const length = shades.at(-1)?.end ?? 0;
        const wanted = new Array<number>(length).fill(-1);
        for (const { start, end, strength } of shades) wanted.fill(levelOf(strength), start, end);
        const got = new Array<number>(length).fill(-1);
        for (const { level, start, end } of ranges) got.fill(level, start, end);
        assert.deepEqual(got, wanted);
        const changes = wanted.filter((level, at) => level >= 0 && level !== wanted[at - 1]);
        assert.equal(ranges.length, changes.length);
      }),
    );
  });

  it('is as strong as a loss is, a token that nothing predicts has none', () => {
    const loss = Float64Array.of(NaN, 0, 1, 2, 8);
    const [starts, ends] = [Float64Array.of(0, 1, 2, 4, 5), Float64Array.of(1, 2, 4, 5, 6)];
    const shades = [...surpriseShades({ starts, ends, loss }, 4)];
    assert.deepEqual(
      shades.map(({ strength }) => strength),
      [NaN, 0, 0.25, 0.5, 2],
    );
    assert.deepEqual(merged(shades), [
      { level: 1, start: 2, end: 4 },
      { level: 3, start: 4, end: 5 },
      { level: 7, start: 5, end: 6 },
    ]);
  });

  it('shades a character of several bytes once: by what they cost together, and by the unit after the last', () => {
    const [starts, ends] = [Float64Array.of(0, 1, 1, 1, 2), Float64Array.of(1, 2, 2, 2, 3)];
    const loss = Float64Array.of(1, 2, 0.5, 0.25, 4);
    const costs = [...surpriseShades({ starts, ends, loss }, 1)];
    assert.deepEqual(
      costs.map(({ start, end, strength }) => [start, end, strength]),
      [
        [0, 1, 1],
        [1, 2, 2.75],
        [2, 3, 4],
      ],
    );
    const values = Float32Array.of(0.5, -1, 1, 0.25, -0.5);
    const variables = [{ name: 'layer1.h', unit: 0, width: 1, values }];
    assert.deepEqual(
      [...unitShades({ starts, ends, variables }, 1)].map(({ strength }) => strength),
      [0.5, 0.25, -0.5],
    );
  });

  it('shows of a unit one sign at a time', () => {
    const values = Float32Array.of(-1, -0.5, 0, 0.5, 1);
    const [starts, ends] = [Float64Array.of(0, 1, 2, 3, 4), Float64Array.of(1, 2, 3, 4, 5)];
    const of = (limit: number) => {
      const variables = [{ name: 'layer1.h', unit: 0, width: 1, values }];
      return merged(unitShades({ starts, ends, variables }, limit));
    };
    assert.deepEqual(of(1), [
      { level: 3, start: 3, end: 4 },
      { level: 7, start: 4, end: 5 },
    ]);
    assert.deepEqual(of(-1), [
      { level: 7, start: 0, end: 1 },
      { level: 3, start: 1, end: 2 },
    ]);
  });
});
