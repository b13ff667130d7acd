import { parse, SyntaxError } from './equations.peggy';
import { isFunctionName } from './names';
import { tokensOf, type SourceToken } from './tokens';
import type { Place, RawExpression, RawName, RawStatement } from './raw';

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

/** Every place of every name, in the order of the text. */
export function namePlaces(statements: readonly RawStatement[]): NamePlace[] {
  const found: NamePlace[] = [];
  const add = ({ name: { text, start, end } }: RawName, defines = false) => {
    found.push({ name: text, start, end, defines });
  };
  const visit = (value: RawExpression): void => {
    switch (value.kind) {
      case 'name':
        if (value.index || !isFunctionName(value.name.text)) add(value);
        break;
      case 'negate':
        visit(value.operand);
        break;
      case 'group':
        if (value.inner) visit(value.inner);
        break;
      case 'binary':
        visit(value.left);
        visit(value.right);
        break;
      case 'side by side':
        value.items.forEach(visit);
        break;
      case 'number':
        break;
    }
  };
  for (const statement of statements) {
    if (statement.kind === 'unknown') continue;
    add(statement.target, statement.kind === 'equation');
    if (statement.kind === 'equation') visit(statement.value);
  }
  return found;
}
