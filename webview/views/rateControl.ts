import type { PanelStatus } from '../../src/protocol/panel';
import { createButton } from '../controls';
import { element, setText } from '../dom';
import { latest, type Run } from '../state';
import type { ViewContext } from './view';

/** Learning rates that make sense; the host refuses others. */
const limits = { above: 0, most: 1000 };

interface TextField extends HTMLElement {
  value: string;
}

/** The learning rate of a training under way: a field to read and set it, and buttons to halve and double it. */
export interface RateControl {
  readonly root: HTMLElement;
  update(run: Run): void;
}

export function createRateControl({ strings, format, host }: ViewContext): RateControl {
  const field = element('vscode-text-field' as 'div', {
    id: 'rate',
    size: '8',
    // The toolkit names a field by its text, whatever `aria-label` says; the eye has it beside the field.
    text: strings.rate,
    title: strings.rateHelp,
  }) as HTMLElement as TextField;
  const problem = element('span', { class: 'rate-problem', role: 'alert' });
  const halve = createFactor('×½', strings.rateHalve, () => set(rate / 2));
  const double = createFactor('×2', strings.rateDouble, () => set(rate * 2));
  const schedule = createButton({
    text: strings.rateSchedule,
    icon: 'undo',
    appearance: 'icon',
    onClick: () => {
      editing = false;
      host.setLearningRate(null);
      field.focus();
    },
  });
  const live = element('div', { class: 'rate', role: 'group', 'aria-label': strings.rateGroup });
  live.append(field, halve, double, schedule);
  const value = element('span', { class: 'value' });
  const note = element('span', { class: 'note' });
  const root = element(
    'div',
    { class: 'figure' },
    element('dt', { text: strings.rate }),
    element('dd', {}, live, problem, value, note),
  );
  /** The rate that holds, or that was asked for last. */
  let rate = NaN;
  /** Whether the field has what the user is about to write: it is left alone. */
  let editing = false;

  function set(wanted: number) {
    const fits = wanted > limits.above && wanted <= limits.most;
    setText(problem, fits ? '' : strings.rateProblem);
    if (!fits) return;
    editing = false;
    rate = wanted;
    show();
    host.setLearningRate(wanted);
  }

  function show() {
    if (!editing) field.value = Number.isFinite(rate) ? written(rate) : '';
  }

  field.addEventListener('input', () => {
    editing = true;
  });
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') set(Number(field.value.trim().replace(',', '.') || NaN));
    if (event.key !== 'Escape') return;
    editing = false;
    setText(problem, '');
    show();
  });
  field.addEventListener('focusout', () => {
    editing = false;
    setText(problem, '');
    show();
  });

  return {
    root,
    update(run) {
      const { phase, fixedRate }: PanelStatus = run.status;
      const canSet = phase === 'training' || phase === 'paused';
      const now = latest(run, 'learningRate');
      rate = fixedRate ?? now;
      live.hidden = !canSet;
      value.hidden = canSet;
      setText(value, Number.isNaN(now) ? '–' : format.value(now));
      setText(note, fixedRate === null ? strings.rateScheduled : strings.rateFixed);
      schedule.hidden = fixedRate === null;
      show();
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

/** In four digits, as it may be typed: 0.002, 2.5e-4. */
function written(rate: number): string {
  const rounded = Number(rate.toPrecision(4));
  return rounded < 1e-3 ? rounded.toExponential() : String(rounded);
}
