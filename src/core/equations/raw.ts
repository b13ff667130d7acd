/**
 * What the grammar (equations.peggy) returns: the text's structure before names mean anything.
 * Places are offsets from 0 into the text, `[start, end)`, in UTF-16 units.
 */
import type { BinaryOperator } from './syntax';

export interface Place {
  readonly start: number;
  readonly end: number;
}

export interface RawWord extends Place {
  readonly text: string;
}

/** What stands in square brackets after a name, as written. */
export interface RawIndex extends Place {
  readonly text: string;
  readonly closed: boolean;
}

export interface RawName extends Place {
  readonly kind: 'name';
  readonly name: RawWord;
  readonly index: RawIndex | null;
}

export interface RawGroup extends Place {
  readonly kind: 'group';
  /** Null: nothing stands in the brackets. */
  readonly inner: RawExpression | null;
  /** What follows after commas, each with the comma's place. */
  readonly more: readonly (Place & { readonly value: RawExpression | null })[];
  readonly closed: boolean;
}

/** `[a; b]` */
export interface RawStack extends Place {
  readonly kind: 'stack';
  /** Null: a part is missing. */
  readonly parts: readonly (RawExpression | null)[];
  readonly closed: boolean;
}

export interface RawBinary extends Place {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: RawExpression;
  readonly right: RawExpression;
}

/** Two or more values with nothing between: matrix and operand, function and argument, or a mistake. */
export interface RawSideBySide extends Place {
  readonly kind: 'side by side';
  readonly items: readonly RawExpression[];
}

export type RawExpression =
  | (Place & { readonly kind: 'number'; readonly value: number })
  | (Place & { readonly kind: 'negate'; readonly operand: RawExpression })
  | RawName
  | RawGroup
  | RawStack
  | RawBinary
  | RawSideBySide;

export interface RawEquation extends Place {
  readonly kind: 'equation';
  readonly target: RawName;
  readonly value: RawExpression;
}

export interface RawInit extends Place {
  readonly kind: 'init';
  readonly target: RawName;
  readonly value: RawExpression;
}

export interface RawSize extends Place {
  readonly kind: 'size';
  readonly target: RawName;
  /** `factor · of`; a plain number has no `of`. */
  readonly value: Place & { readonly factor: number; readonly of: RawWord | null };
}

export interface RawOutput extends Place {
  readonly kind: 'output';
  readonly target: RawName;
}

/** A line that starts with a word that starts nothing. */
export interface RawUnknown extends Place {
  readonly kind: 'unknown';
  readonly word: RawWord;
}

export type RawStatement = RawEquation | RawInit | RawSize | RawOutput | RawUnknown;

/** The parts of a raw expression, from left to right. */
export function rawParts(value: RawExpression): readonly RawExpression[] {
  switch (value.kind) {
    case 'number':
    case 'name':
      return [];
    case 'negate':
      return [value.operand];
    case 'group':
      return [value.inner, ...value.more.map((more) => more.value)].filter((part) => part !== null);
    case 'stack':
      return value.parts.filter((part) => part !== null);
    case 'binary':
      return [value.left, value.right];
    case 'side by side':
      return value.items;
  }
}

/** A part of a raw expression; in the brackets of `name(…)`, with that name and its place among the arguments. */
export interface RawPart {
  readonly value: RawExpression;
  readonly called: string | undefined;
  readonly place: number;
}

/** Like `rawParts`, with the arguments of a call in place of its name and its brackets. */
export function rawArguments(value: RawExpression): RawPart[] {
  const plain = (part: RawExpression): RawPart => ({ value: part, called: undefined, place: 0 });
  if (value.kind !== 'side by side') return rawParts(value).map(plain);
  const found: RawPart[] = [];
  value.items.forEach((item, i) => {
    const [before, after] = [value.items[i - 1], value.items[i + 1]];
    const isCalled = (name: RawExpression | undefined, brackets: RawExpression | undefined) =>
      name?.kind === 'name' && !name.index && brackets?.kind === 'group';
    if (isCalled(item, after)) return;
    if (before?.kind !== 'name' || !isCalled(before, item)) found.push(plain(item));
    else
      rawParts(item).forEach((part, place) =>
        found.push({ value: part, called: before.name.text, place }),
      );
  });
  return found;
}

/** Calls `action` on every name, from left to right. */
export function visitNames(value: RawExpression, action: (name: RawName) => void): void {
  if (value.kind === 'name') action(value);
  for (const part of rawParts(value)) visitNames(part, action);
}
