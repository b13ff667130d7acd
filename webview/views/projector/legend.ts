/** What the colours of points say. */
import * as l10n from '@vscode/l10n';
import type { Format } from '../../../src/protocol/format';
import { element } from '../../dom';
import { className } from './choices';
import type { ColorBy, Coloring, Projection } from './points';

export interface PointLegend {
  readonly root: HTMLElement;
  show(coloring: Coloring, of: Projection, by: ColorBy, format: Format): void;
}

export function createLegend(): PointLegend {
  const root = element('ul', { class: 'projector-legend', 'aria-label': l10n.t('Legend') });
  let shown = '';
  return {
    root,
    show({ groups, scale }, of, by, format) {
      const entries = groups.map(({ name, color, count }) => ({
        color,
        text:
          name === undefined
            ? l10n.t('all others')
            : by === 'class'
              ? className(of, of.classNames.indexOf(name))
              : name,
        count: format.count(count),
      }));
      const key = JSON.stringify([entries, scale]);
      if (key === shown) return;
      shown = key;
      root.replaceChildren(
        ...entries.map(({ color, text, count }) =>
          element(
            'li',
            {},
            element('span', { class: 'dot', 'data-color': color, 'aria-hidden': 'true' }),
            `${text} `,
            element('span', { class: 'quiet', text: count }),
          ),
        ),
        ...(scale
          ? [
              element(
                'li',
                {},
                format.loss(scale[0]),
                element('span', { class: 'ramp', 'aria-hidden': 'true' }),
                l10n.t('{0} nats and more', format.loss(scale[1])),
              ),
            ]
          : []),
      );
    },
  };
}
