/** Answers of a model of examples, in the data's words and units. */
import { createAnswerRows } from '../core/decoding/answer-rows';
import type { Answer as DecodedAnswer, Method } from '../core/decoding/answers';
import { decodeAnswers } from '../core/decoding/decode';
import type { Codec } from '../core/task/codecs';
import { rowsOf, type Dataset } from '../core/task/dataset';
import { predictExamples } from '../core/task/predict-examples';
import { exampleShape } from '../core/task/run-examples';
import type { Prediction } from '../protocol/engine';
import { answerText } from './answer-text';
import type { OpenExampleModel } from './models';

/** Examples side by side. */
const rows = 32;
/** So many are sorted by length and answered before the first of them is told. */
const chunk = 1024;

export interface AnswerOptions {
  /** Likeliest classes to tell of. */
  readonly top: number;
  /** Of sequences. */
  readonly beam: number;
  readonly lengthPenalty: number;
  /** Most symbols of an answer. */
  readonly longest: number;
}

/** An answer, of the example with this number. */
export type Answered = Omit<Prediction, 'input'>;

/**
 * Answers examples in the order in which they are given.
 *
 * @yields undefined between pieces of work
 */
export function* answerExamples(
  model: Pick<OpenExampleModel, 'network' | 'output'>,
  dataset: Dataset,
  examples: Uint32Array,
  options: AnswerOptions,
): Generator<Answered | undefined, true, undefined> {
  const { network, output } = model;
  if (dataset.alignment === 'delayed') {
    yield* decoded(model, dataset, examples, options);
    return true;
  }
  const batch = Math.min(rows, Math.max(1, examples.length));
  const shape = exampleShape(dataset, examples, batch);
  for (let start = 0; start < examples.length; start += chunk) {
    const part = examples.subarray(start, start + chunk);
    const found = new Map<number, Answered>();
    for (const [example, answer] of predictExamples(network, dataset, part, shape, options.top)) {
      found.set(example, { example, ...answerText(answer, output), attention: [] });
      yield undefined;
    }
    for (const example of part) yield found.get(example)!;
  }
  return true;
}

/** Answers that are sequences of their own. */
function* decoded(
  { network, output }: Pick<OpenExampleModel, 'network' | 'output'>,
  { input }: Dataset,
  examples: Uint32Array,
  { beam, lengthPenalty, longest }: AnswerOptions,
): Generator<Answered | undefined, void, undefined> {
  if (examples.length === 0) return;
  const method: Method = { kind: 'beam', width: beam, lengthPenalty };
  const source =
    input.starts === undefined
      ? 0
      : examples.reduce((most, example) => Math.max(most, rowsOf(input, example)), 1);
  const together = Math.max(beam, Math.min(rows, examples.length * beam));
  const answerRows = createAnswerRows(network, { rows: together, source, answer: longest });
  const perRun = Math.max(1, Math.floor(together / beam));
  for (let first = 0; first < examples.length; first += perRun) {
    const chosen = examples.subarray(first, first + perRun);
    const deciding = decodeAnswers(answerRows, input, chosen, {
      ...{ method, boundary: output.form.width },
      excluded: output.unknown,
      weights: true,
    });
    for (;;) {
      const { done, value } = deciding.next();
      if (done === true) {
        for (const [i, found] of value.entries()) yield decodedAnswer(chosen[i]!, found, output);
        break;
      }
      yield undefined;
    }
  }
}

function decodedAnswer(
  example: number,
  [best, ...others]: readonly DecodedAnswer[],
  output: Codec,
): Answered {
  const { ids, logProbability, logProbabilities, weights } = best!;
  return {
    example,
    answer: output.decode(ids),
    probability: Math.exp(logProbability),
    others: others.map((other) => ({
      answer: output.decode(other.ids),
      probability: Math.exp(other.logProbability),
    })),
    steps: Array.from(ids, (id, i) => ({
      symbol: output.describe(id),
      probability: Math.exp(logProbabilities[i]!),
    })),
    numbers: [],
    attention: [...weights].map(([variable, steps]) => ({
      variable,
      weights: steps.slice(0, ids.length).map((step) => Float64Array.from(step)),
    })),
  };
}
