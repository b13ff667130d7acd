import assert from 'node:assert/strict';
import {
  courseLines,
  originsOf,
  usualOrigin,
  type Course,
} from '../../../../webview/views/results/courses';

/** Steps 11 to 14, of which two are told from each of the steps 10 to 14. */
const course: Course = {
  first: 10,
  leads: 2,
  dates: [],
  columns: [
    {
      name: 'v',
      truth: Float64Array.of(1, 2, NaN, 4),
      told: Float64Array.of(1.1, 2.2, 2.1, 3.2, 3.1, 4.2, 4.1, 5.2, 5.1, 6.2),
      low: Float64Array.of(-1, -2),
      high: Float64Array.of(1, 3),
    },
  ],
};

describe('a series with its forecasts', () => {
  it('has what was told one step ahead, and behind an origin', () => {
    assert.equal(originsOf(course), 5);
    const { steps, truth, oneStep, ahead, told, low, high } = courseLines(course, 0, 1);
    assert.deepEqual([...steps], [11, 12, 13, 14]);
    assert.deepEqual([...truth], [1, 2, NaN, 4]);
    assert.deepEqual([...oneStep], [1.1, 2.1, 3.1, 4.1]);
    assert.deepEqual([...ahead], [12, 13]);
    assert.deepEqual([...told], [2.1, 3.2]);
    const near = (found: Float64Array, wanted: number[]) =>
      found.forEach((value, i) => assert.ok(Math.abs(value - wanted[i]!) < 1e-12));
    near(low, [1.1, 1.2]);
    near(high, [3.1, 6.2]);
  });

  it('begins where all that is told can be compared, and goes on behind the last step', () => {
    assert.equal(usualOrigin(course), 2);
    const { ahead } = courseLines(course, 0, usualOrigin(course));
    assert.deepEqual([...ahead], [13, 14]);
    assert.deepEqual([...courseLines(course, 0, 4).ahead], [15, 16]);
    assert.equal(usualOrigin({ ...course, leads: 5 }), 0);
  });
});
