/** Forecasts that are fed back, beside the recursion that the model is. */
import assert from 'node:assert/strict';
import { buildExampleModel } from '../../../src/core/engine/model';
import { createNetwork } from '../../../src/core/engine/network';
import { writeParameter } from '../../../src/core/engine/parameters';
import { createReferenceBackend } from '../../../src/core/engine/reference';
import { parseCell } from '../../../src/core/equations/parse';
import { channelsOf } from '../../../src/core/task/channels';
import { forecast } from '../../../src/core/task/forecast';
import { measureForecasts } from '../../../src/core/task/measure-forecasts';
import type { Overrides } from '../../../src/core/task/overrides';
import { createRandom } from '../../../src/core/random/random';
import { csv, taskOf, type Task } from './tools';

/** An autoregression of two lags, of standardised values. */
const model = 'y[t] = V x[t] + W x[t-1] + c';
const [v, w, c] = [1.2, -0.4, 0.15] as const;

const networkOf = (task: Task) => linear(task, { V: [v], W: [w], c: [c] }, model);

function linear(
  { dataset }: Task,
  weights: Readonly<Record<string, readonly number[]>>,
  equations: string,
) {
  const sizes = { hidden: 1, dropout: 0, ...channelsOf(dataset) };
  const built = buildExampleModel({ cell: parseCell(equations, 'autoregression'), ...sizes });
  const backend = createReferenceBackend(built.layout);
  for (const parameter of built.parameters) {
    const values = weights[parameter.name]!;
    writeParameter(backend.floats(), built.layout.parameters, parameter, [...values]);
  }
  backend.parametersChanged();
  return createNetwork(built, backend);
}

const random = createRandom(3);
const days = Array.from({ length: 200 }, (_, i) => new Date(Date.UTC(2020, 0, 1 + i)));
const values = days.map((_, i) => 50 + 10 * Math.sin(i / 3) + 4 * random.normal());
const file = csv(
  'date,value',
  days.map((day, i) => [day.toISOString().slice(0, 10), values[i]!.toFixed(4)]),
);
const known = values.map((value) => Number(value.toFixed(4)));

function last<T>(generator: Generator<unknown, T, undefined>): T {
  for (;;) {
    const { done, value } = generator.next();
    if (done === true) return value;
  }
}

/** What the model says at each step, of all that is known up to it and all that it has said since. */
function expected({ input, output, series }: Task, origin: number, steps: number): number[] {
  const field = (codec: Task['input']) => {
    const [one] = codec.data.kind === 'row' ? codec.data.fields : [];
    if (one?.kind !== 'number') throw new Error('One number goes in, and one comes out.');
    return one;
  };
  const { horizon, difference } = series!.plan;
  const told = known.slice(0, origin + 1);
  const read = (value: number): number =>
    Math.fround((value - field(input).mean) / field(input).deviation);
  for (let lead = 1; lead <= steps; lead++) {
    const at = origin + lead - horizon;
    const answer = v * read(told[at]!) + w * read(told[at - 1]!) + c;
    const value = answer * field(output).deviation + field(output).mean;
    told.push(difference ? told[at]! + value : value);
  }
  return told.slice(origin + 1);
}

const plans: readonly Overrides['series'][] = [
  { horizon: 1, difference: false, season: 7 },
  { horizon: 1, difference: true, season: 7 },
  { horizon: 3, difference: false, season: 7 },
  { horizon: 3, difference: true, season: 7 },
];

