/** What goes on inside a model of examples, said in the data's words. */
import { createAnswerRows } from '../core/decoding/answer-rows';
import { greedy } from '../core/decoding/answers';
import { decodeAnswers } from '../core/decoding/decode';
import { InputError } from '../core/input-error';
import {
  inspectExample,
  type Dependence,
  type InspectedValues,
} from '../core/inspection/inspect-example';
import { lanesOf } from '../core/inspection/lanes';
import { createChannel, type ChannelBuilder } from '../core/task/channel-builder';
import { isPixels, type Cell, type Codec } from '../core/task/codecs';
import { rowsOf, type ChannelData, type Dataset } from '../core/task/dataset';
import { predictExamples, type Answer } from '../core/task/predict-examples';
import { spansIn } from '../core/task/spans';
import { exampleShape } from '../core/task/run-examples';
import type { ExamineRequest, Inside } from '../protocol/engine';
import { numbersText } from './answer-text';
import type { Answering, OpenExampleModel } from './models';

/** Parts of an answer that are looked at; of a longer one the first. */
const mostParts = 200;
/** END, which ends an answer that is a sequence of its own. */
const end = 'END';

export interface InsideRequest {
  readonly wanted: NonNullable<ExamineRequest['inside']>;
  /** What the example reads, and the same as questions. */
  readonly cells: readonly Cell[];
  readonly asked: Dataset;
  /** Names of the steps of the source. */
  readonly source: readonly string[];
  readonly truth: readonly string[] | undefined;
}

/**
 * @yields between pieces of work
 * @returns null: numbers that are fed back have no parts to tell of
 * @throws InputError if a variable is not the model's
 */
export function* insideOf(
  model: OpenExampleModel,
  { wanted, cells, asked, source, truth }: InsideRequest,
): Generator<undefined, Inside | null, undefined> {
  const { network, output } = model;
  const isNumbers = output.form.kind === 'numbers';
  if (asked.alignment === 'delayed' && isNumbers) return null;
  const own = yield* ownAnswer(model, asked);
  const known = truth && trueAnswer(model, truth, asked);
  const channel = known ?? own.channel;
  const dataset: Dataset = { ...asked, output: channel };
  const found = yield* inspectExample(network, dataset, 0, {
    of: isNumbers && known === undefined ? 'answer' : 'loss',
    variables: wanted.variables,
    part: wanted.part,
  });
  const isDelayed = asked.alignment === 'delayed';
  const names = namesOf(model, channel);
  const spans = spansIn(model.input, cells)?.slice(0, 2 * source.length);
  return {
    ...{ source, domain: found.domain, answers: own.names, loss: found.loss },
    parts: isDelayed ? [...names, end] : names,
    of: known !== undefined ? 'truth' : isNumbers ? 'value' : 'answer',
    inputs: found.inputs.map(dependenceOf),
    states: found.states.map(dependenceOf),
    variables: found.variables.map(valuesOf),
    known: found.known,
    ...lanesOf(network.model.spec.cell),
    gradient: found.gradient === undefined ? null : valuesOf(found.gradient),
    ...{ image: imageIn(model.input, asked.input), units: unitsOf(model.input) },
    spans: spans === undefined ? null : Float64Array.from(spans),
  };
}

const dependenceOf = ({ variable, domain, norms }: Dependence) => ({ variable, domain, norms });
const valuesOf = ({ name, domain, width, values }: InspectedValues) => ({
  ...{ name, domain, width, values },
});

