import * as l10n from '@vscode/l10n';
import { element } from '../dom';
import { insight } from '../insight';
import { latest, type Run } from '../state';
import { phaseName } from './header';
import { tellCourse } from './loss/course';
import type { View, ViewContext } from './view';

/** A screen reader hears the numbers this often at most. */
const interval = 20_000;

/**
 * Tells a screen reader how training goes: each change of phase at once, the losses now and then.
 * It is there for the ear only.
 */
export function createAnnouncer({ format }: ViewContext): View {
  const root = element('div', {
    class: 'visually-hidden',
    role: 'status',
    'aria-live': 'polite',
  });
  let lastTime = -Infinity;
  let lastPhase: string | undefined;
  let lastCourse: string | undefined;

  function losses(run: Run): string {
    const step = format.count(latest(run, 'step'));
    const training = format.loss(latest(run, 'lossMean'));
    const { evaluations } = run;
    if (evaluations.length === 0) {
      return l10n.t('Step {0}: training loss {1} nats per token.', step, training);
    }
    const validation = format.loss(evaluations.at('validationLoss', evaluations.length - 1));
    return l10n.t(
      'Step {0}: training loss {1}, validation loss {2} nats per token.',
      step,
      training,
      validation,
    );
  }

  return {
    root,
    update(run) {
      const { phase, message } = run.status;
      const now = performance.now();
      const phaseChanged = phase !== lastPhase;
      const isTime = now - lastTime > interval && phase === 'training' && run.metrics.length > 0;
      if (!phaseChanged && !isTime) return;
      const telling = tellCourse(run, format);
      lastTime = now;
      lastPhase = phase;
      const sentences = phaseChanged
        ? [l10n.t('{0}: {1}.', run.facts.name, phaseName(run.status))]
        : [];
      if (message !== '') sentences.push(message);
      if (run.metrics.length > 0) sentences.push(losses(run), insight(run, format));
      // What goes on as it did has been heard.
      if (telling && (phaseChanged || telling.course.kind !== lastCourse))
        sentences.push(telling.claim);
      lastCourse = telling?.course.kind;
      root.textContent = sentences.join(' ');
    },
  };
}
