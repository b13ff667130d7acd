import type { Report } from './errors';
import { readIndex } from './index-reader';
import {
  answerLetter,
  isFunctionName,
  isNamedBeforeBracket,
  isUppercase,
  isVariable,
  lastLetter,
  timeName,
} from './names';
import { printVariable } from './notation';
import type { Place, RawExpression, RawIndex, RawName } from './raw';
import { joined, sentence, type Sentence } from '../sentence';
import { didYouMean } from '../suggest';
import {
  inputName,
  type Domain,
  type Expression,
  type SequenceName,
  type Span,
  type StepDomain,
} from './syntax';

/** What reading an expression needs to know of its text. */
export interface Surroundings {
  /** The left sides of the text's equations, and what they belong to. */
  readonly defined: ReadonlyMap<string, Domain>;
  /** What the input is: `x`, one vector for the example, or a sequence over the source's letter. */
  readonly input: Domain;
  /** Letters that an index of the text has: they are nobody's names. */
  readonly letters: ReadonlySet<string>;
  /** Of the equation that is read. */
  readonly domain: Domain;
  /** Whether it is the right side of an `init` line. */
  readonly isStart: boolean;
  /** Cells that can be applied by name. */
  readonly cells: ReadonlySet<string>;
  readonly spanOf: (place: Place) => Span;
  readonly report: Report;
}

/** `h[t-1]`, `h[1]`. */
export function variable(node: RawName, index: RawIndex, text: Surroundings): Expression {
  const name = node.name.text;
  const span = text.spanOf(node);
  const read = readIndex(node, index, text.report);
  const own = name === inputName ? text.input : text.defined.get(name);
  if (!checkName(node, text)) {
    return { kind: 'variable', name, lag: 1, domain: letterFor(text), span };
  }
  // A mistaken time is read as the last one, so that no second error follows from it.
  if (!read) return { kind: 'variable', name, lag: 1, domain: letterFor(text), span };
  if (own === 'example' && !(name === inputName && read.kind === 'step' && read.domain === 'u')) {
    const hint = sentence`Write ${name}.`;
    text.report(sentence`${name} has no index: it is one vector for the example.`, node, hint);
    return { kind: 'whole', name, span };
  }
  if (read.kind === 'end') {
    return { kind: 'end', name, at: read.at, domain: sequenceOf(own), span };
  }
  const { domain, lag } = read;
  const written = printVariable(name, lag, domain);
  if (name !== inputName && own !== domain) {
    const problem = sentence`${name} runs over ${sequenceOf(own)}, so there is no ${written}.`;
    text.report(problem, node, acrossTo(name, own, text));
  } else if (text.domain !== domain) {
    const problem = text.isStart
      ? sentence`A start is one vector for the example, but ${written} has one for each step.`
      : sentence`This equation has one value for each step of ${text.domain}, but ${written} runs over ${domain}.`;
    text.report(problem, node, acrossTo(name, domain, text));
  }
  return { kind: 'variable', name, lag, domain, span };
}

/** How a sequence is read from where its steps are not: or by the equation's own letter, where that is all. */
function acrossTo(
  name: string,
  own: Domain | undefined,
  { domain, isStart }: Surroundings,
): Sentence {
  if (own === domain) return timesOf(name, domain === 'u' ? 'u' : 't');
  return isStart
    ? sentence`Read its end, ${name}[1] or ${name}[T], or mean(${name}) or max(${name}).`
    : sentence`From other steps read ${name}[1], ${name}[T], mean(${name}), max(${name}) or attend(…, ${name}).`;
}

function letterFor({ domain }: Surroundings): StepDomain {
  return domain === 'u' ? 'u' : 't';
}

function sequenceOf(domain: Domain | undefined): StepDomain {
  return domain === 'u' ? 'u' : 't';
}

/** Whether a name with an index is a variable's; what else it is, is reported. */
function checkName(node: RawName, text: Surroundings): boolean {
  const name = node.name.text;
  if (name === timeName) {
    const problem = sentence`t is the time, so it cannot be the name of a variable.`;
    text.report(problem, node.name, sentence`Choose another name.`);
    return false;
  }
  if (isFunctionName(name)) {
    const hint = sentence`Write ${name}(…), or choose another name.`;
    text.report(sentence`${name} is a function, not a variable.`, node.name, hint);
    return false;
  }
  if (isVariable(name, text.defined)) return true;
  const guess = didYouMean(name, [...text.defined.keys(), inputName]);
  const written = printVariable(name, 0, letterFor(text));
  const other = isUppercase(name)
    ? sentence`A matrix has no time index; a variable needs an equation ${written} = ….`
    : sentence`Add an equation ${written} = …, or write ${name} without a time index if it is a learnt bias.`;
  text.report(sentence`No equation defines ${name}.`, node, joined(guess, other));
  return false;
}

