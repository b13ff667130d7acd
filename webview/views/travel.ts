import { fill } from '../../src/protocol/strings';
import { element, setAttribute, setText } from '../dom';
import type { Run } from '../state';
import '../styles/travel.css';
import type { View, ViewContext } from './view';

/** Chooses the step at which the model is looked at: one whose weights are kept, or the newest. */
export function createTravel({ strings, format, host }: ViewContext): View {
  const slider = element('input', {
    class: 'range',
    id: 'travel',
    type: 'range',
    min: '0',
    step: '1',
  });
  const label = element('label', { for: 'travel', text: strings.travelLabel });
  const value = element('output', { for: 'travel' });
  const root = element('div', { class: 'travel', title: strings.travelHelp }, label, slider, value);
  let steps: readonly number[] = [];

  slider.addEventListener('input', () => {
    const step = steps[Number(slider.value)] ?? null;
    tell(step);
    host.travel(step);
  });

  function tell(step: number | null) {
    const text = step === null ? strings.travelNow : fill(strings.travelStep, format.count(step));
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
      slider.value = String(traveled === null ? steps.length : steps.indexOf(traveled));
      tell(traveled);
    },
  };
}
