import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { learnPpm, suggestByPpm } from '../../../src/core/keystrokes/ppm';
import { typeText } from '../../../src/core/keystrokes/typist';
import { suggestByWords } from '../../../src/core/keystrokes/word-list';
import type { KeystrokesResult } from '../../../src/protocol/engine';
import { finish } from '../reading/tools';
import { jsonLines, quick, rnnLab, sampleText, temporaryFolder } from './tools';

interface Done extends Omit<KeystrokesResult, 'warnings'> {
  readonly event: string;
  readonly warnings: readonly string[];
}

describe('rnn-lab evaluate --keystrokes', () => {
  let folder = '';
  let run = '';
  let file = '';
  const border = Math.floor(sampleText.length * 0.9);
  const learnt = sampleText.slice(0, border);
  const heldOut = sampleText.slice(border);
  before(async () => {
    folder = temporaryFolder();
    file = path.join(folder, 'text.txt');
    run = path.join(folder, 'run');
    fs.writeFileSync(file, sampleText);
    const args = ['--hidden', '32', '--steps', '300', '--validation', '0.1', '--seed', '1'];
    const { code, stderr } = await rnnLab(['train', file, ...quick, ...args, '--out', run]);
    assert.equal(code, 0, stderr);
  });
  after(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  async function measure(...args: string[]): Promise<Done> {
    const { code, stdout, stderr } = await rnnLab([
      ...['evaluate', run, ...args, '--keystrokes', '--json'],
    ]);
    assert.equal(code, 0, stderr);
    const [line] = jsonLines(stdout) as [Done];
    return line;
  }

  it('types what the run held out of its own text, against what the rest teaches', async () => {
    const done = await measure(file, '--confidence', '0.3,0.6');
    assert.equal(done.characters, heldOut.length);
    assert.match(done.warnings.join(), /only the part that it held out is typed/);
    const [model, ppm, words] = done.suggesters;
    assert.deepEqual([model?.name, ppm?.name, words?.name], ['model', 'n-gram', 'words']);
    const limits = { until: 'line', maxTokens: 48 } as const;
    const thresholds = [0.3, 0.6];
    assert.deepEqual(
      ppm?.rows,
      finish(typeText(heldOut, suggestByPpm(learnPpm(learnt, 5), 5, limits), thresholds)),
    );
    assert.deepEqual(words?.rows, finish(typeText(heldOut, suggestByWords(learnt), thresholds)));
    for (const { keystrokes, saved } of model!.rows) {
      assert.equal(saved, 1 - keystrokes / heldOut.length);
      assert.ok(saved > 0.2, String(saved));
    }
  });

  it('types all of another text, as far as it is asked to, and says it in a table', async () => {
    const other = path.join(folder, 'other.txt');
    fs.writeFileSync(other, 'the lazy dog and the quick brown fox');
    const done = await measure(other);
    assert.deepEqual([done.characters, done.warnings], [36, []]);
    assert.equal((await measure(other, '--limit', '8')).characters, 8);
    const { stdout } = await rnnLab(['evaluate', run, other, '--keystrokes']);
    const saved = done.suggesters[1]!.rows[0]!.saved;
    assert.match(stdout, new RegExp(`^PPM of order 5 +0.1 +${(100 * saved).toFixed(1)} %`, 'm'));
  });

  it('says what was changed in the text that is typed, and in the one that teaches', async () => {
    const [other, lesson] = ['crlf.txt', 'mac.txt'].map((name) => path.join(folder, name));
    fs.writeFileSync(other!, 'the lazy dog\r\nand the quick\r\n');
    fs.writeFileSync(lesson!, 'the quick dog\rand a fence\r');
    const { warnings, characters } = await measure(other!, '--training', lesson!);
    assert.deepEqual(warnings, [
      'In the text, 2 Windows line ends (CRLF) became LF.',
      'In the text, 2 lone carriage returns (CR) became LF.',
    ]);
    assert.equal(characters, 27);
    const { stderr } = await rnnLab(['evaluate', run, other!, '--keystrokes']);
    assert.match(stderr, /Note: .*2 Windows line ends \(CRLF\) became LF\./);
  });

  it('compares with what another text teaches, and with nothing where there is none', async () => {
    const lesson = path.join(folder, 'lesson.txt');
    fs.writeFileSync(lesson, 'nothing alike');
    const { suggesters } = await measure(file, '--training', lesson, '--confidence', '0.5');
    const rows = finish(typeText(heldOut, suggestByWords('nothing alike'), [0.5]));
    assert.deepEqual(suggesters[2]?.rows, JSON.parse(JSON.stringify(rows)));
    const other = path.join(folder, 'moved.txt');
    fs.renameSync(file, other);
    const away = await measure(lesson);
    fs.renameSync(other, file);
    assert.deepEqual(
      away.suggesters.map(({ name }) => name),
      ['model'],
    );
    assert.match(away.warnings.join(), /nothing to compare with/);
  });

  it('says what cannot be asked', async () => {
    const refused = async (message: RegExp, ...args: string[]): Promise<void> => {
      const { code, stderr } = await rnnLab(['evaluate', run, file, ...args]);
      assert.equal(code, 2);
      assert.match(stderr, message);
    };
    await refused(/--limit goes with --keystrokes/, '--limit', '5');
    await refused(/--confidence takes numbers above 0/, '--keystrokes', '--confidence', '0.5,2');
    await refused(/--stop-at must be word, line or text/, '--keystrokes', '--stop-at', 'page');
  });
});