/** A name that is followed neither by an index nor by an operand: a bias, a value of the example, or a mistake. */
export function bareName(node: RawName, text: Surroundings): Expression {
  const name = node.name.text;
  const span = text.spanOf(node);
  const base = /^(.+)_t$/u.exec(name)?.[1];
  const own = name === inputName ? text.input : text.defined.get(name);
  if (own === 'example') return { kind: 'whole', name, span };
  if (name === timeName) {
    const hint = sentence`Choose another name for a bias.`;
    text.report(sentence`t is the time and can stand only in square brackets.`, node, hint);
  } else if (isLetter(name, text)) {
    reportLetter(node, text);
  } else if (isFunctionName(name)) {
    text.report(
      sentence`${name} is a function and needs an argument in brackets.`,
      node,
      sentence`Write ${name}(…).`,
    );
  } else if (own !== undefined) {
    reportUntimed(node, text);
  } else if (base !== undefined && isVariable(base, text.defined)) {
    const hint = timesOf(base, sequenceOf(text.defined.get(base)));
    text.report(sentence`The time index of ${base} goes in square brackets.`, node, hint);
  } else if (isUppercase(name)) {
    const lower = name.toLowerCase();
    const free = lower !== name && !isVariable(lower, text.defined);
    const hint = free
      ? sentence`Write the vector it multiplies after it, as in ${name} x[t] (in brackets if it has a sign); if ${name} is a bias, write it in lowercase: ${lower}.`
      : sentence`Write the vector it multiplies after it, as in ${name} x[t] (in brackets if it has a sign); if ${name} is a bias, write it in lowercase.`;
    text.report(sentence`The matrix ${name} has no operand.`, node, hint);
  }
  return { kind: 'bias', name, span };
}

/** Whether a name is a letter of the text's indices. */
export function isLetter(name: string, { letters, defined }: Surroundings): boolean {
  return letters.has(name) && !defined.has(name);
}

export function reportLetter(node: RawName, text: Surroundings): void {
  const name = node.name.text;
  const problem =
    name === lastLetter
      ? sentence`T is the last step and can stand only in square brackets.`
      : sentence`${name} counts steps and can stand only in square brackets.`;
  text.report(problem, node, sentence`Choose another name.`);
}

export function reportUntimed(node: RawName, text: Surroundings): void {
  const name = node.name.text;
  const own = name === inputName ? text.input : text.defined.get(name);
  const hint =
    own === text.domain || own === undefined
      ? timesOf(name, sequenceOf(own))
      : acrossTo(name, own, text);
  text.report(sentence`The variable ${name} has no time index.`, node, hint);
}

function timesOf(name: string, letter: StepDomain): Sentence {
  return sentence`Write ${name}[${letter}] for this step's value or ${name}[${letter}-1] for the previous one.`;
}

interface SequenceRead extends SequenceName {
  readonly domain: StepDomain;
}

/** The argument of a function of a whole sequence: `s` in `mean(s)`. */
export function sequenceName(
  node: RawExpression | null,
  called: string,
  place: Place,
  text: Surroundings,
): SequenceRead | undefined {
  if (node?.kind !== 'name') {
    text.report(
      sentence`${called} reads all steps of a sequence, by its name.`,
      node ?? place,
      sentence`Give the value an equation of its own, such as s[t] = …, and write s here.`,
    );
    return undefined;
  }
  const name = node.name.text;
  const own = name === inputName ? text.input : text.defined.get(name);
  if (node.index) {
    const hint = sentence`Write ${name} without an index.`;
    text.report(sentence`${called} reads all steps of ${name}.`, node, hint);
    return undefined;
  }
  if (own === undefined) {
    const guess = didYouMean(name, [...text.defined.keys(), inputName]);
    const hint = joined(guess, sentence`It reads a sequence, such as the states of a cell.`);
    text.report(sentence`No equation defines ${name}.`, node, hint);
    return undefined;
  }
  if (own === 'example') {
    text.report(
      sentence`${name} is one vector for the example, so it has no steps for ${called} to read.`,
      node,
      sentence`Write the name of a sequence, of what has an index where it is defined.`,
    );
    return undefined;
  }
  return { name, span: text.spanOf(node), domain: own };
}

/** Names that cannot be a left side. */
export function reservedName(name: string, letters: ReadonlySet<string>): Sentence | undefined {
  if (name === inputName)
    return sentence`x is the input of the cell, so no equation can define it.`;
  if (name === timeName) return sentence`t is the time, so no equation can define it.`;
  if (isFunctionName(name)) return sentence`${name} is a function, so no equation can define it.`;
  if (!letters.has(name)) return undefined;
  return name === answerLetter
    ? sentence`u counts the steps of the answer, so no equation can define it.`
    : sentence`T is the last step, so no equation can define it.`;
}

export function isCalledBeforeBracket(name: string, text: Surroundings): boolean {
  return isNamedBeforeBracket(name) || text.cells.has(name);
}
