import * as l10n from '@vscode/l10n';
import type { Format } from '../../../src/protocol/format';
import type { PanelFacts } from '../../../src/protocol/panel';
import { element } from '../../dom';
import { createCopyButton } from '../copy';
import { setMathematics } from './mathematics';
import { sizesIn, type Sizes } from './shapes';

/** The cell's equations as mathematics, each beside its source and with the sizes of what it mentions. */
export function createEquations(facts: PanelFacts, format: Format): HTMLElement {
  const { equations } = facts.network;
  const rows = equations.map((equation) => {
    const { text, tex, place } = equation;
    const sizes = sizesIn(equation, facts).map((size) => sizeElement(size, format));
    return element(
      'li',
      { class: 'equation', 'data-place': place },
      setMathematics(tex, true),
      element('code', { class: 'equation-source', text }),
      element('ul', { class: 'equation-sizes', 'aria-label': l10n.t('Sizes') }, ...sizes),
    );
  });
  const tex = equations.map((equation) => equation.tex).join(' \\\\\n');
  const copy = createCopyButton(l10n.t('Copy as TeX'), l10n.t('Copied'), () => tex);
  const heading = element(
    'div',
    { class: 'model-heading' },
    element(
      'h2',
      { id: 'model-equations' },
      `${l10n.t('Equations')} `,
      element('span', { text: facts.cell.name }),
    ),
    copy,
  );
  const comments = commentsOf(facts.cell.equations);
  return element(
    'section',
    { class: 'model-equations', 'aria-labelledby': 'model-equations' },
    heading,
    // Names and years, or the learner's own words.
    ...(comments === '' ? [] : [element('p', { class: 'quiet', translate: 'no', text: comments })]),
    element('ol', { class: 'equation-list' }, ...rows),
  );
}

/** The comment lines at the beginning of a cell's text: what it is and where it comes from. */
export function commentsOf(source: string): string {
  const lines = source.trim().split('\n');
  const end = lines.findIndex((line) => !line.trim().startsWith('#'));
  return lines
    .slice(0, end < 0 ? lines.length : end)
    .map((line) => line.replace(/^\s*#\s?/, ''))
    .join(' ')
    .trim();
}

/** `W 128 × 66`, or `U 128 × 66, from layer 2 128 × 128`. */
function sizeElement({ symbol, sizes }: Sizes, format: Format): HTMLElement {
  const texts = sizes.map(({ from, shape }) => {
    const size = shapeText(shape, format);
    return from === 1 ? size : l10n.t('from layer {0} {1}', String(from), size);
  });
  return element('li', {}, element('code', { text: symbol }), ` ${texts.join(', ')}`);
}

export function shapeText(shape: readonly number[], format: Format): string {
  return shape.map(format.count).join(' × ');
}
