import { parse, SyntaxError } from './equations.peggy';
import { isCellName, isFunctionName, isNamedBeforeBracket } from './names';
import {
  rawParts,
  visitNames,
  type Place,
  type RawExpression,
  type RawName,
  type RawStatement,
} from './raw';
import { startNames } from './syntax';
import { tokensOf, type SourceToken } from './tokens';

/**
 * The statements of a text that may be wrong, as while it is written: a line that the grammar does not take is passed
 * over, and the others are read.
 */
export function readableStatements(source: string): readonly RawStatement[] {
  for (let text = source; ;) {
    try {
      return parse(text) as readonly RawStatement[];
    } catch (error) {
      // Brackets by the thousand exhaust the stack.
      if (error instanceof RangeError) return [];
      if (!(error instanceof SyntaxError)) throw error;
      const { offset } = error.location.start;
      const place = lineToLeaveOut(text, offset);
      if (!place) return [];
      const { start, end } = place;
      text = text.slice(0, start) + ' '.repeat(end - start) + text.slice(end);
    }
  }
}

/** The line of an error, or the one before it where that goes on into it by mistake: it shows only at the next `=`. */
function lineToLeaveOut(text: string, offset: number): Place | undefined {
  let [found, before]: (Line | undefined)[] = [];
  for (const { 0: line, index: start } of text.matchAll(/[^\r\n]+/gu)) {
    if (start > offset) break;
    const end = start + line.length;
    const last = tokensOf(text, start, end).findLast(({ kind }) => kind !== 'comment');
    if (last) [found, before] = [{ start, end, last }, found];
  }
  const goesOn = before && ['operator', 'open'].includes(before.last.kind);
  return goesOn === true && text[offset] === '=' ? before : found;
}

interface Line extends Place {
  readonly last: SourceToken;
}

/** A place where a name is written that somebody gave: neither a function nor a size of the model. */
export interface NamePlace extends Place {
  readonly name: string;
  /** Whether it is an equation's left side. */
  readonly defines: boolean;
}

/**
 * Every place of every name, in the order of the text. Of `h.c`, a part of a cell that `h` applies, only `h` is a name
 * that somebody gave.
 */
export function namePlaces(statements: readonly RawStatement[]): NamePlace[] {
  const found: NamePlace[] = [];
  const defined = new Set<string>();
  for (const statement of statements) {
    if (statement.kind === 'equation') defined.add(statement.target.name.text);
  }
  const add = ({ name: { text, start, end } }: RawName, defines = false) => {
    const [owner = text] = text.split('.');
    const isPart = owner !== text && !defined.has(text);
    const name = isPart ? owner : text;
    found.push({ name, start, end: isPart ? start + owner.length : end, defines });
  };
  const visit = (value: RawExpression): void => {
    if (value.kind === 'name') {
      if (value.index || !isFunctionName(value.name.text)) add(value);
      return;
    }
    const { items } = value.kind === 'side by side' ? value : { items: rawParts(value) };
    items.forEach((part, i) => {
      const isCall = value.kind === 'side by side' && items[i + 1]?.kind === 'group';
      if (!isCall || part.kind !== 'name' || !isCalled(part.name.text, defined)) visit(part);
    });
  };
  for (const statement of statements) {
    if (statement.kind === 'unknown') continue;
    add(statement.target, statement.kind === 'equation');
    if (statement.kind === 'equation') visit(statement.value);
    else if (statement.kind === 'init' && isComputed(statement.value)) visit(statement.value);
  }
  return found;
}

/** Whether a name before a bracket is a function's or a cell's. */
function isCalled(name: string, defined: ReadonlySet<string>): boolean {
  return isNamedBeforeBracket(name) || (isCellName(name) && !defined.has(name));
}

/** Whether an `init` line computes a start: it names neither a number nor a way to draw entries. */
function isComputed(value: RawExpression): boolean {
  let computed = false;
  visitNames(value, ({ name }) => {
    computed ||= !startNames.some((start) => start === name.text);
  });
  return computed;
}
