/** Names that mean something by themselves. */
const fixed = new Set(['x', 'y', 't', 'u', 'T', 'init', 'size']);

/** What a cell computes: without comments, layout, and how its variables and parameters are called. */
export function equationsOf(source: string): string {
  const order = new Map<string, number>();
  return source
    .replaceAll(/#.*/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll(/[\p{L}_][\p{L}\p{M}\p{Nd}_]*(?!\s*\(|[\p{L}\p{M}\p{Nd}_])/gu, (name) => {
      if (fixed.has(name)) return name;
      if (!order.has(name)) order.set(name, order.size);
      return `#${String(order.get(name))}`;
    });
}
