/** Where the nodes of a step's graph are drawn: columns from left to right by what is needed first. */
import type { Sheet } from './shown';

type Graph = Sheet['graph'];

export interface Place {
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  readonly places: readonly Place[];
  readonly width: number;
  readonly height: number;
}

const between = { columns: 124, rows: 48 };
const margin = 40;
const sweeps = 12;

/** By longest paths (Sugiyama et al. 1981), with what is read late drawn late; in columns by the mean of neighbours. */
export function layoutOf({ nodes, edges }: Graph): Layout {
  const depth = nodes.map(() => 0);
  // Nodes stand in the order in which they are worked out, but for those that are read by their own parts.
  for (let round = 0; round < nodes.length; round++) {
    let isDone = true;
    for (const { from, to } of edges) {
      if (depth[to]! > depth[from]!) continue;
      depth[to] = depth[from]! + 1;
      isDone = false;
    }
    if (isDone) break;
  }
  // What is given stands right before what reads it first.
  nodes.forEach((_, i) => {
    if (edges.some(({ to }) => to === i)) return;
    const readers = edges.filter(({ from }) => from === i).map(({ to }) => depth[to]!);
    if (readers.length > 0) depth[i] = Math.min(...readers) - 1;
  });
  const columns: number[][] = [];
  depth.forEach((at, i) => (columns[at] ??= []).push(i));
  const y = nodes.map(() => 0);
  for (const column of columns) column.forEach((i, row) => (y[i] = row));
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const order = sweep % 2 === 0 ? columns : columns.toReversed();
    for (const column of order) settle(column, y, edges);
  }
  const least = Math.min(...y);
  const places = nodes.map((_, i) => ({
    x: margin + depth[i]! * between.columns,
    y: margin + (y[i]! - least) * between.rows,
  }));
  return {
    places,
    width: Math.max(...places.map(({ x }) => x)) + margin + 20,
    height: Math.max(...places.map(({ y: at }) => at)) + margin,
  };
}

/** Moves the nodes of a column to the mean of what they are joined with, and apart from each other. */
function settle(column: number[], y: number[], edges: Graph['edges']): void {
  const wanted = new Map(
    column.map((i) => {
      const near = edges.flatMap(({ from, to }) =>
        from === i ? [y[to]!] : to === i ? [y[from]!] : [],
      );
      return [i, near.length === 0 ? y[i]! : near.reduce((a, b) => a + b, 0) / near.length];
    }),
  );
  column.sort((a, b) => wanted.get(a)! - wanted.get(b)! || a - b);
  let last = -Infinity;
  for (const i of column) {
    y[i] = Math.max(wanted.get(i)!, last + 1);
    last = y[i];
  }
  // Pushed down by each other, they go back up together.
  const shift =
    column.reduce((sum, i) => sum + y[i]! - wanted.get(i)!, 0) / Math.max(1, column.length);
  for (const i of column) y[i]! -= shift;
}
