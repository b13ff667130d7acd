/** Which examples an evaluation tells of, and what it says of each. */
import type { AnswerList } from '../../core/task/answer-record';
import { longestOf } from '../../core/task/channels';
import { duplicatesOf } from '../../core/task/duplicates';
import { likelyLabelErrors } from '../../core/task/label-errors';
import { cellAt } from '../../core/task/table-cells';
import type { ExampleEvaluation, ToldExample } from '../../protocol/engine';
import { cellsText, inputText, numbersText, targetText } from '../answer-text';
import { answerExamples } from '../answers';
import type { NamedExamples } from '../examples';
import type { OpenExampleModel } from '../models';

/** As long as a target that was wrong may be answered. */
const longestAnswer = 512;

/** What can be told of: an example; of a series a step. */
interface Candidate {
  /** Of the table. */
  readonly row: number;
  readonly loss: number;
  /** Where it is in the confusion matrix: true class × classes + answered class, each place once. */
  readonly kinds: readonly number[];
  /** Of the answered class; NaN of anything else. */
  readonly probability: number;
  /** Its number in the list of answers, or that of the example. */
  readonly at: number;
}

/** What an evaluation has found. */
export interface Found {
  readonly named: NamedExamples;
  readonly model: OpenExampleModel;
  /** Of all targets of an example together. */
  readonly losses: ReadonlyMap<number, number>;
  /** Undefined of answers with a length of their own. */
  readonly answers: AnswerList | undefined;
  /** Of the confusion matrix; 0: there is none. */
  readonly classes: number;
}

/** Examples with the greatest loss, the worst first. */
export function worstOf(found: Found, most: number): ToldExample[] {
  return told(found, candidatesOf(found).slice(0, most));
}

/**
 * The examples of each cell of the confusion matrix, of one that has many those with the greatest loss.
 * @param most of all cells together, about
 */
export function examplesByKind(found: Found, most: number): ToldExample[] {
  if (found.classes === 0) return [];
  const candidates = candidatesOf(found);
  const perKind = new Map<number, Candidate[]>();
  for (const candidate of candidates) {
    for (const kind of candidate.kinds) {
      const list = perKind.get(kind);
      if (list === undefined) perKind.set(kind, [candidate]);
      else list.push(candidate);
    }
  }
  const each = Math.max(1, Math.floor(most / perKind.size));
  const chosen = new Set([...perKind.values()].flatMap((list) => list.slice(0, each)));
  return told(
    found,
    candidates.filter((candidate) => chosen.has(candidate)),
  );
}

/** The worst first. */
function candidatesOf(found: Found): Candidate[] {
  const { named, losses, answers } = found;
  const isSeries = named.encoded.series !== undefined && answers !== undefined;
  const all = isSeries
    ? answers.examples.map((_, at) => ({
        row: rowOfAnswer(found, answers, at),
        loss: answers.losses[at]!,
        kinds: kindsOf(found, answers, at, at + 1),
        probability: answers.classes.answerProbabilities[at] ?? NaN,
        at,
      }))
    : ofExamples(found, losses);
  return all.filter(({ row }) => row >= 0).sort((a, b) => b.loss - a.loss);
}

function ofExamples(found: Found, losses: ReadonlyMap<number, number>): Candidate[] {
  const { named, answers } = found;
  const spans = new Map<number, { from: number; to: number }>();
  answers?.examples.forEach((example, at) => {
    const span = spans.get(example);
    if (span === undefined) spans.set(example, { from: at, to: at + 1 });
    else span.to = at + 1;
  });
  const isOne = named.data.dataset.alignment === 'one';
  return [...losses].map(([example, loss]) => {
    const span = spans.get(example);
    const { answerProbabilities = [] } = answers?.classes ?? {};
    return {
      ...{ row: named.encoded.examples[example]!, loss, at: example },
      kinds: span && answers ? kindsOf(found, answers, span.from, span.to) : [],
      probability: isOne && span ? (answerProbabilities[span.from] ?? NaN) : NaN,
    };
  });
}

function kindsOf(
  { classes }: Found,
  { classes: { targets, answers } }: AnswerList,
  from: number,
  to: number,
): number[] {
  if (classes === 0) return [];
  const kinds = new Set<number>();
  for (let at = from; at < to; at++) kinds.add(targets[at]! * classes + answers[at]!);
  return [...kinds];
}

/** The row of the table that an answer is about; −1: there is none. */
function rowOfAnswer({ named }: Found, { examples, steps }: AnswerList, at: number): number {
  const { encoded, data } = named;
  const example = examples[at]!;
  const { starts } = data.dataset.output;
  return encoded.series === undefined
    ? encoded.examples[example]!
    : encoded.series.targets[(starts?.[example] ?? 0) + steps[at]!]!;
}

function told(found: Found, candidates: readonly Candidate[]): ToldExample[] {
  const { named, model, answers } = found;
  const { table, understanding, encoded } = named;
  const { by } = understanding.split;
  const isSeries = encoded.series !== undefined && answers !== undefined;
  const written = isSeries
    ? new Map<number, string>()
    : writtenAnswers(
        found,
        candidates.map(({ at }) => at),
      );
  return candidates.map(({ row, loss, kinds, probability, at }) => {
    const texts = isSeries
      ? {
          input: by === undefined ? '' : cellsText(table, [by], row),
          ...stepTexts(found, answers, at),
        }
      : {
          input: inputText(table, understanding, row),
          target: targetText(named.data.dataset.output, at, model.output),
          answer: written.get(at)!,
        };
    return { ...lineOf(named, row), ...texts, loss, probability, kinds };
  });
}

