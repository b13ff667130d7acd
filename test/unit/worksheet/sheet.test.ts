import assert from 'node:assert/strict';
import { loadCell } from '../../../src/core/equations/load-cell';
import type { Cell } from '../../../src/core/equations/syntax';
import { writeParameter } from '../../../src/core/engine/parameters';
import { makeSheet, type SheetOptions } from '../../../src/core/worksheet/make-sheet';
import type { Sheet } from '../../../src/core/worksheet/sheet';
import { cellsOfTexts, farthest, reference, subjectOf, type Subject } from '../debugger/tools';

const defaults = { t: 3, k: 1, gain: 1, rate: 0.1, taken: [] };

function sheetOf(subject: Subject, options: Partial<SheetOptions> = {}): Sheet {
  const { plan, parameters } = subject.machine.material;
  const { ids } = subject;
  const tokenName = (id: number) => 'abcdef'[id]!;
  return makeSheet({ spec: plan.spec, parameters, ids, tokenName, ...defaults, ...options });
}

/** The network on the reference backend, over the text up to the step whose loss is followed. */
function upTo({ machine, network, ids }: Subject, t: number): Subject {
  return { machine, network, ids: ids.subarray(0, t + 2) };
}

/** Without kinks, where a central difference is no derivative. */
const smooth = (cell: Cell): boolean => !/relu|abs/.test(cell.source);

