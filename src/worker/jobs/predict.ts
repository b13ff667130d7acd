/** Answers examples that are given. */
import { InputError } from '../../core/input-error';
import { sentence, type Sentence } from '../../core/sentence';
import { createChannel } from '../../core/task/channel-builder';
import type { Cell } from '../../core/task/codecs';
import { columnsIn } from '../../core/task/encode-as';
import { rowsOf } from '../../core/task/dataset';
import { longestAnswer, questions } from '../../core/task/predict-examples';
import { cellAt } from '../../core/task/table-cells';
import type { Understanding } from '../../core/task/understanding';
import type { PredictRequest, PredictResult } from '../../protocol/engine';
import { cellText } from '../answer-text';
import { answerExamples } from '../answers';
import { openRows } from '../examples';
import { inputError } from '../failures';
import { tellNext } from './predict-next';
import type { Job } from '../handler';
import { openExampleModel, type OpenExampleModel } from '../models';
import { inSlices } from '../slices';

const stopped = sentence`The prediction was stopped before its end.`;

/** Examples without targets. */
interface Questions {
  readonly cells: readonly (readonly Cell[])[];
  readonly notes: readonly Sentence[];
}

/** @throws JobError, InputError */
export async function predict(
  request: PredictRequest,
  job: Job<'predict'>,
): Promise<PredictResult> {
  const start = job.platform.now();
  const model = await openExampleModel(job, request.model, 0);
  if (model === undefined) {
    throw inputError(
      sentence`That model goes on with a text; it does not answer examples.`,
      sentence`Let it write with rnn-lab sample.`,
    );
  }
  try {
    if (request.inputs.kind === 'next') {
      return {
        ...(await tellNext(request.inputs, model, job)),
        seconds: job.platform.now() - start,
      };
    }
    refuseRows(model.task.understanding);
    const { cells, notes } = await readQuestions(request.inputs, model, job);
    const input = model.input.encode(cells);
    const { alignment } = model.task.understanding;
    const output = createChannel(model.output.form).finish();
    const dataset = questions(input.channel, { alignment, output }, cells.length);
    const examples = dataset.parts.test.filter((example) => rowsOf(input.channel, example) > 0);
    const empty = cells.length - examples.length;
    if (examples.length === 0) {
      throw inputError(
        sentence`There is nothing to read in what is asked.`,
        sentence`Give an input that is not empty.`,
      );
    }
    const telling = answerExamples(model, dataset, examples, {
      top: request.top ?? 5,
      beam: request.beam ?? 1,
      lengthPenalty: request.lengthPenalty ?? 0.6,
      longest: request.longest ?? longestAnswer,
    });
    const done = await inSlices(job, telling, (answered) => {
      if (answered === undefined) return;
      const of = cells[answered.example]!.map(cellText).join(' · ');
      job.emit({ event: 'prediction', prediction: { ...answered, input: of } });
    });
    if (done === undefined) throw inputError(stopped);
    return {
      examples: examples.length,
      seconds: job.platform.now() - start,
      warnings: [...notes, ...cutNote(input.cut.length), ...emptyNote(empty)],
    };
  } finally {
    model.close();
  }
}

/** @throws InputError for a series, of which the next values can be told and nothing else */
function refuseRows({ series, name }: Understanding): void {
  if (series === undefined) return;
  throw new InputError(
    sentence`The model forecasts the series ${name}; it does not answer rows by themselves.`,
    sentence`Ask for its next values: rnn-lab predict RUN --horizon 12.`,
  );
}

function cutNote(count: number): Sentence[] {
  return count === 0
    ? []
    : [sentence`Inputs longer than the model reads, which were cut: ${count}.`];
}

function emptyNote(count: number): Sentence[] {
  return count === 0 ? [] : [sentence`Inputs that are empty, which were left out: ${count}.`];
}

async function readQuestions(
  inputs: Exclude<PredictRequest['inputs'], { readonly kind: 'next' }>,
  { task, input: { columns } }: OpenExampleModel,
  { platform: { files } }: Job<'predict'>,
): Promise<Questions> {
  const { understanding } = task;
  if (inputs.kind === 'cells') {
    const wrong = inputs.examples.find(({ length }) => length !== columns.length);
    if (wrong !== undefined) {
      throw new InputError(
        sentence`An input has ${columns.length} values (${columns.join(', ')}), not ${wrong.length}.`,
        sentence`Give all of them, or a file with these columns (--file).`,
      );
    }
    return { cells: inputs.examples, notes: [] };
  }
  const table = await openRows(files, { kind: 'file', path: inputs.path }, understanding);
  const used = columnsIn(table, understanding.inputs);
  const all = Array.from({ length: table.rows }, (_, row) => row);
  return {
    cells: all.map((row) => used.map((column) => cellAt(table, column, row))),
    notes: table.notes,
  };
}
