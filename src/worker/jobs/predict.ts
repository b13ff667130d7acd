/** Answers examples that are given. */
import { InputError } from '../../core/input-error';
import { sentence, type Sentence } from '../../core/sentence';
import { isImageName } from '../../core/tables/images';
import type { Column, Table } from '../../core/tables/table';
import { listAt } from '../../core/tables/texts';
import { createChannel } from '../../core/task/channel-builder';
import type { Cell } from '../../core/task/codecs';
import { columnsIn } from '../../core/task/encode-as';
import { rowsOf } from '../../core/task/dataset';
import { longestAnswer, questions } from '../../core/task/predict-examples';
import { cellAt } from '../../core/task/table-cells';
import type { Understanding } from '../../core/task/understanding';
import type { RunInfo } from '../../core/training/run';
import type { PredictRequest, PredictResult, TextSource } from '../../protocol/engine';
import { cellText } from '../answer-text';
import { answerExamples } from '../answers';
import { openRows } from '../examples';
import { inputError } from '../failures';
import { pixelsAt } from '../input-cells';
import { tellNext } from './predict-next';
import type { Job } from '../handler';
import { openExampleModel, type OpenExampleModel } from '../models';
import type { Files, Platform } from '../platform';
import { inSlices } from '../slices';
import { dataOfRun } from '../train-setup';

const stopped = sentence`The prediction was stopped before its end.`;

/** Examples without targets. */
interface Questions {
  readonly cells: readonly (readonly Cell[])[];
  readonly notes: readonly Sentence[];
  /** Where they are from. */
  readonly from?: {
    readonly table: Table;
    /** The row of the table that each is. */
    readonly rows: ArrayLike<number>;
  };
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
    const { cells, notes, from } = await readQuestions(request.inputs, model, job);
    const columns = request.rows === true && from ? writtenColumns(from.table) : undefined;
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
      const row = columns?.map((column) => textAt(column, from!.rows[answered.example]!));
      job.emit({
        event: 'prediction',
        prediction: { ...answered, input: of, ...(row && { row }) },
      });
    });
    if (done === undefined) throw inputError(stopped);
    return {
      examples: examples.length,
      ...(columns && { columns: columns.map(({ name }) => name) }),
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
  { task, input: { columns }, info }: OpenExampleModel,
  { platform }: Job<'predict'>,
): Promise<Questions> {
  const { files } = platform;
  const { understanding } = task;
  const isImage = understanding.inputs.map(({ type }) => type === 'image');
  if (inputs.kind === 'cells') {
    const wrong = inputs.examples.find(({ length }) => length !== columns.length);
    if (wrong !== undefined) {
      throw new InputError(
        sentence`An input has ${columns.length} values (${columns.join(', ')}), not ${wrong.length}.`,
        sentence`Give all of them, or a file with these columns (--file).`,
      );
    }
    const cells: Cell[][] = [];
    for (const example of inputs.examples) {
      const given: Cell[] = [];
      for (const [i, cell] of example.entries())
        given.push(isImage[i] === true ? await pixelsAt(files, cell) : cell);
      cells.push(given);
    }
    return { cells, notes: [] };
  }
  if (
    inputs.kind === 'file' &&
    isImage.length === 1 &&
    isImage[0] === true &&
    isImageName(inputs.path)
  )
    return { cells: [[await pixelsAt(files, inputs.path)]], notes: [] };
  const { table, rows } =
    inputs.kind === 'file'
      ? await rowsOfFile(files, inputs.path, understanding)
      : await rowsHeldOut(platform, inputs.source, info);
  const used = columnsIn(table, understanding.inputs);
  return {
    cells: Array.from(rows, (row) => used.map((column) => cellAt(table, column, row))),
    notes: table.notes,
    from: { table, rows },
  };
}

type RowsOfTable = NonNullable<Questions['from']>;

async function rowsOfFile(
  files: Files,
  path: string,
  understanding: Understanding,
): Promise<RowsOfTable> {
  const table = await openRows(files, { kind: 'file', path }, understanding);
  return { table, rows: Uint32Array.from({ length: table.rows }, (_, row) => row) };
}

const giveFile = sentence`Give the file: rnn-lab predict RUN --file FILE.`;

/** The rows of a run's data that it has learnt nothing from, nor was chosen by. */
async function rowsHeldOut(
  platform: Pick<Platform, 'files' | 'createHash'>,
  source: TextSource | undefined,
  info: RunInfo,
): Promise<RowsOfTable> {
  const data = await dataOfRun(platform, source, info, giveFile);
  if (data.kind !== 'examples') throw new Error('A run of examples has examples.');
  if (data.data.hash !== info.text.hash) {
    throw inputError(sentence`${data.name} is no longer what this run was trained on.`, giveFile);
  }
  const { examples, dataset } = data.encoded;
  if (dataset.parts.test.length === 0) {
    throw inputError(sentence`Nothing of ${data.name} was held out to test with.`, giveFile);
  }
  return { table: data.table, rows: dataset.parts.test.map((example) => examples[example]!) };
}

type WrittenColumn = Exclude<Column, { readonly kind: 'image' }>;

function writtenColumns({ columns }: Table): WrittenColumn[] {
  return columns.filter((column) => column.kind !== 'image');
}

function textAt(column: WrittenColumn, row: number): string {
  return column.kind === 'text' ? column.texts.at(row) : listAt(column, row).join(' ');
}
