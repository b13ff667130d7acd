import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { documentMark, documentStarts, withBoundary } from '../../../src/core/data/documents';
import { readText } from '../../../src/core/data/read-text';
import { memoryText } from '../../../src/core/data/source';
import { splitText } from '../../../src/core/data/split';
import { tokenizerNames } from '../../../src/core/data/kinds';
import { readTokenizer } from '../../../src/core/data/tokenizers';
import { openCorpus, type Corpus } from '../../../src/worker/documents/corpus';
import { findFiles } from '../../../src/worker/documents/find';
import { globOf, type Globs } from '../../../src/core/data/globs';
import { nodeFiles } from '../../../src/worker/node-files';
import { sha256 } from '../../../src/worker/sha256';
import { toEnglish } from '../../../src/core/sentence';
import { rnnLab, temporaryFolder } from '../cli/tools';

let folder = '';
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

function write(files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content);
  }
}

async function found(globs: Globs = {}, inside = folder): Promise<string[]> {
  return (await findFiles(nodeFiles, inside, globs)).paths.toSorted();
}

const open = (globs: Globs = {}): Promise<Corpus> =>
  openCorpus({ files: nodeFiles, createHash: sha256 }, folder, globs);

async function textOf(corpus: Corpus): Promise<string> {
  let text = '';
  for await (const piece of corpus.pieces()) text += new TextDecoder().decode(piece);
  return text;
}

describe('the files of a folder', () => {
  it('are those that Git would add, but for what begins with a dot', async () => {
    write({
      '.gitignore': '*.log\n/build/\n!keep.log\nnotes/*\n!notes/kept.md\n',
      'a.md': '1',
      'b.log': '2',
      'keep.log': '3',
      'build/out.txt': '4',
      'src/build/in.txt': '5',
      'src/.gitignore': 'local*\n!keep.log\n*.tmp',
      'src/local.txt': '6',
      'src/deep/local-too.txt': '7',
      'src/deep/x.tmp': '8',
      'src/keep.log': '9',
      'notes/kept.md': '10',
      'notes/other.md': '11',
      '.hidden/x.txt': '12',
      'with space/ä.txt': '13',
    });
    execFileSync('git', ['init', '-q'], { cwd: folder });
    const listed = (inside: string): string[] =>
      execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
        cwd: path.join(folder, inside),
        encoding: 'utf8',
      })
        .split('\0')
        .filter((name) => name !== '' && !/(^|\/)\./.test(name))
        .toSorted();
    assert.deepEqual(await found(), listed(''));
    assert.equal(listed('').length, 6);
    // Rules of the repository hold in a folder of it too.
    assert.deepEqual(await found({}, path.join(folder, 'src')), listed('src'));
  });

  it('are chosen by globs, and by their names whatever else is said', async () => {
    write({
      '.gitignore': 'secret.md\n',
      'readme.md': '1',
      'docs/a.md': '2',
      'docs/drafts/b.md': '3',
      'docs/c.txt': '4',
      'secret.md': '5',
      '.dot/x.md': '6',
      'node_modules/p/readme.md': '7',
      'runs/one/run.json': '{}',
      'runs/one/model.rnn': '8',
    });
    assert.deepEqual(await found(), ['docs/a.md', 'docs/c.txt', 'docs/drafts/b.md', 'readme.md']);
    const all = ['docs/a.md', 'docs/drafts/b.md', 'readme.md'];
    assert.deepEqual(await found({ include: ['**/*.md'] }), all);
    assert.deepEqual(await found({ include: ['*.md'] }), all);
    assert.deepEqual(await found({ include: ['docs/*.md'] }), ['docs/a.md']);
    assert.deepEqual(await found({ include: ['./docs/'] }), [
      'docs/a.md',
      'docs/c.txt',
      'docs/drafts/b.md',
    ]);
    assert.deepEqual(await found({ include: ['*.md'], exclude: ['docs/drafts'] }), [
      'docs/a.md',
      'readme.md',
    ]);
    assert.deepEqual(await found({ exclude: ['**/*.{md,txt}'] }), []);
    assert.deepEqual(await found({ include: ['secret.md', '.dot/x.md', 'docs/c.txt'] }), [
      '.dot/x.md',
      'docs/c.txt',
      'secret.md',
    ]);
  });

  it('are named as they are, whatever signs their names have', async () => {
    const names = ['a[1].txt', '(b) {c}.txt', '!d.txt', 'e+f@g.txt', 'a1.txt', 'd/x[y]/z.txt'];
    write(Object.fromEntries(names.map((name) => [name, name])));
    for (const name of names) assert.deepEqual(await found({ include: [globOf(name)] }), [name]);
  });

  it('are no links, which might lead round in a circle', async () => {
    write({ 'a/x.txt': 'text' });
    fs.symlinkSync('..', path.join(folder, 'a', 'loop'));
    fs.symlinkSync('x.txt', path.join(folder, 'a', 'y.txt'));
    const { paths, links } = await findFiles(nodeFiles, folder, {});
    assert.deepEqual([paths, links], [['a/x.txt'], 2]);
  });
});

