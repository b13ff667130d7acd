/** One step as a graph: operations as nodes, above each edge what flows forwards, below it what flows back. */
import * as l10n from '@vscode/l10n';
import { element } from '../../dom';
import { shortNumber } from './board';
import { layoutOf } from './layout';
import { createLabels } from './labels';
import { atStep, hueOf, normOf, type Sheet } from './shown';

export interface Gates {
  readonly root: HTMLElement;
  /** Shows the numbers of a unit, from 0, of the step that is looked at. */
  update(sheet: Sheet, unit: number): void;
}

const namespace = 'http://www.w3.org/2000/svg';

function svg(name: string, attributes: Readonly<Record<string, string | number>>, text?: string) {
  const made = document.createElementNS(namespace, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  if (text !== undefined) made.textContent = text;
  return made;
}

const signs: Readonly<Record<string, string>> = { sigmoid: 'σ' };

/** How wide a node is, half of it. */
function halfWidth(label: string): number {
  return Math.max(15, 5 + 4 * Array.from(label).length);
}

export function createGates(sheet: Sheet): Gates {
  const { nodes, edges } = sheet.graph;
  const { places, width, height } = layoutOf(sheet.graph);
  const drawing = svg('svg', {
    ...{ width, height, viewBox: `0 0 ${String(width)} ${String(height)}`, class: 'gates' },
    role: 'img',
  });
  drawing.setAttribute(
    'aria-label',
    l10n.t('The operations of step k, and what flows between them'),
  );
  const outs = nodes.map((_, i) => edges.filter(({ from }) => from === i).length);
  const labels = nodes.map(({ label }) => signs[label] ?? label);
  const placed = createLabels(
    nodes.map((_, i) => ({ ...places[i]!, half: halfWidth(labels[i]!) })),
  );
  const numbers = edges.map(({ from, to, gradient }, e) => {
    const [a, b] = [places[from]!, places[to]!];
    const [x1, x2] = [a.x + halfWidth(labels[from]!), b.x - halfWidth(labels[to]!)];
    const bend = (x2 - x1) / 2;
    const curve = `M ${x1} ${a.y} C ${x1 + bend} ${a.y} ${x2 - bend} ${b.y} ${x2} ${b.y}`;
    drawing.append(svg('path', { d: curve, class: 'gates-edge', 'data-edge': e }));
    // Near the end where the fewest other edges are.
    const s = outs[from]! > 1 ? 0.7 : 0.36;
    const at = (share: number) =>
      onCurve([x1, a.y], [x1 + bend, a.y], [x2 - bend, b.y], [x2, b.y], share);
    const [x, y] = placed.place(at, s);
    const value = svg('text', { x, y: y - 4, class: 'gates-value' });
    const back = svg('text', { x, y: y + 11, class: 'gates-gradient' });
    return { value, back: gradient.length > 0 ? back : undefined };
  });
  nodes.forEach(({ operation, parameter, defines }, i) => {
    const { x, y } = places[i]!;
    const half = halfWidth(labels[i]!);
    const isRound = !['input', 'earlier', 'product', 'bias'].includes(operation);
    const group = svg('g', { class: `gates-node gates-${operation}` });
    if (parameter !== null) group.setAttribute('data-hue', String(hueOf(parameter, sheet)));
    group.append(
      svg('rect', {
        ...{ x: x - half, y: y - 13, width: 2 * half, height: 26 },
        rx: isRound ? 13 : 3,
      }),
      svg('text', { x, y: y + 4, class: 'gates-label' }, labels[i]),
    );
    if (defines !== '') group.append(svg('text', { x, y: y - 17, class: 'gates-name' }, defines));
    drawing.append(group);
  });
  for (const { value, back } of numbers) drawing.append(value, ...(back ? [back] : []));
  const root = element('div', { class: 'gates-scroller', role: 'region', tabindex: '0' });
  root.setAttribute('aria-label', l10n.t('The step as a graph'));
  root.append(drawing);

  return {
    root,
    update(data, unit) {
      data.graph.edges.forEach(({ from, to, values, gradient }, e) => {
        const { value, back } = numbers[e]!;
        const { operation, label } = data.graph.nodes[to]!;
        const isWhole = operation === 'product' || label === 'softmax' || label === 'layernorm';
        const shown = (of: Float64Array): string =>
          isWhole && of.length > 1
            ? `‖${shortNumber(normOf(of))}‖`
            : shortNumber(entryOf(of, unit, data));
        const isToken =
          data.graph.nodes[from]!.operation === 'input' && values.length === data.vocabulary.length;
        value.textContent = isToken ? `'${data.tokens[data.k]!}'` : shown(values);
        if (back) back.textContent = shown(gradient);
      });
    },
  };
}

/** Of a vector over the vocabulary the token that comes next; else the unit. */
function entryOf(
  values: Float64Array,
  unit: number,
  { vocabulary, ids, k, hidden }: Sheet,
): number {
  if (values.length === 1) return values[0]!;
  if (values.length === vocabulary.length && values.length !== hidden) return values[ids[k + 1]!]!;
  return values[unit % values.length]!;
}

type Point = readonly [number, number];

/** A point of a cubic curve. */
function onCurve(a: Point, b: Point, c: Point, d: Point, s: number): Point {
  const r = 1 - s;
  const mix = (i: 0 | 1) =>
    r ** 3 * a[i] + 3 * r * r * s * b[i] + 3 * r * s * s * c[i] + s ** 3 * d[i];
  return [mix(0), mix(1)];
}

/** Every edge with all its numbers, as a table. */
export function gatesTable({ graph, k, t }: Sheet): readonly (readonly string[])[] {
  const name = (i: number): string => {
    const { label, defines } = graph.nodes[i]!;
    return defines === '' || defines === label ? label : `${defines} ${label}`;
  };
  return graph.edges.map(({ from, to, values, gradient }) => [
    `${atStep(name(from), k)} → ${atStep(name(to), k)}`,
    Array.from(values, shortNumber).join(', '),
    gradient.length === 0
      ? ''
      : `∂E[${String(t + 1)}]: ${Array.from(gradient, shortNumber).join(', ')}`,
  ]);
}