/** What the model answers by itself, as an example has it. */
export function* ownAnswer(
  model: Pick<Answering, 'network' | 'output'>,
  asked: Dataset,
): Generator<undefined, { readonly channel: ChannelData; readonly names: string[] }, undefined> {
  const { network, output } = model;
  const channel = createChannel(output.form);
  if (asked.alignment === 'delayed') {
    const t = asked.input.starts === undefined ? 0 : rowsOf(asked.input, 0);
    const rows = createAnswerRows(network, { rows: 1, source: t, answer: mostParts - 1 });
    const options = { method: greedy, boundary: output.form.width, excluded: output.unknown };
    const deciding = decodeAnswers(rows, asked.input, [0], options);
    for (;;) {
      const { done, value } = deciding.next();
      if (done === true) {
        for (const id of value[0]![0]!.ids) channel.push(id);
        break;
      }
      yield undefined;
    }
    channel.end();
  } else {
    const shape = exampleShape(asked, [0], 1);
    for (const [, answer] of predictExamples(network, asked, new Uint32Array(1), shape, 1)) {
      addAnswer(channel, answer);
    }
    if (asked.alignment === 'synced') channel.end();
  }
  const told = withStarts(channel, asked);
  return { channel: told, names: namesOf(model, told) };
}

function addAnswer(channel: ChannelBuilder, answer: Answer): void {
  switch (answer.kind) {
    case 'symbols':
      for (const [likeliest] of answer.steps) channel.push(likeliest!.id);
      break;
    case 'labels':
      for (const step of answer.steps) channel.add(step.map((p) => Number(p > 0.5)));
      break;
    case 'numbers':
      for (const step of answer.steps) channel.add(step);
  }
}

/** An answer to each step has the starts of its input. */
function withStarts(channel: ChannelBuilder, { alignment, input }: Dataset): ChannelData {
  const { values, starts } = channel.finish();
  const of = alignment === 'synced' ? input.starts : starts;
  return { values, ...(of && alignment !== 'one' && { starts: of }) };
}

/** @returns undefined: a cell is empty, or nothing that training has seen */
export function trueAnswer(
  { output }: Pick<Answering, 'output'>,
  truth: readonly Cell[],
  { alignment, input }: Dataset,
): ChannelData | undefined {
  if (truth.length !== output.columns.length) return undefined;
  if (truth.some((cell) => !isPixels(cell) && [cell].flat().join('').trim() === '')) {
    return undefined;
  }
  try {
    const { channel } = output.encode([truth]);
    const fits = alignment !== 'synced' || rowsOf(channel, 0) >= rowsOf(input, 0);
    if (!fits) return undefined;
    return alignment === 'delayed' ? firstParts(channel) : channel;
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** The first parts of an answer, which do not depend on those behind them. */
function firstParts(channel: ChannelData): ChannelData {
  const length = Math.min(mostParts - 1, rowsOf(channel, 0));
  return { ...channel, starts: Uint32Array.from([0, length]) };
}

/** The parts of an answer, each in a word. */
export function namesOf(
  { output }: Pick<Answering, 'output'>,
  { values, starts }: ChannelData,
): string[] {
  const rows = starts === undefined ? 1 : starts[1]!;
  return Array.from({ length: rows }, (_, row) => {
    if (values.kind === 'symbols') {
      const id = values.ids[row]!;
      return id < 0 ? '' : starts === undefined ? output.name(id) : output.describe(id);
    }
    const numbers = values.values.subarray(row * values.width, (row + 1) * values.width);
    if (values.labels !== true) return numbersText(output.restore(numbers), output);
    return Array.from(numbers)
      .flatMap((value, id) => (value > 0.5 ? [output.name(id)] : []))
      .join(', ');
  });
}

/** The picture as it is read: of the size that the model was trained with. */
function imageIn({ data }: Codec, { values }: ChannelData): Inside['image'] {
  if (data.kind !== 'image' || values.kind !== 'numbers') return null;
  const { width, height, channels, mean, deviation } = data;
  const pixels = Float64Array.from(values.values, (value) => 255 * (value * deviation + mean));
  return { width, height, channels, pixels };
}

function unitsOf({ data }: Codec): string[] {
  if (data.kind !== 'row') return [];
  return data.fields.flatMap((field) => {
    if (field.kind === 'category') return field.names.map((name) => `${field.name} = ${name}`);
    return field.flag ? [field.name, `${field.name} = ?`] : [field.name];
  });
}
