import { joined, sentence, type Sentence } from '../sentence';
import { elaborate } from './elaborate';
import { reportNumber, type Report } from './errors';
import { isScalar, isState, type Mentions } from './names';
import { printVariable } from './notation';
import type { Place, RawExpression, RawInit, RawName, RawOutput, RawSize, RawWord } from './raw';
import type { Surroundings } from './read-variable';
import { didYouMean, lineText, listed } from '../suggest';
import {
  inputName,
  predictionName,
  type Initial,
  type Size,
  type Span,
  type Start,
} from './syntax';

/** What reading a directive needs to know of its text. */
export interface DirectiveSurroundings extends Surroundings {
  readonly mentions: Mentions;
  /** Whether `y` is the model's own output layer. */
  readonly ownPrediction: boolean;
}

type Kind = Exclude<Initial['kind'], 'constant'>;

/** The scale of each kind where none is written. */
const defaultScales: Readonly<Record<Kind, number>> = {
  // Karpathy's char-rnn (2015) draws from uniform(-0.08, 0.08), his min-char-rnn from 0.01 · normal.
  uniform: 0.08,
  normal: 0.01,
  orthogonal: 1,
  identity: 1,
};

/** What a standard normal number of a uniform one of 53 bits can be at most (Box & Muller 1958): √(2 ln 2⁵³). */
const largestNormal = Math.sqrt(106 * Math.LN2);

const kindNames = Object.keys(defaultScales);

function isKind(name: string): name is Kind {
  return Object.hasOwn(defaultScales, name);
}

/** What an `init` line gives: a number, a way to draw entries, or values to compute a start from. */
type Given =
  | (Place & { readonly kind: 'number'; readonly value: number })
  | (Place & {
      readonly kind: 'named';
      readonly name: RawWord;
      readonly argument: number | undefined;
    })
  | (Place & { readonly kind: 'expression' });

function givenBy(value: RawExpression): Given {
  const place = { start: value.start, end: value.end };
  const number = numberIn(value);
  if (number !== undefined) return { kind: 'number', value: number, ...place };
  const [head, brackets, ...others] = value.kind === 'side by side' ? value.items : [value];
  if (head?.kind !== 'name' || head.index || others.length > 0) {
    return { kind: 'expression', ...place };
  }
  if (!brackets) return { kind: 'named', name: head.name, argument: undefined, ...place };
  if (brackets.kind !== 'group' || brackets.more.length > 0 || !brackets.closed) {
    return { kind: 'expression', ...place };
  }
  const argument = brackets.inner ? numberIn(brackets.inner) : undefined;
  if (brackets.inner && argument === undefined) return { kind: 'expression', ...place };
  return { kind: 'named', name: head.name, argument, ...place };
}

/** A number with or without a sign. */
function numberIn(value: RawExpression): number | undefined {
  if (value.kind === 'number') return value.value;
  if (value.kind !== 'negate' || value.operand.kind !== 'number') return undefined;
  return 0 - value.operand.value;
}

/** Whether a line sets a state's start by an expression. */
function isComputed(line: RawInit, { defined }: DirectiveSurroundings): boolean {
  const name = line.target.name.text;
  const given = givenBy(line.value);
  if (given.kind === 'expression') return true;
  if (given.kind === 'number' || isKind(given.name.text)) return false;
  return defined.has(name);
}

/** Reads the `init` lines that compute the start of a state; mistaken ones are reported and left out. */
export function readStarts(
  lines: readonly RawInit[],
  text: DirectiveSurroundings,
): Map<string, Start> {
  const starts = new Map<string, Start>();
  const earlier = new Map<string, { readonly span: Span }>();
  for (const line of lines) {
    const name = targetOf(line.target, 'init', text);
    if (isRepeated(name, line, earlier, text)) continue;
    earlier.set(name, { span: text.spanOf(line) });
    if (!isComputed(line, text) || !canBeComputed(line, text)) continue;
    const expression = elaborate(line.value, { ...text, domain: 'example', isStart: true });
    if (isScalar(expression)) {
      const hint = sentence`Write it as one number, as in init ${name} = 0.5.`;
      text.report(sentence`This start is made of numbers only.`, line.value, hint);
      continue;
    }
    starts.set(name, { expression, span: text.spanOf(line) });
  }
  return starts;
}

