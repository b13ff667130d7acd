/** What decoding comes to. */
import type { Choice } from '../sampling/choose';

/** How an answer's symbols are found. */
export type Method =
  /** Each is drawn; at temperature 0 the likeliest is taken: greedy. */
  | ({ readonly kind: 'sample'; readonly seed: number } & Choice)
  /** The `width` likeliest beginnings are kept, see `createBeam`. */
  | { readonly kind: 'beam'; readonly width: number; readonly lengthPenalty: number };

/** The likeliest symbol at each step. */
export const greedy: Method = { kind: 'beam', width: 1, lengthPenalty: 0 };

/** An answer that the model gives to an example. */
export interface Answer {
  /** Without START and END. */
  readonly ids: Int32Array;
  /** Whether END was reached before the steps were used up. */
  readonly ended: boolean;
  /** ln of the answer's probability, END's included if it ended, nats. */
  readonly logProbability: number;
  /** Of each symbol given those before it; they add up to the answer's, but for END's. */
  readonly logProbabilities: readonly number[];
  /** What answers of different length are ranked by; drawn ones are not, theirs is `logProbability`. */
  readonly score: number;
  /**
   * By the name of the variable whose equation attends: at each step, END's included, the weights `[T]` of the
   * example's steps. Empty unless asked for.
   */
  readonly weights: ReadonlyMap<string, readonly Float32Array[]>;
}

/** Weights of one step by variable. */
export type StepWeights = ReadonlyMap<string, Float32Array>;

/** The beginning of an answer: its last symbol, and what comes before. */
export interface Trail {
  readonly before: Trail | undefined;
  readonly id: number;
  readonly logProbability: number;
  /** What the model attended to when it chose the symbol. */
  readonly weights: StepWeights | undefined;
}

/** The search for one example's answer, in some rows of a program. */
export interface Search {
  /** What each row reads next. */
  readonly next: Int32Array;
  /** The row, of this search's, that each row goes on from. */
  readonly parents: Int32Array;
  readonly done: boolean;
  /** Takes a step. */
  advance(reading: Reading): void;
  /** The best first. */
  answers(): Answer[];
}

/** What the rows of a search have come to at a step. */
export interface Reading {
  /** `[C + 1]`, valid until the next step. */
  logits(row: number): ArrayLike<number>;
  weights(row: number): StepWeights | undefined;
}

/** An answer from its last symbol back. */
export function answerOf(trail: Trail | undefined, end: number, score: number): Answer {
  const trails: Trail[] = [];
  for (let at = trail; at !== undefined; at = at.before) trails.unshift(at);
  const ended = trail?.id === end;
  const symbols = ended ? trails.slice(0, -1) : trails;
  const names = [...(trail?.weights?.keys() ?? [])];
  return {
    ids: Int32Array.from(symbols, ({ id }) => id),
    ended,
    logProbability: trail?.logProbability ?? 0,
    logProbabilities: symbols.map(
      ({ logProbability, before }) => logProbability - (before?.logProbability ?? 0),
    ),
    score,
    weights: new Map(names.map((name) => [name, trails.map((step) => step.weights!.get(name)!)])),
  };
}
