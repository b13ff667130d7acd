/**
 * What ways that learn no states come to: counted on the training part, measured on another by the scores that a model
 * is measured by.
 */
import { scoreNames } from '../metrics/columns';
import { argmax } from '../numerics';
import type { Table } from '../tables/table';
import { textOf } from './codecs';
import { firstRow, rowsOf, type ChannelData, type Ids, type PartName } from './dataset';
import type { Encoded } from './encoded';
import type { Floor, Way } from './floor';
import { seriesFloors } from './floors-of-series';
import { createLeastSquares, linear } from './least-squares';
import { createNaiveBayes, textFeatures } from './naive-bayes';
import { cellAt } from './table-cells';
import { createTally } from './tally';
import type { Understanding } from './understanding';

export interface FloorRequest {
  readonly table: Table;
  readonly understanding: Understanding;
  readonly encoded: Encoded;
}

/** Each score of each way that fits the task; none if the part is empty. */
export function floorsOf(request: FloorRequest, part: PartName = 'test'): Floor[] {
  const { dataset, output } = request.encoded;
  const examples = dataset.parts[part];
  if (examples.length === 0) return [];
  return waysFor(request).flatMap(({ name, ...given }) => {
    const answers = { symbol: () => -1, value: () => 0, ...given };
    const tally = createTally(dataset, { answers, deviations: output.deviations });
    for (const example of examples) tally.add(example, example);
    const scores = tally.scores();
    return scoreNames.flatMap((score) => {
      const value = scores[score];
      return value === undefined || !Number.isFinite(value) ? [] : [{ name, score, value }];
    });
  });
}

function waysFor(request: FloorRequest): readonly Way[] {
  const { dataset, series } = request.encoded;
  const { values } = dataset.output;
  if (series !== undefined) return seriesFloors(request.encoded, series);
  if (values.kind === 'numbers') return values.labels ? labelWays(request) : numberWays(request);
  switch (dataset.alignment) {
    case 'one':
      return classWays(request);
    case 'synced':
      return tagWays(request);
    case 'delayed':
      return answerWays(request);
  }
}

function idsOf({ values }: ChannelData): Ids {
  return values.kind === 'symbols' ? values.ids : new Int32Array(0);
}

/** One of several classes. */
function classWays(request: FloorRequest): Way[] {
  const { encoded, understanding } = request;
  const { dataset, output } = encoded;
  const ids = idsOf(dataset.output);
  const classes = output.form.width;
  const counts = new Float64Array(classes);
  for (const example of dataset.parts.train) counts[ids[example]!]!++;
  const most = argmax(counts);
  const majority: Way = { name: 'majority', symbol: () => most };
  const { type } = understanding.inputs[0]!;
  if (type === 'text' || type === 'sequence') return [majority, bayes(request)];
  return dataset.input.values.kind === 'numbers' ? [majority, nearestMean(encoded)] : [majority];
}

function textAt({ table, understanding, encoded }: FloorRequest, example: number): string {
  const row = encoded.examples[example]!;
  return understanding.inputs.map((column) => textOf(cellAt(table, column, row))).join('\n');
}

/** Naive Bayes learns from so many examples at most: more take time and memory, and change little. */
const mostLearnt = 200_000;

/** Some examples, the same distance apart where there are more. */
function spread(examples: Uint32Array): Uint32Array {
  const step = Math.ceil(examples.length / mostLearnt);
  return step <= 1 ? examples : examples.filter((_, i) => i % step === 0);
}

function bayes(request: FloorRequest): Way {
  const { dataset, output } = request.encoded;
  const ids = idsOf(dataset.output);
  const model = createNaiveBayes(output.form.width);
  for (const example of spread(dataset.parts.train)) {
    model.add(textFeatures(textAt(request, example)), ids[example]!);
  }
  return {
    name: 'naive Bayes',
    symbol: (example) => model.answer(textFeatures(textAt(request, example))),
  };
}

/** The class whose mean input is nearest. */
function nearestMean({ dataset, output }: Encoded): Way {
  const { input, parts } = dataset;
  const ids = idsOf(dataset.output);
  const classes = output.form.width;
  const { values } = input;
  if (values.kind !== 'numbers') throw new Error('means are of numbers');
  // Of pictures row by row: all rows together are one vector.
  const size = rowsOf(input, parts.train[0]!) * values.width;
  const at = (example: number): Float32Array => {
    const from = firstRow(input, example) * values.width;
    return values.values.subarray(from, from + size);
  };
  const sums = Array.from({ length: classes }, () => new Float64Array(size));
  const counts = new Float64Array(classes);
  for (const example of parts.train) {
    counts[ids[example]!]!++;
    const sum = sums[ids[example]!]!;
    at(example).forEach((value, i) => (sum[i]! += value));
  }
  const means = sums.map((sum, c) => sum.map((value) => value / Math.max(1, counts[c]!)));
  return {
    name: 'nearest class mean',
    symbol(example) {
      const own = at(example);
      const distances = means.map((mean, c) =>
        counts[c] === 0
          ? -Infinity
          : -own.reduce((sum, value, i) => sum + (value - mean[i]!) ** 2, 0),
      );
      return argmax(distances);
    },
  };
}

