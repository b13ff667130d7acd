/** Measures how a model answers examples. */
import { sentence } from '../../core/sentence';
import { evaluateExamples } from '../../core/task/evaluate-examples';
import { measureForecasts } from '../../core/task/measure-forecasts';
import { longestOf } from '../../core/task/channels';
import { predictExamples } from '../../core/task/predict-examples';
import { exampleShape } from '../../core/task/run-examples';
import type { EvaluateRequest, ExampleEvaluation } from '../../protocol/engine';
import { cellsText, inputText, numbersText, targetText } from '../answer-text';
import { answerExamples } from '../answers';
import { knownExamples, openTableAs, type NamedExamples } from '../examples';
import { inputError } from '../failures';
import type { Job } from '../handler';
import type { OpenExampleModel } from '../models';
import { evaluateInSlices } from '../slices';
import { dataOfRun } from '../train-setup';

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
  });
  const measured = await evaluateInSlices(job, measuring, (done) => {
    job.emit({ event: 'progress', done });
  });
  const { loss, targets, scores, confusion } = measured;
  const forecasts =
    request.horizon === undefined || part === undefined || part === 'train'
      ? undefined
      : await evaluateInSlices(
          job,
          measureForecasts(model.network, named.encoded, part, request.horizon),
          (done) => {
            job.emit({ event: 'progress', done });
          },
        );
  const isSymbols = dataset.output.values.kind === 'symbols';
  return {
    of: 'examples',
    ...(part && { part }),
    metrics: { loss, ...(isSymbols && { perplexity: Math.exp(loss) }), ...scores },
    floors: part === 'test' ? (model.info.task?.floors ?? []) : [],
    examples: examples.length,
    targets,
    ...(forecasts && { forecasts: { ...forecasts, ways: [...forecasts.ways] } }),
    ...(confusion && {
      confusion: {
        classes: Array.from({ length: Math.sqrt(confusion.length) }, (_, id) => output.name(id)),
        counts: confusion,
      },
    }),
    worst:
      named.encoded.series === undefined
        ? worstOf(losses, request.worst ?? 10, named, model)
        : worstSteps(examples, request.worst ?? 10, named, model),
    seconds: job.platform.now() - start,
    warnings: [...named.encoded.notes],
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

/** As long as a target that was wrong may be answered. */
const longestAnswer = 512;

function worstOf(
  losses: ReadonlyMap<number, number>,
  most: number,
  { table, data: { dataset }, encoded, understanding }: NamedExamples,
  model: OpenExampleModel,
): ExampleEvaluation['worst'] {
  const { output } = model;
  const sorted = [...losses].sort(([, a], [, b]) => b - a).slice(0, most);
  const examples = Uint32Array.from(sorted, ([example]) => example);
  const longest = Math.min(longestAnswer, 2 * Math.max(1, longestOf(dataset, examples).u));
  const options = { top: 1, beam: 1, lengthPenalty: 0, longest };
  const answers = new Map(
    [...answerExamples(model, dataset, examples, options)].flatMap((found) =>
      found === undefined ? [] : [[found.example, found.answer] as const],
    ),
  );
  return sorted.map(([example, loss]) => {
    const row = encoded.examples[example]!;
    const line = table.lines?.[row];
    return {
      ...(line !== undefined && { line }),
      input: inputText(table, understanding, row),
      target: targetText(dataset.output, example, output),
      answer: answers.get(example)!,
      loss,
    };
  });
}

/** Of a series, the steps whose values were forecast worst. */
function worstSteps(
  examples: Uint32Array,
  most: number,
  { table, data: { dataset }, encoded, understanding }: NamedExamples,
  { network, output }: OpenExampleModel,
): ExampleEvaluation['worst'] {
  const { values, starts } = dataset.output;
  const { targets, base } = encoded.series!;
  if (values.kind !== 'numbers' || starts === undefined) return [];
  const { width } = values;
  const unit = (step: number, numbers: ArrayLike<number>): number[] =>
    output.restore(numbers).map((value, i) => value + (base?.[step * width + i] ?? 0));
  const shape = exampleShape(dataset, examples, examples.length);
  const found = [...predictExamples(network, dataset, examples, shape, 1)].flatMap(
    ([example, answer]) => {
      if (answer.kind !== 'numbers') return [];
      return answer.steps.flatMap((numbers, t) => {
        const step = starts[example]! + t;
        const row = targets[step]!;
        if (row < 0) return [];
        const target = values.values.subarray(step * width, (step + 1) * width);
        const loss = numbers.reduce((sum, value, i) => sum + (value - target[i]!) ** 2 / 2, 0);
        return [{ row, loss, target: unit(step, target), answer: unit(step, numbers) }];
      });
    },
  );
  const { by } = understanding.split;
  return found
    .sort((a, b) => b.loss - a.loss)
    .slice(0, most)
    .map(({ row, loss, target, answer }) => {
      const line = table.lines?.[row];
      return {
        ...(line !== undefined && { line }),
        input: by === undefined ? '' : cellsText(table, [by], row),
        target: numbersText(target, output),
        answer: numbersText(answer, output),
        loss,
      };
    });
}
