import type { Tokenizer } from '../core/data/tokenizer';
import type { Network } from '../core/training/network';

/** A training under way, as other jobs see it. */
export interface LiveRun {
  /** Its folder; null: nothing is kept. */
  readonly run: string | null;
  /** Keeps the title that the user gives the run; undefined: none. */
  setTitle(title: string | undefined): Promise<void>;
  readonly network: Network;
  /** Updates done. */
  step(): number;
  readonly tokenizer: Tokenizer;
}
