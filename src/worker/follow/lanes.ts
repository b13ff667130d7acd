/** Who goes first among the jobs that share a followed model. */

/** From the most urgent on. */
export const urgencies = ['complete', 'look', 'read', 'warm'] as const;
export type Urgency = (typeof urgencies)[number];

export interface Lanes {
  /** Says that there is work of this kind, until the returned function is called. */
  enter(urgency: Urgency): () => void;
  /** Whether there is more urgent work than this. */
  mustWait(urgency: Urgency): boolean;
}

export function createLanes(): Lanes {
  const busy = { complete: 0, look: 0, read: 0, warm: 0 };
  return {
    enter(urgency) {
      busy[urgency]++;
      return () => busy[urgency]--;
    },
    mustWait(urgency) {
      for (const other of urgencies) {
        if (other === urgency) return false;
        if (busy[other] > 0) return true;
      }
      return false;
    },
  };
}
