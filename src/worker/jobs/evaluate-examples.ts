/** Measures how a model answers examples. */
import { sentence } from '../../core/sentence';
import { evaluateExamples } from '../../core/task/evaluate-examples';
import { measureForecasts, type MeasuredForecasts } from '../../core/task/measure-forecasts';
import { textsOf } from '../../core/task/series-rows';
import { calibrationOfAnswers } from '../../core/task/answer-record';
import { exampleShape } from '../../core/task/run-examples';
import type { EvaluateRequest, ExampleEvaluation } from '../../protocol/engine';
import { knownExamples, openTableAs, type NamedExamples } from '../examples';
import { inputError } from '../failures';
import type { Job } from '../handler';
import type { OpenExampleModel } from '../models';
import { evaluateInSlices } from '../slices';
import { dataOfRun } from '../train-setup';
import {
  copiesOf,
  examplesByKind,
  numbersOf,
  suspectsOf,
  worstOf,
  type Found,
} from './told-examples';

const giveFile = sentence`Give a file: rnn-lab evaluate RUN FILE.`;
/** Examples side by side. */
const rows = 64;

/** Measures a part of a run's own data, or another file's examples. */
export async function evaluateModel(
  request: EvaluateRequest,
  model: OpenExampleModel,
  job: Job<'evaluate'>,
): Promise<ExampleEvaluation> {
  const start = job.platform.now();
  const named = await readExamples(request, model, job);
  const part = request.part ?? (request.source === undefined ? 'test' : undefined);
  const { dataset } = named.data;
  const examples = dataset.parts[part ?? 'test'];
  if (examples.length === 0) {
    throw inputError(
      sentence`There are no examples to measure.`,
      sentence`Choose another part (--part), or give a file.`,
    );
  }
  const { output } = model;
  const losses = new Map<number, number>();
  const shape = exampleShape(dataset, examples, rows);
  const measuring = evaluateExamples(model.network, dataset, examples, shape, {
    deviations: output.deviations,
    each: (example, loss) => losses.set(example, loss),
    answers: true,
  });
  const measured = await evaluateInSlices(job, measuring, (done) => {
    job.emit({ event: 'progress', done });
  });
  const forecasts =
    request.horizon === undefined || part === undefined || part === 'train'
      ? undefined
      : await evaluateInSlices(
          job,
          measureForecasts(
            ...([model.network, named.encoded, part, request.horizon] as const),
            request.details,
          ),
          (done) => {
            job.emit({ event: 'progress', done });
          },
        );
  const { loss, targets, scores, confusion, answers } = measured;
  const classes = confusion === undefined ? 0 : Math.sqrt(confusion.length);
  const found: Found = { named, model, losses, answers, classes };
  const calibration = answers && calibrationOfAnswers(answers);
  const isSymbols = dataset.output.values.kind === 'symbols';
  return {
    of: 'examples',
    ...(part && { part }),
    metrics: { loss, ...(isSymbols && { perplexity: Math.exp(loss) }), ...scores },
    floors: part === 'test' ? (model.info.task?.floors ?? []) : [],
    examples: examples.length,
    targets,
    ...(forecasts && { forecasts: forecastsOf(forecasts, named) }),
    ...(confusion && {
      confusion: {
        classes: Array.from({ length: classes }, (_, id) => output.name(id)),
        counts: confusion,
      },
    }),
    ...(calibration && { calibration }),
    worst: worstOf(found, request.worst ?? 10),
    ...(request.details === true && detailsOf(found, part)),
    seconds: job.platform.now() - start,
    warnings: [...named.encoded.notes],
  };
}

function forecastsOf(
  { origins, ways, course }: MeasuredForecasts,
  { table, understanding, encoded }: NamedExamples,
): NonNullable<ExampleEvaluation['forecasts']> {
  const told = { origins, ways: [...ways] };
  if (!course) return told;
  const { by, finer } = understanding.split;
  const { order } = encoded.series!.table;
  const steps = course.columns[0]!.truth.length;
  const rows = order.subarray(course.first, course.first + steps);
  const parts = by === undefined ? [] : [by, ...finer];
  const texts = parts.map((column) => textsOf(table, column, rows, false));
  const dates =
    by === undefined ? [] : Array.from(rows, (_, i) => texts.map((of) => of[i]!).join('-'));
  return { ...told, course: { ...course, dates, columns: [...course.columns] } };
}

/** Examples of all cells of the confusion matrix together. */
const mostByKind = 5000;
/** Of a list that is looked through. */
const mostListed = 100;

/** What is looked at example by example. */
function detailsOf(
  found: Found,
  part: EvaluateRequest['part'],
): Pick<ExampleEvaluation, 'byKind' | 'numbers' | 'suspects' | 'duplicates'> {
  const numbers = numbersOf(found);
  return {
    byKind: examplesByKind(found, mostByKind),
    ...(numbers && { numbers }),
    // What a model was trained on it may know by heart, wrong labels too.
    suspects: part === 'train' ? [] : suspectsOf(found, mostListed),
    duplicates: copiesOf(found, mostListed),
  };
}

async function readExamples(
  { source, part }: EvaluateRequest,
  { info, task }: OpenExampleModel,
  { platform }: Job<'evaluate'>,
): Promise<NamedExamples> {
  if (source !== undefined && part === undefined) {
    return knownExamples(await openTableAs(platform.files, source, task.understanding), task);
  }
  const data = await dataOfRun(platform, source, info, giveFile);
  if (data.kind !== 'examples') throw new Error('A run of examples has examples.');
  if (data.data.hash !== info.text.hash) {
    throw inputError(sentence`${data.name} is no longer what this run was trained on.`, giveFile);
  }
  return data;
}
