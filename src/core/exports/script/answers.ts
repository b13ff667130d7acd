/** The part of a script that answers examples: from logits to what the data has. */
import { readTokenizer } from '../../data/tokenizers';
import type { CodecData, DataOf } from '../../task/codec-data';
import type { Alignment } from '../../task/dataset';
import { longestAnswer } from '../../task/predict-examples';
import { quote, wrap, type Code } from './code';
import type { InputPart } from './cells';
import { scoped, tokenizerCode } from './tokenizer';

export interface AnswerPlan {
  readonly alignment: Alignment;
  readonly response: 'softmax' | 'sigmoid' | 'none';
  readonly output: CodecData;
  /** Where the changes of a series are learnt: the inputs that they are changes of, by their places among the inputs. */
  readonly changesOf: readonly number[] | undefined;
}

export interface AnswerPart {
  /** `predict`, with the types of what it gives. */
  readonly code: string;
  /** What it needs: symbols and their names, units. */
  readonly symbols: string;
  /** What `predict` gives, in words. */
  readonly gives: string;
  readonly usesSoftmax: boolean;
}

/** @throws Error for what no task has */
export function answerPart(code: Code, plan: AnswerPlan, input: InputPart): AnswerPart {
  const { alignment, output, response } = plan;
  if (alignment === 'delayed') return ofSequence(code, output, input);
  const isOne = alignment === 'one';
  switch (response) {
    case 'softmax':
      return isOne ? ofClass(code, output, input) : ofSteps(code, output, input);
    case 'sigmoid':
      return ofLabels(code, output, input);
    case 'none':
      return ofNumbers(code, plan, input);
  }
}

const predictHead = (code: Code, { parameters }: InputPart, result: string): string =>
  code`export function predict(${parameters})«: ${result}» {`;

/** A symbol's name, and symbols put together. */
function symbolPart(code: Code, output: CodecData): string {
  if (output.kind === 'text') {
    const tokenizer = readTokenizer(output.tokenizer);
    return code`${scoped('outputText', tokenizerCode(code, tokenizer.toJSON()))}/** Symbols as a text. */
function textOf(ids«: readonly number[]»)«: string» {
  const decoder = outputText.createDecoder();
  return ids.map((id) => decoder.push(id)).join('') + decoder.end();
}
`;
  }
  if (!('names' in output)) throw new Error(`${output.kind} has no symbols.`);
  return code`${namesOf(output.names)}
/** Symbols as a text. */
function textOf(ids«: readonly number[]»)«: string» {
  return ids.map((id) => names[id]).join(' ');
}
`;
}

function namesOf(names: readonly string[]): string {
  return `/** What comes out is one of these. */
const names = [
${wrap(names.map(quote))}
];
`;
}

/** Refuses what no probabilities can be made of. */
const finitePart = (code: Code): string => code`
/** The probability of each symbol. */
function probabilities(logits«: Vector»)«: Vector» {
  const odds = softmax(logits);
  if (!odds.every(Number.isFinite)) throw new RangeError('The model’s output is not a finite number.');
  return odds;
}
`;

function ofClass(code: Code, output: CodecData, input: InputPart): AnswerPart {
  if (!('names' in output)) throw new Error(`${output.kind} is no class.`);
  return {
    gives: '{ answer, probability, classes }, the likeliest class first',
    usesSoftmax: true,
    code: code`«export interface Class {
  answer: string;
  probability: number;
}

export interface Answer extends Class {
  /** All there are, the likeliest first. */
  classes: Class[];
}

»/** Answers an input with a class. */
${predictHead(code, input, 'Answer')}
  const logits = network(readInput(${input.names.join(', ')}));
  const odds = probabilities(logits);
  const order = names.map((_, id) => id).sort((a, b) => logits[b] - logits[a]);
  const classes = order.map((id) => ({ answer: names[id], probability: odds[id] }));
  return { ...classes[0], classes };
}
`,
    symbols: namesOf(output.names) + finitePart(code),
  };
}

const stepTypes = (code: Code): string => code`«export interface Answer {
  answer: string;
  /** Of the whole answer. */
  probability: number;
  /** Each given those before it. */
  steps: { symbol: string; probability: number }[];
}

»`;

function ofSteps(code: Code, output: CodecData, input: InputPart): AnswerPart {
  return {
    gives: '{ answer, probability, steps }, a step for each of the input',
    usesSoftmax: true,
    code: code`${stepTypes(code)}/** Answers each step of an input with a symbol. */
${predictHead(code, input, 'Answer')}
  const odds = network(readInput(${input.names.join(', ')})).map(probabilities);
  const ids = odds.map((step) => step.indexOf(Math.max(...step)));
  const steps = ids.map((id, t) => ({ symbol: textOf([id]), probability: odds[t][id] }));
  const probability = steps.reduce((product, step) => product * step.probability, 1);
  return { answer: textOf(ids), probability, steps };
}
`,
    symbols: symbolPart(code, output) + finitePart(code),
  };
}

