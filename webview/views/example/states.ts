import * as l10n from '@vscode/l10n';
import { csv } from '../../../src/protocol/csv';
import type { HeatmapScale } from '../../charts/heatmap';
import { createReadHeatmap } from '../../charts/readHeatmap';
import { createChoice } from '../../controls';
import { element } from '../../dom';
import type { Run } from '../../state';
import { createFigure } from '../figure';
import { colourByUnit } from '../hidden/colourByUnit';
import { cellValue, rowsFor, scaleOf, unitsOf } from '../hidden/matrix';
import type { ViewContext } from '../view';
import { indexed, stepNames, ticks, widthOf, type ExampleFigure, type Inside } from './part';

const cellsHeight = 260;
const tallestRow = 16;
/** Rows whose numbers are written beside them. */
const mostNamed = 24;

export interface ExampleStates extends ExampleFigure {
  /** The variable whose values are wanted. */
  readonly variable: string;
  /** Another run's variables are offered. */
  offer(network: Run['facts']['network']): void;
}

/**
 * The values of a variable over the example: units × steps, in the encoder, the decoder, or either direction.
 * @param onVariable another one was chosen
 * @param run whose example it is
 */
export function createStates(
  context: ViewContext,
  onVariable: () => void,
  run: () => string | undefined,
): ExampleStates {
  const { format, host } = context;
  let network: Run['facts']['network'] | undefined;
  let shown: Inside['variables'][number] | undefined;
  let inside: Inside | undefined;
  let order = new Int32Array();
  let scale: HeatmapScale | undefined;
  let file = '';

  const choice = createChoice<string>('example-variable', l10n.t('Variable'), (name) => {
    host.memory.set('example.variable', name);
    scale = undefined;
    onVariable();
  });
  const names = () => (inside && shown ? stepNames(inside, shown.domain) : []);
  const activations = () => ({
    width: shown?.width ?? 0,
    tokens: names().length,
    values: shown?.values ?? new Float64Array(),
  });
  const rows = () => rowsFor(shown?.width ?? 0, cellsHeight);
  const valueAt = (row: number, column: number) =>
    cellValue(activations(), unitsOf(order, rows(), row), column, (value) => value);
  const unitName = (row: number) => {
    const units = unitsOf(order, rows(), row);
    return units.length === 1
      ? format.count(units[0]! + 1)
      : `${format.count(units[0]! + 1)}–${format.count(units.at(-1)! + 1)}`;
  };
  const heatmap = createReadHeatmap({
    label: l10n.t('Hidden states of the example'),
    help: l10n.t(
      'Left and right arrow keys move through the steps, up and down arrow keys through the units, U colours the text by the unit, Escape leaves. The numbers are also in the table below.',
    ),
    ...{ cellsHeight, tallestRow },
    columnTicks: 'top',
    writeValue: format.value,
    rowsAt: ({ row, column }) =>
      shown
        ? [
            { name: l10n.t('Step'), value: `${format.count(column + 1)} ${names()[column] ?? ''}` },
            { name: l10n.t('Unit'), value: unitName(row) },
            { name: indexed(shown.name, shown.domain), value: format.value(valueAt(row, column)) },
          ]
        : [],
    onChosen: () => undefined,
  });
  colourByUnit(
    heatmap,
    context,
    ({ row, column }) => {
      if (shown?.domain !== 't') return undefined;
      const { name: variable, width, values } = shown;
      const strength = (unit: number) => Math.abs(values[column * width + unit]!);
      const units = unitsOf(order, rows(), row);
      const unit = units.reduce((best, each) => (strength(each) > strength(best) ? each : best));
      return { variable, unit };
    },
    run,
  );
  const cells = element('div', {}, heatmap.root);
  const figure = createFigure(context, {
    id: 'example-states',
    title: l10n.t('Hidden states of the example'),
    controls: [choice.root],
    picture: { root: cells, toCanvas: heatmap.toCanvas, toSvg: heatmap.toSvg },
    fileName: () => `${file} ${choice.value}`,
    csv: () =>
      csv(
        [
          'step',
          ...Array.from({ length: shown?.width ?? 0 }, (_, unit) => `unit ${String(unit + 1)}`),
        ],
        names().map((name, step) => [name, ...valuesAt(step)]),
      ),
    table: () => ({
      header: [
        l10n.t('Step'),
        ...Array.from({ length: shown?.width ?? 0 }, (_, unit) => format.count(unit + 1)),
      ],
      rows: names().map((name, step) => [name, ...valuesAt(step).map(format.value)]),
    }),
    help: l10n.t(
      'A column is a step of the source, or of the answer; a row is one unit. Variables with the index t belong to what reads the source, those with u to what writes the answer: the decoder begins with what the encoder ends with. Of two directions the one from the right has read only what stands to its right.',
    ),
  });

  const valuesAt = (step: number): number[] =>
    shown ? Array.from(shown.values.subarray(step * shown.width, (step + 1) * shown.width)) : [];

  return {
    root: figure.root,
    get variable() {
      return choice.value;
    },
    offer(now) {
      if (network === now) return;
      network = now;
      scale = undefined;
      const kept = host.memory.get('example.variable');
      const all = now.variables;
      const chosen =
        all.find(({ name }) => name === kept) ?? all.find(({ isState }) => isState) ?? all[0];
      choice.setOptions(
        all.map(({ name }) => [name, name]),
        chosen?.name ?? '',
      );
    },
    update(result, _, name) {
      inside = result.inside ?? undefined;
      file = name;
      shown = inside?.variables.find((each) => each.name === choice.value);
      figure.root.hidden = !shown;
      if (!shown || !inside) return;
      order = Int32Array.from({ length: shown.width }, (__, unit) => unit);
      const { activation = null } =
        network?.variables.find((each) => each.name === shown!.name) ?? {};
      scale = scaleOf(activations(), activation, 'value', scale);
      const { count, each } = rows();
      cells.style.maxWidth = widthOf(names().length);
      heatmap.setData({
        ...{ rows: count, columns: names().length, at: valueAt, rowName: unitName, scale },
        rowTicks:
          each === 1 && count <= mostNamed
            ? ticks(Array.from({ length: count }, (__, row) => unitName(row)))
            : [],
        columnTicks: ticks(names()),
        quantity: indexed(shown.name, shown.domain),
      });
      figure.update();
    },
    updateTheme: heatmap.updateTheme,
    destroy: heatmap.destroy,
  };
}
