/** Looks at what a model of examples makes of one example, step by step. */
import { sentence } from '../../core/sentence';
import { createChannel } from '../../core/task/channel-builder';
import type { LikelySymbol } from '../../core/task/answers';
import type { Cell } from '../../core/task/codecs';
import type { ChannelData, Dataset } from '../../core/task/dataset';
import { refuseSeries } from '../../core/task/encode-as';
import { predictExamples, questions } from '../../core/task/predict-examples';
import { exampleShape } from '../../core/task/run-examples';
import type { Examined, ExamineRequest } from '../../protocol/engine';
import { answerExamples } from '../answers';
import { inputError } from '../failures';
import { inputCells } from '../input-cells';
import { insideOf } from '../insides';
import { prefixesOf } from '../prefixes';
import { inSlices } from '../slices';
import type { Job } from '../handler';
import { openExampleModel, type OpenExampleModel } from '../models';

/** Steps that are looked at; of a longer input the first. */
const mostSteps = 200;
/** Classes with a row: those that are likeliest somewhere. */
const mostRows = 12;
const longestAnswer = 256;
const rowsTogether = 32;
const stopped = sentence`The example was not looked at to its end.`;

type Picture = NonNullable<Examined['picture']>;

/** @throws JobError, InputError */
export async function examine(request: ExamineRequest, job: Job<'examine'>): Promise<Examined> {
  const model = await openExampleModel(job, request.model, 0);
  if (model === undefined) {
    throw inputError(sentence`That model goes on with a text; it does not answer examples.`);
  }
  try {
    refuseSeries(model.task.understanding);
    const { alignment } = model.task.understanding;
    const { files } = job.platform;
    const cells = await inputCells(model.input, request.cells, files, request.folder);
    const { channel } = model.input.encode([cells]);
    const output = createChannel(model.output.form).finish();
    const asked = (input: ChannelData, count: number) =>
      questions(input, { alignment, output }, count);
    const dataset = asked(channel, 1);
    const options = { top: 1, beam: 1, lengthPenalty: 0, longest: longestAnswer };
    const [found] = [...answerExamples(model, dataset, dataset.parts.test, options)].filter(
      (each) => each !== undefined,
    );
    const { answer, probability, attention } = found!;
    const tokens = tokensOf(channel, model);
    const inside = await lookInside(job, model, request, { cells, asked: dataset });
    const told = { answer, probability, picture: null, inside };
    if (tokens === undefined || tokens.length === 0) return told;
    if (alignment === 'delayed') {
      const [looked] = attention;
      if (looked === undefined) return told;
      // The last weights are those with which the answer ends.
      const rows = found!.steps.map(({ symbol }) => symbol);
      const values = looked.weights.flatMap((step) => [...step].slice(0, tokens.length));
      const picture = { columns: tokens, rows, values: Float64Array.from(values) };
      return { ...told, picture: { of: 'attention', ...picture } };
    }
    if (model.output.form.kind !== 'symbols') return told;
    if (alignment === 'synced') {
      const [steps] = stepsOf(model, dataset);
      return { ...told, picture: pictureOf('steps', steps!.slice(0, mostSteps), tokens, model) };
    }
    const lengths = tokens.map((_, i) => i + 1);
    const prefixes = asked(prefixesOf(channel, 0, lengths), tokens.length);
    const steps = stepsOf(model, prefixes).map(([last]) => last!);
    return { ...told, picture: pictureOf('prefixes', steps, tokens, model) };
  } finally {
    model.close();
  }
}

/** @returns null: it is not wanted, or there is nothing to see */
async function lookInside(
  job: Job<'examine'>,
  model: OpenExampleModel,
  { inside: wanted, truth }: ExamineRequest,
  read: { readonly cells: readonly Cell[]; readonly asked: Dataset },
): Promise<Examined['inside']> {
  if (wanted === undefined) return null;
  // Of tags each is differentiated by itself: of a long input they are too many.
  const asked = read.asked.alignment === 'synced' ? firstSteps(read.asked) : read.asked;
  const source = tokensOf(asked.input, model, Infinity) ?? [];
  const looking = insideOf(model, { wanted, cells: read.cells, asked, source, truth });
  const found = await inSlices(job, looking, () => undefined);
  if (found === undefined) throw inputError(stopped);
  return found;
}

function firstSteps(dataset: Dataset): Dataset {
  const { input, alignment, output } = dataset;
  const length = Math.min(mostSteps, input.starts![1]!);
  return questions({ ...input, starts: Uint32Array.from([0, length]) }, { alignment, output }, 1);
}

/** What is read, step by step; undefined: no sequence. */
function tokensOf(
  { values, starts }: ChannelData,
  { input }: OpenExampleModel,
  most = mostSteps,
): string[] | undefined {
  if (starts === undefined) return undefined;
  return Array.from({ length: Math.min(most, starts[1]!) }, (_, i) =>
    values.kind === 'symbols' ? input.describe(values.ids[i]!) : String(i + 1),
  );
}

/** Of each example the symbols at each step, all of them, the likeliest first. */
function stepsOf({ network, output }: OpenExampleModel, dataset: Dataset): LikelySymbol[][][] {
  const all: LikelySymbol[][][] = [];
  const { test } = dataset.parts;
  const shape = exampleShape(dataset, test, Math.min(rowsTogether, test.length));
  const most = output.form.width;
  for (const [example, answer] of predictExamples(network, dataset, test, shape, most)) {
    if (answer.kind === 'symbols') all[example] = answer.steps.map((step) => [...step]);
  }
  return all;
}

/** The classes that are likeliest anywhere, each with its probability at each step. */
function pictureOf(
  of: Picture['of'],
  steps: readonly (readonly LikelySymbol[])[],
  columns: readonly string[],
  { output }: OpenExampleModel,
): Picture {
  const highest = new Map<number, number>();
  for (const step of steps) {
    for (const { id, probability } of step) {
      highest.set(id, Math.max(highest.get(id) ?? 0, probability));
    }
  }
  const ids = [...highest]
    .sort(([, a], [, b]) => b - a)
    .slice(0, mostRows)
    .map(([id]) => id)
    .sort((a, b) => a - b);
  const values = ids.flatMap((wanted) =>
    steps.map((step) => step.find(({ id }) => id === wanted)!.probability),
  );
  return { of, columns, rows: ids.map(output.name), values: Float64Array.from(values) };
}