function ofSequence(code: Code, output: CodecData, input: InputPart): AnswerPart {
  const unknown = output.kind === 'text' ? readTokenizer(output.tokenizer).unknown : undefined;
  const skip =
    unknown === undefined
      ? ''
      : `
    if (id === ${String(unknown)}) continue; // UNKNOWN`;
  const count = output.kind === 'text' ? 'outputText.vocabularySize' : 'names.length';
  return {
    gives: '{ answer, probability, steps }, the likeliest symbol at each step',
    usesSoftmax: true,
    code: code`${stepTypes(code)}/** Answers an input with a sequence: at each step the likeliest symbol, until END. */
${predictHead(code, input, 'Answer')}
  const state = encode(${input.names.join(', ')});
  const ids«: number[]» = [];
  const steps«: Answer['steps']» = [];
  let logProbability = 0;
  for (let id = boundary; ids.length < longestAnswer; ) {
    const odds = probabilities(step(state, id));
    id = likeliest(odds);
    logProbability += Math.log(odds[id]);
    if (id === boundary) break;
    ids.push(id);
    steps.push({ symbol: textOf([id]), probability: odds[id] });
  }
  return { answer: textOf(ids), probability: Math.exp(logProbability), steps };
}

/** So many symbols an answer has at most. */
const longestAnswer = ${longestAnswer};

function likeliest(odds«: Vector»)«: number» {
  let best = -1;
  for (let id = 0; id < odds.length; id++) {${skip}
    if (best < 0 || odds[id] > odds[best]) best = id;
  }
  return best;
}
`,
    symbols: code`${symbolPart(code, output)}
/** The symbol that stands for START and for END. */
const boundary = ${count};
${finitePart(code)}`,
  };
}

function ofLabels(code: Code, output: CodecData, input: InputPart): AnswerPart {
  if (!('names' in output)) throw new Error(`${output.kind} is no label.`);
  return {
    gives: '{ answer, labels }: those that are likelier than not, and the probability of each',
    usesSoftmax: false,
    code: code`«export interface Answer {
  /** The labels that are likelier than not. */
  answer: string;
  labels: { answer: string; probability: number }[];
}

»/** Answers an input with any number of labels. */
${predictHead(code, input, 'Answer')}
  const logits = network(readInput(${input.names.join(', ')}));
  const labels = names.map((answer, id) => ({
    answer,
    probability: 1 / (1 + Math.exp(-logits[id])),
  }));
  const likely = labels.filter(({ probability }) => probability > 0.5);
  return { answer: likely.map(({ answer }) => answer).join(', '), labels };
}
`,
    symbols: namesOf(output.names),
  };
}

function ofNumbers(
  code: Code,
  { alignment, output, changesOf }: AnswerPlan,
  input: InputPart,
): AnswerPart {
  if (output.kind !== 'row') throw new Error(`${output.kind} is no row of numbers.`);
  const isOne = alignment === 'one';
  const names = output.fields.map(({ name }) => name).join(', ');
  const before =
    changesOf === undefined
      ? ''
      : `  const given = [${changesOf.map((place, i) => `numbersKnown(${input.names[place]!}, ${String(isDecimal(output, i))})`).join(', ')}];
  const before = logits.map((_, t) => given.map((numbers) => numbers[t]));\n`;
  const step =
    changesOf === undefined
      ? '(row) => inUnits(row)'
      : '(row, t) => inUnits(row).map((value, i) => value + before[t][i])';
  return {
    gives: isOne
      ? `{ numbers }: ${names}, in the data’s own units`
      : `{ numbers }: for each step ${names}, in the data’s own units`,
    usesSoftmax: false,
    code: code`«export interface Answer {
  /** In the data’s own units, a number a column${isOne ? '' : ', for each step'}. */
  numbers: number[]${isOne ? '' : '[]'};
}

»/** Answers ${isOne ? 'an input' : 'each step of an input'} with numbers. */
${predictHead(code, input, 'Answer')}
  const logits = network(readInput(${input.names.join(', ')}));
${before}  return { numbers: ${isOne ? 'inUnits(logits)' : `logits.map(${step})`} };
}
`,
    symbols: unitsPart(code, output) + (changesOf === undefined ? '' : knownPart(code)),
  };
}

function isDecimal({ fields }: DataOf<'row'>, place: number): boolean {
  const field = fields[place];
  return field?.kind === 'number' && field.comma === 'decimal';
}

function unitsPart(code: Code, { fields }: DataOf<'row'>): string {
  let at = 0;
  const places = fields.map((field) => {
    const place = at;
    at += field.kind === 'category' ? field.names.length : field.flag ? 2 : 1;
    const [mean, deviation] = field.kind === 'number' ? [field.mean, field.deviation] : [0, 1];
    return `{ at: ${String(place)}, mean: ${String(mean)}, deviation: ${String(deviation)} }`;
  });
  return code`/** Numbers are learnt as (value − mean) / deviation. */
const units = [
${places.map((place) => `  ${place},`).join('\n')}
];

function inUnits(row«: Vector»)«: number[]» {
  return units.map(({ at, mean, deviation }) => row[at] * deviation + mean);
}
`;
}

/** What changes begin with. */
function knownPart(code: Code): string {
  return code`
/** A column's numbers; one that is missing is the last that was known. */
function numbersKnown(
  cell«: string | readonly (string | number)[]»,
  decimal«: boolean»,
)«: number[]» {
  const numbers = carried(listOf(cell, /[\s,;]+/)).map((each) => numberIn(each, decimal));
  let last = numbers.find((value) => !Number.isNaN(value)) ?? 0;
  return numbers.map((value) => (last = Number.isNaN(value) ? last : value));
}
`;
}
