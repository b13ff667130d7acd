import { leaveRightOfWay, takeRightOfWay, type RightOfWay } from '../core/right-of-way';

/** What a keystroke waits for. */
const urgent: ReadonlySet<unknown> = new Set(['complete', 'look']);

/** Takes the right of way for the urgent questions among a line's messages, from each one to its answer. */
export interface UrgentQuestions {
  /** A message on its way to the engine. */
  asked(message: unknown): void;
  /** A message of the engine. */
  answered(message: unknown): void;
  /** The engine has ended, and answers nothing any more. */
  forgotten(): void;
}

export function watchUrgent(word: RightOfWay): UrgentQuestions {
  const open = new Set<unknown>();

  return {
    asked(message) {
      const { type, job, request } = message as {
        type?: unknown;
        job?: unknown;
        request?: { kind?: unknown };
      };
      if (type !== 'start' || !urgent.has(request?.kind) || open.has(job)) return;
      open.add(job);
      takeRightOfWay(word);
    },
    answered(message) {
      const { type, job } = message as { type?: unknown; job?: unknown };
      if (type !== 'event' && open.delete(job)) leaveRightOfWay(word);
    },
    forgotten() {
      open.forEach(() => {
        leaveRightOfWay(word);
      });
      open.clear();
    },
  };
}
