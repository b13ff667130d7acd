/** A step graph over whole sequences: what a loop needs goes into a Scan, all else is computed for all steps at once. */
import { isEverywhere, nodeOf, type Graph } from '../../graph/graph';
import type { StepGraph } from '../../graph/step-graph';
import { groupsOf } from './loops';
import { oneHot, writeNode, type Surroundings } from './operators';
import { stateNames, type Sources, type StateInfo } from './sources';
import { valueInfo } from './tensors';

/** A state of the graph. */
interface GraphState extends StateInfo {
  /** The node whose values they are. */
  readonly source: number;
}

/** @returns the name of the logits, `[T, B, C]`, and the states that the model takes and gives */
export function writeSequence(
  { graph, variables, logits }: StepGraph,
  sources: Sources,
): { readonly logits: string; readonly states: readonly GraphState[] } {
  const { builder, tokens } = sources;
  const states = statesOf(graph, variables, logits);
  const all = new Set(states.values());
  /** Values over the sequence, `[T, B, W]`; of what is made of parameters alone `[W]`, or of no axis. */
  const values = new Map<number, string>();
  const flat = new Set<number>();

  const around: Surroundings = {
    ...sources,
    value: valueOf,
    tokensOf: (id) => (nodeOf(graph, id).operation.kind === 'onehot' ? tokens : undefined),
  };

  function valueOf(id: number): string {
    const known = values.get(id);
    if (known !== undefined) return known;
    const node = nodeOf(graph, id);
    const written =
      node.operation.kind === 'onehot'
        ? oneHot(builder, tokens, node.width)
        : writeNode(node, around);
    if (isEverywhere(node)) flat.add(id);
    values.set(id, written);
    return written;
  }

  /** With a row for each step and sequence. */
  function rowsOf(id: number, width: number): string {
    const value = valueOf(id);
    if (!flat.has(id)) return value;
    const steps = builder.add('Shape', [tokens]);
    const shape = builder.add('Concat', [steps, builder.integers([width])], { axis: 0 });
    return builder.add('Expand', [value, shape]);
  }

  /** What was read before, then what is read now: steps -L … T-1, `[L + T, B, W]`. */
  function extended(state: GraphState): string {
    const known = extensions.get(state);
    if (known !== undefined) return known;
    const now = rowsOf(state.source, state.width);
    const whole = builder.add('Concat', [stateNames(state.name).past, now], { axis: 0 });
    extensions.set(state, whole);
    return whole;
  }
  const extensions = new Map<GraphState, string>();

  /** Steps -lag … T-1-lag of what a delay reads. */
  function shifted(id: number, lag: number): string {
    const state = states.get(id)!;
    const whole = extended(state);
    const length = builder.add('Shape', [tokens], { start: 0, end: 1 });
    const from = builder.integers([state.lag - lag]);
    return builder.add('Slice', [
      ...[whole, from, builder.add('Add', [length, from])],
      builder.integers([0]),
    ]);
  }

  for (const group of groupsOf(graph, [logits, ...[...all].map(({ source }) => source)])) {
    if (group.kind === 'loop') {
      const isWanted = (id: number) => id === logits || isReadOutside(graph, id, group.nodes);
      const loop = writeLoop(graph, group.nodes, states, sources, { valueOf, flat, isWanted });
      loop.values.forEach((name, id) => values.set(id, name));
      loop.states.forEach((state) => all.delete(state));
      continue;
    }
    const { operation, inputs } = nodeOf(graph, group.node);
    // Written where something needs more of it than a look-up.
    if (operation.kind === 'onehot') continue;
    if (operation.kind === 'delay') values.set(group.node, shifted(group.node, operation.lag));
    else {
      valueOf(group.node);
      const isFlat = inputs.every((input) => flat.has(input));
      if (isFlat) flat.add(group.node);
    }
  }
  // A loop gives its own states; the others are the last of what was read.
  for (const state of all) {
    const bounds = [[-state.lag], [Number.MAX_SAFE_INTEGER], [0]].map((at) => builder.integers(at));
    const outputs = [stateNames(state.name).present];
    builder.add('Slice', [extended(state), ...bounds], {}, { outputs });
  }
  return {
    logits: rowsOf(logits, nodeOf(graph, logits).width),
    states: [...new Set(states.values())],
  };
}

/** By the delays that read them. */
function statesOf(
  graph: Graph,
  variables: ReadonlyMap<string, number>,
  logits: number,
): ReadonlyMap<number, GraphState> {
  const names = new Map([...variables].map(([name, id]) => [id, name]));
  const delays = groupsOf(graph, [logits])
    .flatMap((group) => (group.kind === 'node' ? [group.node] : [...group.nodes]))
    .flatMap((id) => {
      const { operation, inputs, width } = nodeOf(graph, id);
      return operation.kind === 'delay' ? [{ id, ...operation, width, source: inputs[0]! }] : [];
    });
  const found = new Map<string, GraphState>();
  const keyOf = ({ source, initial }: { source: number; initial: number }) =>
    `${String(source)} ${String(initial)}`;
  for (const { lag, width, initial, source } of delays) {
    const key = keyOf({ source, initial });
    const known = found.get(key);
    // The first layer reads what is no variable.
    const name = known?.name ?? unlike(names.get(source) ?? 'layer1.x', found);
    found.set(key, { name, width, initial, source, lag: Math.max(lag, known?.lag ?? 0) });
  }
  return new Map(delays.map((delay) => [delay.id, found.get(keyOf(delay))!]));
}