describe('a corpus', () => {
  it('is its documents with a mark around each, and tells what it leaves out', async () => {
    write({
      'one.txt': '\uFEFFone\r\ntwo',
      'two.txt': 'zwei\n',
      'copy.txt': 'zwei\n',
      'utf16.txt': Buffer.from('\uFEFFdrei', 'utf16le'),
      'empty.txt': '',
      'picture.png': new Uint8Array([137, 80, 78, 71, 0, 1, 2]),
      'latin1.txt': new Uint8Array([0x66, 0xfc, 0x72]),
    });
    const corpus = await open();
    const text = await textOf(corpus);
    const parts = text.split(documentMark);
    assert.deepEqual([parts[0], parts.at(-1)], ['', '']);
    assert.deepEqual(parts.slice(1, -1).toSorted(), ['drei', 'one\ntwo', 'zwei\n']);
    assert.equal(corpus.facts.count, 3);
    assert.deepEqual(corpus.changes(), {
      ...{ byteOrderMark: true, lineEnds: 1, carriageReturns: 0, surrogates: 0 },
    });
    assert.ok(corpus.bytes >= new TextEncoder().encode(text).length);
    const notes = corpus.notes.map(toEnglish).join('\n');
    assert.match(notes, /: 3 text files · each a document of its own/);
    assert.match(notes, /no text are left out \(2\)/);
    assert.match(notes, /Empty files are left out \(1\), the first is empty\.txt/);
    assert.match(notes, /copies of others are left out \(1\), the first is (copy|two)\.txt/);
    // Once more, the same.
    assert.equal(await textOf(corpus), text);
  });

  it('keeps the order of its documents when others come, whatever they are called', async () => {
    const names = Array.from({ length: 40 }, (_, i) => `chapter-${String(i + 10)}.md`);
    write(Object.fromEntries(names.map((name) => [name, name])));
    const before = (await textOf(await open())).split(documentMark).slice(1, -1);
    assert.notDeepEqual(before, names);
    write({ 'appendix.md': 'new' });
    const after = (await textOf(await open())).split(documentMark).slice(1, -1);
    assert.deepEqual(
      after.filter((text) => text !== 'new'),
      before,
    );
  });

  it('refuses a folder without any text, and says what there was', async () => {
    write({ 'a.bin': new Uint8Array(8), 'b.txt': '' });
    await assert.rejects(
      open(),
      /a folder without anything to train on\. Files that are no text are left out \(1\), the first is a\.bin\. Empty files/,
    );
  });

  for (const kind of tokenizerNames) {
    it(`has one token for its mark, which no ${kind} vocabulary is too small for`, async () => {
      const documents = ['the cat', 'A dog, and a cat.\n', 'éa\u0301 cat'];
      const whole = `${documentMark}${documents.join(documentMark)}${documentMark}`;
      const limit = kind === 'bpe' ? 260 : 3;
      const text = { ...memoryText(whole, 'corpus'), ofDocuments: true };
      const { tokenizer, encoding } = await readText(text, { kind, limit });
      const { boundary } = tokenizer;
      assert.ok(boundary !== undefined && boundary !== tokenizer.unknown);
      const starts = documentStarts(encoding.ids, boundary);
      assert.equal(encoding.ids.filter((id) => id === boundary).length, 4);
      assert.equal(starts.length, 3);
      const again = readTokenizer(JSON.parse(JSON.stringify(tokenizer.toJSON())));
      assert.equal(again.boundary, boundary);
      assert.deepEqual([...again.encode(whole).ids], [...encoding.ids]);
      assert.equal(withBoundary(again).boundary, boundary);
    });
  }

  it('is split between documents, nearest to the share that is asked for', () => {
    const asked = { tokens: 1000, batch: 2, sequence: 8, validation: 0.1, kind: 'tail' } as const;
    const held = (starts: number[]) => splitText({ ...asked, starts }).validation[0]!.from;
    assert.equal(held([1, 300, 860, 930, 990]), 930);
    assert.equal(held([1, 700, 990]), 990);
    // A single document can only be cut.
    assert.equal(held([1]), 900);
    assert.throws(
      () => splitText({ ...asked, kind: 'streams', starts: [1, 500] }),
      /whole ones are held out/,
    );
  });
});

