/** Things that belong to steps of a training, in bounded memory: the longer it goes on, the fewer are kept. */
export interface Thinned<Item extends { readonly step: number }> {
  /** Oldest first. */
  readonly items: readonly Item[];
  append(item: Item): void;
  /** Drops those of later steps. */
  truncate(step: number): void;
}

/** Enough for a picture of a whole run. */
export const observationLimit = 240;
export const sampleLimit = 60;

/** Drops every second item, the newest not among them, whenever there are more than `limit`. */
export function thinned<Item extends { readonly step: number }>(
  limit: number,
  initial: readonly Item[] = [],
): Thinned<Item> {
  let items: Item[] = [];

  function append(item: Item) {
    items.push(item);
    if (items.length <= limit) return;
    const last = items.length - 1;
    items = items.filter((_, i) => (last - i) % 2 === 0);
  }

  initial.forEach(append);
  return {
    get items() {
      return items;
    },
    append,
    truncate(step) {
      items = items.filter((item) => item.step <= step);
    },
  };
}
