import * as l10n from '@vscode/l10n';
import { createButton } from '../../controls';
import { element, icon, setAttribute, setText } from '../../dom';
import { icons } from '../../icons';
import type { ViewContext } from '../view';

/** Playing through all observations takes this long, and each of them so long at most; milliseconds. */
const playingTime = 12_000;
const longestFrame = 250;

/** Chooses the observation that is looked at: the newest, which follows the training, or one before. */
export interface StepChooser {
  readonly root: HTMLElement;
  /** @returns the index of the chosen observation among `steps`, which are ascending and not empty */
  update(steps: readonly number[]): number;
  /** Chooses the observation of a step. */
  choose(step: number): void;
  /**
   * Goes where the model is looked at: to the observation nearest to a kept step, or null: the newest; but to the
   * one chosen by hand there, before the panel was hidden.
   *
   * @param place tells the run and the step from others
   */
  travel(place: string, step: number | null): void;
  destroy(): void;
}

/** @param onChoice another observation was chosen */
export function createStepChooser(
  { format, host: { memory } }: ViewContext,
  onChoice: () => void,
): StepChooser {
  const play = createButton({
    text: l10n.t('Play the training'),
    icon: 'play',
    appearance: 'icon',
    onClick: toggle,
  });
  const slider = element('input', {
    class: 'range',
    type: 'range',
    'aria-label': l10n.t('Step shown'),
    min: '0',
    max: '0',
    step: '1',
    value: '0',
  });
  const value = element('output');
  const root = element('div', { class: 'steps' }, play, slider, value);
  let traveled = '';
  /** Undefined: the newest. */
  let chosen: number | undefined;
  let shown: readonly number[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  slider.addEventListener('input', () => {
    stop();
    chooseIndex(Number(slider.value));
  });

  function chooseIndex(index: number) {
    chosen = index >= shown.length - 1 ? undefined : shown[index];
    memory.set('gradients.place', traveled);
    memory.set('gradients.step', chosen ?? 'newest');
    onChoice();
  }

  function toggle() {
    if (timer !== undefined) {
      stop();
      return;
    }
    // From the newest there is nowhere to go: the whole training is played.
    if (Number(slider.value) >= shown.length - 1) chooseIndex(0);
    setPlaying(l10n.t('Pause playing'), 'pause');
    wait();
  }

  function wait() {
    timer = setTimeout(
      () => {
        // Nobody watches: it does not go on by itself.
        if (document.hidden || root.offsetParent === null) {
          stop();
          return;
        }
        const next = Number(slider.value) + 1;
        chooseIndex(next);
        if (next >= shown.length - 1) stop();
        else wait();
      },
      Math.min(longestFrame, playingTime / shown.length),
    );
  }

  function stop() {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    setPlaying(l10n.t('Play the training'), 'play');
  }

  function setPlaying(text: string, picture: 'play' | 'pause') {
    play.title = text;
    play.setAttribute('aria-label', text);
    play.replaceChildren(icon(icons[picture]));
  }

  return {
    root,
    choose(step) {
      stop();
      chooseIndex(shown.indexOf(step));
    },
    travel(place, step) {
      stop();
      traveled = place;
      const kept = memory.get('gradients.place') === place ? memory.get('gradients.step') : step;
      chosen = typeof kept === 'number' ? kept : undefined;
      onChoice();
    },
    update(steps) {
      shown = steps;
      const index = chosen === undefined ? steps.length - 1 : nearest(steps, chosen);
      setAttribute(slider, 'max', String(steps.length - 1));
      slider.value = String(index);
      const step = format.count(steps[index]!);
      const text =
        chosen === undefined ? l10n.t('step {0}, the latest', step) : l10n.t('step {0}', step);
      setText(value, text);
      setAttribute(slider, 'aria-valuetext', text);
      return index;
    },
    destroy: stop,
  };
}

/** The index of the value that is nearest; steps are dropped as the list is thinned out. */
function nearest(ascending: readonly number[], wanted: number): number {
  let best = 0;
  ascending.forEach((value, i) => {
    if (Math.abs(value - wanted) < Math.abs(ascending[best]! - wanted)) best = i;
  });
  return best;
}
