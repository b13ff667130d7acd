import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  joinNotebook,
  splitNotebook,
  withOutputs,
  type Part,
} from '../../../src/core/notebooks/markdown';

const kindsOf = (parts: readonly Part[]): string[] => parts.map(({ kind }) => kind);

/** What Markdown is made of, and what makes trouble in it. */
const piece = fc.constantFrom(
  ...['```', '````', '~~~', '```rnn', '```experiment a', '~~~ text b', '``` sample', '```output'],
  ...[
    '```python',
    '- ',
    '1. ',
    '> ',
    '    ',
    '\t',
    '<div>',
    '</div>',
    '<!--',
    '-->',
    '# ',
    '[a]: b',
  ],
  ...[
    '\n',
    '\n',
    '\n\n',
    '\r\n',
    '\r',
    ' ',
    'hidden: 4',
    'é',
    '中',
    '\uFEFF',
    '\0',
    '`',
    '---',
    '|',
  ],
);

describe('a notebook’s Markdown', () => {
  it('is the same byte for byte once split and joined, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
        const text = pieces.join('');
        const parts = await splitNotebook(text);
        assert.equal(joinNotebook(parts), text);
        // Each part says where it begins.
        let line = 1;
        for (const part of parts) {
          assert.equal(part.line, line);
          line += part.source.match(/\r\n|\r|\n/g)?.length ?? 0;
        }
      }),
      { numRuns: 500 },
    );
  });

  it('has blocks for fences of either kind and length, with their names and bodies', async () => {
    const text = [
      '# Title\r\n\r\n```rnn mine\r\ns[t] = x[t]\r\n```\r\n',
      '~~~~experiment  two words \n```\nhidden: 4\n~~~\n~~~~\n',
      '```text',
    ].join('');
    const parts = await splitNotebook(text);
    assert.deepEqual(kindsOf(parts), ['prose', 'rnn', 'experiment', 'text']);
    const [, cell, experiment, open] = parts;
    assert.ok(cell?.kind === 'rnn' && experiment?.kind === 'experiment' && open?.kind === 'text');
    assert.deepEqual(
      [cell.name, cell.body, cell.line, cell.bodyLine],
      ['mine', 's[t] = x[t]\r\n', 3, 4],
    );
    assert.deepEqual([experiment.name, experiment.body], ['two words', '```\nhidden: 4\n~~~\n']);
    assert.deepEqual([open.isClosed, open.body], [false, '']);
  });

  it('leaves fences in lists, in quotes, in HTML and of other kinds to the prose', async () => {
    const text = [
      '- item\n\n  ```rnn\n  s\n  ```\n',
      '\n> ```experiment\n> a\n> ```\n',
      '\n<pre>\n```rnn\n```\n</pre>\n',
      '\n    ```rnn\n\n```rnns\n```\n```python\n```rnn\n```\n',
    ].join('');
    assert.deepEqual(kindsOf(await splitNotebook(text)), ['prose']);
  });

  it('gets an output behind its block, and the same one again', async () => {
    for (const end of ['\n', '\r\n']) {
      const text = ['# A', '```experiment', 'x: 1', '```', 'After.', '```rnn m', '```'].join(end);
      const parts = await splitNotebook(text);
      const output = new Map([[1, 'a ``` b\n✔ c']]);
      const once = withOutputs(parts, output);
      assert.equal(
        once,
        [
          ...['# A', '```experiment', 'x: 1', '```', '', '````output', 'a ``` b', '✔ c', '````'],
          ...['After.', '```rnn m', '```'],
        ].join(end),
      );
      const again = await splitNotebook(once);
      assert.equal(withOutputs(again, output), once);
      const shorter = withOutputs(again, new Map([[1, 'd']]));
      assert.ok(shorter.includes(['```output', 'd', '```', 'After.'].join(end)), shorter);
    }
  });
});
