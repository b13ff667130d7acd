import assert from 'node:assert/strict';
import {
  lagContent,
  normContent,
  ratioContent,
  saturationContent,
} from '../../../../webview/views/gradients/contents';
import {
  lagMatrix,
  lagOfRow,
  valueBins,
  valueMatrix,
} from '../../../../webview/views/gradients/matrices';
import { entriesOf, groupsOf, parameterEntries } from '../../../../webview/views/gradients/groups';
import { stylesOf, stylesOfVariables } from '../../../../webview/views/gradients/styles';
import {
  histogramTable,
  lagCsv,
  lagMatrixTable,
  lagTable,
  parameterTable,
  spreadCsv,
} from '../../../../webview/views/gradients/tables';
import type { ComparedRun } from '../../../../src/protocol/panel';
import { lstm, metricsOf, observation, vanilla } from './evidence';
import { writing } from './writing';

const all = parameterEntries(vanilla);
const shown = { entries: all, styles: stylesOf(all, { kind: 'all' }) };
const observations = [
  observation({ step: 1, gradientNorm: Float64Array.of(1, 2, 3, 4, 5) }),
  observation({ step: 50, gradientNorm: Float64Array.of(6, 7, NaN, 9, 10) }),
];
const curves = [
  { step: 1, norms: Float64Array.of(2, 1, 0.02) },
  { step: 7, norms: Float64Array.of(1, 1, 1) },
  { step: 9, norms: Float64Array.of(4, 0.02, 0.004) },
];

