import { addAdjoint, lossNode, type Adjoint } from '../graph/adjoint';
import { addUnique, nodeOf, reaching, type Graph } from '../graph/graph';
import type { Domain } from '../graph/operation';
import { inputIn } from '../graph/model-graph';
import { carriedNames, type StepGraph } from '../graph/step-graph';
import { allocateBuffers, type Buffers } from './buffers';
import { emitBorders, emitChunk, emitReduction, type EmitContext } from './emit';
import { stackedGraph, type GraphModel, type GraphOptions, type Mode } from './model';
import { partition, recurrentNodes } from './partition';
import { recurrentMatrices, splitPasses } from './passes';
import type {
  AdvancedGradient,
  CarriedState,
  DelayedRows,
  Instruction,
  Phase,
  ProductTerms,
  Program,
  View,
} from './program';
import { pad } from '../graph/rows';
import { chunksOf } from './schedule';

/** The probe of what the first layer reads. */
export const inputProbe = 'input';

/** The rows that a program has room for. */
export interface RowShape {
  /** B, number of sequences side by side. */
  readonly batch: number;
  /** T, number of steps of a chunk, or the most that an example has. */
  readonly sequence: number;
  /** The most steps of an answer. */
  readonly answer?: number;
  /** Streams if not given. */
  readonly rows?: Program['rows'];
  /** Whether the losses of classes count by weights, which whoever loads the program writes. */
  readonly weighted?: boolean;
}

/** What a program is compiled for. */
export interface CompileOptions extends RowShape {
  readonly mode: Mode;
  /** First float of the arena the program may use, a multiple of 8; at least `model.layout.free`. */
  readonly base: number;
}

/**
 * Compiles a model into a program for chunks of T steps of B rows: step graph, adjoint graph,
 * plan (what runs for all rows, what in the loops, what is summed after them), memory.
 */
export function compileProgram(model: GraphModel, options: CompileOptions): Program {
  const { mode, batch, sequence, answer = 0, rows = 'streams', weighted = false } = options;
  const steps = { example: 1, t: sequence, u: answer };
  const built = stackedGraph(model, { dropout: mode === 'train', steps });
  const { graph, variables, logits } = built;
  const recurrent = mode === 'look' ? matricesInLoops(model, steps) : new Set<string>();
  const { sinks, gradients } = adjointOf(built, mode, recurrent, model.frozen);
  const probes = probedNodes(mode, built, gradients);
  const placed = placeInConcats(graph, reaching(graph, [...sinks, ...probes.values()]));
  const live = reaching(graph, [...sinks, ...probes.values()]);
  const cut = partition(graph, live);
  const runsInParts = mode === 'look' || mode === 'read';
  const passes = runsInParts
    ? splitPasses(graph, cut.sections)
    : { sections: cut.sections, forward: cut.sections.length };
  const sections = passes.sections.map((section) => ({
    ...section,
    chunks: chunksOf(graph, section),
  }));
  const losses = options.base;
  const lossDomain = nodeOf(graph, logits).domain;
  const lossFloats = pad(batch * steps[lossDomain]);
  const classes = nodeOf(graph, logits).width;
  const weightFloats = weighted ? pad(classes) : 0;
  const classWeights = weighted
    ? { offset: losses + lossFloats, timeStride: 0, rowStride: 0, width: classes }
    : undefined;
  const vectorOffset = (name: string): number =>
    model.layout.parameters + model.parameters.find((p) => p.name === name)!.offset;
  const buffers = allocateBuffers({
    graph,
    sections,
    reductions: cut.reductions,
    placed,
    alias: overwrittenLogits(graph, live, logits, new Set(probes.values())),
    kept: new Set(probes.values()),
    batch,
    steps,
    vectorOffset,
    base: losses + lossFloats + weightFloats,
  });
  const context: EmitContext = {
    graph,
    model,
    live,
    classWeights,
    view: requiredView(buffers),
    buffers,
    done: new Set(),
  };
  const emitted = sections.map(({ kind, domain, nodes, chunks }): Phase[] => {
    const instructions = chunks.flatMap((chunk) => emitChunk(context, chunk));
    const borders = rows === 'examples' ? emitBorders(context, nodes) : [];
    return [
      { kind: 'sweep', domain: 'example', instructions: borders },
      { kind, domain, instructions },
    ];
  });
  const forward = withInstructions(emitted.slice(0, passes.forward).flat());
  const backward = withInstructions(emitted.slice(passes.forward).flat());
  // In parts nothing is summed: whoever looks back wants the sums' norms only (inspection/term-norms.ts).
  const summed = runsInParts ? [] : cut.reductions;
  const sums = withInstructions(reductionPhases(context, summed));
  const views = [...probes].map(([name, id]) => [name, context.view(id)] as const);
  return {
    batch,
    sequence,
    steps,
    rows,
    phases: [...forward, ...backward, ...sums],
    backward: runsInParts ? forward.length : undefined,
    storages: model.storages,
    parameters: model.layout.parameters,
    gradients: model.layout.gradients,
    parameterFloats: model.layout.parameterFloats,
    carried: rows === 'streams' ? carriedStates(graph, live, variables, context.view) : [],
    delayed: rows === 'examples' ? delayedRows(graph, live, context.view) : [],
    advanced: advancedGradients(graph, live, context.view),
    terms: cut.reductions.flatMap((id) => termsOf(context, id, recurrent)),
    losses,
    lossDomain,
    given: givenNumbers(graph, live, context.view),
    classWeights,
    probes: new Map(views),
    base: options.base,
    floats: lossFloats + weightFloats + buffers.floats,
  };
}

