import { nodeOf } from '../graph/graph';
import { ownPredictionOf, type Expression } from '../equations/syntax';
import { responseOf } from '../equations/model-shape';
import { buildModelGraph, type ExampleModelSpec } from '../graph/model-graph';
import type { GraphParameter } from '../graph/equation-graph';
import { buildStepGraph, type StepGraph } from '../graph/step-graph';
import { operandsOf, stackProducts } from '../graph/stack';
import type { ArenaLayout } from './backend';
import type { ModelSpec } from '../graph/model-spec';
import type { Parameter } from './parameters';
import type { MatrixStorage } from './program';
import type { Domain, Matrices } from '../graph/operation';
import { pad } from '../graph/rows';

/** What a program is compiled for. */
export type Mode =
  /** Forward, loss, backward; keeps only what training needs. */
  | 'train'
  /** Forward and loss, no dropout; the probe `logits` is kept. */
  | 'evaluate'
  /** Forward alone, to be run in parts: no loss, no dropout; keeps `logits` and every named variable. */
  | 'read'
  /** Like `train` without dropout, keeping every named variable and the loss's gradient with respect to it, but none with respect to parameters. */
  | 'inspect'
  /**
   * Like `inspect`, to be run in parts; keeps the gradient with respect to the input as well, and what the gradients of the
   * matrices that the recurrence goes through are sums of: `terms`.
   */
  | 'look';

/** What a graph is built for. */
export interface GraphOptions {
  /** Whether values are dropped. */
  readonly dropout: boolean;
  /** Capacities of a program; see `Program.steps`. */
  readonly steps: Readonly<Record<Domain, number>>;
}

/** A graph's parameters and where they lie: the same for every program compiled for it. */
export interface GraphModel {
  /** The step graph: the same parameters whatever it is built for. */
  readonly build: (options: GraphOptions) => StepGraph;
  /** What the equations say of the prediction; undefined: the model adds an output layer of its own. */
  readonly prediction: Expression | undefined;
  readonly parameters: readonly Parameter[];
  readonly layout: ArenaLayout;
  readonly storages: readonly MatrixStorage[];
  /** Stack of matrices (`stackName`) to its index in `storages`. */
  readonly storageOf: ReadonlyMap<string, number>;
  /** What each matrix multiplies where values are dropped: stacks are the same with and without. */
  readonly operands: ReadonlyMap<string, number>;
  /** A matrix that training leaves as it is. */
  readonly frozen?: string | undefined;
}

/** A language model: cells one above the other between tokens and the next token's logits. */
export interface Model extends GraphModel {
  readonly spec: ModelSpec;
}

/** A model that a file of equations defines as a whole, between the inputs and the outputs of examples. */
export interface ExampleModel extends GraphModel {
  readonly spec: ExampleModelSpec;
}

/** The name that a stack of matrices, or of some of their columns, is known by. */
export function stackName({ matrices, from }: Matrices): string {
  return from === undefined ? matrices.join(' ') : `${matrices.join(' ')} @${String(from)}`;
}

/** The model's step graph with its products stacked. */
export function stackedGraph(model: GraphModel, options: GraphOptions): StepGraph {
  const built = model.build(options);
  return { ...built, graph: stackProducts(built.graph, model.operands) };
}

/**
 * Lays out a language model.
 * @throws EquationError if the cell's shapes do not fit
 */
export function buildModel(spec: ModelSpec): Model {
  const prediction = ownPredictionOf(spec.cell.equations)?.expression;
  return { ...layOut(({ dropout }) => buildStepGraph(spec, dropout), prediction), spec };
}

/**
 * Lays out a model of examples.
 * @throws EquationError if the shapes do not fit
 * @throws Error if the equations define no `y`
 */
export function buildExampleModel(spec: ExampleModelSpec): ExampleModel {
  const prediction = responseOf(spec.cell)?.operand;
  return { ...layOut((options) => buildModelGraph(spec, options), prediction), spec };
}

/** Lays out a graph's parameters: all matrices, stacked as their products are, then all vectors. */
export function layOut(build: GraphModel['build'], prediction?: Expression): GraphModel {
  const steps = { example: 1, t: 1, u: 1 };
  const operands = operandsOf(build({ dropout: true, steps }).graph);
  const built = build({ dropout: false, steps });
  const { parameters: declared } = built;
  const graph = stackProducts(built.graph, operands);
  const storages: MatrixStorage[] = [];
  const storageOf = new Map<string, number>();
  const placed = new Map<string, Parameter>();
  let offset = 0;
  let packedFloats = 0;
  for (const { operation, inputs } of graph.nodes) {
    if (operation.kind !== 'product' || storageOf.has(stackName(operation))) continue;
    const { matrices, from = 0 } = operation;
    const shapes = matrices.map((name) => parameterOf(declared, name));
    const columns = shapes.reduce((sum, { rows }) => sum + pad(rows), 0);
    const operand = nodeOf(graph, inputs[0]!);
    const readsTokens = operand.operation.kind === 'onehot';
    const known = placed.get(matrices[0]!);
    const start = known?.offset ?? offset;
    storageOf.set(stackName(operation), storages.length);
    storages.push({ offset: start + from * columns, inputs: operand.width, columns });
    let column = 0;
    for (const shape of shapes) {
      const isPicked = readsTokens && (known?.readsTokens ?? true);
      const place = { offset: start + column, columnStride: columns };
      placed.set(shape.name, { ...shape, readsTokens: isPicked, ...place });
      column += pad(shape.rows);
    }
    if (known === undefined) offset += shapes[0]!.columns * columns;
    // A one-hot input picks columns: there is no product, forwards or backwards.
    if (!readsTokens) packedFloats += (operand.width + pad(operand.width)) * columns;
  }
  const matrixFloats = offset;
  for (const shape of declared.values()) {
    if (shape.kind !== 'vector') continue;
    placed.set(shape.name, {
      ...shape,
      readsTokens: false,
      offset,
      columnStride: pad(shape.rows),
    });
    offset += pad(shape.rows);
  }
  const parameters = [...declared.keys()].flatMap((name) => placed.get(name) ?? []);
  return {
    build,
    prediction,
    parameters,
    layout: arenaLayout({ parameterFloats: offset, matrixFloats, packedFloats }),
    storages,
    storageOf,
    operands,
  };
}

/**
 * The same model with an embedding that training leaves as it is.
 * @param name of a matrix that alone reads the tokens, and so is the first of all parameters
 * @throws Error if it is not
 */
export function withFrozen<M extends GraphModel>(model: M, name: string): M {
  const parameter = model.parameters.find((candidate) => candidate.name === name);
  const isAlone =
    parameter?.readsTokens === true &&
    parameter.offset === 0 &&
    parameter.columnStride === pad(parameter.rows);
  if (!isAlone) throw new Error(`${name} cannot be frozen: it shares what it reads.`);
  const frozenFloats = parameter.columns * parameter.columnStride;
  return { ...model, frozen: name, layout: { ...model.layout, frozenFloats } };
}

function parameterOf(declared: ReadonlyMap<string, GraphParameter>, name: string): GraphParameter {
  const parameter = declared.get(name);
  if (!parameter) throw new Error(`The graph uses ${name}, which no equation declares.`);
  return parameter;
}

function arenaLayout(
  sizes: Pick<ArenaLayout, 'parameterFloats' | 'matrixFloats' | 'packedFloats'>,
): ArenaLayout {
  const block = (index: number): number => index * sizes.parameterFloats;
  return {
    ...sizes,
    parameters: block(0),
    gradients: block(1),
    first: block(2),
    second: block(3),
    free: block(4),
  };
}
