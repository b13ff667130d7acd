import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { splitNotebook, type Part } from '../../../src/core/notebooks/markdown';
import { openNotebook } from '../../../src/notebooks/open';

const folder = 'media/course';
const all = fs.readdirSync(folder).filter((file) => file.endsWith('.rnnlab.md'));
const english = all.filter((file) => !file.endsWith('.zh-cn.rnnlab.md')).toSorted();

/** A language's own names of files. */
const inEnglish = (text: string): string => text.replaceAll('.zh-cn.rnnlab.md', '.rnnlab.md');

/** What has to be the same in both languages. */
function bones(parts: readonly Part[]) {
  const prose = parts.flatMap(({ kind, source }) => (kind === 'prose' ? [source] : [])).join('\n');
  // Formulas, names and code fences are no language's.
  const matches = (pattern: RegExp): string[] => prose.match(pattern) ?? [];
  return {
    blocks: parts.flatMap((part) =>
      part.kind === 'prose' ? [] : [{ kind: part.kind, name: part.name, body: part.body }],
    ),
    levels: matches(/^#+(?= )/gm),
    first: /^# \d+\. (?=\S)/.test(prose),
    times: matches(/^_.+ · .+_$/gm).length,
    questions: matches(/^<details><summary>(?=.+<\/summary>$)/gm).length,
    ends: matches(/^<\/details>$/gm).length,
    fences: matches(/^```\n[^]*?^```$/gm),
    displayed: matches(/^\$\$[^]*?\$\$$/gm),
    formulas: matches(/(?<!\$)\$[^$\n]+\$(?!\$)/g).toSorted(),
    code: matches(/(?<!`)`[^`\n]+`(?!`)/g).toSorted(),
    rows: matches(/^\|.*\|$/gm).map((row) => row.split('|').length),
    items: matches(/^- /gm).length,
    links: matches(/\]\([^)\s]+\)/g).map(inEnglish),
  };
}

describe('the course', () => {
  it('has as many lessons in either language', () => {
    const translated = all.filter((file) => !english.includes(file)).map(inEnglish);
    assert.deepEqual(translated.toSorted(), english);
    assert.deepEqual(
      english.map((file) => Number(file.slice(0, 2))),
      english.map((_, i) => i + 1),
    );
  });

  for (const file of english) {
    const chinese = file.replace(/\.rnnlab\.md$/, '.zh-cn.rnnlab.md');
    const read = (name: string): string => fs.readFileSync(path.join(folder, name), 'utf8');

    it(`${file} is the same in Chinese, but for its words`, async () => {
      const [one, other] = await Promise.all(
        [file, chinese].map(async (name) => bones(await splitNotebook(read(name)))),
      );
      assert.deepEqual(other, one);
      assert.ok(one!.first, 'begins with its number and its title');
      assert.equal(one!.times, 1, 'says how long it takes');
      assert.ok(one!.questions >= 3, 'asks');
      assert.equal(one!.ends, one!.questions);
      const conditions = one!.blocks.filter(
        ({ kind, body }) => kind === 'experiment' && /^expect:/m.test(body),
      );
      assert.ok(conditions.length > 0, 'says what is expected');
      assert.ok(!one!.blocks.some(({ kind }) => kind === 'output'), 'has not been run');
      // In Chinese, punctuation is Chinese; a figure is the same.
      assert.doesNotMatch(read(chinese), /[\u4e00-\u9fff][,;!?](?:\s|$)/m);
    });

    it(`${file} can be run, and leads to what there is`, async () => {
      for (const name of [file, chinese]) {
        const { plans } = await openNotebook(path.join(folder, name));
        assert.ok(plans.size > 0);
        for (const [, target = ''] of read(name).matchAll(/\]\(((?!https?:)[^)\s]+)\)/g)) {
          assert.ok(fs.existsSync(path.join(folder, target)), `${name} names ${target}`);
        }
      }
    });
  }
});
