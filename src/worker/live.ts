import type { Tokenizer } from '../core/data/tokenizer';
import type { Network } from '../core/training/network';

/** A training under way, as other jobs see it. */
export interface LiveRun {
  readonly network: Network;
  readonly tokenizer: Tokenizer;
}
