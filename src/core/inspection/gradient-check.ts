import type { Floats, LoadedProgram } from '../engine/backend';
import type { RowShape } from '../engine/compile';
import { buildExampleModel, buildModel, type GraphModel } from '../engine/model';
import { readParameter, type Parameter } from '../engine/parameters';
import { createReferenceBackend } from '../engine/reference';
import { inputReadsOf, responseOf } from '../equations/model-shape';
import type { Cell } from '../equations/syntax';
import { initialise } from '../engine/initialise';
import { createNetwork, type Network } from '../engine/network';
import { createRandom, type Random } from '../random/random';
import { derivative } from './differences';
import { createPieces, type EvaluateElement, type Pieces } from '../engine/kinks';

export interface GradientCheckOptions {
  /** A cell of a language model, or a whole model of examples. */
  readonly cell: Cell;
  /** What the cell is. */
  readonly of?: 'text' | 'examples';
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
  /** Seconds after which no more entries are checked; every parameter has its share, and one entry at least. */
  readonly seconds?: number;
  /** A clock that never goes back, s; without one there is no limit. */
  readonly now?: () => number;
  /** What elementwise operations do, where that is to be tried. */
  readonly evaluate?: EvaluateElement;
}

/**
 * The steps of the sweep. A right gradient shows a valley: large steps lose to curvature, as ε², small ones to
 * rounding, as 1/ε. A wrong one is equally wrong at every step.
 */
export const sweepSteps = [1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8] as const;

/** So many live entries of a parameter are swept: each takes sixteen runs more. */
const sweptEntries = 6;

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
  /**
   * The same at each of `sweepSteps`, of the plain difference (f(x + ε) - f(x - ε)) / 2ε, over a few of the live
   * entries; empty if none is live, or time was short.
   */
  readonly sweep: readonly number[];
}

export interface GradientCheckResult {
  readonly rows: readonly GradientCheckRow[];
  readonly maxRelativeError: number;
}

/**
 * Compares the gradients of backpropagation through time with central differences of the loss, in float64
 * on the reference backend, for random parameters (those with an `init` keep it), inputs and targets; examples are of
 * different length. relu and abs
 * stay on the side of their kink on which they are at these parameters: no difference crosses one.
 *
 * @yields a parameter's row when it is done, and undefined after each entry
 * @throws EquationError if the cell's shapes do not fit
 */
export function* checkGradients(
  options: GradientCheckOptions,
): Generator<GradientCheckRow | undefined, GradientCheckResult, undefined> {
  const { batch = 2, sequence = 14, seed = 1, entries = 60 } = options;
  const { seconds = Infinity, now = () => 0 } = options;
  const end = now() + seconds;
  const model = modelOf(options);
  const pieces = createPieces(options.evaluate);
  const network = createNetwork(model, createReferenceBackend(model.layout, pieces.evaluate));
  const random = createRandom(seed);
  randomise(network, random);
  const shape = shapeOf(options, batch, sequence);
  const problem = createProblem(network, pieces, shape, random);
  const gradients = problem.gradients();
  const rows: GradientCheckRow[] = [];
  for (const [i, parameter] of model.parameters.entries()) {
    const until = now() + (end - now()) / (model.parameters.length - i);
    const analytic = readParameter(gradients, 0, parameter);
    let checked = 0;
    let live = 0;
    let worst = 0;
    let sweep: number[] = [];
    for (const index of choose(analytic.length, entries, random)) {
      if (checked > 0 && now() >= until) break;
      checked++;
      const difference = problem.difference(parameter, index);
      const numeric = derivative(difference);
      if (analytic[index] !== 0 || numeric !== 0) {
        live++;
        worst = Math.max(worst, relativeError(analytic[index]!, numeric));
        if (live <= sweptEntries && now() < until)
          sweep = worstOf(sweep, sweepOf(difference, analytic[index]!));
      }
      yield undefined;
    }
    const row = {
      name: parameter.name,
      entries: analytic.length,
      checked,
      live,
      maxRelativeError: worst,
      sweep,
    };
    rows.push(row);
    yield row;
  }
  return { rows, maxRelativeError: Math.max(...rows.map((row) => row.maxRelativeError)) };
}

/** Symbols C of inputs and targets, and the width of inputs that are numbers. */
const symbols = 7;

function modelOf(options: GradientCheckOptions): GraphModel {
  const { cell, hidden = 8, layers = 1, vocabulary = symbols, embedding = 0 } = options;
  if (options.of !== 'examples')
    return buildModel({ cell, hidden, layers, vocabulary, embedding, dropout: 0 });
  // Numbers come of numbers, and a vector that is given is of numbers.
  const isNumbers = responseOf(cell)?.kind === 'none' || inputReadsOf(cell).whole;
  const input = { kind: isNumbers ? 'numbers' : 'symbols', width: vocabulary } as const;
  const answer = { kind: 'symbols', width: vocabulary } as const;
  return buildExampleModel({ cell, hidden, dropout: 0, input, answer, output: vocabulary });
}

