import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { rnnLab } from '../cli/tools';
import { allPages, readPage } from './page';

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly title: string }[] };
}

function readJson(name: string): unknown {
  return JSON.parse(fs.readFileSync(name, 'utf8'));
}

const { commands } = (readJson('package.json') as Manifest).contributes;
const keys = commands.map(({ title }) => title.replaceAll('%', ''));
const english = readJson('package.nls.json') as Record<string, string>;
const chinese = readJson('package.nls.zh-cn.json') as Record<string, string>;
const keyOf = new Map(keys.map((key) => [english[key]!, key]));

describe('the pages', () => {
  for (const file of allPages()) {
    it(`of ${file} lead to what there is`, () => {
      const { links, pictures } = readPage(file);
      for (const link of [...links, ...pictures]) {
        const [target = '', anchor] = link.split('#');
        const place = target === '' ? file : path.posix.join(path.posix.dirname(file), target);
        assert.ok(fs.existsSync(place), `${file} names ${place}`);
        if (anchor !== undefined) {
          assert.ok(readPage(place).anchors.includes(anchor), `${place} has no #${anchor}`);
        }
      }
    });
  }
});

describe('the READMEs', () => {
  const [original, translation] = [readPage('README.md'), readPage('README.zh-CN.md')];

  it('have the same sections, pictures, code and tables in both languages', () => {
    assert.ok(original.levels.length > 12);
    assert.deepEqual(translation.levels, original.levels);
    assert.ok(original.pictures.length > 12);
    assert.deepEqual(translation.pictures, original.pictures);
    assert.equal(original.codeBlocks.length, 3);
    assert.deepEqual(translation.codeBlocks, original.codeBlocks);
    const sizes = ({ tables }: typeof original) =>
      tables.map((rows) => rows.map((row) => row.length));
    assert.deepEqual(sizes(translation), sizes(original));
  });

  it('link to the same places and to each other', () => {
    const others = ({ links, file }: typeof original) => links.filter((link) => link !== file);
    const pages = (links: string[]) =>
      links.filter((link) => !link.startsWith('README')).toSorted();
    assert.deepEqual(pages(others(translation)), pages(others(original)));
    assert.ok(original.links.includes(translation.file));
    assert.ok(translation.links.includes(original.file));
  });

  it('have the same numbers', () => {
    const numbers = ({ text }: typeof original) => {
      const table = text.match(/^\|.*\d,\d{3}.*\|$/gm) ?? [];
      return table.flatMap((row) => row.match(/\d[\d,]*/g) ?? []);
    };
    assert.ok(numbers(original).length > 30);
    assert.deepEqual(numbers(translation), numbers(original));
  });

  it('show what each picture is to who cannot see it, and each picture that is kept', () => {
    for (const { text } of [original, translation]) {
      for (const [tag] of text.matchAll(/<img [^>]*>/g)) assert.match(tag, / alt="[^"]{10,}"/);
    }
    const shown = new Set(original.pictures.map((picture) => path.posix.basename(picture)));
    assert.deepEqual(fs.readdirSync('media/pictures').toSorted(), [...shown].toSorted());
  });

  it('call commands as the palette does, in either language', () => {
    // Terms of the field are in bold, too, and begin with a small letter.
    const named = original.bold.filter((words) => /^[A-Z]/.test(words));
    assert.ok(named.length >= 15);
    for (const words of named) assert.ok(keyOf.has(words), `There is no command ${words}`);
    assert.equal(translation.bold.length, original.bold.length);
    original.bold.forEach((words, place) => {
      const key = keyOf.get(words);
      if (key !== undefined) assert.equal(translation.bold[place], chinese[key]);
    });
  });
});

describe('docs/commands.md', () => {
  it('has every command once, and no other', () => {
    const named = readPage('docs/commands.md')
      .tables.flatMap((rows) => rows.slice(1))
      .map(([name = '']) => name.replaceAll('*', ''));
    assert.deepEqual(named.toSorted(), [...keyOf.keys()].toSorted());
  });
});

describe('docs/command-line.md', () => {
  it('names flags that there are', async () => {
    const list = [
      'train',
      'sample',
      'predict',
      'evaluate',
      'inspect',
      'notebook',
      'generate',
      'vectors',
      'gradcheck',
      'export',
      'import',
      'bench',
    ];
    const helps = await Promise.all(list.map((command) => rnnLab([command, '--help'])));
    const known = new Set(
      [...helps, await rnnLab(['--help'])].flatMap(
        ({ stdout }) => stdout.match(/--[a-z-]+/g) ?? [],
      ),
    );
    const named = readPage('docs/command-line.md').text.match(/(?<=[\s`])--[a-z][a-z-]+/g) ?? [];
    assert.ok(named.length > 20);
    for (const flag of named) assert.ok(known.has(flag), flag);
  });
});
