/** Steps of a run's examples as points, by the hidden states there. */
import { domainOfVariable, readExampleStates } from '../core/inspection/example-states';
import { sentence } from '../core/sentence';
import { stepsOf } from '../core/task/channels';
import { firstRow, type ChannelData, type Dataset } from '../core/task/dataset';
import type { Codec } from '../core/task/codecs';
import type { ProjectRequest } from '../protocol/engine';
import { brokenError, inputError } from './failures';
import type { Job } from './handler';
import type { OpenExampleModel } from './models';
import type { NamedPoints } from './points';
import { inSlices } from './slices';
import { dataOfRun } from './train-setup';

type Asked = Extract<ProjectRequest['points'], { readonly kind: 'examples' }>;

const trainAgain = sentence`Train it again from its file.`;

/**
 * Examples that are spread evenly over the part, as many as have so many steps together, or a few more.
 * @throws JobError, InputError
 */
export async function exampleStates(
  model: OpenExampleModel,
  { variable, part, source }: Asked,
  job: Job<'project'>,
  most: number,
): Promise<NamedPoints> {
  const { network, info, input, output } = model;
  const domain = domainOfVariable(network.model.spec.cell, variable);
  const named = await dataOfRun(job.platform, source, info, trainAgain);
  if (named.kind !== 'examples') throw new Error('A run of examples has examples.');
  if (named.data.hash !== info.text.hash) {
    throw inputError(
      sentence`${named.name} is no longer what this run was trained on.`,
      trainAgain,
    );
  }
  const { dataset } = named.data;
  const all = dataset.parts[part];
  if (all.length === 0) throw inputError(sentence`No examples are in this part.`);
  const stepsIn = (example: number): number =>
    ({ example: 1, ...stepsOf(dataset, example) })[domain];
  const total = all.reduce((sum, example) => sum + stepsIn(example), 0);
  const wanted = Math.max(1, Math.floor((all.length * most) / Math.max(most, total)));
  const examples = Uint32Array.from(
    { length: wanted },
    (_, i) => all[Math.floor(((i + 0.5) * all.length) / wanted)]!,
  );
  const reading = readExampleStates(network, dataset, examples, [variable], domain);
  const states = await inSlices(job, reading, () => undefined);
  if (states === undefined) throw brokenError(sentence`The projection was stopped before its end.`);
  const [{ width, values }] = states.variables as [(typeof states.variables)[0]];
  // A single example may have more steps than can be compared with each other.
  const every = Math.max(1, Math.ceil(values.length / width / (2 * most)));
  const points = states.examples.flatMap(({ example, first, count, losses }) =>
    Array.from({ length: Math.ceil(count / every) }, (_, i) => i * every).map((step) => ({
      row: first + step,
      name: nameAt(dataset, { input, output }, domain, example, step),
      class: classAt(dataset, output, domain, example, step),
      loss: domain === states.lossDomain ? losses[step]! : meanOf(losses),
      line: named.table.lines?.[named.encoded.examples[example]!] ?? NaN,
    })),
  );
  const rowsOf = (chosen: readonly { readonly row: number }[]): Float64Array<ArrayBuffer> => {
    const found = new Float64Array(chosen.length * width);
    chosen.forEach(({ row }, i) => {
      found.set(values.subarray(row * width, (row + 1) * width), i * width);
    });
    return found;
  };
  return {
    ...{ count: points.length, total, width, of: variable, classesOf: 'data' },
    values: rowsOf(points),
    names: points.map(({ name }) => name),
    classes: points.map((point) => point.class),
    loss: Float64Array.from(points, ({ loss }) => loss),
    lines: Float64Array.from(points, ({ line }) => line),
  };
}

const meanOf = (losses: Float64Array): number => {
  const known = losses.filter((loss) => !Number.isNaN(loss));
  return known.reduce((sum, loss) => sum + loss, 0) / known.length;
};

interface Codecs {
  readonly input: Codec;
  readonly output: Codec;
}

/** What is read at a step: a token of the source, or the symbol of the answer before it. */
function nameAt(
  { input: source, output: answer }: Dataset,
  { input, output }: Codecs,
  domain: 'example' | 't' | 'u',
  example: number,
  step: number,
): string {
  if (domain === 'u') {
    if (step === 0) return 'START';
    return symbolAt(answer, output, firstRow(answer, example) + step - 1) ?? String(step + 1);
  }
  if (domain === 't') {
    return symbolAt(source, input, firstRow(source, example) + step) ?? String(step + 1);
  }
  return String(example + 1);
}

/** The one of several that a step should be answered with; of an example with one answer that. */
function classAt(
  { output: answer, alignment }: Dataset,
  output: Codec,
  domain: 'example' | 't' | 'u',
  example: number,
  step: number,
): string | undefined {
  const { values, starts } = answer;
  if (values.kind !== 'symbols') return undefined;
  const first = firstRow(answer, example);
  const nameOf = (row: number): string | undefined => {
    const id = values.ids[row]!;
    return id < 0 ? undefined : starts === undefined ? output.name(id) : output.describe(id);
  };
  if (alignment === 'one') return nameOf(first);
  if (alignment === 'synced' && domain === 't') return nameOf(first + step);
  if (alignment === 'delayed' && domain === 'u') {
    return first + step < starts![example + 1]! ? nameOf(first + step) : 'END';
  }
  return undefined;
}

function symbolAt({ values }: ChannelData, codec: Codec, row: number): string | undefined {
  return values.kind === 'symbols' ? codec.describe(values.ids[row]!) : undefined;
}
