/** Which states along a text are kept, and what edits leave of them. */
import { firstWhere } from '../numerics';
import type { TokenChange } from './pieces';
import type { States } from './states';

/** A reading of the text from a place on, with nothing known of what is before. */
export interface Stretch {
  /** 0: it begins where the text does. */
  start: number;
}

/** A state that is kept. */
export interface Snapshot {
  readonly stretch: Stretch;
  /** The place in the text it is the state of. */
  place: number;
  /** Tokens read since the stretch's start. */
  readonly age: number;
  readonly slot: number;
}

export interface Snapshots {
  /** Those at or before a place, the nearest first. */
  before(place: number): Generator<Snapshot, undefined, undefined>;
  /**
   * Keeps a copy of a state; of two at one place the one that has read more.
   * @returns the one that is kept
   */
  keep(snapshot: Snapshot): Snapshot;
  /** Drops what an edit made untrue, and moves what comes after it. */
  edited(change: TokenChange): void;
  clear(): void;
  size(): number;
}

/**
 * @param limit most that are kept: beyond it those go that others are nearest to, far from the last place asked for
 */
export function createSnapshots(states: States, limit: number): Snapshots {
  /** By place, ascending. */
  let kept: Snapshot[] = [];
  let center = 0;

  /** Index of the first after a place. */
  function indexAfter(place: number): number {
    return firstWhere(0, kept.length, (i) => kept[i]!.place > place);
  }

  function drop({ slot }: Snapshot): void {
    states.free(slot);
  }

  /** Drops the one with the least room around it, as seen from the last place asked for. */
  function thin(spared: Snapshot): void {
    let worst = 0;
    let least = Infinity;
    for (let i = 0; i < kept.length; i++) {
      if (kept[i] === spared) continue;
      const room = (kept[i + 1]?.place ?? Infinity) - (kept[i - 1]?.place ?? -Infinity);
      const value = room / (Math.abs(kept[i]!.place - center) + 64);
      if (value < least) [worst, least] = [i, value];
    }
    drop(kept[worst]!);
    kept.splice(worst, 1);
  }

  return {
    size: () => kept.length,
    *before(place) {
      center = place;
      for (let i = indexAfter(place) - 1; i >= 0; i--) yield kept[i]!;
      return undefined;
    },
    keep(snapshot) {
      const after = indexAfter(snapshot.place);
      const old = kept[after - 1];
      if (old?.place === snapshot.place) {
        if (old.stretch.start <= snapshot.stretch.start && old.age >= snapshot.age) return old;
        drop(old);
        kept.splice(after - 1, 1);
      }
      const slot = states.take();
      states.copy(snapshot.slot, slot);
      const added = { ...snapshot, slot };
      kept.splice(indexAfter(snapshot.place), 0, added);
      if (kept.length > limit) thin(added);
      return added;
    },
    edited({ from, oldTo, newTo }) {
      const moved = new Set<Stretch>();
      kept = kept.filter((snapshot) => {
        const { stretch, place } = snapshot;
        if (place <= from) return true;
        // Its tokens all come after the edit; a stretch that was moved already begins after it as well.
        if (!moved.has(stretch) && stretch.start < oldTo) {
          drop(snapshot);
          return false;
        }
        if (!moved.has(stretch)) {
          moved.add(stretch);
          stretch.start += newTo - oldTo;
        }
        snapshot.place += newTo - oldTo;
        return true;
      });
    },
    clear() {
      kept.forEach(drop);
      kept = [];
    },
  };
}
