/** Tells what comes next in a series. */
import { InputError } from '../../core/input-error';
import { sentence } from '../../core/sentence';
import { columnsIn } from '../../core/task/encode-as';
import { forecast } from '../../core/task/forecast';
import { readSeries, type SeriesSteps } from '../../core/task/series-rows';
import type { PredictRequest, PredictResult, TextSource } from '../../protocol/engine';
import { numbersText } from '../answer-text';
import { openTableAs } from '../examples';
import { inputError } from '../failures';
import type { Job } from '../handler';
import type { OpenExampleModel } from '../models';
import { evaluateInSlices } from '../slices';
import { tableOfRun } from '../train-setup';

type Next = Extract<PredictRequest['inputs'], { readonly kind: 'next' }>;

/** @throws JobError, InputError */
export async function tellNext(
  { steps, source }: Next,
  model: OpenExampleModel,
  job: Job<'predict'>,
): Promise<Omit<PredictResult, 'seconds'>> {
  const { input, output, network, task } = model;
  const { series: plan, name, outputs } = task.understanding;
  if (plan === undefined || plan.horizon === 0 || outputs.some(({ type }) => type !== 'number')) {
    throw new InputError(
      sentence`The model of ${name} forecasts no numbers of a series, so nothing comes next.`,
      sentence`Give inputs, or a file (--file), without --horizon.`,
    );
  }
  const table = await readSteps(source, model, job);
  const last = plan.ahead === undefined ? table.order.length - 1 : lastKnown(table);
  if (last < 0) throw inputError(sentence`The file has no rows to go on from.`);
  const rest = table.order.length - 1 - last;
  if (plan.ahead !== undefined && steps > rest) {
    throw new InputError(
      sentence`The model reads ${plan.ahead.join(', ')} of each step that it forecasts, and the file has ${rest} of ${steps} of them.`,
      sentence`Add rows for the steps to come with nothing in ${outputs.map((column) => column.name).join(', ')}, or ask for fewer.`,
    );
  }
  const [found] = await evaluateInSlices(
    job,
    forecast({ network, input, output, plan, table }, [last], steps),
    () => undefined,
  );
  for (let step = 0; step < steps; step++) {
    const numbers = [...found!.subarray(step * outputs.length, (step + 1) * outputs.length)];
    job.emit({
      event: 'prediction',
      prediction: {
        ...{ example: step, input: `+${String(step + 1)}`, answer: numbersText(numbers, output) },
        ...{ probability: NaN, others: [], steps: [], numbers: [numbers], attention: [] },
      },
    });
  }
  return { examples: steps, warnings: [] };
}

/** The last step of which a target is known; -1: none. */
function lastKnown({ order, values }: SeriesSteps): number {
  for (let step = order.length - 1; step >= 0; step--) {
    if (values.some((column) => !Number.isNaN(column[step]!))) return step;
  }
  return -1;
}

/** The run's own series, or that of another file with its columns. */
async function readSteps(
  source: TextSource | undefined,
  { task, info }: OpenExampleModel,
  { platform }: Job<'predict'>,
): Promise<SeriesSteps> {
  const { understanding } = task;
  if (source === undefined) {
    const { table } = await tableOfRun(
      platform.files,
      undefined,
      info,
      sentence`Give a file: rnn-lab predict RUN --horizon N --file FILE.`,
    );
    return readSeries(table, understanding);
  }
  const { table } = await openTableAs(platform.files, source, understanding);
  const { split } = understanding;
  const hasDate =
    split.by === undefined || table.columns.some(({ name }) => name === split.by!.name);
  return readSeries(table, {
    inputs: columnsIn(table, understanding.inputs),
    outputs: columnsIn(table, understanding.outputs),
    series: understanding.series,
    split: hasDate
      ? {
          ...split,
          by: split.by && columnsIn(table, [split.by])[0],
          finer: columnsIn(table, split.finer),
        }
      : { ...split, by: undefined, finer: [] },
  });
}
