/** Answers examples that are given. */
import { InputError } from '../../core/input-error';
import { sentence, type Sentence } from '../../core/sentence';
import { createChannel } from '../../core/task/channel-builder';
import type { Cell } from '../../core/task/codecs';
import { columnsIn, refuseSeries } from '../../core/task/encode-as';
import { questions } from '../../core/task/predict-examples';
import { cellAt } from '../../core/task/table-cells';
import type { PredictRequest, PredictResult } from '../../protocol/engine';
import { cellText } from '../answer-text';
import { answerExamples } from '../answers';
import { openRows } from '../examples';
import { inputError } from '../failures';
import type { Job } from '../handler';
import { openExampleModel, type OpenExampleModel } from '../models';
import { inSlices } from '../slices';

const stopped = sentence`The prediction was stopped before its end.`;
/** Symbols of an answer at most, where no other number is asked for. */
const longestAnswer = 256;

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
    refuseSeries(model.task.understanding);
    const { cells, notes } = await readQuestions(request, model, job);
    const input = model.input.encode(cells);
    const { alignment } = model.task.understanding;
    const output = createChannel(model.output.form).finish();
    const dataset = questions(input.channel, { alignment, output }, cells.length);
    const telling = answerExamples(model, dataset, dataset.parts.test, {
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
      examples: cells.length,
      seconds: job.platform.now() - start,
      warnings: [...notes, ...cutNote(input.cut.length)],
    };
  } finally {
    model.close();
  }
}

function cutNote(count: number): Sentence[] {
  return count === 0
    ? []
    : [sentence`Inputs longer than the model reads, which were cut: ${count}.`];
}

async function readQuestions(
  { inputs }: PredictRequest,
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
