/** What is shown as points. */
import type { Points } from '../core/inspection/principal';
import type { Projection } from '../protocol/engine';

/** Points, and what is known of each; what is not given is not known. */
export interface NamedPoints extends Points {
  readonly of: string;
  readonly total: number;
  readonly names: readonly string[];
  readonly classesOf: Projection['classesOf'];
  /** Of each point; undefined: it has none. */
  readonly classes: readonly (string | undefined)[];
  readonly loss?: Float64Array<ArrayBuffer>;
  readonly starts?: Float64Array<ArrayBuffer>;
  readonly ends?: Float64Array<ArrayBuffer>;
  readonly lines?: Float64Array<ArrayBuffer>;
}
