import type { Format } from '../../../src/protocol/format';
import type { PanelStrings } from '../../../src/protocol/strings';
import { element } from '../../dom';
import type { Picture } from './picture';

/** While it is open, the table follows the training this far behind, milliseconds. */
const interval = 2000;

/** The window's tokens as a table, for who cannot see the heatmap or wants to copy it; closed at first. */
export interface TokenTable {
  readonly root: HTMLElement;
  update(picture: Picture): void;
}

export function createTokenTable(strings: PanelStrings, format: Format): TokenTable {
  const head = element('tr');
  const body = element('tbody');
  const root = element(
    'details',
    { class: 'table hidden-table' },
    element('summary', { text: strings.hiddenTable }),
    element(
      'table',
      {},
      element('caption', { class: 'visually-hidden', text: strings.hiddenTable }),
      element('thead', {}, head),
      body,
    ),
  );
  let picture: Picture | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function show() {
    timer = undefined;
    if (!picture || !root.open) return;
    const { slice, saturated, look } = picture;
    const { tokens, loss, top, activations } = slice;
    const headings = [
      strings.hiddenTableToken,
      strings.hiddenLoss,
      ...(saturated ? [strings.hiddenSaturated] : []),
      `${look.name}, ${strings.hiddenMean}`,
      strings.hiddenTableNext,
    ];
    head.replaceChildren(...headings.map((text) => element('th', { scope: 'col', text })));
    const { width, values } = activations;
    const rows = tokens.map((token, t) => {
      const units = values.subarray(t * width, (t + 1) * width);
      const mean = units.reduce((sum, value) => sum + value, 0) / width;
      const likeliest = top[t]?.[0];
      const cells = [
        Number.isNaN(loss[t]!) ? '' : format.loss(loss[t]!),
        ...(saturated ? [format.percent(saturated[t]!)] : []),
        format.value(mean),
        likeliest ? `${likeliest.token} ${format.percent(likeliest.probability)}` : '',
      ];
      return element(
        'tr',
        {},
        element('th', { scope: 'row', text: token }),
        ...cells.map((text) => element('td', { text })),
      );
    });
    body.replaceChildren(...rows);
  }

  root.addEventListener('toggle', () => {
    show();
    if (!root.open) body.replaceChildren();
  });
  return {
    root,
    update(shown) {
      picture = shown;
      if (root.open) timer ??= setTimeout(show, interval);
    },
  };
}
