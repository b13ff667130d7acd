import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  activity,
  byActivity,
  byIndex,
  bySimilarity,
  type Activations,
} from '../../../../webview/views/hidden/order';

/** `courses[unit][token]` */
function activationsOf(courses: readonly (readonly number[])[]): Activations {
  const width = courses.length;
  const tokens = courses[0]?.length ?? 0;
  const values = new Float64Array(width * tokens);
  courses.forEach((course, unit) => {
    course.forEach((value, t) => (values[t * width + unit] = value));
  });
  return { width, tokens, values };
}

function similarity(activations: Activations): number[] {
  const work = bySimilarity(activations);
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return Array.from(value);
  }
}

function deviation(course: readonly number[]): number {
  const mean = course.reduce((sum, value) => sum + value, 0) / course.length;
  const squares = course.map((value) => (value - mean) ** 2);
  return Math.sqrt(squares.reduce((sum, value) => sum + value, 0) / course.length);
}

/** Pearson's correlation, as it is defined. */
function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (course: readonly number[]) => course.reduce((x, y) => x + y, 0) / course.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  const covariance =
    a.reduce((sum, value, t) => sum + (value - meanA) * (b[t]! - meanB), 0) / a.length;
  return covariance / (deviation(a) * deviation(b));
}

/** The order as its description says it, with no thought of speed. */
function naive(courses: readonly (readonly number[])[]): number[] {
  const moving = courses.flatMap((course, unit) => (deviation(course) > 1e-9 ? [unit] : []));
  const constant = courses.flatMap((course, unit) => (deviation(course) > 1e-9 ? [] : [unit]));
  const order: number[] = [];
  while (moving.length > 0) {
    const last = order.at(-1);
    const merit = (unit: number) =>
      last === undefined ? deviation(courses[unit]!) : correlation(courses[last]!, courses[unit]!);
    const best = moving.reduce((a, b) => (merit(b) > merit(a) + 1e-12 ? b : a));
    order.push(best);
    moving.splice(moving.indexOf(best), 1);
  }
  return [...order, ...constant];
}

const course = (length: number) =>
  fc.array(fc.integer({ min: -100, max: 100 }), { minLength: length, maxLength: length });

describe('order of hidden units', () => {
  it('by index is their own', () => {
    assert.deepEqual(Array.from(byIndex(4)), [0, 1, 2, 3]);
  });

  it('by activity goes by the standard deviation over the window', () => {
    const courses = [
      [0, 0, 0, 0],
      [1, -1, 1, -1],
      [5, 5, 5, 6],
      [3, -3, 3, -3],
    ];
    const found = activity(activationsOf(courses));
    courses.forEach((each, unit) => {
      assert.ok(Math.abs(found[unit]! - deviation(each)) < 1e-12);
    });
    assert.deepEqual(Array.from(byActivity(activationsOf(courses))), [3, 1, 2, 0]);
  });

  it('by similarity puts units that do the same beside each other', () => {
    const rise = [0, 1, 2, 3, 4];
    const wave = [1, -1, 1, -1, 1];
    const courses = [
      rise.map((value) => 0.1 * value),
      wave,
      rise.map((value) => 3 * value + 7),
      wave.map((value) => 0.5 * value),
      [2, 2, 2, 2, 2],
      rise.map((value) => -value),
    ];
    const order = similarity(activationsOf(courses));
    assert.deepEqual(order.slice(0, 2), [2, 0]);
    assert.equal(Math.abs(order.indexOf(1) - order.indexOf(3)), 1);
    assert.equal(order.at(-1), 4);
  });

  it('by similarity is the order of its definition', () => {
    const matrices = fc
      .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 8 }))
      .chain(([width, tokens]) => fc.array(course(tokens), { minLength: width, maxLength: width }));
    fc.assert(
      fc.property(matrices, (courses) => {
        // Where two correlate alike, rounding decides: the steps are compared, not the units.
        const found = similarity(activationsOf(courses));
        const wanted = naive(courses);
        const moving = wanted.filter((unit) => deviation(courses[unit]!) > 1e-9).length;
        const step = (order: readonly number[], i: number) =>
          correlation(courses[order[i - 1]!]!, courses[order[i]!]!);
        assert.deepEqual(
          found.toSorted((a, b) => a - b),
          courses.map((_, unit) => unit),
        );
        for (let i = 1; i < moving; i++) {
          const gap = Math.abs(step(found, i) - step(wanted, i));
          if (found[i] === wanted[i]) continue;
          assert.ok(gap < 1e-9, `${String(found)} is not ${String(wanted)}`);
          return;
        }
        assert.deepEqual(found.slice(moving), wanted.slice(moving));
      }),
      { numRuns: 300 },
    );
  });

  it('by similarity takes a course that is not finite for one that stands still', () => {
    const order = similarity(
      activationsOf([
        [1, NaN],
        [0, 1],
        [Infinity, 0],
        [1, 0],
      ]),
    );
    assert.deepEqual(
      order.toSorted((a, b) => a - b),
      [0, 1, 2, 3],
    );
    assert.deepEqual(order.slice(0, 2), [1, 3]);
  });

  it('of no units is empty', () => {
    assert.deepEqual(similarity(activationsOf([])), []);
  });
});
