import assert from 'node:assert/strict';
import fc from 'fast-check';
import { loadCell } from '../../../src/core/equations/load-cell';
import { derivative } from '../../../src/core/equations/derivative';
import { parseCell } from '../../../src/core/equations/parse';
import { texOfEquation, texOfExpression } from '../../../src/core/equations/tex';
import { cells } from './arbitrary-cells';

function equations(source: string): string[] {
  return parseCell(source, 'test').equations.map(texOfEquation);
}

function expression(source: string): string {
  const [first] = parseCell(`h[t] = ${source}`, 'test').equations;
  assert.ok(first);
  return texOfExpression(first.expression);
}

describe('TeX', () => {
  it('sets the built-in cells as papers do', () => {
    assert.deepEqual(loadCell('vanilla').equations.map(texOfEquation), [
      String.raw`s_t = \tanh\left(U x_t + W s_{t-1} + b\right)`,
    ]);
    assert.deepEqual(loadCell('gru').equations.map(texOfEquation), [
      String.raw`z_t = \sigma\left(W_z x_t + R_z h_{t-1} + b_z\right)`,
      String.raw`r_t = \sigma\left(W_r x_t + R_r h_{t-1} + b_r\right)`,
      String.raw`n_t = \tanh\left(W_n x_t + b_n + r_t \odot \left(R_n h_{t-1} + c_n\right)\right)`,
      String.raw`h_t = \left(1 - z_t\right) \odot n_t + z_t \odot h_{t-1}`,
    ]);
  });

  it('sets names: letters with an index, accents, Greek, words, other scripts', () => {
    for (const [name, tex] of [
      ['h', 'h_t'],
      ['h1', 'h_{1,t}'],
      ['h_2', 'h_{2,t}'],
      ['h_tilde', String.raw`\tilde{h}_t`],
      ['h_1_hat', String.raw`\hat{h}_{1,t}`],
      ['alpha', String.raw`\alpha_t`],
      ['α', String.raw`\alpha_t`],
      ['Σ_ab', String.raw`\Sigma_{\mathrm{ab},t}`],
      ['gate', String.raw`\mathrm{gate}_t`],
      ['gate_1', String.raw`\mathrm{gate}_{1,t}`],
      ['状态', String.raw`\text{状态}_t`],
      ['_', String.raw`\__t`],
    ] as const) {
      assert.equal(equations(`${name}[t] = b`)[0], `${tex} = b`);
    }
    assert.equal(
      expression('Whh Wx Wgate bxh + bz + scale + b_out'),
      String.raw`W_{hh} W_x W_{\mathrm{gate}} b_{xh} + b_z + \mathrm{scale} + b_{\mathrm{out}}`,
    );
  });

  it('sets functions and operators', () => {
    for (const [source, tex] of [
      ['1 / (a + b) * -c', String.raw`\frac{1}{a + b} \odot -c`],
      ['2 * a', String.raw`2 \cdot a`],
      ['1e-9 * a', String.raw`10^{-9} \cdot a`],
      ['2.5e30 * a', String.raw`2.5 \cdot 10^{30} \cdot a`],
      ['sqrt(a) + abs(b)', String.raw`\sqrt{a} + \left|b\right|`],
      [
        'softmax(W (a - (b - c)))',
        String.raw`\operatorname{softmax}\left(W \left(a - \left(b - c\right)\right)\right)`,
      ],
      ['-(a + b)', String.raw`-\left(a + b\right)`],
      [
        'exp(log(softplus(a)))',
        String.raw`\exp\left(\log\left(\operatorname{softplus}\left(a\right)\right)\right)`,
      ],
    ] as const) {
      assert.equal(expression(source), tex);
    }
  });

  it('sets derivatives', () => {
    const tex = (cell: string, of: string, by: string, lag: number): string =>
      derivative(loadCell(cell), of, by, lag).tex;
    assert.equal(
      tex('vanilla', 's', 's', 1),
      String.raw`\frac{\partial s_t}{\partial s_{t-1}} = \operatorname{diag}\left(1 - s_t^2\right) \, W`,
    );
    assert.equal(
      tex('vanilla', 's', 'W', 0),
      String.raw`\frac{\partial s_t}{\partial \operatorname{vec}(W)} = s_{t-1}^\top \otimes \operatorname{diag}\left(1 - s_t^2\right)`,
    );
    assert.equal(
      tex('lstm', 'h', 'c', 0),
      String.raw`\frac{\partial h_t}{\partial c_t} = \operatorname{diag}\left(o_t \odot \left(1 - \tanh^2\left(c_t\right)\right)\right)`,
    );
    const source = 'h[t] = softmax(W layernorm(h[t-1]) / 3)';
    assert.equal(
      derivative(parseCell(source, 'test'), 'h', 'h', 1).tex,
      String.raw`\frac{\partial h_t}{\partial h_{t-1}} = \frac{1}{3 \cdot \operatorname{std}\left(h_{t-1}\right)} \, \left(\operatorname{diag}\left(h_t\right) - h_t h_t^\top\right) \, W \, \left(I - \frac{1}{n}\left(\mathbf{1}\mathbf{1}^\top + \operatorname{layernorm}\left(h_{t-1}\right) \left(\operatorname{layernorm}\left(h_{t-1}\right)\right)^\top\right)\right)`,
    );
  });

  it('closes every bracket and brace, for random cells and their derivatives', () => {
    const count = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length;
    fc.assert(
      fc.property(cells, (cell) => {
        const [first] = cell.equations;
        assert.ok(first);
        const texts = [
          ...cell.equations.map(texOfEquation),
          derivative(cell, first.name, 'x', 1).tex,
          derivative(cell, first.name, 'W', 0).tex,
        ];
        for (const text of texts) {
          assert.equal(count(text, /\{/g), count(text, /\}/g), text);
          assert.equal(count(text, /\\left[(|[]/g), count(text, /\\right[)|\]]/g), text);
        }
      }),
      { numRuns: 300 },
    );
  });
});