function canBeComputed(line: RawInit, text: DirectiveSurroundings): boolean {
  const name = line.target.name.text;
  if (!text.mentions.matrices.has(name) && !text.mentions.biases.has(name)) {
    return isStateTarget(line, text);
  }
  const choices = listed(kindNames, 'or');
  text.report(
    sentence`${name} is learnt, so its initial value is not computed.`,
    line.value,
    sentence`Write a number, or one of ${choices}.`,
  );
  return false;
}

/** Reads the other `init` lines; a mistaken one is reported and left out. */
export function readInitials(
  lines: readonly RawInit[],
  text: DirectiveSurroundings,
): Map<string, { initial: Initial; span: Span }> {
  const initials = new Map<string, { initial: Initial; span: Span }>();
  for (const line of lines) {
    const name = line.target.name.text;
    if (isComputed(line, text)) continue;
    const initial = initialOf(line, text);
    if (initial === undefined || !fits(initial, line, text) || initials.has(name)) continue;
    initials.set(name, { initial, span: text.spanOf(line) });
  }
  return initials;
}

function initialOf({ value }: RawInit, { report }: DirectiveSurroundings): Initial | undefined {
  const given = givenBy(value);
  if (given.kind === 'expression') return undefined;
  const number = given.kind === 'number' ? given.value : (given.argument ?? 0);
  if (!reportNumber(number, value, report)) return undefined;
  if (given.kind === 'number') return { kind: 'constant', value: given.value };
  const kind = given.name.text;
  if (!isKind(kind)) {
    const choices = listed(kindNames, 'or');
    const hint = joined(
      didYouMean(kind, kindNames),
      sentence`Write a number, or one of ${choices}.`,
    );
    report(sentence`There is no initial value ${kind}.`, given.name, hint);
    return undefined;
  }
  const scale = given.argument ?? defaultScales[kind];
  if (scale < 0 && (kind === 'uniform' || kind === 'normal')) {
    const a = -scale;
    const hint =
      kind === 'uniform'
        ? sentence`Write ${kind}(${a}): values lie between -${a} and ${a}.`
        : sentence`Write ${kind}(${a}): it is the standard deviation.`;
    report(sentence`${kind} cannot have a negative argument.`, value, hint);
    return undefined;
  }
  if (kind === 'normal' && Math.fround(scale * largestNormal) === Infinity) {
    const hint = sentence`The largest number is about 3.4e38: write at most ${kind}(3.9e37).`;
    report(sentence`${kind}(${scale}) can give numbers that are too large.`, value, hint);
    return undefined;
  }
  return { kind, scale };
}

/** Whether a start of that kind makes sense for what it is given to. */
function fits(initial: Initial, line: RawInit, text: DirectiveSurroundings): boolean {
  const name = line.target.name.text;
  const { mentions, report } = text;
  if (mentions.matrices.has(name)) return true;
  if (mentions.biases.has(name)) {
    if (initial.kind !== 'orthogonal' && initial.kind !== 'identity') return true;
    report(
      sentence`${name} is a bias, so it cannot start as ${initial.kind}.`,
      line.value,
      sentence`Only a matrix can; write a number, uniform(a) or normal(s).`,
    );
    return false;
  }
  if (!isStateTarget(line, text)) return false;
  if (initial.kind === 'constant') return true;
  report(
    sentence`${name} is a state, so it cannot start as ${initial.kind}.`,
    line.value,
    sentence`Write a number, as in init ${name} = 0.5, or values of the example, as in init ${name} = s[T].`,
  );
  return false;
}

/** Whether a line's name is a state's; what else it is, is reported. */
function isStateTarget(line: RawInit, text: DirectiveSurroundings): boolean {
  const name = line.target.name.text;
  const { defined, mentions, report } = text;
  if (name === inputName) {
    report(
      sentence`x is the input, which has no initial value.`,
      line.target,
      sentence`Before the first step it is zero.`,
    );
    return false;
  }
  if (!defined.has(name)) {
    const names = [...mentions.matrices, ...mentions.biases, ...defined.keys()];
    report(
      sentence`Nothing is called ${name}.`,
      line.target,
      joined(didYouMean(name, names), sentence`init sets how a matrix, a bias or a state starts.`),
    );
    return false;
  }
  if (isState(mentions, name)) return true;
  const read = printVariable(name, 1, defined.get(name) === 'u' ? 'u' : 't');
  report(
    sentence`${name} is not a state: no equation reads ${read}.`,
    line.target,
    sentence`Only a state has a value before the first step.`,
  );
  return false;
}