/** Variables of one value that start differently are two states. */
function unlike(name: string, states: ReadonlyMap<string, GraphState>): string {
  const isTaken = [...states.values()].some((state) => state.name === name);
  return isTaken ? unlike(`${name}'`, states) : name;
}

interface Loop {
  /** Names of values over the sequence, of those that are wanted outside. */
  readonly values: ReadonlyMap<number, string>;
  readonly states: readonly GraphState[];
}

/** Adds a Scan. */
function writeLoop(
  graph: Graph,
  nodes: ReadonlySet<number>,
  states: ReadonlyMap<number, GraphState>,
  { builder, tokens, transposed, vector }: Sources,
  outside: {
    readonly valueOf: (id: number) => string;
    readonly flat: ReadonlySet<number>;
    readonly isWanted: (id: number) => boolean;
  },
): Loop {
  const body = builder.inner();
  const values = new Map<number, string>();
  /** Values from outside, a row of which each step has. */
  const scanned: { readonly whole: string; readonly row: string; readonly width: number }[] = [];
  const delays = [...nodes].filter((id) => nodeOf(graph, id).operation.kind === 'delay');
  const kept = [...new Set(delays.map((id) => states.get(id)!))];
  const held = new Map(kept.map((state) => [state, body.fresh(`${state.name} before`)]));

  function valueOf(id: number): string {
    const known = values.get(id);
    if (known !== undefined) return known;
    const written = nodes.has(id) ? inLoop(id) : fromOutside(id);
    values.set(id, written);
    return written;
  }

  function fromOutside(id: number): string {
    const whole = outside.valueOf(id);
    const node = nodeOf(graph, id);
    if (isEverywhere(node) || outside.flat.has(id)) return whole;
    const row = body.fresh('row');
    scanned.push({ whole, row, width: node.width });
    return row;
  }

  function inLoop(id: number): string {
    const node = nodeOf(graph, id);
    const { operation } = node;
    if (operation.kind !== 'delay') {
      const tokensOf = () => undefined;
      return writeNode(node, { builder: body, value: valueOf, transposed, vector, tokensOf });
    }
    const state = states.get(id)!;
    const at = body.integers([state.lag - operation.lag]);
    const step = body.add('Gather', [held.get(state)!, at], { axis: 0 });
    return body.add('Squeeze', [step, body.integers([0])]);
  }

  /** The state with this step as its newest. */
  function next(state: GraphState): string {
    const now = body.add('Unsqueeze', [valueOf(state.source), body.integers([0])]);
    if (state.lag === 1) return now;
    const bounds = [[1], [state.lag], [0]].map((at) => body.integers(at));
    return body.add('Concat', [body.add('Slice', [held.get(state)!, ...bounds]), now], { axis: 0 });
  }

  const wanted = [...nodes].filter(outside.isWanted);
  const made = kept.map(next);
  const rows = wanted.map((id) => body.add('Identity', [valueOf(id)]));
  const stateInfo = (name: string, { lag, width }: GraphState) =>
    valueInfo(name, [lag, 'batch', width], 'float');
  const rowInfo = (name: string, width: number) => valueInfo(name, ['batch', width], 'float');
  // A Scan learns from what it reads how many steps there are.
  const isAlone = scanned.length === 0;
  const loop = body.build(
    builder.fresh('step'),
    [
      ...kept.map((state) => stateInfo(held.get(state)!, state)),
      ...scanned.map(({ row, width }) => rowInfo(row, width)),
      ...(isAlone ? [valueInfo(body.fresh('row'), ['batch'], 'integer')] : []),
    ],
    [
      ...made.map((name, i) => stateInfo(name, kept[i]!)),
      ...rows.map((name, i) => rowInfo(name, nodeOf(graph, wanted[i]!).width)),
    ],
  );
  const sequences = wanted.map(() => builder.fresh('sequence'));
  builder.add(
    'Scan',
    [
      ...kept.map(({ name }) => stateNames(name).past),
      ...(isAlone ? [tokens] : scanned.map(({ whole }) => whole)),
    ],
    { body: loop, num_scan_inputs: Math.max(1, scanned.length) },
    { outputs: [...kept.map(({ name }) => stateNames(name).present), ...sequences] },
  );
  return { states: kept, values: new Map(wanted.map((id, i) => [id, sequences[i]!])) };
}

/** Whether something that is no part of the loop reads it. */
function isReadOutside(graph: Graph, id: number, nodes: ReadonlySet<number>): boolean {
  return graph.nodes.some((node) => node.inputs.includes(id) && !nodes.has(node.id));
}
