import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readCells, writeCells, type NotebookCell } from '../../../src/core/notebooks/cells';
import { withOutputs, splitNotebook } from '../../../src/core/notebooks/markdown';
import { often } from '../often';

/** Lines that Markdown and its fences make trouble with. */
const line = fc.constantFrom(
  ...['', '', ' ', '\t', 'prose', '# heading', '- item', '> quote', '<!--', '-->', '    code'],
  ...['```', '````', '~~~', '```rnn gate', '```experiment', '~~~ text b', '``` sample', ' ```rnn'],
  ...[
    '```output',
    '```python',
    '```rnnx',
    'hidden: [4, 8]',
    'h[t] = tanh(U x[t])',
    'é中\0',
    '\uFEFF',
  ],
);
const end = fc.constantFrom('\n', '\n', '\n', '\r\n', '\r');
const document = fc
  .tuple(
    fc.constantFrom('', '\uFEFF'),
    fc.array(fc.tuple(line, end), { maxLength: 30 }),
    fc.constantFrom('', 'no end', '```'),
  )
  .map(([mark, lines, last]) => mark + lines.map((each) => each.join('')).join('') + last);

const told = ({ kind, name, value, output }: NotebookCell) => ({ kind, name, value, output });

describe('a notebook’s cells', () => {
  it('are the text again, byte for byte, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(document, async (text) => {
        const read = await readCells(text);
        assert.equal(writeCells(read).text, text);
        // No white space is lost, and no cell is made of it alone.
        for (const { kind, value } of read.cells)
          if (kind === 'prose') assert.notEqual(value.trim(), '');
      }),
      { numRuns: often(400) },
    );
  });

  it('say in which line of the text they begin', async () => {
    await fc.assert(
      fc.asyncProperty(document, async (text) => {
        const read = await readCells(text);
        const { lines } = writeCells(read);
        const parts = await splitNotebook(text.replace(/^\uFEFF/, ''));
        read.cells.forEach(({ kind, name }, i) => {
          if (kind === 'prose') return;
          const part = parts.find((each) => each.line === lines[i]);
          assert.deepEqual([part?.kind, part?.kind === 'prose' ? '' : part?.name], [kind, name]);
        });
      }),
      { numRuns: often(200) },
    );
  });

  it('once changed change nothing else', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', '`', '\n', ' ', '~', '-', '中') });
    await fc.assert(
      fc.asyncProperty(document, fc.nat(), text, async (before, pick, value) => {
        const read = await readCells(before);
        const blocks = read.cells.flatMap(({ kind }, i) => (kind === 'prose' ? [] : [i]));
        fc.pre(blocks.length > 0);
        const at = blocks[pick % blocks.length]!;
        const cells = read.cells.map((cell, i) => (i === at ? { ...cell, value } : cell));
        const again = await readCells(writeCells({ ...read, cells }).text);
        assert.deepEqual(again.cells.map(told), cells.map(told));
      }),
      { numRuns: often(300) },
    );
  });

  it('may be moved, copied, put in and taken out', async () => {
    const kinds = fc.constantFrom('rnn', 'experiment', 'text', 'sample');
    const added = fc.record({
      kind: kinds,
      name: fc.constantFrom('', 'a', 'two words'),
      value: fc.constantFrom('', 'a: 1', '```\nx\n```', '\n'),
    }) as fc.Arbitrary<NotebookCell>;
    await fc.assert(
      fc.asyncProperty(
        document,
        fc.array(fc.tuple(fc.nat(), fc.boolean(), added)),
        async (text, acts) => {
          // Prose beside prose is one stretch of it: blocks alone are compared.
          const read = await readCells(text);
          const cells = read.cells.filter(({ kind }) => kind !== 'prose');
          for (const [at, isTaken, cell] of acts) {
            const place = at % (cells.length + 1);
            if (isTaken) {
              const [taken] = cells.splice(place, 1);
              if (taken) cells.splice(at % 3, 0, taken, taken);
            } else cells.splice(place, 0, cell);
          }
          const again = await readCells(writeCells({ ...read, cells }).text);
          assert.deepEqual(
            again.cells.map(told),
            cells.map((cell) => ({ ...told(cell), value: cell.value.replace(/\r/g, '') })),
          );
        },
      ),
      { numRuns: often(300) },
    );
  });

  it('put in behind an output that nothing closes are no part of it', async () => {
    const read = await readCells('``` sample\n````\n```output\n');
    const added = { kind: 'rnn', name: '', value: 'h[t] = x[t]' } as const;
    const { text } = writeCells({ ...read, cells: [...read.cells, added] });
    assert.equal(text, '``` sample\n````\n```output\n```\n\n```rnn\nh[t] = x[t]\n```\n');
    assert.deepEqual((await readCells(text)).cells.map(told), [...read.cells, added].map(told));
  });

  it('keep prose as it stands, blank lines around it too', async () => {
    const text = '\n\n  \n# One\n\ntext\n \n\n```rnn a\nh[t] = x[t]\n```\n\n\nlast';
    const { cells, head } = await readCells(text);
    assert.equal(head, '');
    assert.deepEqual(cells.map(told), [
      { kind: 'prose', name: '', value: '# One\n\ntext', output: undefined },
      { kind: 'rnn', name: 'a', value: 'h[t] = x[t]', output: undefined },
      { kind: 'prose', name: '', value: 'last', output: undefined },
    ]);
  });

  it('write outputs as the command line does', async () => {
    const texts = [
      '# A\n\n```experiment a\ndata: b\n```\n\nProse.\n',
      '```experiment a\r\ndata: b\r\n```\r\n\r\n```output\r\nold\r\n```\r\n\r\n```sample\r\nrun: a\r\n```',
      '```experiment a\ndata: b\n```\n````output\nold ```\n````\n',
    ];
    for (const text of texts) {
      const read = await readCells(text);
      const cells = read.cells.map((cell) =>
        cell.kind === 'experiment' ? { ...cell, output: 'new\n```\nlast' } : cell,
      );
      const parts = await splitNotebook(text);
      const part = parts.findIndex(({ kind }) => kind === 'experiment');
      const wanted = withOutputs(parts, new Map([[part, 'new\n```\nlast']]));
      assert.equal(writeCells({ ...read, cells }).text, wanted);
      // What is taken away again leaves the file without it, and nothing else.
      const { text: bare } = writeCells({
        ...read,
        cells: read.cells.map((cell) => ({ ...cell, output: undefined })),
      });
      assert.deepEqual(
        (await readCells(bare)).cells.map(({ value }) => value),
        read.cells.map(({ value }) => value),
      );
    }
  });
});
