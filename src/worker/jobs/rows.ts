/** Reads the rows of a data file as a lens shows them. */
import { InputError } from '../../core/input-error';
import { rankUnits } from '../../core/inspection/auc';
import { domainOfVariable, readExampleStates } from '../../core/inspection/example-states';
import { sentence } from '../../core/sentence';
import { firstRow, rowsOf, type Dataset } from '../../core/task/dataset';
import { predictExamples } from '../../core/task/predict-examples';
import { exampleShape } from '../../core/task/run-examples';
import type {
  FindRowUnitsRequest,
  FindRowUnitsResult,
  ShadedRow,
  ShadeRowsRequest,
  ShadeRowsResult,
} from '../../protocol/engine';
import { answerExamples } from '../answers';
import { brokenError, inputError } from '../failures';
import type { Job } from '../handler';
import { openExampleModel, type OpenExampleModel } from '../models';
import { prefixesOf } from '../prefixes';
import { readRows, type ReadRow, type RowData } from '../row-data';
import { inSlices } from '../slices';

/** A token that costs so many times ln C has the strongest shade, as under the surprise lens. */
const strongest = 1.5;
/** Half the square of an error of two standard deviations. */
const largeError = 2;
/** Of a longer row the score is told after every few tokens. */
const mostPrefixes = 60;
const longestAnswer = 256;
const rowsTogether = 32;
const stopped = sentence`The rows were not read to their end.`;

async function opened(
  job: Job<'shadeRows'> | Job<'findRowUnits'>,
  source: ShadeRowsRequest['model'],
): Promise<OpenExampleModel> {
  const model = await openExampleModel(job, source, 0);
  if (model !== undefined) return model;
  throw inputError(sentence`That model goes on with a text; it does not answer examples.`);
}

/** @throws JobError, InputError */
export async function shadeRows(
  { model: source, rows: given, by, folder }: ShadeRowsRequest,
  job: Job<'shadeRows'>,
): Promise<ShadeRowsResult> {
  const model = await opened(job, source);
  try {
    const data = await readRows(model, given, job.platform.files, folder);
    const rows: (ShadedRow | null)[] = given.map(() => null);
    if (data.rows.length > 0) {
      const values = await inSlices(job, valuesBy(model, data, by), () => undefined);
      if (values === undefined) throw brokenError(stopped);
      const answers = await inSlices(job, answersTo(model, data), () => undefined);
      if (answers === undefined) throw brokenError(stopped);
      data.rows.forEach((row, i) => {
        const found = values[i];
        if (found) rows[row.place] = { ...shadedBy(row, found), ...answers[i]! };
      });
    }
    return { step: model.step, most: mostOf(model, by), rows };
  } finally {
    model.close();
  }
}

/** Values that are as many as the steps are theirs. */
function shadedBy(
  { spans }: ReadRow,
  values: Float64Array<ArrayBuffer>,
): Pick<ShadedRow, 'spans' | 'values'> {
  const isAlong = spans?.length === 2 * values.length;
  return { spans: isAlong ? Float64Array.from(spans) : null, values };
}

function mostOf({ output, task }: OpenExampleModel, by: ShadeRowsRequest['by']): number {
  if (by.kind !== 'loss') return 1;
  if (output.form.kind === 'numbers') return largeError * output.form.width;
  if (output.form.kind === 'labels') return strongest * Math.LN2 * output.form.width;
  const ends = task.understanding.alignment === 'delayed' ? 1 : 0;
  return strongest * Math.log(output.form.width + ends);
}

type Values = Float64Array<ArrayBuffer> | undefined;

function* valuesBy(
  model: OpenExampleModel,
  { rows, dataset }: RowData,
  by: ShadeRowsRequest['by'],
): Generator<unknown, Values[], undefined> {
  const all = dataset.parts.test;
  switch (by.kind) {
    case 'score':
      return yield* scoresOf(model, dataset);
    case 'loss': {
      const { examples } = yield* readExampleStates(model.network, dataset, all, [], 'example');
      return examples.map(({ losses }, i) => {
        if (!rows[i]!.hasTruth) return undefined;
        if (dataset.alignment === 'synced') return losses;
        return Float64Array.of(losses.reduce((sum, loss) => sum + loss, 0) / losses.length);
      });
    }
    case 'unit': {
      const { variable, unit } = by;
      const domain = domainOfVariable(model.network.model.spec.cell, variable);
      if (domain !== 't') {
        throw new InputError(
          sentence`${variable} has no value after each token that is read.`,
          sentence`Choose a variable with the index t.`,
        );
      }
      const states = yield* readExampleStates(model.network, dataset, all, [variable], domain);
      const [{ width, values }] = states.variables as [(typeof states.variables)[0]];
      return states.examples.map(({ first, count }) =>
        Float64Array.from({ length: count }, (_, step) => values[(first + step) * width + unit]!),
      );
    }
  }
}