/** Reads all `size` lines; a mistaken one is reported and left out. */
export function readSizes(
  lines: readonly RawSize[],
  text: DirectiveSurroundings,
): Map<string, { size: Size; span: Span }> {
  const sizes = new Map<string, { size: Size; span: Span }>();
  for (const line of lines) {
    const name = targetOf(line.target, 'size', text);
    const size = sizeOf(line, text.report);
    if (size === undefined || !canBeSized(line, text)) continue;
    if (isRepeated(name, line, sizes, text)) continue;
    sizes.set(name, { size, span: text.spanOf(line) });
  }
  return sizes;
}

function sizeOf({ value, target }: RawSize, report: Report): Size | undefined {
  const { factor, of } = value;
  const name = target.name.text;
  if (of && of.text !== 'hidden') {
    const hint = joined(
      didYouMean(of.text, ['hidden']),
      sentence`Write a number, or a multiple of the hidden size, as in size ${name} = 2 hidden.`,
    );
    report(sentence`There is no size ${of.text}.`, of, hint);
    return undefined;
  }
  if (!Number.isFinite(factor) || factor <= 0 || (!of && !Number.isSafeInteger(factor))) {
    report(
      sentence`A size must be a whole number of at least 1.`,
      value,
      sentence`Write size ${name} = 64, or a multiple of the hidden size: size ${name} = 2 hidden.`,
    );
    return undefined;
  }
  return of ? { kind: 'hidden', factor } : { kind: 'number', value: factor };
}

function canBeSized(
  line: RawSize,
  { defined, mentions, ownPrediction, report }: DirectiveSurroundings,
): boolean {
  const name = line.target.name.text;
  const fail = (problem: Sentence, hint: Sentence): boolean => {
    report(problem, line.target, hint);
    return false;
  };
  if (name === inputName) {
    return fail(
      sentence`x is as wide as the input.`,
      sentence`Its size follows from the text and the embedding.`,
    );
  }
  if (name === predictionName && ownPrediction) {
    return fail(
      sentence`y is the prediction, as wide as the vocabulary.`,
      sentence`Leave this line out.`,
    );
  }
  if (defined.has(name)) return true;
  if (mentions.matrices.has(name) || mentions.biases.has(name)) {
    return fail(
      mentions.matrices.has(name)
        ? sentence`The size of the matrix ${name} follows from the equations.`
        : sentence`The size of the bias ${name} follows from the equations.`,
      sentence`Give the size of a variable instead.`,
    );
  }
  return fail(
    sentence`No equation defines ${name}.`,
    joined(didYouMean(name, defined.keys()), sentence`size sets the width of a left side.`),
  );
}

/** The output that is asked for, if any line asks for one that exists. */
export function readOutput(
  lines: readonly RawOutput[],
  text: DirectiveSurroundings,
): string | undefined {
  const { defined, ownPrediction, report, spanOf } = text;
  let output: string | undefined;
  let first: RawOutput | undefined;
  for (const line of lines) {
    const name = targetOf(line.target, 'output', text);
    if (first) {
      report(
        sentence`The output is set twice.`,
        line,
        sentence`Keep one; the first is on ${lineText(spanOf(first).line)}.`,
      );
    } else if (name === predictionName && ownPrediction) {
      report(
        sentence`y is the prediction made from the output.`,
        line.target,
        sentence`Name the variable that goes to the next layer.`,
      );
    } else if (!defined.has(name)) {
      report(
        sentence`No equation defines ${name}.`,
        line.target,
        joined(didYouMean(name, defined.keys()), sentence`The output is one of the left sides.`),
      );
    } else {
      output = name;
    }
    first ??= line;
  }
  return output;
}

function targetOf(
  { name, index }: RawName,
  directive: 'init' | 'size' | 'output',
  { report }: DirectiveSurroundings,
): string {
  if (index) {
    const line = `${directive} ${name.text}${directive === 'output' ? '' : ' = …'}`;
    const hint = sentence`It holds for all times: write ${line}.`;
    report(sentence`${directive} takes a name without a time index.`, index, hint);
  }
  return name.text;
}

function isRepeated(
  name: string,
  line: RawInit | RawSize,
  earlier: ReadonlyMap<string, { readonly span: Span }>,
  { report }: DirectiveSurroundings,
): boolean {
  const first = earlier.get(name);
  if (!first) return false;
  report(
    line.kind === 'init'
      ? sentence`The initial value of ${name} is set twice.`
      : sentence`The size of ${name} is set twice.`,
    line,
    sentence`Keep one; the first is on ${lineText(first.span.line)}.`,
  );
  return true;
}
