import assert from 'node:assert/strict';
import { equationsOf } from '../../../src/host/trials/equations';

const cell = `# a gate
z[t] = sigmoid(Wz x[t] + bz)
h[t] = (1 - z[t]) * h[t-1] + z[t] * tanh(U x[t])
init U = orthogonal(2)`;

describe('what a cell computes', () => {
  it('is the same under other names, with other comments and spaces', () => {
    const renamed = cell
      .replaceAll('z[t]', 'gate[t]')
      .replaceAll('Wz', 'V')
      .replace('# a gate', '');
    assert.equal(equationsOf(renamed.replace(' = ', '  =  ')), equationsOf(cell));
  });

  it('is another where an equation, a start or what a name stands for is another', () => {
    const changes = [
      cell.replace('1 - z[t]', '1 + z[t]'),
      cell.replace('orthogonal(2)', 'normal(2)'),
      cell.replace('orthogonal(2)', 'orthogonal(3)'),
      cell.replace('tanh(U x[t])', 'relu(U x[t])'),
      cell.replace('tanh(U x[t])', 'tanh(Wz x[t])'),
      cell.replace('h[t-1]', 'z[t-1]'),
      cell.replace('h[t-1]', 'h[t-2]'),
    ];
    for (const changed of changes)
      assert.notEqual(equationsOf(changed), equationsOf(cell), changed);
  });
});