describe('worksheet', () => {
  for (const cell of cellsOfTexts()) {
    for (const shape of [
      { layers: 1, embedding: 0 },
      { layers: 2, embedding: 4 },
    ]) {
      it(`has the numbers of the reference backend: ${cell.name}, ${String(shape.layers)} layers`, () => {
        const subject = subjectOf(cell, { ...shape, length: 7, scale: 2 });
        const sheet = sheetOf(subject);
        const whole = reference(subject, 'mean');
        const sum = sheet.losses.reduce((a, b) => a + b);
        assert.ok(Math.abs(sum - whole.lossSum) < 1e-12);
        const expected = reference(upTo(subject, 3), 'last');
        assert.ok(Math.abs(sheet.losses[3]! - expected.lossSum) < 1e-12);
        let compared = 0;
        for (const { kind, text, layer, values, gradients } of sheet.rows) {
          if (kind !== 'variable' || layer > shape.layers) continue;
          const name = `layer${String(layer)}.${text.slice(0, -3)}`;
          for (let t = 0; t <= 3; t++) {
            const value = expected.row(name, t);
            if (value) assert.ok(farthest(values[t]!, value) < 1e-12, `${text} at ${String(t)}`);
            const gradient = expected.row(`d ${name}`, t);
            if (!value || !gradient || gradients.length === 0) continue;
            assert.ok(farthest(gradients[t]!, gradient) < 1e-12, `∂E/∂${text} at ${String(t)}`);
            compared++;
          }
        }
        assert.ok(compared >= 4);
        const gradients = expected.gradients();
        for (const { name, gradient } of sheet.parameters) {
          assert.ok(farthest(gradient, gradients.get(name)!) < 1e-12, `∂E/∂${name}`);
        }
      });
    }

    it(`has differences that agree with what it works out: ${cell.name}`, () => {
      const subject = subjectOf(cell, { length: 7, scale: 2 });
      for (const { name } of sheetOf(subject).parameters) {
        const { terms, parameters } = sheetOf(subject, { parameter: name });
        const { gradient } = parameters.find((each) => each.name === name)!;
        const sum = new Float64Array(gradient.length);
        terms.terms.forEach((term) => term.forEach((value, i) => (sum[i]! += value)));
        assert.ok(farthest(sum, gradient) < 1e-13, `${name}: the terms do not add up`);
        if (smooth(cell)) assert.ok(farthest(terms.numeric, gradient) < 1e-7, name);
      }
      const { jacobians } = sheetOf(subject);
      assert.equal(jacobians.length, 4);
      for (const { error } of jacobians) {
        if (smooth(cell)) assert.ok(Number.isNaN(error) || error < 1e-7, String(error));
      }
      assert.ok(jacobians.filter(({ error }) => !Number.isNaN(error)).length >= 3);
    });
  }

  for (const name of ['vanilla', 'lstm', 'gru', 'long-lag']) {
    it(`multiplies the gradient by its Jacobians on the way back: ${name}, two layers`, () => {
      const sheet = sheetOf(subjectOf(loadCell(name), { layers: 2, length: 7, scale: 2 }));
      const { rows, jacobians, state } = sheet;
      const output = sheet.rows.findLast(({ isState }) => isState)!;
      // Of all that step 3 hands on, E depends by itself on the output of the upper layer alone.
      const starts = state.map((_, i) =>
        state.slice(0, i).reduce((sum, { width }) => sum + width, 0),
      );
      const start = starts[state.findIndex((each) => each.name === `layer2.${output.text}`)]!;
      const g = output.gradients[3]!;
      for (const { step, product } of jacobians.filter((each) => each.step > 0)) {
        const along = Float64Array.from({ length: output.width }, (_, c) =>
          g.reduce((sum, value, r) => {
            const row = (start + r) * product.columns;
            return sum + value * product.values[row + start + c]!;
          }, 0),
        );
        assert.ok(farthest(along, output.gradients[step - 1]!) < 1e-13, String(step));
      }
      assert.ok(rows.length > 4);
    });
  }

  it('takes steps of gradient descent on the loss that is followed', () => {
    const subject = subjectOf(loadCell('gru'), { length: 6 });
    const { network } = subject;
    const first = sheetOf(subject, { rate: 0.5 });
    const second = sheetOf(subject, { rate: 0.5, taken: [{ t: 3, rate: 0.5 }] });
    assert.ok(Math.abs(first.lossAfter - second.losses[3]!) < 1e-14);
    assert.ok(second.losses[3]! < first.losses[3]!);
    // The same step on the reference backend.
    const before = reference(upTo(subject, 3), 'last').gradients();
    for (const parameter of network.model.parameters) {
      const { values } = first.parameters.find(({ name }) => name === parameter.name)!;
      const next = values.map((value, i) => value - 0.5 * before.get(parameter.name)![i]!);
      writeParameter(network.backend.floats(), network.model.layout.parameters, parameter, next);
    }
    const { lossSum } = reference(upTo(subject, 3), 'last');
    assert.ok(Math.abs(lossSum - first.lossAfter) < 1e-12);
  });

  it('multiplies recurrent matrices by the gain, and no others', () => {
    const subject = subjectOf(loadCell('lstm'), { length: 6 });
    const [one, two] = [1, 2].map((gain) => sheetOf(subject, { gain }).parameters);
    const changed = one!.filter(({ values }, i) => farthest(values, two![i]!.values) > 0);
    assert.deepEqual(
      changed.map(({ symbol }) => symbol),
      ['Ri', 'Rf', 'Ro', 'Rg'],
    );
    assert.equal(changed[0]!.values[3]! * 2, two!.find(({ symbol }) => symbol === 'Ri')!.values[3]);
  });

  it('draws a step of gates: what is multiplied, added and squashed, with both passes on each edge', () => {
    const { graph, rows } = sheetOf(subjectOf(loadCell('lstm'), { length: 6 }), { k: 2 });
    const count = (operation: string) =>
      graph.nodes.filter((node) => node.operation === operation).length;
    // Eight products and V; sums of the gates, of c and of the output; f c, i g, o tanh(c).
    assert.deepEqual(
      ['product', 'add', 'multiply', 'function', 'bias', 'earlier', 'input', 'loss'].map(count),
      [9, 6, 3, 6, 5, 2, 1, 0],
    );
    for (const [index, node] of graph.nodes.entries()) {
      const into = graph.edges.filter(({ to }) => to === index);
      const out = graph.edges.filter(({ from }) => from === index);
      const widthOf = node.values.length;
      if (node.operation === 'add' || node.operation === 'multiply') {
        const made = node.values.map((_, i) =>
          into.reduce(
            (total, { values }) =>
              node.operation === 'add' ? total + values[i]! : total * values[i]!,
            node.operation === 'add' ? 0 : 1,
          ),
        );
        assert.ok(farthest(made, node.values) < 1e-14, node.label);
        // What flows into a multiplication is the gradient behind it times the other factor.
        const behind = node.values.map((_, i) =>
          out.reduce((sum, { gradient }) => sum + gradient[i]!, 0),
        );
        if (node.operation !== 'multiply' || node.defines === 'h[t]') continue;
        into.forEach(({ gradient }, i) => {
          const other = into[1 - i]!.values;
          assert.ok(
            farthest(
              gradient,
              behind.map((g, unit) => g * other[unit]!),
            ) < 1e-14,
          );
        });
      }
      assert.ok(out.every(({ values }) => values.length === widthOf));
    }
    const h = graph.nodes.find(({ defines }) => defines === 'h[t]')!;
    assert.deepEqual(h.values, rows.find(({ text }) => text === 'h[t]')!.values[2]);
    const last = sheetOf(subjectOf(loadCell('lstm'), { length: 6 }), { t: 2, k: 2 }).graph;
    assert.equal(last.nodes.at(-1)!.operation, 'loss');
  });

  it('refuses what has no room on a sheet, and takes of a long text its beginning', () => {
    const large = subjectOf(loadCell('vanilla'), { hidden: 13 });
    assert.throws(
      () => sheetOf(large),
      /13 hidden units and 6 tokens; a worksheet has room for 3 of 12/,
    );
    const short = subjectOf(loadCell('vanilla'));
    assert.throws(() => sheetOf(short, { ids: short.ids.subarray(0, 1) }), /too short/);
    const sheet = sheetOf(subjectOf(loadCell('vanilla'), { length: 30 }), { t: 99, k: 99 });
    assert.deepEqual([sheet.tokens.length, sheet.t, sheet.k], [9, 7, 7]);
  });
});
