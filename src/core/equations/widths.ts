import type { Sentence } from '../sentence';

/** A width that equations may leave open for now: a node of a union-find forest. */
export interface Width {
  parent: Width | undefined;
  known: KnownWidth | undefined;
}

export interface KnownWidth {
  readonly size: number;
  /** Why it is that, as the end of a sentence: `x is the input`. */
  readonly because: Sentence;
}

export function openWidth(): Width {
  return { parent: undefined, known: undefined };
}

/** The size that a width has been found to be, if any. */
export function knownOf(width: Width): KnownWidth | undefined {
  return rootOf(width).known;
}

/**
 * Makes two widths equal.
 * @returns whether that is possible; if not, nothing changes
 */
export function unify(a: Width, b: Width): boolean {
  const [left, right] = [rootOf(a), rootOf(b)];
  if (left === right) return true;
  if (left.known && right.known && left.known.size !== right.known.size) return false;
  right.parent = left;
  left.known ??= right.known;
  return true;
}

/** Whether two widths have been made equal. */
export function areEqual(a: Width, b: Width): boolean {
  return rootOf(a) === rootOf(b);
}

/** The representative of all widths that are equal to this one. */
function rootOf(width: Width): Width {
  let root = width;
  while (root.parent) root = root.parent;
  return root;
}
