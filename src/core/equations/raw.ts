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
  readonly value:
    | (Place & { readonly kind: 'number'; readonly value: number })
    | (Place & {
        readonly kind: 'named';
        readonly name: RawWord;
        readonly argument: number | null;
      });
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
