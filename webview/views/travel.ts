import * as l10n from '@vscode/l10n';
import { element, setAttribute, setText } from '../dom';
import type { Run } from '../state';
import '../styles/travel.css';
import type { View, ViewContext } from './view';

/** Chooses the step at which the model is looked at: one whose weights are kept, or the newest. */
export function createTravel({ format, host }: ViewContext): View {
  const slider = element('input', {
    class: 'range',
    id: 'travel',
    type: 'range',
    min: '0',
    step: '1',
  });
  const label = element('label', { for: 'travel', text: l10n.t('Model as of') });
  const value = element('output', { for: 'travel' });
  const root = element(
    'div',
    {
      class: 'travel',
      title: l10n.t(
        'Hidden states, the text at the cursor, the network over the text, lenses and samples are those of the model at this step of its training.',
      ),
    },
    label,
    slider,
    value,
  );
  let steps: readonly number[] = [];

  slider.addEventListener('input', () => {
    const step = steps[Number(slider.value)] ?? null;
    tell(step);
    host.travel(step);
  });

  function tell(step: number | null) {
    const text = step === null ? l10n.t('now') : l10n.t('step {0}', format.count(step));
    setText(value, text);
    setAttribute(slider, 'aria-valuetext', text);
  }

  return {
    root,
    update({ status: { keptSteps, traveled } }: Run) {
      root.hidden = keptSteps.length === 0;
      steps = keptSteps;
      // The last place is the model as it is now.
      setAttribute(slider, 'max', String(steps.length));
      // Where a hand holds it, it stays.
      if (slider.matches(':active')) return;
      slider.value = String(traveled === null ? steps.length : steps.indexOf(traveled));
      tell(traveled);
    },
  };
}
