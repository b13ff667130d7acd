/** The tables that come with RNN Lab: what is understood of each, and whose they are. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { toEnglish } from '../../../src/core/sentence';
import { describe as described } from '../../../src/core/task/describe';
import { openTable } from '../../../src/worker/examples';
import { nodeFiles } from '../../../src/worker/node-files';
import { rnnLab, temporaryFolder } from '../cli/tools';

const folder = 'media/samples';

const lines: Readonly<Record<string, string>> = {
  'seattle-weather.csv':
    '1,461 rows · precipitation [mm] + highest [°C] + lowest [°C] + wind [m/s] → class (5) · one to one · 80/10/10',
  'scenes/metadata.csv': '800 rows · image → caption · one to many · 80/10/10',
  'first-names.csv': '8,003 rows · name → label (2) · many to one · 80/10/10',
  'us-births.csv':
    '5,479 rows · births → the next births · many to many (synced) · 80/10/10 by date',
  'cmu-words.csv': '5,826 rows · word → phonemes · many to many (delayed) · 80/10/10',
  'emoji-names.csv': '1,582 rows · source → target · many to many (delayed) · 80/10/10',
  'dates.csv': '6,000 rows · source → target · many to many (delayed) · 80/10/10',
};

/** Made when they are opened first, as their licences say. */
const generated = ['scenes', 'dates.csv'];

describe('the samples', () => {
  let made = '';
  before(async () => {
    made = temporaryFolder();
    for (const name of generated) {
      const licence = fs.readFileSync(path.join(folder, `${name}.license`), 'utf8');
      const [, asked] = /`rnn-lab (generate [^`]*)`/.exec(licence)!;
      const args = asked!
        .split(' ')
        .map((word, i) => (i > 1 && word === name ? path.join(made, word) : word));
      const { code, stderr } = await rnnLab(args);
      assert.equal(code, 0, stderr);
    }
  });
  after(() => {
    fs.rmSync(made, { recursive: true });
  });

  const placeOf = (file: string): string =>
    path.resolve(generated.includes(file.split('/')[0]!) ? made : folder, file);

  for (const [file, line] of Object.entries(lines)) {
    it(`have in ${file} a table that is understood without a doubt`, async () => {
      const source = { kind: 'file', path: placeOf(file) } as const;
      const { understanding, table } = (await openTable(nodeFiles, source, { settings: {} }))!;
      assert.equal(toEnglish(described(understanding)), line);
      assert.deepEqual([...understanding.notes, ...table.notes].map(toEnglish), []);
    });
  }

  it('each have a licence beside them, and are what the command offers', () => {
    const all = [...fs.readdirSync(folder), ...generated];
    const samples = all.filter((name) => !name.endsWith('.license'));
    for (const name of samples) {
      const licence = fs.readFileSync(path.join(folder, `${name}.license`), 'utf8');
      assert.match(licence, /^SPDX-License-Identifier: \S+/);
    }
    assert.equal(all.length, 2 * samples.length);
    const command = fs.readFileSync('src/host/commands/start-here.ts', 'utf8');
    const offered = [...command.matchAll(/file: '([^'/]+)/g)].map(([, name]) => name);
    assert.deepEqual(offered.toSorted(), samples.toSorted());
  });
});
