/** Forecasts of a series: so many steps behind an origin, each with those before it fed back. */
import type { Floats } from '../engine/backend';
import type { ExampleModel } from '../engine/model';
import type { Network } from '../engine/network';
import { InputError } from '../input-error';
import { sentence } from '../sentence';
import { widthOf, type Codec } from './codecs';
import type { SeriesSteps } from './series-rows';
import type { SeriesPlan } from './understanding';

/** A model of a series, and the steps that it goes on from. */
export interface ForecastTask {
  readonly network: Network<ExampleModel>;
  readonly input: Codec;
  readonly output: Codec;
  readonly plan: SeriesPlan;
  readonly table: SeriesSteps;
}

/** Origins side by side. */
const rows = 64;

/** Where an output goes in again. */
interface FedBack {
  /** Its place among the outputs, and in a row of what is read. */
  readonly output: number;
  readonly at: number;
  readonly mean: number;
  readonly deviation: number;
}

/** Numbers of a row that is read. */
interface Place {
  readonly at: number;
  readonly width: number;
}

/** What is read of steps that are not known yet. */
interface Feedback {
  readonly fed: readonly FedBack[];
  /** Columns that are known in advance. */
  readonly ahead: readonly Place[];
}

/**
 * How forecasts are fed back.
 * @returns the name of a column that goes in and is not forecast, where there is one: then no value behind the horizon can be told
 */
export function feedback({
  input,
  output,
  plan,
}: Pick<ForecastTask, 'input' | 'output' | 'plan'>): Feedback | string {
  const fed: FedBack[] = [];
  const ahead: Place[] = [];
  if (input.data.kind !== 'row') return input.columns.join(', ');
  let at = 0;
  for (const field of input.data.fields) {
    const width = widthOf(field);
    const place = output.columns.indexOf(field.name);
    if (plan.ahead?.includes(field.name)) ahead.push({ at, width });
    else if (field.kind !== 'number' || place < 0) return field.name;
    else fed.push({ output: place, at, mean: field.mean, deviation: field.deviation });
    at += width;
  }
  return { fed, ahead };
}

/** The most steps that can be forecast. */
export function farthest(task: Pick<ForecastTask, 'input' | 'output' | 'plan'>): number {
  return typeof feedback(task) === 'string' ? task.plan.horizon : Infinity;
}

/**
 * Forecasts of numbers. Up to the horizon each is told from what is known; what is behind it, from forecasts. Before
 * each forecast as many steps are read as in two training examples, or as many as there are.
 *
 * @param origins each the last step that is known
 * @yields share done, 0 to 1
 * @returns of each origin `[steps, outputs]`, in the data’s own units
 * @throws InputError if there are too few steps to go on from, or it cannot be told so far ahead
 */
export function* forecast(
  task: ForecastTask,
  origins: ArrayLike<number>,
  steps: number,
): Generator<number, Float64Array[], undefined> {
  const { network, input, output, plan, table } = task;
  const { horizon, window, difference } = plan;
  const back = feedback(task);
  if (typeof back === 'string' && steps > horizon) throw notForecast(back, horizon);
  const all = Array.from(origins);
  const [first, last] = [Math.min(...all), Math.max(...all)];
  const read = Math.min(2 * window, first + 1);
  if (read < horizon) {
    throw new InputError(
      sentence`There are ${first + 1} rows to go on from, and a forecast ${horizon} steps ahead needs as many.`,
      sentence`Give more rows.`,
    );
  }
  const start = first - read + 1;
  // Of what is known in advance the steps that are forecast, too; what is beyond the last cell is not read.
  const length = last + 1 + Math.max(0, steps - horizon) - start;
  const { values } = input.encode([
    table.cells.map((cells) =>
      Array.from({ length }, (_, i) => cells[start + i] ?? cells.at(-1) ?? ''),
    ),
  ]).channel;
  if (values.kind !== 'numbers') throw new Error('A series is read as numbers.');
  const { width } = values;
  const sequence = read + Math.max(0, steps - horizon);
  const batch = Math.min(rows, all.length);
  const loaded = network.program('evaluate', { rows: 'examples', batch, sequence });
  const given = loaded.program.given.get('x[t]');
  const logits = loaded.program.probes.get('logits')!;
  const floats = (): Floats => network.backend.floats();
  loaded.targets.fill(-1);

  const write = (row: number, t: number, numbers: ArrayLike<number>): void => {
    if (given) floats().set(numbers, given.offset + t * given.timeStride + row * given.rowStride);
  };
  const told = (row: number, t: number): number[] => {
    const from = logits.offset + t * logits.timeStride + row * logits.rowStride;
    return output.restore(floats().subarray(from, from + logits.width));
  };

  const found = all.map(() => new Float64Array(steps * output.columns.length));
  const outputs = output.columns.length;
  for (let from = 0; from < all.length; from += batch) {
    const chosen = all.slice(from, from + batch);
    const run = (length: number): void => {
      loaded.setExamples({
        count: chosen.length,
        t: new Int32Array(chosen.length).fill(length),
      });
      loaded.run(0);
    };
    /** Takes the forecast `lead` steps behind each origin from step t. */
    const take = (lead: number, t: number): void => {
      for (const [row, origin] of chosen.entries()) {
        const forecasts = found[from + row]!;
        told(row, t).forEach((value, i) => {
          const before = origin + lead - horizon;
          const known =
            before <= origin
              ? table.known[i]![before]!
              : forecasts[(before - origin - 1) * outputs + i]!;
          forecasts[(lead - 1) * outputs + i] = difference ? known + value : value;
        });
      }
    };
    for (const [row, origin] of chosen.entries()) {
      for (let t = 0; t < read; t++) {
        const at = (origin - read + 1 + t - start) * width;
        write(row, t, values.values.subarray(at, at + width));
      }
    }
    run(read);
    for (let lead = 1; lead <= Math.min(steps, horizon); lead++) {
      take(lead, read - 1 - horizon + lead);
    }
    for (let lead = horizon + 1; lead <= steps; lead++) {
      const t = read + lead - horizon - 1;
      const numbers = new Float32Array(width);
      const { fed, ahead } = back as Feedback;
      for (const [row, origin] of chosen.entries()) {
        const step = (origin + lead - horizon - start) * width;
        for (const place of ahead) {
          const from = step + place.at;
          numbers.set(values.values.subarray(from, from + place.width), place.at);
        }
        for (const { output: i, at, mean, deviation } of fed) {
          const value = found[from + row]![(lead - horizon - 1) * outputs + i]!;
          numbers[at] = (value - mean) / deviation;
        }
        write(row, t, numbers);
      }
      run(t + 1);
      take(lead, t);
      yield (from + (chosen.length * lead) / steps) / all.length;
    }
    yield (from + chosen.length) / all.length;
  }
  return found;
}

function notForecast(column: string, horizon: number): InputError {
  return new InputError(
    sentence`The model reads ${column} but does not forecast it, so nothing beyond its horizon of ${horizon} can be told.`,
    sentence`Ask for no more steps, or train with ${column} known in advance (--ahead), among the outputs (--output) or not among the inputs (--input).`,
  );
}
