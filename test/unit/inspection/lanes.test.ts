/** What the unrolled network of each shape is drawn from. */
import assert from 'node:assert/strict';
import { parseCell } from '../../../src/core/equations/parse';
import { lanesOf } from '../../../src/core/inspection/lanes';

const same = (name: string) => ({ name, at: 'same' });
const lanes = (source: string) => lanesOf(parseCell(source, 'model'));

describe('lanes of an unrolled network', () => {
  it('run both ways over the source', () => {
    assert.deepEqual(
      lanes(
        'e[t] = E x[t]\nf[t] = lstm(e[t], f[t-1])\nb[t] = gru(e[t], b[t+1])\ny[t] = softmax(V [f[t]; b[t]] + c)',
      ),
      {
        lanes: [
          { state: 'f', domain: 't', backward: false, reads: [same('x[t]')], start: [] },
          { state: 'b', domain: 't', backward: true, reads: [same('x[t]')], start: [] },
        ],
        output: [same('f'), same('b')],
      },
    );
  });

  it('go from the encoder to the decoder, which attends', () => {
    assert.deepEqual(
      lanes(`s[t] = lstm(x[t], s[t-1])
d[u] = lstm(x[u], d[u-1])
init d = s[T]
init d.c = s.c[T]
a[u] = attend(A d[u], s)
k[u] = tanh(K [a[u]; d[u]])
y[u] = softmax(V k[u] + c)`),
      {
        lanes: [
          { state: 's', domain: 't', backward: false, reads: [same('x[t]')], start: [] },
          {
            state: 'd',
            domain: 'u',
            backward: false,
            reads: [same('x[u]')],
            start: [{ name: 's', at: 'last' }],
          },
        ],
        output: [{ name: 's', at: 'all' }, same('d')],
      },
    );
  });

  it('begin with a picture, stand one above the other, or are none', () => {
    assert.deepEqual(
      lanes(
        'h1[u] = gru(x[u], h1[u-1])\ninit h1 = tanh(P x + p)\nh2[u] = gru(h1[u], h2[u-1])\ny[u] = softmax(V h2[u] + c)',
      ),
      {
        lanes: [
          { state: 'h1', domain: 'u', backward: false, reads: [same('x[u]')], start: [same('x')] },
          { state: 'h2', domain: 'u', backward: false, reads: [same('h1')], start: [] },
        ],
        output: [same('h2')],
      },
    );
    assert.deepEqual(lanes('h = relu(A x + a)\ny = softmax(V h + c)'), {
      lanes: [],
      output: [same('x')],
    });
  });
});
