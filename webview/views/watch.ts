import type { InspectWindow } from '../../src/protocol/panel';
import type { Inspection } from '../../src/protocol/panel';
import type { Run } from '../state';
import type { ViewContext } from './view';

/** While a model learns, it is asked again so long after its last answer, milliseconds. */
const interval = 500;

/** Keeps what the model makes of a window of the text up to date. */
export interface Watch {
  /** Asks where the answer would differ from the last. */
  update(run: Run, window: InspectWindow): void;
}

/** Asks when the window changes or the run's phase does, and about twice a second while it is trained. */
export function createWatch({ host }: Pick<ViewContext, 'host'>): Watch {
  let asked = '';
  let askedOf: Run | undefined;
  let answer: Inspection | undefined;
  let answeredAt = 0;
  let open = false;

  return {
    update(run, window) {
      const now = performance.now();
      if (run.inspection !== answer) {
        answer = run.inspection;
        answeredAt = now;
        open = false;
      }
      const question = JSON.stringify([run.status.phase, run.status.traveled, window]);
      const isNew = askedOf !== run || asked !== question;
      const isTime =
        run.status.phase === 'training' &&
        run.status.traveled === null &&
        !open &&
        now - answeredAt >= interval;
      if (!isNew && !isTime) return;
      asked = question;
      askedOf = run;
      open = true;
      host.inspect(run.id, window);
    },
  };
}
