import { nodeOf, type Graph } from '../graph/graph';
import type { Buffers } from './buffers';
import { stackName, type GraphModel } from './model';
import type { Matrices } from '../graph/operation';
import { emitStepNode } from './emit-steps';
import type { ElementOperand, ElementStep, Instruction, View } from './program';
import type { Chunk } from './schedule';

/** What emission reads, and the parameters whose gradient has been written already. */
export interface EmitContext {
  readonly graph: Graph;
  readonly model: GraphModel;
  readonly live: ReadonlySet<number>;
  /** Of the loss's classes. */
  readonly classWeights?: View | undefined;
  readonly view: (id: number) => View;
  readonly buffers: Buffers;
  /** Nodes a combined instruction has covered, and names of gradients that exist. */
  readonly done: Set<number | string>;
}

/** The instructions of one chunk of a sweep or loop. */
export function emitChunk(context: EmitContext, chunk: Chunk): Instruction[] {
  if (chunk.elementwise) return [emitChain(context, chunk.nodes)];
  return chunk.nodes.flatMap((id) => emitNode(context, id));
}

function emitNode(context: EmitContext, id: number): Instruction[] {
  const { graph, view } = context;
  const { operation, inputs } = nodeOf(graph, id);
  const [a, b, c] = inputs as [number, number, number];
  switch (operation.kind) {
    case 'onehot':
      return context.buffers.view(id) ? [{ op: 'onehot', out: view(id) }] : [];
    case 'product':
    case 'transposed product': {
      const storage = storageOf(context, operation);
      if (nodeOf(graph, a).operation.kind === 'onehot') {
        return [{ op: 'gather', storage, column: 0, out: view(id) }];
      }
      const transposed = operation.kind === 'transposed product';
      const places = { input: view(a), out: view(id) };
      return [
        {
          op: 'product',
          storage,
          column: 0,
          transposed,
          accumulate: false,
          ...places,
        },
      ];
    }
    case 'softmax':
    case 'layernorm':
      return [{ op: operation.kind, input: view(a), out: view(id) }];
    case 'softmax gradient':
      return [
        {
          op: 'softmaxGradient',
          output: view(a),
          gradient: view(b),
          out: view(id),
        },
      ];
    case 'layernorm gradient': {
      const places = {
        input: view(a),
        output: view(b),
        gradient: view(c),
        out: view(id),
      };
      return [{ op: 'layernormGradient', ...places }];
    }
    case 'mask':
      return [
        {
          op: 'dropoutMask',
          rate: operation.rate,
          stream: operation.stream,
          out: view(id),
        },
      ];
    case 'loss':
    case 'loss gradient':
      return emitLoss(context, id);
    case 'numbers':
      return [];
    default:
      return emitStepNode(context, id);
  }
}

/** What the rows around a sequence hold where examples end: for each shift that a section reads through. */
export function emitBorders({ graph, view }: EmitContext, nodes: readonly number[]): Instruction[] {
  return nodes.flatMap((id) => {
    const { operation, inputs, domain } = nodeOf(graph, id);
    const [source, start] = inputs as [number, number | undefined];
    if (operation.kind === 'delay') {
      const out = { view: view(source), axis: domain };
      const { lag, initial } = operation;
      return { op: 'border', out, lag, initial, start: start === undefined ? start : view(start) };
    }
    if (operation.kind !== 'advance') return [];
    const out = { view: view(source), axis: domain };
    return { op: 'border', out, lag: -operation.lag, initial: 0, start: undefined };
  });
}

/** Loss and its gradient by the logits come from one pass over the logits. */
function emitLoss(context: EmitContext, id: number): Instruction[] {
  const { operation, inputs } = nodeOf(context.graph, id);
  const [logits, target] = inputs as [number, number | undefined];
  if (context.done.has(logits)) return [];
  context.done.add(logits);
  const gradientNode = [...context.live].find((other) => {
    const node = nodeOf(context.graph, other);
    return node.operation.kind === 'loss gradient' && node.inputs[0] === logits;
  });
  const places = {
    logits: context.view(logits),
    gradient: gradientNode === undefined ? undefined : context.view(gradientNode),
  };
  const weights = context.classWeights;
  if (target === undefined) {
    return [{ op: 'crossEntropy', ...places, ...(weights && { weights }) }];
  }
  const isBernoulli = 'response' in operation && operation.response === 'sigmoid';
  const op = isBernoulli ? 'bernoulli' : 'squaredError';
  return [{ op, ...places, target: context.view(target) }];
}

function emitChain(context: EmitContext, nodes: readonly number[]): Instruction {
  const { graph, view } = context;
  const inputs: View[] = [];
  const indexOfInput = new Map<number, number>();
  const stepOf = new Map<number, number>();
  const operand = (id: number): ElementOperand => {
    const step = stepOf.get(id);
    if (step !== undefined) return { kind: 'step', index: step };
    const { operation } = nodeOf(graph, id);
    if (operation.kind === 'constant') return { kind: 'constant', value: operation.value };
    let index = indexOfInput.get(id);
    if (index === undefined) {
      index = inputs.push(view(id)) - 1;
      indexOfInput.set(id, index);
    }
    return { kind: 'input', index };
  };
  const steps: ElementStep[] = nodes.map((id, index) => {
    const { operation, inputs: from } = nodeOf(graph, id);
    if (operation.kind !== 'element') throw new Error(`${operation.kind} is not elementwise.`);
    const [a, b] = from as [number, number | undefined];
    const left = operand(a);
    const step = { operation: operation.operation, a: left };
    const whole = b === undefined ? step : { ...step, b: operand(b) };
    stepOf.set(id, index);
    return whole;
  });
  const stores = nodes.flatMap((id, step) => {
    const out = context.buffers.view(id);
    return out ? [{ step, out }] : [];
  });
  return {
    op: 'elementwise',
    width: nodeOf(graph, nodes[0]!).width,
    inputs,
    steps,
    stores,
  };
}

/**
 * The instruction of one sum over all rows; the first into a gradient overwrites what was there. Sums into whole
 * matrices come before those into some of their rows.
 */
export function emitReduction(context: EmitContext, id: number): Instruction {
  const { graph, view, model, done } = context;
  const { operation, inputs } = nodeOf(graph, id);
  const [a, b] = inputs as [number, number];
  const isFirst = (name: string): boolean => !done.has(name) && Boolean(done.add(name));
  if (operation.kind === 'sum') {
    const { parameter: name } = operation;
    const parameter = model.parameters.find((candidate) => candidate.name === name)!.offset;
    return { op: 'sum', parameter, accumulate: !isFirst(name), input: view(a) };
  }
  if (operation.kind !== 'outer') throw new Error(`${operation.kind} is no reduction.`);
  const storage = storageOf(context, operation);
  const { matrices } = operation;
  const accumulate = done.has(stackName({ matrices })) || !isFirst(stackName(operation));
  const right = view(b);
  if (nodeOf(graph, a).operation.kind === 'onehot') {
    return { op: 'scatter', storage, column: 0, accumulate, right };
  }
  return { op: 'outer', storage, column: 0, accumulate, left: view(a), right };
}

function storageOf(context: EmitContext, matrices: Matrices): number {
  const index = context.model.storageOf.get(stackName(matrices));
  if (index === undefined) throw new Error(`No storage holds ${stackName(matrices)}.`);
  return index;
}
