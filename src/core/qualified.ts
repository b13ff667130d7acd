/** Qualified names of parameters and variables: `layer1.W`, `layer2.h`, `output.V`, `embedding.E`. */

export interface Qualified {
  /** What it belongs to: `layer1`, `output`, `embedding`. */
  readonly place: string;
  /** From 1; 0: it belongs to no layer. */
  readonly layer: number;
  /** Its name in the equations: `W`. */
  readonly symbol: string;
}

/** `layer1`; layers count from 1. */
export function layerPlace(layer: number): string {
  return `layer${String(layer)}`;
}

/** `layer1.W` */
export function inLayer(layer: number, symbol: string): string {
  return `${layerPlace(layer)}.${symbol}`;
}

/** A qualified name taken apart. */
export function readQualified(name: string): Qualified {
  const dot = name.indexOf('.');
  const place = name.slice(0, Math.max(0, dot));
  const layer = Number(/^layer(\d+)$/.exec(place)?.[1] ?? 0);
  return { place, layer, symbol: name.slice(dot + 1) };
}

/** The qualified name of what the cell of the top layer gives to the output layer. */
export function topOutput({
  variables,
  output,
}: {
  readonly variables: readonly { readonly layer: number }[];
  readonly output: string;
}): string {
  return inLayer(Math.max(...variables.map(({ layer }) => layer)), output);
}
