/** A row that a debugger shows, and what numbers are in a line. */
import { sentence, type Sentence } from '../sentence';
import { extentOf, type Extent } from './extent';
import type { Standpoint } from './lookup';
import type { ScopeName } from './names';
import type { Instruction } from './plan';

/** Something with rows within: a scope, a vector, a matrix, or a row of it. */
export interface Path {
  readonly of:
    | ScopeName
    | 'value'
    | 'part'
    | 'parameter'
    | 'gradient'
    | 'term'
    | 'sum'
    | 'matrix'
    | 'product'
    /** Of the attention in a variable's equation. */
    | 'weights';
  /** Of a variable its index, of a part too; of a parameter its qualified name. */
  readonly name?: string | number | undefined;
  readonly row?: number | undefined;
}

export interface Row {
  readonly name: string;
  readonly value: Sentence;
  /** Where there are rows within, and how many. */
  readonly path?: Path;
  readonly count?: number;
  /** As an expression. */
  readonly expression?: string;
  /** Whether `set` can change it. */
  readonly isSettable?: boolean;
  /** A unit that can be watched. */
  readonly unit?: { readonly variable: number; readonly unit: number };
}

/** `-0.123`, `1.5e-7`: four digits, for the eye. */
export function shortNumber(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** `[16] · norm 1.2 · -0.9 … 0.8`. */
export function summary(values: Float64Array, shape: readonly number[]): Sentence {
  return summaryOf(extentOf(values), shape);
}

export function summaryOf(
  { squares, least, greatest }: Extent,
  shape: readonly number[],
): Sentence {
  const told = `[${shape.join(', ')}]`;
  return sentence`${told} norm ${shortNumber(Math.sqrt(squares))}, ${shortNumber(least)} … ${shortNumber(greatest)}`;
}

/** The equations of a frame: those of its layer, where the output layer that a model adds is the last one's. */
export function instructionsOf({ machine, t, layer }: Standpoint): readonly Instruction[] {
  const { spec, instructions } = machine.material.plan;
  const { from, to } = machine.course.at(t).phase;
  return instructions.slice(from, to).filter((each) => Math.min(each.layer, spec.layers) === layer);
}

/** `[t]`, `[u]`; of the whole example nothing. */
export function timeOf({ machine, t }: Standpoint): string {
  const { domain } = machine.course.at(t).phase;
  return domain === 'example' ? '' : `[${domain}]`;
}

/** `s`, or `layer2.s` where there are several layers. */
export function shownName({ name, symbol, isWritten }: Instruction, layers: number): string {
  return layers > 1 && isWritten ? name : symbol;
}