describe('forecasts of a series', () => {
  for (const series of plans) {
    it(`are those of the recursion: ${JSON.stringify(series)}`, async () => {
      const task = await taskOf(file, {
        series,
        date: 'date',
        output: ['value'],
        input: ['value'],
      });
      const network = networkOf(task);
      const origins = [150, 163, 190, 199];
      const { plan, table } = task.series!;
      const found = last(forecast({ ...task, network, plan, table }, origins, 9));
      for (const [i, origin] of origins.entries()) {
        const wanted = expected(task, origin, 9);
        found[i]!.forEach((value, k) => {
          assert.ok(
            Math.abs(value - wanted[k]!) < 1e-6 * (1 + Math.abs(value)),
            `${String(value)}, not ${String(wanted[k])}`,
          );
        });
      }
    });

    it(`are measured on the test part alone: ${JSON.stringify(series)}`, async () => {
      const task = await taskOf(file, {
        series,
        date: 'date',
        output: ['value'],
        input: ['value'],
      });
      const measured = last(measureForecasts(networkOf(task), task, 'test', 9))!;
      const [start, end] = [180, 200];
      assert.equal(measured.origins, end - start);
      const errors = (tell: (origin: number, lead: number) => number): number[] =>
        Array.from({ length: 9 }, (_, i) => {
          const all: number[] = [];
          for (let origin = start - 1; origin + i + 1 < end; origin++) {
            all.push(Math.abs(tell(origin, i + 1) - known[origin + i + 1]!));
          }
          return all.reduce((sum, error) => sum + error, 0) / all.length;
        });
      const wanted: Readonly<Record<string, readonly number[]>> = {
        model: errors((origin, lead) => expected(task, origin, lead)[lead - 1]!),
        'last value': errors((origin) => known[origin]!),
        'seasonal value': errors((origin, lead) => known[origin + lead - 7 * Math.ceil(lead / 7)]!),
      };
      for (const { name, mae, rmse } of measured.ways) {
        wanted[name]?.forEach((error, i) => {
          assert.ok(Math.abs(mae[i]! - error) < 1e-6, `${name} ${String(i)}: ${String(mae[i])}`);
        });
        assert.ok(rmse.every((error, i) => error >= mae[i]!));
      }
      assert.deepEqual(
        measured.ways.map(({ name }) => name),
        ['model', 'last value', 'seasonal value', 'autoregression'],
      );
    });
  }

  for (const series of plans) {
    it(`are told from each of the last steps, with a band: ${JSON.stringify(series)}`, async () => {
      const task = await taskOf(file, {
        series,
        date: 'date',
        output: ['value'],
        input: ['value'],
      });
      const network = networkOf(task);
      assert.equal(last(measureForecasts(network, task, 'test', 5))!.course, undefined);
      const course = last(measureForecasts(network, task, 'test', 5, true))!.course!;
      const [start, end] = [180, 200];
      assert.deepEqual([course.first, course.leads], [start, 5]);
      const [column] = course.columns;
      assert.deepEqual([...column!.truth], known.slice(start, end));
      // From the step before the first on show up to the last, behind which nobody knows.
      assert.equal(column!.told.length, 5 * (end - start + 1));
      column!.told.forEach((value, at) => {
        const wanted = expected(task, start - 1 + Math.floor(at / 5), 5)[at % 5]!;
        assert.ok(Math.abs(value - wanted) < 1e-6 * (1 + Math.abs(value)));
      });
      for (let k = 0; k < 5; k++) {
        const errors: number[] = [];
        for (let origin = start - 1; origin + k + 1 < end; origin++) {
          errors.push(known[origin + k + 1]! - expected(task, origin, k + 1)[k]!);
        }
        const share = (limit: number) => errors.filter((error) => error <= limit).length;
        // By the definition of a quantile, a tenth at either end lies outside.
        const tenth = (errors.length - 1) / 10;
        assert.equal(share(column!.low[k]!), Math.floor(tenth) + 1);
        assert.equal(errors.length - share(column!.high[k]! - 1e-9), Math.floor(tenth) + 1);
      }
    });
  }

  it('of a series that is one are made by the autoregression without an error, however far', async () => {
    const made = [3, 4];
    while (made.length < 150) made.push(1.6 * made.at(-1)! - 0.99 * made.at(-2)! + 1);
    const rows = made.map((value, i) => [days[i]!.toISOString().slice(0, 10), value]);
    const task = await taskOf(csv('date,value', rows), {
      series: { difference: false },
      date: 'date',
    });
    const { ways } = last(measureForecasts(networkOf(task), task, 'test', 12))!;
    const { mae } = ways.find(({ name }) => name === 'autoregression')!;
    assert.equal(mae.length, 12);
    assert.ok(
      mae.every((error) => error < 1e-3),
      [...mae].join(' '),
    );
  });

  it('end at the horizon where something is read that is not forecast', async () => {
    const rows = days.map((day, i) => [day.toISOString().slice(0, 10), i % 5, known[i]!]);
    const task = await taskOf(csv('date,rain,value', rows), {
      series: { horizon: 2, difference: false },
      date: 'date',
      output: ['value'],
    });
    const network = networkOf(await taskOf(file, { series: {}, date: 'date' }));
    const { plan, table } = task.series!;
    assert.throws(
      () => last(forecast({ ...task, network, plan, table }, [190], 3)),
      /reads rain but does not forecast it, so nothing beyond its horizon of 2 can be told/,
    );
  });

  for (const horizon of [1, 3]) {
    for (const difference of [false, true]) {
      it(`read what is known in advance of the step that is forecast: ${String(horizon)} ahead${difference ? ', by changes' : ''}`, async () => {
        const holiday = days.map((_, i) => Number(random.uniform() < 0.2) * (1 + (i % 3)));
        const table = csv(
          'date,value,holiday',
          days.map((day, i) => [day.toISOString().slice(0, 10), known[i]!, holiday[i]!]),
        );
        const task = await taskOf(table, {
          ...{ date: 'date', output: ['value'], input: ['value', 'holiday'], ahead: ['holiday'] },
          ...{ series: { horizon, difference }, types: { holiday: 'number' } },
        });
        const [weights, bias] = [[0.7, -0.9], 0.2] as const;
        const network = linear(task, { V: weights, c: [bias] }, 'y[t] = V x[t] + c');
        const { plan, table: steps } = task.series!;
        const origins = [150, 163, 190];
        const found = last(forecast({ ...task, network, plan, table: steps }, origins, 9));
        const fields = [task.input, task.output].flatMap(({ data }) =>
          data.kind === 'row' ? data.fields : [],
        );
        const [read, ahead, answer] = fields.map((field) => {
          if (field.kind !== 'number') throw new Error('All are numbers.');
          return field;
        });
        const standard = (value: number, { mean, deviation }: NonNullable<typeof read>): number =>
          Math.fround((value - mean) / deviation);
        for (const [i, origin] of origins.entries()) {
          const told = known.slice(0, origin + 1);
          for (let lead = 1; lead <= 9; lead++) {
            const before = told[origin + lead - horizon]!;
            const sum =
              weights[0] * standard(before, read!) +
              weights[1] * standard(holiday[origin + lead]!, ahead!) +
              bias;
            const value = sum * answer!.deviation + answer!.mean + (difference ? before : 0);
            told.push(value);
            const got = found[i]![lead - 1]!;
            assert.ok(
              Math.abs(got - value) < 1e-5 * (1 + Math.abs(value)),
              `${String(got)}, not ${String(value)}`,
            );
          }
        }
      });
    }
  }

  it('refuse a column known in advance that is what is forecast, or that does not go in', async () => {
    const plain = { date: 'date', output: ['value'], input: ['value'] };
    await assert.rejects(taskOf(file, { ...plain, ahead: ['value'] }), /is what is forecast/);
    await assert.rejects(
      taskOf(file, { ...plain, ahead: ['holiday'] }),
      /holiday .* does not go in/,
    );
  });
});