function withInstructions(phases: readonly Phase[]): Phase[] {
  return phases.filter(({ instructions }) => instructions.length > 0);
}

/**
 * What a mode computes beside the forward pass. To inspect, no gradient with respect to parameters is needed: the gradient
 * block stays as training left it. To look back, that of the recurrent matrices is.
 */
function adjointOf(
  output: StepGraph,
  mode: Mode,
  recurrent: ReadonlySet<string>,
  frozen: string | undefined,
): Adjoint {
  const { graph } = output;
  const gradients = new Map<number, number>();
  if (mode === 'read') return { sinks: [], gradients };
  if (mode === 'evaluate') {
    return { sinks: [lossNode(graph, output)], gradients };
  }
  const adjoint = addAdjoint(graph, output, mode === 'look');
  if (mode === 'train') {
    const sinks = adjoint.sinks.filter((id) => {
      const { operation } = nodeOf(graph, id);
      return !(operation.kind === 'outer' && operation.matrices.every((name) => name === frozen));
    });
    return { ...adjoint, sinks };
  }
  const isWanted = (id: number): boolean => {
    const { operation } = nodeOf(graph, id);
    if (operation.kind === 'outer') return operation.matrices.some((name) => recurrent.has(name));
    return operation.kind !== 'sum';
  };
  return { ...adjoint, sinks: adjoint.sinks.filter(isWanted) };
}

/** By the graph before products are stacked: a stack may hold a matrix that only reads the state. */
function matricesInLoops(model: GraphModel, steps: GraphOptions['steps']): Set<string> {
  const { graph, logits } = model.build({ dropout: false, steps });
  return recurrentMatrices(graph, recurrentNodes(graph, reaching(graph, [logits])));
}

function probedNodes(
  mode: Mode,
  { graph, variables, input, given = new Map<string, number>(), logits }: StepGraph,
  gradients: ReadonlyMap<number, number>,
): Map<string, number> {
  if (mode === 'train') return new Map();
  const probes = new Map([['logits', logits]]);
  if (mode === 'evaluate') return probes;
  for (const [name, id] of variables) {
    probes.set(name, id);
    const gradient = gradients.get(id);
    if (gradient !== undefined) probes.set(`d ${name}`, gradient);
  }
  if (mode !== 'look') return probes;
  const gradient = gradients.get(input);
  if (gradient !== undefined) probes.set(`d ${inputProbe}`, gradient);
  for (const [name, id] of given) {
    const own = gradients.get(id);
    if (own !== undefined) probes.set(`d ${name}`, own);
  }
  // A one-hot input is known without being written out.
  if (nodeOf(graph, input).operation.kind !== 'onehot') probes.set(inputProbe, input);
  return probes;
}

/** Sums over all rows, by what there are rows for; those into whole matrices before those into some of their rows. */
function reductionPhases(context: EmitContext, sums: readonly number[]): Phase[] {
  const isPart = (id: number): boolean => {
    const { operation } = nodeOf(context.graph, id);
    return operation.kind === 'outer' && operation.from !== undefined;
  };
  const ordered = [...sums.filter((id) => !isPart(id)), ...sums.filter(isPart)];
  const phases: { kind: 'reduction'; domain: Domain; instructions: Instruction[] }[] = [];
  for (const id of ordered) {
    const { domain } = nodeOf(context.graph, id);
    const instruction = emitReduction(context, id);
    const last = phases.at(-1);
    if (last?.domain === domain && !clash(last.instructions, instruction)) {
      last.instructions.push(instruction);
    } else {
      phases.push({ kind: 'reduction', domain, instructions: [instruction] });
    }
  }
  return phases;
}

/** Whether two sums into the same gradient divide it among threads in different ways. */
function clash(before: readonly Instruction[], instruction: Instruction): boolean {
  const { op } = instruction;
  if (op !== 'outer' && op !== 'scatter') return false;
  return before.some(
    (other) =>
      (other.op === 'outer' || other.op === 'scatter') &&
      other.op !== op &&
      other.storage === instruction.storage,
  );
}

/** Where the numbers that a graph is given lie. */
function givenNumbers(
  graph: Graph,
  live: ReadonlySet<number>,
  view: (id: number) => View,
): Map<string, View> {
  const given = new Map<string, View>();
  for (const id of live) {
    const { operation, domain } = nodeOf(graph, id);
    if (operation.kind !== 'numbers') continue;
    given.set(operation.channel === 'target' ? 'y' : inputIn(domain), view(id));
  }
  return given;
}