function shapeOf({ cell, of }: GradientCheckOptions, batch: number, sequence: number): RowShape {
  if (of !== 'examples') return { batch, sequence };
  const { source, answer } = inputReadsOf(cell);
  const isAnswer = answer || responseOf(cell)?.domain === 'u';
  return {
    rows: 'examples',
    batch,
    sequence: source ? sequence : 0,
    answer: isAnswer ? Math.max(2, sequence - 3) : 0,
  };
}

/** |a - b| / (|a| + |b|); 0 if both are zero. */
function relativeError(a: number, b: number): number {
  return a === b ? 0 : Math.abs(a - b) / (Math.abs(a) + Math.abs(b));
}

function sweepOf(difference: (h: number) => number, analytic: number): number[] {
  return sweepSteps.map((h) => relativeError(analytic, difference(h) / (2 * h)));
}

function worstOf(a: readonly number[], b: readonly number[]): number[] {
  return b.map((value, i) => Math.max(value, a[i] ?? 0));
}

/** Larger than for training, and the output layer as large as the others: no gradient should be tiny. */
function randomise({ model, backend }: Network<GraphModel>, random: Random): void {
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
  { layout }: GraphModel,
  { offset, columnStride, columns }: Parameter,
  index: number,
): number {
  const row = Math.floor(index / columns);
  return layout.parameters + offset + (index % columns) * columnStride + row;
}

/** The same random inputs and targets for both programs, of examples of every length. */
function fillBoth(
  [train, evaluate]: readonly [LoadedProgram, LoadedProgram],
  floats: Floats,
  random: Random,
): void {
  const { batch, steps, rows, lossDomain, given } = train.program;
  if (rows === 'examples') {
    // The first is as long as there is room, the others are shorter by one each.
    const lengths = (most: number) =>
      Int32Array.from({ length: batch }, (_, row) => Math.max(1, most - row));
    const examples = { count: batch, t: lengths(steps.t), u: lengths(steps.u) };
    for (const loaded of [train, evaluate]) loaded.setExamples(examples);
  }
  for (const domain of ['example', 't', 'u'] as const) {
    for (let i = 0; i < steps[domain] * batch; i++) {
      train.inputs[domain][i] = evaluate.inputs[domain][i] = random.integer(symbols);
      if (domain !== lossDomain) continue;
      train.targets[i] = evaluate.targets[i] = random.integer(symbols);
    }
  }
  for (const [name, view] of given) {
    const other = evaluate.program.given.get(name)!;
    for (let t = 0; t < domainSteps(name, train.program); t++) {
      for (let row = 0; row < batch; row++) {
        for (let i = 0; i < view.width; i++) {
          const value = 2 * random.uniform() - 1;
          floats[view.offset + t * view.timeStride + row * view.rowStride + i] = value;
          floats[other.offset + t * other.timeStride + row * other.rowStride + i] = value;
        }
      }
    }
  }
}

/** Steps of what is given under a name. */
function domainSteps(name: string, { steps, lossDomain }: LoadedProgram['program']): number {
  if (name === 'y') return steps[lossDomain];
  return name === 'x[t]' ? steps.t : name === 'x[u]' ? steps.u : steps.example;
}

function createProblem(
  network: Network<GraphModel>,
  pieces: Pieces,
  shape: RowShape,
  random: Random,
) {
  const { model, backend } = network;
  const train = network.program('train', shape);
  const evaluate = network.program('evaluate', shape);
  fillBoth([train, evaluate], backend.floats(), random);
  const { lossDomain, steps } = evaluate.program;
  const positions = shape.batch * steps[lossDomain];
  const higher = new Float64Array(positions);

  let count = positions;

  function forward(): void {
    backend.parametersChanged();
    evaluate.resetState();
    ({ count } = evaluate.run(0));
  }

  pieces.note(forward);

  function losses(): ArrayLike<number> {
    pieces.hold(forward);
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
    /** h ↦ f(x + h) - f(x - h), f the mean loss and x the entry; it leaves the entry as it was. */
    difference(parameter: Parameter, index: number): (h: number) => number {
      const at = place(model, parameter, index);
      const value = backend.floats()[at]!;
      return (h) => {
        backend.floats()[at] = value + h;
        higher.set(losses());
        backend.floats()[at] = value - h;
        const lower = losses();
        // Position by position, so that what does not change leaves no rounding error.
        let sum = 0;
        for (let i = 0; i < positions; i++) sum += higher[i]! - lower[i]!;
        backend.floats()[at] = value;
        backend.parametersChanged();
        return sum / count;
      };
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
