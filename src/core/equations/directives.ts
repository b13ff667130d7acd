import { joined, sentence, type Sentence } from '../sentence';
import { reportNumber, type Report } from './errors';
import type { Mentions } from './names';
import type { Place, RawInit, RawName, RawOutput, RawSize } from './raw';
import { didYouMean, lineText, listed } from '../suggest';
import { inputName, predictionName, type Cell, type Initial, type Size, type Span } from './syntax';

/** What reading a directive needs to know of its text. */
export interface DirectiveSurroundings {
  readonly defined: ReadonlySet<string>;
  readonly mentions: Mentions;
  /** Whether `y` is the model's own output layer. */
  readonly ownPrediction: boolean;
  readonly spanOf: (place: Place) => Span;
  readonly report: Report;
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

/** Reads all `init` lines; a mistaken one is reported and left out. */
export function readInitials(
  lines: readonly RawInit[],
  text: DirectiveSurroundings,
): Cell['initials'] {
  const initials = new Map<string, { initial: Initial; span: Span }>();
  for (const line of lines) {
    const name = targetOf(line.target, 'init', text);
    const initial = initialOf(line, text);
    if (initial === undefined || !fits(initial, line, text)) continue;
    if (isRepeated(name, line, initials, text)) continue;
    initials.set(name, { initial, span: text.spanOf(line) });
  }
  return initials;
}

function initialOf({ value }: RawInit, { report }: DirectiveSurroundings): Initial | undefined {
  const number = value.kind === 'number' ? value.value : (value.argument ?? 0);
  if (!reportNumber(number, value, report)) return undefined;
  if (value.kind === 'number') return { kind: 'constant', value: value.value };
  const kind = value.name.text;
  if (!isKind(kind)) {
    const choices = listed(kindNames, 'or');
    const hint = joined(
      didYouMean(kind, kindNames),
      sentence`Write a number, or one of ${choices}.`,
    );
    report(sentence`There is no initial value ${kind}.`, value.name, hint);
    return undefined;
  }
  const scale = value.argument ?? defaultScales[kind];
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
  const { defined, mentions, report } = text;
  const fail = (problem: Sentence, hint: Sentence, place: Place = line.target): boolean => {
    report(problem, place, hint);
    return false;
  };
  if (name === inputName) {
    return fail(
      sentence`x is the input, which has no initial value.`,
      sentence`Before the first step it is zero.`,
    );
  }
  if (mentions.matrices.has(name)) return true;
  if (mentions.biases.has(name)) {
    if (initial.kind !== 'orthogonal' && initial.kind !== 'identity') return true;
    return fail(
      sentence`${name} is a bias, so it cannot start as ${initial.kind}.`,
      sentence`Only a matrix can; write a number, uniform(a) or normal(s).`,
      line.value,
    );
  }
  if (!defined.has(name)) {
    const names = [...mentions.matrices, ...mentions.biases, ...defined];
    return fail(
      sentence`Nothing is called ${name}.`,
      joined(didYouMean(name, names), sentence`init sets how a matrix, a bias or a state starts.`),
    );
  }
  if ((mentions.lags.get(name) ?? 0) === 0) {
    return fail(
      sentence`${name} is not a state: no equation reads ${name}[t-1].`,
      sentence`Only a state has a value before the first step.`,
    );
  }
  if (initial.kind === 'constant') return true;
  return fail(
    sentence`${name} is a state, so it cannot start as ${initial.kind}.`,
    sentence`Write a number, as in init ${name} = 0.5.`,
    line.value,
  );
}

/** Reads all `size` lines; a mistaken one is reported and left out. */
export function readSizes(lines: readonly RawSize[], text: DirectiveSurroundings): Cell['sizes'] {
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
    joined(didYouMean(name, defined), sentence`size sets the width of a left side.`),
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
        joined(didYouMean(name, defined), sentence`The output is one of the left sides.`),
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
