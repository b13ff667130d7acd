/** What is said of the runs of an experiment. */
import type { Range } from './yaml';

export type Value = string | number;

/** What an axis can be: one of some values, or drawn from a range. */
export type Choice =
  | { readonly kind: 'list'; readonly values: readonly Value[] }
  | { readonly kind: 'log' | 'uniform' | 'int'; readonly from: number; readonly to: number };

/** One thing that is said of runs: `data`, or a setting. */
export interface Axis {
  /** `data`, or the setting's name: `hidden`. */
  readonly name: string;
  /** `model.hidden`; undefined: of the data. */
  readonly key: string | undefined;
  readonly choice: Choice;
  /** Of each value of a list its place in the block's body; of a range one. */
  readonly ranges: readonly Range[];
}

export function isVaried(choice: Choice): boolean {
  return choice.kind !== 'list' || choice.values.length > 1;
}