describe('what the gradients’ pictures show', () => {
  describe('over steps', () => {
    it('is the norm of every parameter, and of all with what clips it', () => {
      const metrics = metricsOf([
        { step: 10, gradientNormMean: 3, gradientNormMin: 1, gradientNormMax: 8, clipped: 0.25 },
        { step: 20, gradientNormMean: 2, gradientNormMin: 2, gradientNormMax: 2 },
      ]).columns();
      const { lines, references, rugs, marks } = normContent(
        metrics,
        observations,
        shown,
        5,
        undefined,
        writing,
      );
      assert.deepEqual(
        lines.map(({ name }) => name),
        ['all parameters', 'W', 'U', 'b', 'V', 'c'],
      );
      assert.deepEqual(Array.from(lines[0]!.x), [10, 20]);
      assert.deepEqual(Array.from(lines[0]!.y), [3, 2]);
      assert.deepEqual(Array.from(lines[0]!.spread!.greatest), [8, 2]);
      // W is the second parameter of the network.
      assert.deepEqual(
        [lines[1]!.x, lines[1]!.y],
        [
          [1, 50],
          [2, 7],
        ],
      );
      assert.deepEqual(lines[3]!.y, [3, NaN]);
      assert.equal(references?.[0]?.value, 5);
      assert.deepEqual(Array.from(rugs![0]!.share!), [0.25, 0]);
      assert.deepEqual(marks, []);
      const off = normContent(metrics, observations, shown, 0, 1, writing);
      assert.deepEqual(off.references, []);
      assert.equal(off.marks?.[0]?.x, 1);
    });

    it('is the ratio of updates beside a thousandth', () => {
      const { lines, references } = ratioContent(observations, shown, undefined, writing);
      assert.deepEqual(lines[0]!.y, [1e-3, 1e-3]);
      assert.equal(references?.[0]?.value, 1e-3);
    });

    it('is how much is saturated, of many variables only those with a tanh', () => {
      const of = (layers: number) =>
        saturationContent([], lstm(layers), undefined, writing).lines.map(({ id }) => id);
      assert.equal(of(3).length, 12);
      assert.deepEqual(of(4), ['layer1.g', 'layer2.g', 'layer3.g', 'layer4.g']);
    });
  });

  describe('of lines', () => {
    const looks = (styles: readonly { color: string; dash?: readonly number[] }[]) =>
      new Set(styles.map(({ color, dash }) => `${color} ${String(dash)}`)).size;

    it('never looks the same twice', () => {
      assert.equal(looks(shown.styles), 5);
      const entries = parameterEntries(lstm(3));
      for (const group of groupsOf(entries)) {
        const chosen = entriesOf(entries, group);
        assert.equal(looks(stylesOf(chosen, group)), chosen.length, JSON.stringify(group));
      }
      assert.equal(looks(stylesOfVariables(lstm(2).variables.slice(0, 4))), 4);
    });
  });

  describe('over lags', () => {
    it('is the share of lag 0, at the chosen step and before', () => {
      const { lines, references, marks, y } = lagContent(curves, 2, 32, writing);
      assert.deepEqual(
        lines.map(({ id, y }) => [id, Array.from(y)]),
        [
          ['first', [1, 0.5, 0.01]],
          ['earlier1', [1, 1, 1]],
          ['chosen', [1, 0.005, 0.001]],
        ],
      );
      assert.equal(references?.[0]?.value, 0.01);
      assert.equal(marks?.[0]?.x, 32);
      assert.equal(lagContent(curves, 0, 32, writing).lines.length, 1);
      // In one notation whatever the least value on show is.
      const writeTick = y.writeTick!;
      assert.deepEqual([1, 0.01, 2e-7].map(writeTick), ['10⁰', '10⁻²', '2·10⁻⁷']);
      assert.equal(lagContent([], 0, 32, writing).lines.length, 0);
    });

    it('is that of compared runs beside it, of the same state or of the one that reaches farthest', () => {
      const state = (variable: string, ...norms: number[]) => {
        return { variable, norms: Float64Array.from(norms) };
      };
      const other = (id: string, slot: number, states: ReturnType<typeof state>[]) =>
        ({ id, label: id, slot, lags: { step: 30, states } }) as unknown as ComparedRun;
      const comparison = {
        ...{ label: 'own', slot: 1, variable: 'layer1.s' },
        others: [
          other('same', 0, [state('layer1.c', 1, 1), state('layer1.s', 4, 2, 1)]),
          other('lstm', 2, [state('layer1.h', 1, 0.001), state('layer1.c', 2, 1)]),
          { ...other('none', 3, []), lags: null },
        ],
      };
      const { lines } = lagContent(curves, 2, 32, writing, comparison);
      assert.deepEqual(
        lines.map(({ name, color, y }) => [name, color, Array.from(y)]),
        [
          ['own, step 9', 'purple', [1, 0.005, 0.001]],
          ['same, step 30', 'blue', [1, 0.5, 0.25]],
          ['lstm, c, step 30', 'green', [1, 0.5]],
        ],
      );
    });

    it('is a heatmap in decades, lag 0 at the bottom, with a line at 1 %', () => {
      const { rows, columns, at, contour, scale } = lagMatrix(curves, writing);
      assert.deepEqual([rows, columns], [3, 3]);
      const decades = (column: number) =>
        [0, 1, 2].map((lag) => Number(at(lagOfRow(lag, rows), column).toFixed(3)));
      assert.deepEqual(decades(0), [0, -0.301, -2]);
      assert.deepEqual(decades(1), [0, 0, 0]);
      assert.deepEqual(decades(2), [0, -2.301, -3]);
      assert.equal(scale.kind, 'diverging');
      // Of the third, lag 1 is the first under 1 %: the line runs between lags 0 and 1.
      assert.deepEqual([0, 1, 2].map(contour!), [NaN, NaN, 2]);
    });

    it('is a table and a file with the norms themselves', () => {
      const { rows } = lagTable(curves[2]!, writing);
      assert.deepEqual(rows, [
        ['0', '4', '100%'],
        ['1', '0.02', '0.5%'],
        ['2', '0.004', '0.1%'],
      ]);
      const [header, first, , third] = lagCsv(curves).split('\r\n');
      assert.equal(header, 'step,lag 0,lag 1,lag 2');
      assert.equal(first, '1,2,1,0.02');
      assert.equal(third, '9,4,0.02,0.004');
      assert.deepEqual(lagMatrixTable(curves, writing).rows[2], ['9', '1', '0.5%', '0.1%']);
      assert.deepEqual(lagMatrixTable(curves, writing).rows[1], ['7', '–', '100%', '100%']);
    });
  });

  describe('of values', () => {
    const histograms = [
      { least: -1, greatest: 1, counts: Float64Array.of(5, 5) },
      { least: -1, greatest: 1, counts: Float64Array.of(0, 10) },
      { least: NaN, greatest: NaN, counts: new Float64Array(0) },
    ];

    it('is a heatmap whose columns hold all values, the greatest at the top', () => {
      const { data, count, limits } = valueMatrix(histograms, [1, 2, 3], true, writing);
      const sum = (column: number) =>
        Array.from({ length: valueBins }, (_, row) => count(row, column)).reduce((a, b) => a + b);
      assert.deepEqual(
        [0, 1, 2].map((column) => Math.round(sum(column))),
        [10, 10, 0],
      );
      assert.ok(Math.abs(limits(0)[1] - 1) < 1e-12 && limits(valueBins - 1)[0] === -1);
      assert.equal(count(valueBins - 1, 1), 0);
      assert.ok(Math.abs(data.at(0, 1) - Math.log10(1 + count(0, 1))) < 1e-12);
    });

    it('is a table of the bins that have values, and a file of all', () => {
      assert.deepEqual(histogramTable(histograms[1]!, writing).rows, [['0', '1', '10']]);
      assert.deepEqual(spreadCsv([1, 2, 3], histograms).trim().split('\r\n').slice(1), [
        '1,-1,0,5',
        '1,0,1,5',
        '2,-1,0,0',
        '2,0,1,10',
      ]);
    });

    it('is a table of parameters over steps, without what is no number', () => {
      const { header, rows } = parameterTable(observations, shown, (o) => o.gradientNorm, writing);
      assert.deepEqual(header.slice(1), ['W', 'U', 'b', 'V', 'c']);
      assert.deepEqual(rows, [
        ['1', '2', '1', '3', '4', '5'],
        ['50', '7', '6', '–', '9', '10'],
      ]);
    });
  });
});
