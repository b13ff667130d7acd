/** Where the numbers of the edges of a graph stand, so that none is over another. */

interface Box {
  readonly x: number;
  readonly y: number;
  readonly halfWidth: number;
  readonly halfHeight: number;
}

type Point = readonly [number, number];

/** Half of what the numbers of an edge take up: one above it, one below. */
const label = { halfWidth: 25, halfHeight: 15 };
const nodeHalfHeight = 15;

/** Shares of an edge that are tried after the one that is wished for, and how far beside it. */
const shares = [0.5, 0.36, 0.64, 0.25, 0.75, 0.15, 0.85];
const besides = [0, 10, -10, 20, -20, 30, -30, 45, -45];

/** @param nodes their centres, and half of their width */
export function createLabels(nodes: readonly { x: number; y: number; half: number }[]) {
  const taken: Box[] = nodes.map(({ x, y, half }) => ({
    ...{ x, y },
    ...{ halfWidth: half, halfHeight: nodeHalfHeight },
  }));

  return {
    /** The place on an edge, or near it, that covers least of what stands there; it is taken then. */
    place(at: (share: number) => Point, wished: number): Point {
      let best: Box | undefined;
      let least = Infinity;
      for (const beside of besides) {
        for (const share of [wished, ...shares]) {
          const [x, y] = at(share);
          const box = { x, y: y + beside, ...label };
          const covered = taken.reduce((sum, other) => sum + overlap(box, other), 0);
          if (covered >= least) continue;
          [best, least] = [box, covered];
          if (covered === 0) break;
        }
        if (least === 0) break;
      }
      taken.push(best!);
      return [best!.x, best!.y];
    },
  };
}

/** The area that both boxes cover. */
function overlap(a: Box, b: Box): number {
  const width = a.halfWidth + b.halfWidth - Math.abs(a.x - b.x);
  const height = a.halfHeight + b.halfHeight - Math.abs(a.y - b.y);
  return width > 0 && height > 0 ? width * height : 0;
}
