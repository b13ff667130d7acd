import type { Stretch } from '../data/split';
import type { TokenIds } from '../data/tokenizer';
import type { Floats, LoadedProgram } from '../engine/backend';
import type { View } from '../engine/program';
import type { Activation, Structure } from '../engine/structure';
import type { Network } from '../engine/network';
import { isSaturated, type LagCurve, type Saturation } from './observation';
import type { Windows } from './windows';

/** Measures, on the same windows each time, how far gradients reach back and how much is saturated. */
export interface LagProbe {
  /** @yields after each run of its program, so that others are not held up */
  measure(): Generator<undefined, WindowsLook, undefined>;
}

export interface WindowsLook {
  readonly lags: readonly LagCurve[];
  readonly saturation: readonly Saturation[];
}

/** A state variable, with where the loss's gradient with respect to it is. */
interface State {
  readonly name: string;
  readonly gradient: View;
}

interface Squashed {
  readonly name: string;
  readonly activation: Activation;
  readonly values: View;
}

/**
 * Loads one program, side by side for `batch` windows, which is used for all of them at each measurement.
 * Every window begins in the initial state, and only its last token's loss E_t is differentiated, through the whole
 * window: nothing is truncated where the training's sequence ends, and there is no dropout. The window's warm-up is
 * not measured.
 *
 * @param ids the whole text's tokens
 */
export function createLagProbe(
  network: Network,
  structure: Structure,
  ids: TokenIds,
  { starts, length, warmUp }: Windows,
  batch: number,
): LagProbe {
  const loaded = network.program('inspect', { batch, sequence: length });
  const measured = length - warmUp;
  const { probes } = loaded.program;
  const states = structure.variables.flatMap(({ name, isState }): State[] => {
    const gradient = isState ? probes.get(`d ${name}`) : undefined;
    return gradient === undefined ? [] : [{ name, gradient }];
  });
  const squashed = structure.variables.flatMap(({ name, activation }): Squashed[] => {
    const values = probes.get(name);
    return activation === null || values === undefined ? [] : [{ name, activation, values }];
  });

  return {
    *measure() {
      const squares = states.map(() => new Float64Array(measured));
      const saturated = squashed.map(() => 0);
      for (let first = 0; first < starts.length; first += batch) {
        const rows = Math.min(batch, starts.length - first);
        fill(loaded, ids, starts.slice(first, first + rows));
        loaded.resetState();
        loaded.run(0);
        const floats = network.backend.floats();
        states.forEach(({ gradient }, i) => {
          addSquares(squares[i]!, floats, gradient, { steps: length, rows });
        });
        squashed.forEach((variable, i) => {
          saturated[i]! += countSaturated(floats, variable, { from: warmUp, to: length }, rows);
        });
        yield undefined;
      }
      return {
        lags: states.map(({ name }, i) => ({
          variable: name,
          norms: squares[i]!.map((sum) => Math.sqrt(sum / starts.length)),
        })),
        saturation: squashed.map(({ name, values }, i) => ({
          variable: name,
          share: saturated[i]! / (starts.length * measured * values.width),
        })),
      };
    },
  };
}

function fill(
  { tokens, targets, program: { batch, sequence } }: LoadedProgram,
  ids: TokenIds,
  starts: readonly number[],
): void {
  targets.fill(-1);
  starts.forEach((start, row) => {
    for (let t = 0; t < sequence; t++) tokens[t * batch + row] = ids[start + t]!;
    targets[(sequence - 1) * batch + row] = ids[start + sequence]!;
  });
}

/** Adds each row's ‖gradient‖² at each lag. The program derives the mean loss of its rows: each one's is their number times that. */
function addSquares(
  squares: Float64Array,
  floats: Floats,
  view: View,
  { steps, rows }: { readonly steps: number; readonly rows: number },
): void {
  for (let lag = 0; lag < squares.length; lag++) {
    let sum = 0;
    for (let row = 0; row < rows; row++) {
      const start = view.offset + (steps - 1 - lag) * view.timeStride + row * view.rowStride;
      for (let i = start; i < start + view.width; i++) sum += floats[i]! * floats[i]!;
    }
    squares[lag]! += sum * rows * rows;
  }
}

function countSaturated(
  floats: Floats,
  { activation, values }: Squashed,
  { from, to }: Stretch,
  rows: number,
): number {
  let count = 0;
  for (let t = from; t < to; t++) {
    for (let row = 0; row < rows; row++) {
      const start = values.offset + t * values.timeStride + row * values.rowStride;
      for (let i = start; i < start + values.width; i++) {
        if (isSaturated(activation, floats[i]!)) count++;
      }
    }
  }
  return count;
}