describe('a training on a folder of texts', () => {
  it('holds out whole documents, writes documents, and goes on to the bit', async () => {
    for (let i = 0; i < 60; i++) write({ [`d/${String(i)}.txt`]: `${String(i)}: abcdefgh` });
    write({ 'd/other.json': '{"a": 1}' });
    const settings = [
      '--hidden',
      '32',
      '--batch',
      '8',
      '--sequence',
      '16',
      '--schedule',
      'constant',
    ];
    const args = ['--include', '*.txt', '--exclude', '7.txt', '--exclude', '8.txt', ...settings];
    const run = path.join(folder, 'run');
    const ended = await rnnLab(['train', 'd', ...args, '--steps', '400', '--out', run], folder);
    assert.equal(ended.code, 0, ended.stderr);
    const info = JSON.parse(fs.readFileSync(path.join(run, 'run.json'), 'utf8')) as {
      text: { hash: string; tokens: number; validationTokens: number };
      documents: { count: number; last: string; include: string[]; exclude: string[] };
      loss: number;
    };
    const { last, ...facts } = info.documents;
    assert.deepEqual(facts, { count: 58, include: ['*.txt'], exclude: ['7.txt', '8.txt'] });
    const { text } = info;
    const corpus = await openCorpus(
      { files: nodeFiles, createHash: sha256 },
      path.join(folder, 'd'),
      facts,
    );
    const whole = await textOf(corpus);
    assert.equal(text.hash, createHash('sha256').update(whole).digest('hex'));
    assert.equal(text.tokens + text.validationTokens, whole.length);
    assert.equal(whole[text.tokens - 1], documentMark);
    assert.ok(Math.abs(text.validationTokens / whole.length - 0.1) < 6 / whole.length);
    assert.ok(whole.endsWith(`${last.replace('.txt', '')}: abcdefgh${documentMark}`));

    const evaluated = async (...more: string[]) => {
      const { stdout, stderr } = await rnnLab(['evaluate', run, 'd', '--json', ...more], folder);
      assert.match(stdout, /"tokens"/, stderr);
      return (JSON.parse(stdout.trim().split('\n').at(-1)!) as { tokens: number }).tokens;
    };
    // The files that were learnt, each token but the first; others where they are named.
    assert.equal(await evaluated(), whole.length - 1);
    assert.equal(await evaluated('--include', '7.txt'), '\u001C7: abcdefgh\u001C'.length - 1);

    const sample = await rnnLab(['sample', run, '--length', '100', '--temperature', '0']);
    assert.match(sample.stdout, /^\d+: abcdefgh\n?$/);
    const primed = await rnnLab(['sample', run, '--prime', '9', '--length', '100', '--seed', '3']);
    assert.match(primed.stdout, /^9?\d*: abcdefgh\n?$/);

    const half = path.join(folder, 'half');
    const first = await rnnLab(['train', 'd', ...args, '--steps', '200', '--out', half], folder);
    assert.equal(first.code, 0, first.stderr);
    const second = await rnnLab(['train', '--resume', half, '--steps', '400'], folder);
    assert.equal(second.code, 0, second.stderr);
    const weights = (of: string) => fs.readFileSync(path.join(of, 'checkpoint-last.safetensors'));
    const parameters = (of: string) => weights(of).subarray(-4096);
    assert.ok(parameters(run).equals(parameters(half)));
    const again = await rnnLab(['evaluate', run, 'd', '--json'], folder);
    assert.equal(again.code, 0, again.stderr);
  });

  it('keeps what was said of the folder for the next time, and refuses it of a file', async () => {
    write({ 'd/a.md': 'text one', 'd/b.txt': 'text two', 'plain.txt': 'a plain text' });
    const quick = ['--hidden', '4', '--steps', '2'];
    const out = (name: string) => ['--out', path.join(folder, name)];
    const first = ['train', 'd', '--include', '*.md', '--remember', ...quick, ...out('1')];
    const ended = await rnnLab(first, folder);
    assert.equal(ended.code, 0, ended.stderr);
    const kept: unknown = JSON.parse(fs.readFileSync(path.join(folder, 'd.rnn.json'), 'utf8'));
    assert.deepEqual(kept, { include: ['*.md'] });
    const next = await rnnLab(['train', 'd', ...quick, ...out('2')], folder);
    assert.match(next.stderr, /d: 1 text files/);
    const refused = await rnnLab(
      ['train', 'plain.txt', '--include', '*.md', ...quick, ...out('3')],
      folder,
    );
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /--include chooses among the files of a folder of texts/);
  });
});

describe('a folder of texts for each class', () => {
  it('is a table of texts and labels, with parts where folders say them', async () => {
    for (const part of ['train', 'test']) {
      for (const label of ['neg', 'pos']) {
        for (let i = 0; i < 12; i++) {
          const words = label === 'pos' ? 'good fine' : 'bad awful';
          write({ [`r/${part}/${label}/${String(i)}.txt`]: `${words} ${part} ${String(i)}` });
        }
      }
    }
    write({ 'r/readme.md': 'about' });
    const run = path.join(folder, 'run');
    const args = ['train', 'r', '--hidden', '8', '--steps', '2', '--out', run];
    const ended = await rnnLab(args, folder);
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(ended.stderr, /r: 48 rows · text → label \(2\) · many to one/);
    const info = JSON.parse(fs.readFileSync(path.join(run, 'run.json'), 'utf8')) as {
      task: { examples: { test: number } };
    };
    assert.equal(info.task.examples.test, 24);
    const asText = await rnnLab(
      ['train', 'r', '--format', 'text', ...args.slice(2, -1), `${run}2`],
      folder,
    );
    assert.match(asText.stderr, /r: 49 text files · each a document of its own/);
  });
});