/**
 * Lets elementwise nodes write their result straight into the concatenation that reads them; what
 * cannot (products, nodes that already have a place) gets a copy that can.
 */
function placeInConcats(
  graph: Graph,
  live: ReadonlySet<number>,
): Map<number, { readonly concat: number; readonly start: number }> {
  const placed = new Map<number, { readonly concat: number; readonly start: number }>();
  for (const id of live) {
    const node = nodeOf(graph, id);
    if (node.operation.kind !== 'concat') continue;
    let start = 0;
    node.inputs = node.inputs.map((input) => {
      const { operation, width } = nodeOf(graph, input);
      const isFree = operation.kind === 'element' && !placed.has(input);
      const part = isFree
        ? input
        : addUnique(graph, { kind: 'element', operation: 'copy' }, [input], width, node.domain);
      placed.set(part, { concat: id, start });
      start += pad(width);
      return part;
    });
  }
  return placed;
}

/** The gradient by the logits may overwrite them where nothing else reads the logits. */
function overwrittenLogits(
  graph: Graph,
  live: ReadonlySet<number>,
  logits: number,
  kept: ReadonlySet<number>,
): Map<number, number> {
  const readers = [...live]
    .map((id) => nodeOf(graph, id))
    .filter(({ inputs }) => inputs.includes(logits));
  const gradient = readers.find(({ operation }) => operation.kind === 'loss gradient');
  const onlyLoss = readers.every(({ operation }) =>
    ['loss', 'loss gradient'].includes(operation.kind),
  );
  const overwritten = new Map<number, number>();
  if (gradient && onlyLoss && !kept.has(logits)) overwritten.set(gradient.id, logits);
  return overwritten;
}

function requiredView(buffers: Buffers): (id: number) => View {
  return (id) => {
    const view = buffers.view(id);
    if (!view) throw new Error(`Node ${String(id)} has no memory.`);
    return view;
  };
}

/** The rows each delay needs from before the chunk, once for each delayed node. */
function carriedStates(
  graph: Graph,
  live: ReadonlySet<number>,
  variables: ReadonlyMap<string, number>,
  view: (id: number) => View,
): CarriedState[] {
  const nameOf = carriedNames(variables);
  const carried = new Map<number, CarriedState>();
  for (const id of [...live].sort((a, b) => a - b)) {
    const { operation, inputs } = nodeOf(graph, id);
    if (operation.kind !== 'delay') continue;
    const source = inputs[0]!;
    const lag = Math.max(operation.lag, carried.get(source)?.lag ?? 0);
    const name = nameOf(source);
    carried.set(source, {
      name,
      view: view(source),
      lag,
      initial: operation.initial,
    });
  }
  return [...carried.values()];
}

/** What steps read of earlier ones, once for each. */
function delayedRows(
  graph: Graph,
  live: ReadonlySet<number>,
  view: (id: number) => View,
): DelayedRows[] {
  const delayed = new Map<number, DelayedRows>();
  for (const id of live) {
    const { operation, inputs, domain } = nodeOf(graph, id);
    if (operation.kind !== 'delay' || operation.lag < 1) continue;
    const source = inputs[0]!;
    const lag = Math.max(operation.lag, delayed.get(source)?.lag ?? 0);
    delayed.set(source, { view: view(source), axis: domain, lag });
  }
  return [...delayed.values()];
}

/** The gradients that steps read of later steps, once for each. */
function advancedGradients(
  graph: Graph,
  live: ReadonlySet<number>,
  view: (id: number) => View,
): AdvancedGradient[] {
  const advanced = new Map<number, AdvancedGradient>();
  for (const id of live) {
    const { operation, inputs } = nodeOf(graph, id);
    if (operation.kind !== 'advance') continue;
    const source = inputs[0]!;
    const lag = Math.max(operation.lag, advanced.get(source)?.lag ?? 0);
    advanced.set(source, { view: view(source), lag });
  }
  return [...advanced.values()];
}

/** The terms of one sum over all rows, of the matrices that are wanted. */
function termsOf(
  { graph, model, view }: EmitContext,
  id: number,
  wanted: ReadonlySet<string>,
): ProductTerms[] {
  const { operation, inputs } = nodeOf(graph, id);
  if (operation.kind !== 'outer') return [];
  let start = 0;
  const places = operation.matrices.map((name) => {
    const place = { name, start };
    start += pad(model.parameters.find((parameter) => parameter.name === name)!.rows);
    return place;
  });
  const chosen = places.filter(({ name }) => wanted.has(name));
  if (chosen.length === 0) return [];
  return [
    {
      matrices: chosen.map(({ name }) => name),
      starts: chosen.map((place) => place.start),
      left: view(inputs[0]!),
      right: view(inputs[1]!),
    },
  ];
}
