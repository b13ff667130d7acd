/** Things that belong to steps of a training, in bounded memory, spread evenly over its steps. */
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

/**
 * Keeps `limit` items at most, the first and the newest always: of the others, the one goes whose
 * neighbours are the fewest steps apart, so that what is left is spread evenly however long it goes on.
 */
export function thinned<Item extends { readonly step: number }>(
  limit: number,
  initial: readonly Item[] = [],
): Thinned<Item> {
  let items: Item[] = [];

  function append(item: Item): void {
    items.push(item);
    if (items.length > limit) items.splice(mostCrowded(items), 1);
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

/** Of several the oldest. */
function mostCrowded(items: readonly { readonly step: number }[]): number {
  let place = 1;
  let least = Infinity;
  for (let i = 1; i < items.length - 1; i++) {
    const room = items[i + 1]!.step - items[i - 1]!.step;
    if (room < least) [place, least] = [i, room];
  }
  return place;
}
