/** Tokens that were predicted from a place on, with the states they lead to: what is typed next may be among them. */
import type { Logits } from './logits';
import { logSum } from './logits';
import type { ReadModel } from './reading';

/** What is expected after some tokens. */
export interface PredictionNode {
  /** Its token; −1 of the root. */
  readonly id: number;
  /** State and logits after it; −1 as long as it was only named. */
  slot: number;
  /** ln Σ exp of these logits; NaN as long as nobody has asked. */
  logSum: number;
  readonly children: PredictionNode[];
}

export interface PredictionTree {
  root(): PredictionNode | undefined;
  /** Begins again with a copy of a state. */
  plant(slot: number): PredictionNode;
  /** The node of a token after another; made if missing. */
  child(node: PredictionNode, id: number): PredictionNode;
  /** The node that tokens lead to, if the model has read them all. */
  find(ids: ArrayLike<number>): PredictionNode | undefined;
  /** Makes a node the root, and drops all that does not come after it. */
  moveTo(node: PredictionNode): void;
  /** Runs the model for a node of which the one before was run; false: there was nothing to do. */
  grow(parent: PredictionNode, node: PredictionNode): boolean;
  logits(node: PredictionNode): Logits;
  /** ln of a token's probability after a node. */
  logProbability(node: PredictionNode, id: number): number;
  clear(): void;
}

/** Nodes at most; a larger tree is cut down to its root. */
const mostNodes = 1024;

export function createPredictionTree({ states, network, loaded, run }: ReadModel): PredictionTree {
  let root: PredictionNode | undefined;
  let nodes = 0;
  const width = network.model.spec.vocabulary;

  function drop(node: PredictionNode, spared?: PredictionNode): void {
    if (node === spared) return;
    if (node.slot >= 0) states.free(node.slot);
    nodes--;
    for (const child of node.children) drop(child, spared);
  }

  function make(id: number): PredictionNode {
    nodes++;
    return { id, slot: -1, logSum: NaN, children: [] };
  }

  function logits({ slot }: PredictionNode): Logits {
    return { floats: states.shelf(slot), start: states.logitsStart(slot), width };
  }

  function clear(): void {
    if (root !== undefined) drop(root);
    root = undefined;
  }

  return {
    root: () => root,
    logits,
    clear,
    plant(slot) {
      clear();
      root = make(-1);
      root.slot = states.take();
      states.copy(slot, root.slot);
      return root;
    },
    child(node, id) {
      for (const child of node.children) if (child.id === id) return child;
      if (nodes >= mostNodes && root !== undefined && node === root) {
        for (const child of root.children.splice(0)) drop(child);
      }
      const child = make(id);
      node.children.push(child);
      return child;
    },
    find(ids) {
      let node = root;
      for (let i = 0; i < ids.length && node !== undefined; i++) {
        node = node.children.find((child) => child.id === ids[i] && child.slot >= 0);
      }
      return node;
    },
    moveTo(node) {
      if (root === undefined || node === root) return;
      drop(root, node);
      root = node;
    },
    grow(parent, node) {
      if (node.slot >= 0) return false;
      states.load(parent.slot);
      loaded.tokens[0] = node.id;
      run(1);
      node.slot = states.take();
      states.save(node.slot, 1);
      return true;
    },
    logProbability(node, id) {
      const { floats, start } = logits(node);
      if (Number.isNaN(node.logSum)) node.logSum = logSum(logits(node));
      return floats[start + id]! - node.logSum;
    },
  };
}
