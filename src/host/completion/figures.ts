/** Counts of what was suggested and taken, which never leave the machine. */
import * as v from 'valibot';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const figures = v.object({ shown: count, accepted: count, characters: count });

export interface Figures {
  /** Suggestions that were shown; one that is typed along with is one. */
  readonly shown: number;
  /** Of these, taken as a whole. */
  readonly accepted: number;
  /** Characters (Unicode code points) of those taken. */
  readonly characters: number;
}

export const noFigures: Figures = { shown: 0, accepted: 0, characters: 0 };

/** Counts as they were kept; none where they cannot be read. */
export function readFigures(kept: unknown): Figures {
  const parsed = v.safeParse(figures, kept);
  return parsed.success ? parsed.output : noFigures;
}

/** A suggestion at a place of a document. */
export interface ShownSuggestion {
  readonly document: string;
  /** UTF-16 units. */
  readonly offset: number;
  readonly text: string;
}

/** Whether a suggestion is what is left of an earlier one, whose beginning has been typed, or grows out of it. */
export function isTypedThrough(earlier: ShownSuggestion, now: ShownSuggestion): boolean {
  const typed = now.offset - earlier.offset;
  if (earlier.document !== now.document || typed < 0 || typed >= earlier.text.length) return false;
  const left = earlier.text.slice(typed);
  return left.startsWith(now.text) || now.text.startsWith(left);
}

export interface Counter {
  figures(): Figures;
  shown(suggestion: ShownSuggestion): void;
  accepted(text: string): void;
}

/** @param changed is called with the counts, to keep them */
export function createCounter(kept: unknown, changed: (figures: Figures) => void): Counter {
  let current = readFigures(kept);
  let last: ShownSuggestion | undefined;

  function count(more: Partial<Figures>) {
    current = { ...current, ...more };
    changed(current);
  }

  return {
    figures: () => current,
    shown(suggestion) {
      const isNew = last === undefined || !isTypedThrough(last, suggestion);
      last = suggestion;
      if (isNew) count({ shown: current.shown + 1 });
    },
    accepted(text) {
      last = undefined;
      count({
        accepted: current.accepted + 1,
        characters: current.characters + Array.from(text).length,
      });
    },
  };
}
