import { nodeOf, type Graph } from '../graph/graph';
import type { Section } from './partition';
import type { Domain } from '../graph/operation';
import type { View } from './program';
import { pad } from '../graph/rows';
import type { Chunk } from './schedule';

/** Memory for the nodes of one program: which need any, where it is, and how much in all. */
export interface Buffers {
  /** Where a node's values are; undefined for what only lives inside an elementwise chain. */
  readonly view: (id: number) => View | undefined;
  readonly floats: number;
}

/** What buffers are allocated for. */
export interface BufferRequest {
  readonly graph: Graph;
  readonly sections: readonly (Section & {
    readonly chunks: readonly Chunk[];
  })[];
  readonly reductions: readonly number[];
  /** Elementwise nodes that write straight into a part of a concatenation. */
  readonly placed: ReadonlyMap<number, { readonly concat: number; readonly start: number }>;
  /** Nodes that may write over another one's values, e.g. the logits' gradient over the logits. */
  readonly alias: ReadonlyMap<number, number>;
  /** Nodes to be kept for all steps in any case. */
  readonly kept: ReadonlySet<number>;
  readonly batch: number;
  /** Capacities. */
  readonly steps: Readonly<Record<Domain, number>>;
  /** Offset of the parameter block and of each vector in it. */
  readonly vectorOffset: (parameter: string) => number;
  readonly base: number;
}

interface Block {
  readonly width: number;
  readonly domain: Domain;
  /** Steps before the first and after the last that delays and advances reach. */
  lead: number;
  tail: number;
  /** Whether every step has rows of its own; else one row a batch row is reused at each step. */
  allSteps: boolean;
}

/** Finds the nodes that need memory and lays them out one after the other. */
export function allocateBuffers(request: BufferRequest): Buffers {
  const { graph, batch, steps } = request;
  const blocks = collectBlocks(request);
  const offsets = new Map<number, number>();
  let next = request.base;
  for (const [root, block] of blocks) {
    const step = batch * pad(block.width);
    offsets.set(root, next + block.lead * step);
    next += block.allSteps ? (block.lead + steps[block.domain] + block.tail) * step : step;
  }
  const view = (id: number): View | undefined => {
    const { operation, inputs, width } = nodeOf(graph, id);
    if (operation.kind === 'vector') {
      const offset = request.vectorOffset(operation.parameter);
      return { offset, timeStride: 0, rowStride: 0, width };
    }
    if (operation.kind === 'delay' || operation.kind === 'advance') {
      const source = view(inputs[0]!);
      const shift = operation.kind === 'delay' ? -operation.lag : operation.lag;
      return (
        source && {
          ...source,
          offset: source.offset + shift * source.timeStride,
        }
      );
    }
    if (operation.kind === 'slice') {
      const source = view(inputs[0]!);
      return source && { ...source, offset: source.offset + operation.start, width };
    }
    const place = request.placed.get(id);
    if (place) {
      const whole = view(place.concat);
      return whole && { ...whole, offset: whole.offset + place.start, width };
    }
    const root = request.alias.get(id) ?? id;
    const offset = offsets.get(root);
    const block = blocks.get(root);
    if (offset === undefined || !block) return undefined;
    const rowStride = pad(block.width);
    return {
      offset,
      timeStride: block.allSteps ? batch * rowStride : 0,
      rowStride,
      width,
    };
  };
  return { view, floats: next - request.base };
}

/** The node whose block holds a node's values. */
function rootOf(request: BufferRequest, id: number): number {
  const { operation, inputs } = nodeOf(request.graph, id);
  if (['slice', 'delay', 'advance'].includes(operation.kind)) return rootOf(request, inputs[0]!);
  return request.placed.get(id)?.concat ?? request.alias.get(id) ?? id;
}

/** Steps that a node's view is shifted by, earlier ones negative: a delay of a delay reaches as far as both together. */
function stepsAcross(graph: Graph, id: number): number {
  const { operation, inputs } = nodeOf(graph, id);
  if (operation.kind === 'slice') return stepsAcross(graph, inputs[0]!);
  if (operation.kind !== 'delay' && operation.kind !== 'advance') return 0;
  const own = operation.kind === 'advance' ? operation.lag : -operation.lag;
  return own + stepsAcross(graph, inputs[0]!);
}

function collectBlocks(request: BufferRequest): Map<number, Block> {
  const { graph, sections, reductions, kept } = request;
  const sectionOf = new Map<number, number>();
  const chunkOf = new Map<number, Chunk>();
  sections.forEach(({ nodes, chunks }, index) => {
    nodes.forEach((id) => sectionOf.set(id, index));
    chunks.forEach((chunk) => {
      chunk.nodes.forEach((id) => chunkOf.set(id, chunk));
    });
  });
  const blocks = new Map<number, Block>();
  const touch = (id: number): Block | undefined => {
    const root = rootOf(request, id);
    const { operation, width, domain } = nodeOf(graph, root);
    if (operation.kind === 'constant' || operation.kind === 'vector' || width === 0)
      return undefined;
    let block = blocks.get(root);
    if (!block) {
      const inLoop = sections[sectionOf.get(root) ?? -1]?.kind !== 'sweep';
      // What stands once for an example is read at every step from the same rows.
      const allSteps = domain !== 'example' && (!inLoop || !sectionOf.has(root));
      block = { width, domain, lead: 0, tail: 0, allSteps };
      blocks.set(root, block);
    }
    return block;
  };
  const storeAll = (block: Block): void => {
    block.allSteps = block.domain !== 'example';
  };
  const keepAll = (id: number): void => {
    const block = touch(id);
    if (block) storeAll(block);
  };
  const reads = (reader: number, input: number): void => {
    const { operation } = nodeOf(graph, reader);
    const source = nodeOf(graph, input).operation.kind;
    const isGather =
      source === 'onehot' && (operation.kind === 'product' || operation.kind === 'outer');
    if (isGather || operation.kind === 'slice') return;
    const chunk = chunkOf.get(reader);
    if (chunk?.elementwise && chunkOf.get(input) === chunk) return;
    if (operation.kind === 'concat') {
      const section = sectionOf.get(reader);
      if (sectionOf.get(input) !== section) keepAll(input);
      else touch(input);
      return;
    }
    const block = touch(input);
    if (!block) return;
    // What stands before the first step is read where it is.
    const shift = input === nodeOf(graph, reader).inputs[0] ? stepsAcross(graph, reader) : 0;
    block.lead = Math.max(block.lead, -shift);
    block.tail = Math.max(block.tail, shift);
    const crosses = operation.kind === 'delay' || operation.kind === 'advance';
    if (crosses || sectionOf.get(rootOf(request, input)) !== sectionOf.get(reader)) storeAll(block);
  };
  for (const { nodes } of sections) {
    for (const id of nodes)
      nodeOf(graph, id).inputs.forEach((input) => {
        reads(id, input);
      });
  }
  for (const id of reductions) {
    nodeOf(graph, id).inputs.forEach((input) => {
      const isScatter = nodeOf(graph, input).operation.kind === 'onehot';
      if (!isScatter) keepAll(input);
    });
  }
  for (const { chunks } of sections) {
    for (const { elementwise, nodes } of chunks) {
      // The one-hot input takes memory only where something other than a product reads it.
      const isInput = nodeOf(graph, nodes[0]!).operation.kind === 'onehot';
      if (!elementwise && !isInput) nodes.forEach(touch);
    }
  }
  kept.forEach(keepAll);
  return blocks;
}
