import assert from 'node:assert/strict';
import { plainText } from '../../../src/host/plain-text';

describe('what is spoken of marked-up text', () => {
  for (const [markup, words] of [
    ['$(sync~spin) step 12', 'step 12'],
    [
      '**Surprise lens**: each token is shaded by −log p.',
      'Surprise lens: each token is shaded by −log p.',
    ],
    [
      'expected <span style="background-color:#ff8c0013;">&nbsp;&nbsp;</span> surprising',
      'expected surprising',
    ],
    [
      '[Pause](command:rnnLab.pause) &nbsp; [$(debug-stop) Stop](command:rnnLab.stop)',
      'Pause Stop',
    ],
    ['a \\*name\\*', 'a *name*'],
    ['1 < 2 and x[t-1]', '1 < 2 and x[t-1]'],
    ['hamlet.txt · my_cell', 'hamlet.txt · my_cell'],
  ] as const) {
    it(`is its words: ${markup}`, () => assert.equal(plainText(markup), words));
  }
});
