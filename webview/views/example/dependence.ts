import * as l10n from '@vscode/l10n';
import { csv } from '../../../src/protocol/csv';
import { createReadHeatmap } from '../../charts/readHeatmap';
import { createChoice } from '../../controls';
import { element, setText } from '../../dom';
import { createFigure } from '../figure';
import { shareText } from '../gradients/sentences';
import type { ViewContext } from '../view';
import {
  indexed,
  partName,
  stepNames,
  ticks,
  widthOf,
  type ExampleFigure,
  type Inside,
} from './part';

const cellsHeight = 340;
const tallestRow = 28;

/** A row of the picture: a part of the answer and a variable, and the norms at the variable's steps. */
interface Row {
  readonly name: string;
  readonly part: number;
  readonly variable: string;
  readonly norms: Float64Array;
  readonly greatest: number;
}

/**
 * How strongly each part of an answer depends on each step of what was read, and of each state.
 * @param choosePart a part was chosen
 */
export function createDependence(
  context: ViewContext,
  choosePart: (part: number) => void,
): ExampleFigure {
  const { format, host } = context;
  let inside: Inside | undefined;
  let rows: readonly Row[] = [];
  let columns: readonly string[] = [];
  let file = '';

  const choice = createChoice<string>('example-dependence', l10n.t('Depends on'), (name) => {
    host.memory.set('example.dependence', name);
    draw();
  });
  const share = ({ norms, greatest }: Row, column: number) =>
    greatest > 0 ? norms[column]! / greatest : 0;
  const heatmap = createReadHeatmap({
    label: l10n.t('What the answer depends on'),
    help: l10n.t(
      'Left and right arrow keys move through the steps, up and down arrow keys through the rows, Enter chooses the part of the answer, Escape leaves. The numbers are also in the table below.',
    ),
    ...{ cellsHeight, tallestRow },
    columnTicks: 'top',
    writeValue: format.percent,
    rowsAt({ row, column }) {
      const at = rows[row];
      if (!at || !inside) return [];
      return [
        { name: l10n.t('Step'), value: `${format.count(column + 1)} ${columns[column] ?? ''}` },
        { name: l10n.t('Part of the answer'), value: partName(inside, at.part) },
        { name: `‖∂E/∂${at.variable}‖`, value: format.value(at.norms[column]!) },
        { name: l10n.t('of the largest'), value: shareText(share(at, column), format) },
      ];
    },
    onChosen({ row }) {
      const at = rows[row];
      if (at && inside && inside.parts.length > 1) choosePart(at.part);
    },
  });
  const cells = element('div', {}, heatmap.root);
  const sentence = element('p', { class: 'example-title' });
  const figure = createFigure(context, {
    id: 'example-dependence',
    title: l10n.t('What the answer depends on'),
    sentence,
    controls: [choice.root],
    picture: { root: cells, toCanvas: heatmap.toCanvas, toSvg: heatmap.toSvg },
    fileName: () => `${file} ${l10n.t('What the answer depends on')}`,
    csv: () => (inside ? allNorms(inside) : ''),
    table: () => ({
      header: [l10n.t('Step'), ...rows.map(({ name }) => name)],
      rows: columns.map((name, column) => [
        name,
        ...rows.map(({ norms }) => format.value(norms[column]!)),
      ]),
    }),
    help: l10n.t(
      'A cell is the norm of the gradient of E, of one part of the answer, with respect to what was read at a step, or to a state there; each row is relative to its largest. Nothing is truncated: of an encoder and a decoder it reaches from the symbol written back across the border to the first symbol read.',
    ),
  });

  function offer({ inputs, states }: Inside) {
    const names = [...inputs, ...states].map(({ variable, domain }) => indexed(variable, domain));
    const wanted = choice.value === '' ? host.memory.get('example.dependence') : choice.value;
    const chosen = names.find((name) => name === wanted) ?? names[0] ?? '';
    choice.setOptions(
      names.map((name) => [name, name]),
      chosen,
    );
  }

  /** Of one answer a row is a variable, of several the chosen variable has a row for each. */
  function rowsOf(now: Inside): Row[] {
    const all = [...now.inputs, ...now.states];
    const chosen = all.find(({ variable, domain }) => indexed(variable, domain) === choice.value);
    if (!chosen) return [];
    columns = stepNames(now, chosen.domain);
    const rowOf = ({ variable, domain, norms }: typeof chosen, part: number): Row => {
      const own = norms.subarray(part * columns.length, (part + 1) * columns.length);
      const name = indexed(variable, domain);
      const isAlone = now.parts.length === 1;
      return {
        ...{ part, variable: name, norms: own, greatest: Math.max(...own) },
        name: isAlone ? name : partName(now, part),
      };
    };
    if (now.parts.length > 1) return now.parts.map((_, part) => rowOf(chosen, part));
    return all.filter(({ domain }) => domain === chosen.domain).map((each) => rowOf(each, 0));
  }

  function draw() {
    if (!inside) return;
    rows = rowsOf(inside);
    cells.style.maxWidth = widthOf(columns.length);
    const names = rows.map(({ name }) => name);
    heatmap.setData({
      ...{ rows: rows.length, columns: columns.length },
      at: (row, column) => share(rows[row]!, column),
      rowTicks: ticks(names),
      columnTicks: ticks(columns),
      rowName: (row) => names[row] ?? '',
      scale: { kind: 'sequential', least: 0, greatest: 1 },
      quantity: l10n.t('share of the largest'),
    });
    figure.update();
  }

  const told: Readonly<Record<Inside['of'], () => string>> = {
    truth: () => l10n.t('E is the loss of the answer that the file has.'),
    answer: () => l10n.t('E is the loss of the model’s own answer.'),
    value: () => l10n.t('E is the number that the model answers.'),
  };

  return {
    root: figure.root,
    update(result, _, name) {
      inside = result.inside ?? undefined;
      file = name;
      const steps = Math.max(inside?.source.length ?? 0, inside?.parts.length ?? 0);
      figure.root.hidden = !inside || steps < 2;
      if (!inside || figure.root.hidden) return;
      offer(inside);
      choice.root.hidden = inside.parts.length === 1;
      setText(sentence, told[inside.of]());
      draw();
    },
    updateTheme: heatmap.updateTheme,
    destroy: heatmap.destroy,
  };
}

/** All norms with all digits, of all variables. */
function allNorms(inside: Inside): string {
  const { inputs, states, parts } = inside;
  const rows = [...inputs, ...states].flatMap(({ variable, domain, norms }) => {
    const names = stepNames(inside, domain);
    return Array.from(norms, (norm, i) => {
      const [part, step] = [Math.floor(i / names.length), i % names.length];
      return [indexed(variable, domain), part + 1, parts[part]!, step + 1, names[step]!, norm];
    });
  });
  return csv(['variable', 'part', 'symbol', 'step', 'token', 'norm'], rows);
}
