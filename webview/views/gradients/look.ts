import type { Run } from '../../state';
import type { Writing } from './contents';

/** What the pictures show: a run at one of its observations. */
export interface Look {
  readonly run: Run;
  /** Index and step of the observation. */
  readonly index: number;
  readonly step: number;
  /** Whether it is the newest, which is on show unless another one is chosen. */
  readonly isNewest: boolean;
  /** Another one whenever the observations are others. */
  readonly version: string;
  readonly writing: Writing;
}
