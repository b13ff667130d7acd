import * as l10n from '@vscode/l10n';
import type { PanelStatus } from '../../src/protocol/panel';
import { createButton, createTextField } from '../controls';
import { element, setText } from '../dom';
import { latest, onShow, type Run } from '../state';
import type { ViewContext } from './view';

/** Learning rates that make sense; the host refuses others. */
const limits = { above: 0, most: 1000 };

/** The learning rate of a training under way: a field to read and set it, and buttons to halve and double it. */
export interface RateControl {
  readonly root: HTMLElement;
  update(run: Run): void;
}

export function createRateControl({ format, host }: ViewContext): RateControl {
  // Its label is for the ear: the eye has it beside the field.
  const field = createTextField('rate', l10n.t('Learning rate'), 9);
  field.title = l10n.t('Press Enter to train on with this learning rate');
  const problem = element('span', { class: 'rate-problem', role: 'alert' });
  const halve = createFactor('×½', l10n.t('Halve the learning rate'), () => set(rate / 2));
  const double = createFactor('×2', l10n.t('Double the learning rate'), () => set(rate * 2));
  const schedule = createButton({
    text: l10n.t('Back to the schedule'),
    icon: 'undo',
    appearance: 'icon',
    onClick: () => {
      host.setLearningRate(null);
      // The button goes; the field would be taken for one that is about to be edited.
      halve.focus();
    },
  });
  const live = element('div', {
    class: 'rate',
    role: 'group',
    'aria-label': l10n.t('Learning rate of the training'),
  });
  live.append(field, halve, double);
  const value = element('span', { class: 'value' });
  const note = element('span', { class: 'note' });
  const root = element(
    'div',
    { class: 'figure' },
    element('dt', { text: l10n.t('Learning rate') }),
    // The way back stands in a line that is there anyhow: what is below does not move.
    element('dd', {}, live, problem, value, element('div', { class: 'rate-note' }, note, schedule)),
  );
  /** The rate that holds, or that was asked for last. */
  let rate = NaN;
  /** What the field was given here: other text in it is the user's. */
  let given = '';

  function set(wanted: number) {
    const fits = Math.fround(wanted) > limits.above && wanted <= limits.most;
    setText(problem, fits ? '' : l10n.t('Type a number above 0, up to 1000, such as 0.001.'));
    if (!fits) return;
    rate = wanted;
    host.setLearningRate(wanted);
  }

  /** Puts the rate that holds into the field, whatever is in it. */
  function show() {
    setText(problem, '');
    given = Number.isFinite(rate) ? format.rate(rate) : '';
    if (field.value !== given) field.value = given;
  }

  field.addEventListener('keydown', (event) => {
    // As it was shown it is a rounded rate, which nobody has asked for.
    if (event.key === 'Enter' && field.value !== given) {
      set(Number(field.value.trim().replace(',', '.') || NaN));
    }
    if (event.key === 'Escape') show();
  });
  field.addEventListener('focusout', show);

  return {
    root,
    update(run) {
      const { phase, fixedRate }: PanelStatus = run.status;
      const canSet = phase === 'training' || phase === 'paused';
      const now = latest(run, 'learningRate');
      rate = fixedRate ?? now;
      live.hidden = !canSet;
      value.hidden = canSet;
      const past = onShow(run, 'learningRate');
      setText(value, Number.isNaN(past) ? '–' : format.rate(past));
      setText(note, fixedRate === null ? l10n.t('as scheduled') : l10n.t('set by hand'));
      schedule.hidden = fixedRate === null;
      // While the field has the focus, what is in it belongs to who edits it.
      if (document.activeElement !== field) show();
    },
  };
}

/** A button with a factor on it; who speaks to the computer says what is written, so its name begins with it. */
function createFactor(text: string, meaning: string, onClick: () => void): HTMLButtonElement {
  const button = createButton({ text, onClick });
  button.setAttribute('aria-label', `${text}: ${meaning}`);
  button.title = meaning;
  return button;
}
