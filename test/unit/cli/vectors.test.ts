import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { binary, readFile } from '../vectors/tools';
import { jsonLines, quick, rnnLab, sampleText, temporaryFolder } from './tools';

const quickly = [...quick, '--tokenizer', 'word', '--steps', '20'];

describe('rnn-lab vectors', () => {
  let folder = '';
  let text = '';
  beforeEach(() => {
    folder = temporaryFolder();
    text = path.join(folder, 'text.txt');
    fs.writeFileSync(text, sampleText);
  });
  afterEach(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  const inFolder = (name: string): string => path.join(folder, name);

  it('writes the same vectors in text and in binary, and the same bytes again', async () => {
    const flags = ['--width', '7', '--epochs', '2'];
    for (const name of ['a.vec', 'b.vec', 'c.bin']) {
      const { code, stderr } = await rnnLab(['vectors', text, ...flags, '--out', inFolder(name)]);
      assert.equal(code, 0, stderr);
      assert.match(stderr, /: 13 vectors, from 907 words in \d+ s\n$/);
    }
    const [a, b, c] = ['a.vec', 'b.vec', 'c.bin'].map((name) => fs.readFileSync(inFolder(name)));
    assert.deepEqual(a, b);
    const words = ['Line', 'the', 'fox', 'nobody'];
    const [asText, asBinary] = [await readFile(a!, words), await readFile(c!, words)];
    assert.deepEqual([...asText.found], [1, 1, 1, 0]);
    assert.equal(asBinary.head.kind, 'binary');
    asText.values.forEach((value, i) => {
      assert.ok(Math.abs(value - asBinary.values[i]!) < 6e-7);
    });
  });

  it('says what it cannot do', async () => {
    const wrong = [
      [['--out', inFolder('a.json')], /does not say what to write. Let it end with .vec or .txt/],
      [
        ['--out', inFolder('a.vec'), '--min-count', '100000'],
        /Only 0 of the text’s words come 100,?000 times/,
      ],
      [
        ['--out', inFolder('a.vec'), '--width', '0'],
        /--width must be a whole number from 1 to 4096; 0 was given/,
      ],
    ] as const;
    for (const [flags, pattern] of wrong) {
      const { code, stderr } = await rnnLab(['vectors', text, ...flags]);
      assert.equal(code, 2);
      assert.match(stderr, pattern);
    }
    assert.deepEqual(fs.readdirSync(folder), ['text.txt']);
  });

  describe('used by rnn-lab train', () => {
    const small = binary(
      [
        ['fox', [1, 2, 3]],
        ['line', [4, 5, 6]],
      ],
      true,
    );

    it('tells how many words have one, and comes out the same again', async () => {
      fs.writeFileSync(inFolder('small.bin'), small);
      for (const more of [[], ['--vectors-frozen']]) {
        const run = inFolder(`run${String(more.length)}`);
        const flags = [...quickly, '--vectors', inFolder('small.bin'), ...more, '--out', run];
        const { code, stderr } = await rnnLab(['train', text, ...flags]);
        assert.equal(code, 0, stderr);
        // `Line` is found in small letters.
        assert.match(
          stderr,
          /Words that have a vector in small.bin: 2 of \d+\. The others start at random\./,
        );
        const info = JSON.parse(fs.readFileSync(path.join(run, 'run.json'), 'utf8')) as {
          vectors: { found: number; hash: string };
          settings: { model: { embedding: number } };
        };
        assert.equal(info.vectors.found, 2);
        assert.equal(info.settings.model.embedding, 3);
        const again = await rnnLab(['reproduce', run]);
        assert.equal(again.code, 0, again.stderr);
        assert.match(again.stdout, /^Identical after 20 steps/);
        const resumed = await rnnLab(['train', '--resume', run, '--steps', '25']);
        assert.equal(resumed.code, 0, resumed.stderr);
        assert.doesNotMatch(resumed.stderr, /have a vector/);
        const twice = await rnnLab(['reproduce', run]);
        assert.equal(twice.code, 0, twice.stderr);
      }
    });

    it('is told where the file has changed or is gone', async () => {
      const file = inFolder('small.bin');
      const run = inFolder('run');
      fs.writeFileSync(file, small);
      await rnnLab(['train', text, ...quickly, '--vectors', file, '--out', run]);
      fs.renameSync(file, inFolder('moved.bin'));
      const gone = await rnnLab(['reproduce', run]);
      assert.equal(gone.code, 2);
      assert.match(
        gone.stderr,
        /small.bin.* Give the file that it was: rnn-lab reproduce RUN --vectors FILE\./,
      );
      const moved = await rnnLab(['reproduce', run, '--vectors', inFolder('moved.bin'), '--json']);
      assert.equal(moved.code, 0, moved.stderr);
      assert.equal((jsonLines(moved.stdout)[0] as { identical: boolean }).identical, true);
      const other = Uint8Array.from(small);
      other[other.length - 2]! ^= 1;
      fs.writeFileSync(file, other);
      const changed = await rnnLab(['reproduce', run]);
      assert.equal(changed.code, 2);
      assert.match(
        changed.stderr,
        /small.bin are not those that the run started with: their SHA-256 is/,
      );
    });

    it('is refused where it does not fit', async () => {
      const file = inFolder('small.bin');
      fs.writeFileSync(file, small);
      const wrong = [
        [
          ['--vectors', file, '--embedding', '8'],
          /have 3 values each, and model.embedding \(--embedding\) is 8/,
        ],
        [['--vectors', file, '--tokenizer', 'char'], /Word vectors are of words/],
        [
          ['--vectors-frozen'],
          /There are no word vectors that could be left as they are. Give a file/,
        ],
        [['--vectors', text], /text.txt holds no word vectors/],
        [['--vectors', inFolder('none.vec')], /none.vec/],
      ] as const;
      for (const [flags, pattern] of wrong) {
        const { code, stderr } = await rnnLab([
          ...['train', text, ...quickly, ...flags, '--out', inFolder('run')],
        ]);
        assert.equal(code, 2, stderr);
        assert.match(stderr, pattern);
      }
      assert.ok(!fs.existsSync(inFolder('run')));
    });

    it('starts the embedding of a table’s words too', async () => {
      fs.writeFileSync(inFolder('small.bin'), small);
      const rows = Array.from({ length: 60 }, (_, i) =>
        i % 2 === 0 ? 'the fox ran,animal' : 'a line was drawn,thing',
      );
      fs.writeFileSync(
        inFolder('rows.csv'),
        `text,label\n${rows.map((row, i) => row.replace(',', ` ${String(i)},`)).join('\n')}\n`,
      );
      const run = inFolder('rows');
      const flags = [...quickly, '--vectors', inFolder('small.bin'), '--vectors-frozen'];
      const { code, stderr } = await rnnLab([
        'train',
        inFolder('rows.csv'),
        ...flags,
        '--out',
        run,
      ]);
      assert.equal(code, 0, stderr);
      assert.match(stderr, /Words that have a vector in small.bin: 2 of \d+/);
      const again = await rnnLab(['reproduce', run]);
      assert.equal(again.code, 0, again.stderr);
    });
  });
});