/** Any of several labels. */
function labelWays(request: FloorRequest): Way[] {
  const { encoded, understanding } = request;
  const { dataset, output } = encoded;
  const { values } = dataset.output;
  if (values.kind !== 'numbers') return [];
  const width = output.form.width;
  const has = (example: number, label: number): number => values.values[example * width + label]!;
  const often = Array.from({ length: width }, (_, label) => {
    const times = dataset.parts.train.reduce((sum, example) => sum + has(example, label), 0);
    return 2 * times > dataset.parts.train.length ? 1 : -1;
  });
  const majority: Way = { name: 'majority', value: (_, _t, label) => often[label]! };
  const { type } = understanding.inputs[0]!;
  if (type !== 'text' && type !== 'sequence') return [majority];
  const models = often.map(() => createNaiveBayes(2));
  for (const example of spread(dataset.parts.train)) {
    const features = [...textFeatures(textAt(request, example))];
    models.forEach((model, label) => model.add(features, has(example, label)));
  }
  return [
    majority,
    {
      name: 'naive Bayes',
      value: (example, _, label) =>
        models[label]!.answer(textFeatures(textAt(request, example))) - 0.5,
    },
  ];
}

/** Numbers, of the whole example. */
function numberWays({ encoded }: FloorRequest): Way[] {
  const { dataset, output } = encoded;
  const { input } = dataset;
  // Standardised by the training part, whose mean is 0.
  const mean: Way = { name: 'mean', value: () => 0 };
  const given = input.values;
  const { values } = dataset.output;
  if (given.kind !== 'numbers' || input.starts !== undefined || values.kind !== 'numbers')
    return [mean];
  if (given.width > mostFeatures) return [mean];
  const at = (example: number): Float32Array =>
    given.values.subarray(example * given.width, (example + 1) * given.width);
  const weights = Array.from({ length: output.form.width }, (_, i) => {
    const squares = createLeastSquares(given.width);
    for (const example of dataset.parts.train) {
      squares.add(at(example), values.values[example * values.width + i]!);
    }
    return squares.solve();
  });
  return [
    mean,
    { name: 'linear regression', value: (example, _, i) => linear(weights[i]!, at(example)) },
  ];
}

/** More have no regression: it takes the square of them for each example. */
const mostFeatures = 500;

/** An answer for each symbol of the input: the one that it had most often. */
function tagWays({ encoded }: FloorRequest): Way[] {
  const { dataset, input, output } = encoded;
  const [given, ids] = [idsOf(dataset.input), idsOf(dataset.output)];
  const classes = output.form.width;
  const all = new Float64Array(classes);
  const counts = Array.from({ length: input.form.width }, () => new Map<number, number>());
  for (const example of dataset.parts.train) {
    const start = firstRow(dataset.output, example);
    for (let row = start; row < start + rowsOf(dataset.output, example); row++) {
      const [symbol, id] = [given[row]!, ids[row]!];
      if (id < 0) continue;
      all[id]!++;
      if (symbol >= 0) counts[symbol]!.set(id, (counts[symbol]!.get(id) ?? 0) + 1);
    }
  }
  const most = argmax(all);
  const majority: Way = { name: 'majority', symbol: () => most };
  if (dataset.input.values.kind !== 'symbols') return [majority];
  const answers = counts.map((own) => {
    const [[best] = [most]] = [...own].sort(([a, m], [b, n]) => n - m || a - b);
    return best;
  });
  return [
    majority,
    {
      name: 'most frequent for the symbol',
      symbol: (example, t) => answers[given[firstRow(dataset.input, example) + t]!] ?? most,
    },
  ];
}

/** Answers that are sequences. */
function answerWays({ encoded }: FloorRequest): Way[] {
  const { dataset, input, output } = encoded;
  const ids = idsOf(dataset.output);
  const boundary = output.form.width;
  const answerAt = (example: number): Ids => {
    const start = firstRow(dataset.output, example);
    return ids.subarray(start, start + rowsOf(dataset.output, example));
  };
  const counts = new Map<string, { example: number; times: number }>();
  for (const example of dataset.parts.train) {
    const key = answerAt(example).join();
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { example, times: 1 });
    else known.times++;
  }
  const [best] = [...counts.values()].sort((a, b) => b.times - a.times || a.example - b.example);
  const common = answerAt(best!.example);
  const ways: Way[] = [{ name: 'most frequent answer', symbol: (_, t) => common[t] ?? boundary }];
  if (dataset.input.values.kind !== 'symbols' || dataset.input.starts === undefined) return ways;
  const named = new Map(Array.from({ length: boundary }, (_, id) => [output.name(id), id]));
  const copies = Array.from(
    { length: input.form.width },
    (_, id) => named.get(input.name(id)) ?? -1,
  );
  const given = idsOf(dataset.input);
  ways.push({
    name: 'copying the input',
    symbol(example, t) {
      if (t >= rowsOf(dataset.input, example)) return boundary;
      return copies[given[firstRow(dataset.input, example) + t]!] ?? -1;
    },
  });
  return ways;
}