/** Of one class the probability of what is answered to the whole, after each beginning; of tags that of each. */
function* scoresOf(
  { network, output }: OpenExampleModel,
  dataset: Dataset,
): Generator<undefined, Values[], undefined> {
  const { alignment, input, parts } = dataset;
  if (output.form.kind !== 'symbols' || alignment === 'delayed' || input.starts === undefined) {
    throw new InputError(
      sentence`There is a score after each token where one of several classes is answered to a sequence.`,
      sentence`Shade by the loss, or by a unit.`,
    );
  }
  if (alignment === 'synced') {
    const shape = exampleShape(dataset, parts.test, Math.min(rowsTogether, parts.test.length));
    const found: Values[] = [];
    for (const [example, answer] of predictExamples(network, dataset, parts.test, shape, 1)) {
      if (answer.kind === 'symbols') {
        found[example] = Float64Array.from(answer.steps, ([first]) => first!.probability);
      }
      yield undefined;
    }
    return found;
  }
  const found: Values[] = [];
  for (const example of parts.test) {
    const length = rowsOf(input, example);
    const every = Math.ceil(length / mostPrefixes);
    const lengths = Array.from({ length: Math.ceil(length / every) }, (_, i) =>
      Math.min(length, (i + 1) * every),
    );
    const beginnings = prefixesOf(input, firstRow(input, example), lengths);
    const asked = { ...dataset, ...outputless(dataset, lengths.length), input: beginnings };
    const shape = exampleShape(asked, asked.parts.test, Math.min(rowsTogether, lengths.length));
    const most = output.form.width;
    const classes: Map<number, number>[] = [];
    let last = { id: -1 };
    for (const [n, answer] of predictExamples(network, asked, asked.parts.test, shape, most)) {
      if (answer.kind !== 'symbols') continue;
      const [likely] = answer.steps as [(typeof answer.steps)[0]];
      classes[n] = new Map(likely.map(({ id, probability }) => [id, probability]));
      if (n === lengths.length - 1) last = likely[0]!;
      yield undefined;
    }
    found[example] = Float64Array.from(
      { length },
      (_, step) => classes[Math.floor(step / every)]?.get(last.id) ?? NaN,
    );
  }
  return found;
}

function outputless(
  { output }: Dataset,
  count: number,
): Pick<Dataset, 'count' | 'output' | 'parts'> {
  const { values } = output;
  if (values.kind !== 'symbols') throw new Error('Classes are symbols.');
  const none = new Uint32Array(0);
  const test = Uint32Array.from({ length: count }, (_, i) => i);
  const unknown = { ...values, ids: new Int32Array(count).fill(-1) };
  return { count, output: { values: unknown }, parts: { train: none, validation: none, test } };
}

type Answered = Pick<ShadedRow, 'answer' | 'probability'>;

function* answersTo(
  model: OpenExampleModel,
  { dataset }: RowData,
): Generator<undefined, Answered[], undefined> {
  const options = { top: 1, beam: 1, lengthPenalty: 0, longest: longestAnswer };
  const found: Answered[] = [];
  for (const answered of answerExamples(model, dataset, dataset.parts.test, options)) {
    if (answered) {
      const { answer, probability } = answered;
      found[answered.example] = { answer, probability };
    }
    yield undefined;
  }
  return found;
}

/** Of all variables and tokens together: 128 MB. */
const mostValues = 2 ** 25;

/**
 * Ranks the units of all variables that have a value after each token.
 * @throws JobError, InputError
 */
export async function findRowUnits(
  { model: source, rows: given, top, folder }: FindRowUnitsRequest,
  job: Job<'findRowUnits'>,
): Promise<FindRowUnitsResult> {
  const model = await opened(job, source);
  try {
    const { rows, dataset } = await readRows(model, given, job.platform.files, folder);
    const { equations } = model.network.model.spec.cell;
    const all = dataset.parts.test;
    if (rows.length === 0 || dataset.input.starts === undefined) {
      throw inputError(sentence`There is no row near the cursor whose tokens the model reads.`);
    }
    const { probes } = model.network.program('inspect', exampleShape(dataset, all, 1)).program;
    const names = equations
      .filter(({ name, domain }) => domain === 't' && probes.has(name))
      .map(({ name }) => name);
    const inside = Uint8Array.from(
      rows.flatMap(({ spans, place }, i) =>
        Array.from({ length: rowsOf(dataset.input, i) }, (_, step) => {
          const [start, end] = [spans?.[2 * step] ?? 0, spans?.[2 * step + 1] ?? 0];
          return Number(given[place]!.spans.some(({ from, to }) => start < to && end > from));
        }),
      ),
    );
    const width = names.reduce((sum, name) => sum + probes.get(name)!.width, 0);
    if (width * inside.length > mostValues) {
      throw inputError(
        sentence`The rows have ${inside.length} tokens, too many to compare all units at.`,
        sentence`Select fewer rows.`,
      );
    }
    const members = inside.reduce((sum, is) => sum + is, 0);
    if (members === 0 || members === inside.length) {
      throw inputError(
        members === 0
          ? sentence`No token is inside the spans.`
          : sentence`All tokens are inside the spans.`,
        sentence`Choose spans and a range so that some tokens are inside and some outside.`,
      );
    }
    let done = 0;
    const tell = (): void => job.emit({ event: 'progress', done });
    const reading = readExampleStates(model.network, dataset, all, names, 't');
    const states = await inSlices(job, reading, (share) => (done = share / 2), tell);
    if (states === undefined) throw brokenError(stopped);
    const ranking = rankUnits(states.variables, inside);
    const ranked = await inSlices(job, ranking, (share) => (done = 0.5 + share / 2), tell);
    if (ranked === undefined) throw brokenError(stopped);
    return {
      step: model.step,
      units: ranked.slice(0, top),
      inside: members,
      outside: inside.length - members,
    };
  } finally {
    model.close();
  }
}
