import * as l10n from '@vscode/l10n';
import { element, setAttribute, setText } from '../dom';
import type { ChartColor } from '../theme';
import type { LineChartContent } from './line';

/** The names of a chart's lines: buttons that hide a line and show it again. */
export interface Legend {
  readonly root: HTMLElement;
  update(content: LineChartContent, hidden: ReadonlySet<string>): void;
}

interface Entry {
  readonly id: string;
  readonly name: string;
  readonly color: ChartColor;
  readonly dash: readonly number[] | undefined;
  readonly look: 'line' | 'spread' | 'dots' | 'rug';
}

/** @param toggle called with the id of a line */
export function createLegend(toggle: (id: string) => void): Legend {
  const root = element('ul', { class: 'legend', 'aria-label': l10n.t('Legend') });
  let shown = '';
  const buttons = new Map<string, HTMLButtonElement>();
  let names: readonly HTMLElement[] = [];

  function make(entries: readonly Entry[]) {
    buttons.clear();
    names = entries.map(() => element('span'));
    root.replaceChildren(
      ...entries.map((entry, i) => {
        const content = [swatch(entry), names[i]!];
        if (entry.look === 'rug') {
          return element('li', {}, element('span', { class: 'entry' }, ...content));
        }
        const button = element('button', { class: 'entry', type: 'button' }, ...content);
        button.addEventListener('click', () => toggle(entry.id));
        buttons.set(entry.id, button);
        return element('li', {}, button);
      }),
    );
  }

  return {
    root,
    update({ lines, rugs = [] }, hidden) {
      const entries: readonly Entry[] = [
        ...lines.map(({ id, name, color, dash, spread, dots }) => ({
          id,
          name,
          color,
          dash,
          look: spread
            ? ('spread' as const)
            : dots === true
              ? ('dots' as const)
              : ('line' as const),
        })),
        ...rugs.map(({ name, color }) => {
          return { id: name, name, color, dash: undefined, look: 'rug' as const };
        }),
      ];
      // Names may change while a button has the focus: a line of the newest step.
      const wanted = JSON.stringify(entries.map((entry) => ({ ...entry, name: '' })));
      if (wanted !== shown) make(entries);
      shown = wanted;
      entries.forEach(({ id, name }, i) => {
        setText(names[i]!, name);
        const button = buttons.get(id);
        if (button) setAttribute(button, 'title', l10n.t('Hide or show “{0}”', name));
      });
      for (const [id, button] of buttons) {
        setAttribute(button, 'aria-pressed', String(!hidden.has(id)));
      }
    },
  };
}

const svgNamespace = 'http://www.w3.org/2000/svg';

/** A small picture of how a line is drawn. */
function swatch({ color, dash, look }: Entry): SVGSVGElement {
  const svg = document.createElementNS(svgNamespace, 'svg');
  svg.setAttribute('viewBox', '0 0 20 10');
  svg.setAttribute('aria-hidden', 'true');
  svg.classList.add('swatch');
  svg.dataset['color'] = color;
  const add = (name: string, attributes: Readonly<Record<string, string>>) => {
    const shape = document.createElementNS(svgNamespace, name);
    for (const [key, value] of Object.entries(attributes)) shape.setAttribute(key, value);
    svg.append(shape);
  };
  if (look === 'spread') add('rect', { class: 'area', width: '20', height: '10' });
  if (look === 'rug') {
    for (const x of ['4', '8', '10', '15'])
      add('rect', { class: 'tick', x, y: '2', width: '1', height: '6' });
  } else {
    const dashes = dash ? { 'stroke-dasharray': dash.join(' ') } : {};
    add('line', { x1: '0', y1: '5', x2: '20', y2: '5', ...dashes });
  }
  if (look === 'dots') add('circle', { cx: '10', cy: '5', r: '3' });
  return svg;
}
