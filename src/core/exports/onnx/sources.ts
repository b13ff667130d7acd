/** What both ways of writing a model share. */
import type { Builder } from './builder';

/** Values of earlier steps: what they are called, and how many steps back they reach. */
export interface StateInfo {
  /** Qualified variable, as in `layer1.h`. */
  readonly name: string;
  /** Longest lag L: `[L, B, W]`, the oldest first. */
  readonly lag: number;
  readonly width: number;
  /** What stands before the first step. */
  readonly initial: number;
}

/** The numbers and names that both ways of writing a model use. */
export interface Sources {
  readonly builder: Builder;
  /** `[T, B]` */
  readonly tokens: string;
  readonly transposed: (name: string) => string;
  readonly vector: (name: string) => string;
}

/** The names of a state given and made. */
export const stateNames = (name: string) => ({ past: `past.${name}`, present: `present.${name}` });