function lineOf({ table }: NamedExamples, row: number): Pick<ToldExample, 'line'> {
  const line = table.lines?.[row];
  return line === undefined ? {} : { line };
}

function writtenAnswers(
  { named, model }: Found,
  examples: readonly number[],
): ReadonlyMap<number, string> {
  const { dataset } = named.data;
  const asked = Uint32Array.from(examples);
  const longest = Math.min(longestAnswer, 2 * Math.max(1, longestOf(dataset, asked).u));
  const options = { top: 1, beam: 1, lengthPenalty: 0, longest };
  return new Map(
    [...answerExamples(model, dataset, asked, options)].flatMap((found) =>
      found === undefined ? [] : [[found.example, found.answer] as const],
    ),
  );
}

function stepTexts(
  found: Found,
  { classes, numbers, examples, steps }: AnswerList,
  at: number,
): { readonly target: string; readonly answer: string } {
  const { output } = found.model;
  if (classes.targets.length > 0) {
    const { targets, answers } = classes;
    return { target: output.name(targets[at]!), answer: output.name(answers[at]!) };
  }
  const text = (from: readonly number[]): string =>
    numbersText(inUnits(found, from, { at, example: examples[at]!, step: steps[at]! }), output);
  return { target: text(numbers.targets), answer: text(numbers.answers) };
}

/** The numbers of an answer in the data's own units. */
function inUnits(
  { named, model: { output } }: Found,
  from: readonly number[],
  { at, example, step }: { readonly at: number; readonly example: number; readonly step: number },
): number[] {
  const { encoded, data } = named;
  const { width } = output.form;
  const { starts } = data.dataset.output;
  const place = ((starts?.[example] ?? 0) + step) * width;
  return output
    .restore(from.slice(at * width, (at + 1) * width))
    .map((value, i) => value + (encoded.series?.base?.[place + i] ?? 0));
}

/** Most numbers that are told of; of more they are evenly spaced. */
const mostPoints = 20_000;

/** Numbers as they are and as they were answered, in the order of the table or of time. */
export function numbersOf(found: Found): ExampleEvaluation['numbers'] {
  const { named, model, answers } = found;
  const { output } = model;
  if (answers === undefined || answers.numbers.targets.length === 0) return undefined;
  const { encoded, table } = named;
  const stepsOfSeries = encoded.series?.steps;
  const starts = named.data.dataset.output.starts;
  const order = answers.examples
    .map((example, at) => ({
      at,
      row: rowOfAnswer(found, answers, at),
      // Windows of a training part overlap, and its rows may be in another order than time.
      time: stepsOfSeries?.[(starts?.[example] ?? 0) + answers.steps[at]!] ?? example,
    }))
    .filter(({ row }) => row >= 0)
    .sort((a, b) => a.time - b.time || a.at - b.at);
  const every = Math.ceil(order.length / mostPoints);
  const shown = order.filter((_, i) => i % every === 0);
  const { width } = output.form;
  const restored = shown.map(({ at }) => {
    const place = { at, example: answers.examples[at]!, step: answers.steps[at]! };
    return {
      truth: inUnits(found, answers.numbers.targets, place),
      answer: inUnits(found, answers.numbers.answers, place),
    };
  });
  return {
    every,
    inTime: encoded.series !== undefined,
    lines: Float64Array.from(shown, ({ row }) => table.lines?.[row] ?? NaN),
    columns: Array.from({ length: width }, (_, i) => ({
      name: output.columns[i] ?? '',
      truth: Float64Array.from(restored, ({ truth }) => truth[i]!),
      answer: Float64Array.from(restored, ({ answer }) => answer[i]!),
    })),
  };
}

/** Labels that may be wrong, the surest first, of what the model was not trained on. */
export function suspectsOf(found: Found, most: number): ToldExample[] {
  const { named, answers, model, classes } = found;
  if (answers === undefined || classes === 0 || named.encoded.series !== undefined) return [];
  const { table, understanding, data } = named;
  const isOne = data.dataset.alignment === 'one';
  return likelyLabelErrors(answers.classes)
    .slice(0, most)
    .map((at) => {
      const row = rowOfAnswer(found, answers, at);
      const cell = cellAt(table, understanding.inputs[0]!, row);
      const step = answers.steps[at]!;
      const own = Array.isArray(cell) && !isOne ? (cell as readonly string[])[step] : undefined;
      return {
        ...lineOf(named, row),
        input: own ?? inputText(table, understanding, row),
        target: model.output.name(answers.classes.targets[at]!),
        answer: model.output.name(answers.classes.answers[at]!),
        loss: answers.losses[at]!,
        probability: answers.classes.answerProbabilities[at]!,
        kinds: kindsOf(found, answers, at, at + 1),
      };
    });
}

/** Rows of the whole table whose input is the same. */
export function copiesOf(
  { named }: Pick<Found, 'named'>,
  most: number,
): ExampleEvaluation['duplicates'] {
  const { table, understanding, encoded } = named;
  return duplicatesOf(table, understanding, encoded.examples)
    .slice(0, most)
    .map(({ rows, differ }) => ({
      input: inputText(table, understanding, rows[0]!),
      differ,
      rows: rows.slice(0, most).map((row) => ({
        ...lineOf(named, row),
        target: cellsText(table, understanding.outputs, row),
      })),
      count: rows.length,
    }));
}
