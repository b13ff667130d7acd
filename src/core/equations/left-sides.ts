import { cellCallOf, type CellCall } from './apply';
import type { Report } from './errors';
import { letterOf, readIndex } from './index-reader';
import { answerLetter, lastLetter } from './names';
import { printTarget } from './notation';
import { rawArguments, visitNames, type Place, type RawEquation, type RawExpression } from './raw';
import { reservedName } from './read-variable';
import { joined, sentence } from '../sentence';
import { lineText } from '../suggest';
import { inputName, predictionName, type Domain, type Span, type StepDomain } from './syntax';

/** An equation whose left side has been read. */
export interface LeftSide {
  readonly raw: RawEquation;
  readonly domain: Domain;
  /** The cell that the right side applies. */
  readonly call: CellCall | undefined;
}

/** Reads the left sides of all equations; what cannot be one is reported. */
export function readLeftSides(
  equations: readonly RawEquation[],
  text: {
    readonly letters: ReadonlySet<string>;
    readonly cells: ReadonlySet<string>;
    readonly spanOf: (place: Place) => Span;
    readonly report: Report;
  },
): LeftSide[] {
  const first = new Map<string, RawEquation>();
  return equations.map((raw) => {
    const { target } = raw;
    const name = target.name.text;
    const reserved = reservedName(name, text.letters);
    const earlier = first.get(name);
    const call = cellCallOf(raw.value, text.cells);
    const domain = domainOf(raw, call);
    if (reserved) {
      text.report(reserved, target, sentence`Choose another name.`);
    } else if (!target.index && domain !== 'example') {
      const base = name.replace(/_t$/u, '');
      const write = sentence`Write ${base}[${domain}] = ….`;
      const whole = sentence`For one vector of the whole example, read the end or the mean of a sequence, as in s[T] or mean(s).`;
      const hint = base === name ? joined(write, whole) : write;
      text.report(sentence`The left side has no time index.`, target, hint);
    } else if (earlier) {
      const line = lineText(text.spanOf(earlier).line);
      const hint = sentence`Give this one another name; the first is on ${line}.`;
      text.report(sentence`${name} is defined twice.`, target, hint);
    } else {
      checkPresent(raw, text.report);
    }
    if (!earlier) first.set(name, raw);
    return { raw, domain, call };
  });
}

/** The letter that is written; without one, a left side whose right side reads a step has lost its own. */
function domainOf({ target, value }: RawEquation, call: CellCall | undefined): Domain {
  if (target.index) return letterOf(target.index) === 'u' ? 'u' : 't';
  if (/._t$/u.test(target.name.text)) return 't';
  return stepIn(value) ?? (call ? 't' : 'example');
}

/** The letter of the first step that is read; what `mean` and `max` are given by mistake is none. */
function stepIn(value: RawExpression): StepDomain | undefined {
  if (value.kind === 'name') {
    const letter = value.index && letterOf(value.index);
    return letter === 't' || letter === 'u' ? letter : undefined;
  }
  for (const { value: part, called } of rawArguments(value)) {
    const found = called === 'mean' || called === 'max' ? undefined : stepIn(part);
    if (found) return found;
  }
  return undefined;
}

/** The left side must be at `[t]` or `[u]`. */
function checkPresent({ target }: RawEquation, report: Report): void {
  if (!target.index) return;
  const read = readIndex(target, target.index, report);
  if (!read || (read.kind === 'step' && read.lag === 0)) return;
  const name = target.name.text;
  if (read.kind === 'end') {
    const hint = sentence`Write ${name}[t] = …; init ${name} = … sets what stands before the first step.`;
    report(sentence`An equation defines all steps of a variable.`, target, hint);
    return;
  }
  const hint = sentence`Write ${printTarget(name, read.domain)} = … and shift the right side by as many steps.`;
  report(sentence`An equation defines a value at time ${read.domain}.`, target, hint);
}

/** The letters of the text's indices that are nobody's names there; `t` never is. */
export function lettersIn(values: readonly RawExpression[]): Set<string> {
  const letters = new Set<string>();
  for (const value of values) {
    visitNames(value, ({ index }) => {
      const letter = index && letterOf(index);
      if (letter === answerLetter || letter === lastLetter) letters.add(letter);
    });
  }
  return letters;
}

/**
 * What the input is: one vector for the example where a model, or a text without steps, reads `x` and no `x[t]`;
 * else a sequence over the text's letter, or over `t` where it has both.
 */
export function inputOf(values: readonly RawExpression[], leftSides: readonly LeftSide[]): Domain {
  const reads = { whole: false, sequence: false, t: false, u: false };
  const visit = (value: RawExpression): void => {
    if (value.kind === 'name' && value.name.text === inputName) {
      const letter = value.index && letterOf(value.index);
      if (!value.index) reads.whole = true;
      else if (letter === 't' || letter === 'u') reads[letter] = true;
      else reads.sequence = true;
    }
    for (const { value: part, called, place } of rawArguments(value)) {
      const isSequence =
        called === 'mean' || called === 'max' || (called === 'attend' && place > 0);
      if (isSequence && part.kind === 'name' && part.name.text === inputName) reads.sequence = true;
      else visit(part);
    }
  };
  values.forEach(visit);
  const domains = new Set(leftSides.map(({ domain }) => domain));
  const isModel = leftSides.some(({ raw }) => raw.target.name.text === predictionName);
  const hasNoSteps = !domains.has('t') && !domains.has('u');
  if (reads.whole && !reads.t && !reads.sequence && (isModel || hasNoSteps)) return 'example';
  return reads.t || domains.has('t') || !domains.has('u') ? 't' : 'u';
}
