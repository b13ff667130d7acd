import * as l10n from '@vscode/l10n';
import type { Format } from '../../../src/protocol/format';
import { createButton } from '../../controls';
import { element, setAttribute, setText } from '../../dom';

/** Where the window is in the text, all in its units. */
export interface Place {
  readonly start: number;
  readonly length: number;
  readonly textLength: number;
  readonly heldOut: number | null;
  readonly inBytes: boolean;
}

/** Moves the window along the text. */
export interface Position {
  readonly root: HTMLElement;
  show(place: Place): void;
}

/** @param onMove gets where the window should begin; it may lie beyond the text's ends */
export function createPosition(format: Format, onMove: (start: number) => void): Position {
  let shown: Place | undefined;
  const button = (text: string, icon: 'previous' | 'next', direction: number) =>
    createButton({
      ...{ text, icon, appearance: 'icon' },
      onClick() {
        if (shown) onMove(Math.max(0, shown.start + direction * shown.length));
      },
    });
  const previous = button(l10n.t('Earlier in the text'), 'previous', -1);
  const next = button(l10n.t('Later in the text'), 'next', 1);
  const slider = element('input', {
    type: 'range',
    min: '0',
    'aria-label': l10n.t('Position in the text'),
  });
  const track = element('div', { class: 'hidden-track' }, slider);
  const text = element('span', { class: 'hidden-position-text' });
  const root = element('div', { class: 'hidden-position' }, previous, track, next, text);
  slider.addEventListener('input', () => {
    onMove(Number(slider.value));
  });

  return {
    root,
    show(place) {
      shown = place;
      const { start, length, textLength, heldOut } = place;
      const last = Math.max(0, textLength - length);
      setAttribute(slider, 'max', String(last));
      setAttribute(slider, 'step', String(Math.max(1, Math.min(length, Math.round(last / 500)))));
      // Where a hand holds it, it stays.
      if (!slider.matches(':active')) slider.value = String(start);
      // A button that has the focus keeps it, so it is not disabled.
      setAttribute(previous, 'aria-disabled', String(start === 0));
      setAttribute(next, 'aria-disabled', String(start >= last));
      const border = heldOut === null || last === 0 ? 1 : Math.min(1, heldOut / last);
      track.style.setProperty('--held-out', String(border));
      const isHeldOut = heldOut !== null && start >= heldOut;
      const words = place.inBytes
        ? l10n.t(
            'Bytes {0}–{1} of {2} · {3}',
            format.count(Math.min(textLength, start + 1)),
            format.count(start + length),
            format.count(textLength),
            isHeldOut ? l10n.t('held out') : l10n.t('trained on'),
          )
        : l10n.t(
            'Characters {0}–{1} of {2} · {3}',
            format.count(Math.min(textLength, start + 1)),
            format.count(start + length),
            format.count(textLength),
            isHeldOut ? l10n.t('held out') : l10n.t('trained on'),
          );
      setText(text, words);
      setAttribute(slider, 'aria-valuetext', words);
    },
  };
}
