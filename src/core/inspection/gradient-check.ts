import { buildModel, type Model } from '../engine/model';
import { readParameter, type Parameter } from '../engine/parameters';
import { createReferenceBackend } from '../engine/reference';
import type { Cell } from '../equations/syntax';
import { initialise } from '../training/initialise';
import { createNetwork, type Network } from '../training/network';
import { createRandom, type Random } from '../training/random';
import { derivative } from './differences';

export interface GradientCheckOptions {
  readonly cell: Cell;
  readonly hidden?: number;
  readonly layers?: number;
  readonly vocabulary?: number;
  readonly embedding?: number;
  readonly batch?: number;
  /** Steps of the chunk; fewer than 12 would hide an error that grows with the lag. */
  readonly sequence?: number;
  readonly seed?: number;
  /** Most entries of a parameter that are checked, drawn at random where it has more; default 60. */
  readonly entries?: number;
}

/** What was found of one parameter. */
export interface GradientCheckRow {
  readonly name: string;
  /** Entries it has, that were checked, and of these those whose two gradients are not both zero. */
  readonly entries: number;
  readonly checked: number;
  readonly live: number;
  /**
   * Largest |a - b| / (|a| + |b|) over live entries, a from backpropagation through time, b from central
   * differences; 0 if none is live, NaN if a gradient is no number.
   */
  readonly maxRelativeError: number;
}

export interface GradientCheckResult {
  readonly rows: readonly GradientCheckRow[];
  readonly maxRelativeError: number;
}

/**
 * Compares the gradients of backpropagation through time with central differences of the loss, in float64
 * on the reference backend, for random parameters (those with an `init` keep it), tokens and targets.
 *
 * @yields a parameter's row when it is done, and undefined after each entry
 * @throws EquationError if the cell's shapes do not fit
 */
export function* checkGradients(
  options: GradientCheckOptions,
): Generator<GradientCheckRow | undefined, GradientCheckResult, undefined> {
  const { cell, hidden = 8, layers = 1, vocabulary = 7, embedding = 0, batch = 2 } = options;
  const { sequence = 14, seed = 1, entries = 60 } = options;
  const model = buildModel({ cell, hidden, layers, vocabulary, embedding, dropout: 0 });
  const network = createNetwork(model, createReferenceBackend(model.layout));
  const random = createRandom(seed);
  randomise(network, random);
  const problem = createProblem(network, batch, sequence, random);
  const gradients = problem.gradients();
  const rows: GradientCheckRow[] = [];
  for (const parameter of model.parameters) {
    const analytic = readParameter(gradients, 0, parameter);
    let live = 0;
    let worst = 0;
    const chosen = choose(analytic.length, entries, random);
    for (const index of chosen) {
      const numeric = problem.numeric(parameter, index);
      const size = Math.abs(analytic[index]!) + Math.abs(numeric);
      if (size !== 0) {
        live++;
        worst = Math.max(worst, Math.abs(analytic[index]! - numeric) / size);
      }
      yield undefined;
    }
    const row = {
      name: parameter.name,
      entries: analytic.length,
      checked: chosen.length,
      live,
      maxRelativeError: worst,
    };
    rows.push(row);
    yield row;
  }
  return { rows, maxRelativeError: Math.max(...rows.map((row) => row.maxRelativeError)) };
}

/** Larger than for training, and the output layer as large as the others: no gradient shall be tiny. */
function randomise({ model, backend }: Network, random: Random): void {
  initialise(model, backend.floats(), random);
  const floats = backend.floats();
  for (const parameter of model.parameters) {
    if (parameter.initial !== undefined) continue;
    for (let index = 0; index < parameter.rows * parameter.columns; index++) {
      floats[place(model, parameter, index)] = random.uniform() - 0.5;
    }
  }
  backend.parametersChanged();
}

/** Where entry `index` of a parameter, counted row by row, is in the arena. */
function place(
  { layout }: Model,
  { offset, columnStride, columns }: Parameter,
  index: number,
): number {
  const row = Math.floor(index / columns);
  return layout.parameters + offset + (index % columns) * columnStride + row;
}

function createProblem(network: Network, batch: number, sequence: number, random: Random) {
  const { model, backend } = network;
  const { vocabulary } = model.spec;
  const train = network.program('train', batch, sequence);
  const evaluate = network.program('evaluate', batch, sequence);
  const positions = batch * sequence;
  for (let i = 0; i < positions; i++) {
    train.tokens[i] = evaluate.tokens[i] = random.integer(vocabulary);
    train.targets[i] = evaluate.targets[i] = random.integer(vocabulary);
  }
  const higher = new Float64Array(positions);

  function losses(): ArrayLike<number> {
    backend.parametersChanged();
    evaluate.resetState();
    evaluate.run(0);
    const { losses: start } = evaluate.program;
    return backend.floats().subarray(start, start + positions);
  }

  return {
    /** The gradient block, of the mean loss. */
    gradients() {
      train.resetState();
      train.run(0);
      const { gradients, parameterFloats } = model.layout;
      return backend.floats().slice(gradients, gradients + parameterFloats);
    },
    numeric(parameter: Parameter, index: number): number {
      const at = place(model, parameter, index);
      const value = backend.floats()[at]!;
      const slope = derivative((h) => {
        backend.floats()[at] = value + h;
        higher.set(losses());
        backend.floats()[at] = value - h;
        const lower = losses();
        // Position by position, so that what does not change leaves no rounding error.
        let sum = 0;
        for (let i = 0; i < positions; i++) sum += higher[i]! - lower[i]!;
        return sum;
      });
      backend.floats()[at] = value;
      backend.parametersChanged();
      return slope / positions;
    },
  };
}

/** Up to `most` of 0 … n - 1, without repetition, in order. */
function choose(n: number, most: number, random: Random): number[] {
  const all = Array.from({ length: n }, (_, i) => i);
  if (n <= most) return all;
  for (let i = 0; i < most; i++) {
    const j = i + random.integer(n - i);
    [all[i], all[j]] = [all[j]!, all[i]!];
  }
  return all.slice(0, most).sort((a, b) => a - b);
}
