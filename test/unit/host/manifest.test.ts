import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { settingEntries as runEntries } from '../../../src/core/settings/settings';
import type { Setting } from '../../../src/core/settings/setting';
import { editorTable } from '../../../src/host/settings-table';

/** Of runs, and the editor's own. */
const settingEntries: readonly { readonly key: string; readonly setting: Setting }[] = [
  ...runEntries,
  ...Object.entries(editorTable).flatMap(([group, settings]) =>
    Object.entries<Setting>(settings).map(([name, setting]) => ({
      key: `${group}.${name}`,
      setting,
    })),
  ),
];

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      readonly title: string;
      readonly category: string;
    }[];
    readonly walkthroughs: readonly {
      readonly steps: readonly {
        readonly media: { readonly svg: string };
        readonly completionEvents: readonly string[];
      }[];
    }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string }[]>>;
    readonly configuration: readonly {
      readonly properties: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    }[];
  };
}

function readJson(name: string): unknown {
  return JSON.parse(fs.readFileSync(name, 'utf8'));
}

const manifest = readJson('package.json') as Manifest;
const english = readJson('package.nls.json') as Record<string, string>;
const chinese = readJson('package.nls.zh-cn.json') as Record<string, string>;

/** Where what is translated is no text but the engine's. */
const translators = [
  path.join('src', 'host', 'translate.ts'),
  path.join('webview', 'translate.ts'),
];

/** What the manifest must say of a setting, beside its text. */
function expected(key: string, setting: Setting): Record<string, unknown> {
  const common = { default: setting.default, scope: 'resource' };
  switch (setting.type) {
    case 'text':
      return { ...common, type: 'string' };
    case 'enum':
      return {
        ...common,
        type: 'string',
        enum: setting.values,
        markdownEnumDescriptions: setting.values.map((value) => `%config.${key}.${value}%`),
      };
    case 'integer':
    case 'number': {
      const { type, minimum, maximum, exclusiveMaximum } = setting;
      const limit = exclusiveMaximum === true ? { exclusiveMaximum: maximum } : { maximum };
      return { ...common, type, minimum, ...limit };
    }
  }
}

describe('the manifest and the settings table', () => {
  const properties = Object.assign(
    {},
    ...manifest.contributes.configuration.map((category) => category.properties),
  ) as Manifest['contributes']['configuration'][number]['properties'];

  it('have the same settings in the same order', () => {
    assert.deepEqual(
      Object.keys(properties),
      settingEntries.map(({ key }) => `rnnLab.${key}`),
    );
  });

  for (const { key, setting } of settingEntries) {
    it(`agree on ${key}`, () => {
      const { markdownDescription, order, ...rest } = properties[`rnnLab.${key}`]!;
      assert.deepEqual(rest, expected(key, setting), 'run npm run manifest');
      assert.equal(markdownDescription, `%config.${key}%`);
      assert.equal(typeof order, 'number');
      assert.ok(english[`config.${key}`]!.startsWith(setting.description), 'run npm run manifest');
    });
  }
});

describe('texts of settings', () => {
  const keys = settingEntries.map(({ key }) => `rnnLab.${key}`);
  const texts = Object.entries(english).filter(([key]) => key.startsWith('config.'));

  it('are what the table and its notes say, and so is docs/settings.md', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/manifest.mjs', '--check'], {
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
  });

  it('link to settings that there are', () => {
    const linked = texts.flatMap(([, text]) =>
      [...text.matchAll(/`#([\w.]+)#`/g)].map((match) => match[1]!),
    );
    assert.ok(linked.length > 20);
    for (const key of linked) assert.ok(keys.includes(key), key);
  });

  it('link to the same places in Chinese, and walkthroughs call the same commands', () => {
    const targets = (text: string) =>
      [...text.matchAll(/`#[^`]+#`|\]\([^)]+\)/g)].map(String).toSorted();
    for (const [key, text] of Object.entries(english)) {
      assert.deepEqual(targets(chinese[key]!), targets(text), key);
    }
  });

  it('say that a time is in seconds', () => {
    for (const { key, setting } of settingEntries) {
      if ('unit' in setting && setting.unit === 's') {
        assert.match(english[`config.${key}`]!, /seconds/, key);
        assert.match(chinese[`config.${key}`]!, /秒/, key);
      }
    }
  });
});

describe('the manifest', () => {
  it('calls commands in the walkthrough that there are, and shows pictures that there are', () => {
    const { commands, walkthroughs } = manifest.contributes;
    const known = new Set(commands.map(({ command }) => command));
    const called = Object.entries(english).flatMap(([, text]) =>
      [...text.matchAll(/\]\(command:(rnnLab\.\w+)/g)].map((match) => match[1]!),
    );
    assert.ok(called.length >= 8);
    for (const command of called) assert.ok(known.has(command), command);
    for (const { media, completionEvents } of walkthroughs.flatMap(({ steps }) => steps)) {
      const picture = fs.readFileSync(media.svg, 'utf8');
      // Colours of the theme, and none of its own but as what stands in where a theme has none.
      assert.deepEqual(
        picture.replace(/var\([^)]*\)(?:\))?/g, '').match(/#[0-9a-f]{3,8}\b/gi),
        null,
      );
      for (const event of completionEvents) {
        const command = /^onCommand:(.*)$/.exec(event)?.[1];
        assert.ok(command === undefined || known.has(command), event);
      }
    }
  });

  it('has every text it names, in English and in Chinese', () => {
    const text = fs.readFileSync('package.json', 'utf8');
    const named = [...text.matchAll(/"%([^%"]+)%"/g)].map((match) => match[1]!);
    assert.ok(named.length > 40);
    for (const key of named) {
      assert.ok(english[key], `package.nls.json has no ${key}`);
      assert.ok(chinese[key], `package.nls.zh-cn.json has no ${key}`);
    }
    assert.deepEqual(Object.keys(chinese), Object.keys(english));
  });

  it('puts every command into the category RNN Lab, and menus name commands there are', () => {
    const { commands, menus } = manifest.contributes;
    const known = new Set(commands.map(({ command }) => command));
    for (const { category } of commands) assert.equal(category, '%category%');
    for (const { command } of Object.values(menus).flat()) assert.ok(known.has(command), command);
  });
});

describe('texts of the extension host, of the panel and of the engine', () => {
  const bundle = readJson('l10n/bundle.l10n.zh-cn.json') as Record<string, string>;
  const host = textsOf('src/host');
  const panel = textsOf('webview');
  const engine = ['src/core', 'src/notebooks', 'src/worker', 'src/protocol'].map(textsOf);

  it('are translated, each of them and nothing else', () => {
    assert.ok(host.texts.length > 80);
    assert.ok(panel.texts.length > 250);
    assert.ok(engine.flatMap(({ texts }) => texts).length > 300);
    const all = [host, panel, ...engine].flatMap(({ texts }) => texts);
    assert.deepEqual(Object.keys(bundle).toSorted(), [...new Set(all)].toSorted());
  });

  it('of the panel are asked for once their language is known, not as its script is loaded', () => {
    const early = panel.calls.filter((call) => !ts.findAncestor(call, ts.isFunctionLike));
    assert.deepEqual(
      early.map((call) => call.getText()),
      [],
    );
  });

  it('are given a value for each of their places', () => {
    for (const { calls } of [host, panel]) {
      for (const call of calls) {
        const [text, ...values] = call.arguments;
        const places = new Set((text as ts.StringLiteral).text.match(/\{\d\}/g));
        const isKnown = !values.some(ts.isSpreadElement);
        if (isKnown) assert.equal(values.length, places.size, call.getText());
      }
    }
  });

  it('have one Chinese word for one thing, and keys as they are written on keyboards', () => {
    const titles = readJson('package.nls.zh-cn.json') as Record<string, string>;
    for (const text of [...Object.values(bundle), ...Object.values(titles)]) {
      // A run is 训练, the gradient check 梯度检验, the surprise lens 惊奇度透镜, and an example 样本.
      assert.doesNotMatch(text, /[该此次]运行(?!环境)|检查梯度|梯度检查|意外透镜|样例|Escape/u);
    }
  });

  it('are there for each way without states', () => {
    const sources = ['floors.ts', 'floors-of-series.ts', 'measure-forecasts.ts'].map((name) =>
      fs.readFileSync(path.join('src/core/task', name), 'utf8'),
    );
    const names = sources.flatMap((source) =>
      [...source.matchAll(/(?:name: |way\()'([^']+)'/g)].map(([, name]) => name!),
    );
    assert.ok(names.length > 12, names.join());
    for (const name of names) {
      if (name !== 'model') assert.match(bundle[name] ?? '', /\p{Script=Han}/u, name);
    }
  });

  it('have the same places for values in both languages', () => {
    for (const [text, translation] of Object.entries(bundle)) {
      const places = (string: string) => [...string.matchAll(/\{\d\}/g)].map(String).toSorted();
      assert.deepEqual(places(translation), places(text), text);
    }
  });
});

/** In a folder's sources, every text that is given to `l10n.t` or tagged as a sentence, and the calls of `l10n.t`. */
function textsOf(folder: string): { texts: string[]; calls: ts.CallExpression[] } {
  const texts: string[] = [];
  const calls: ts.CallExpression[] = [];
  for (const name of fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const file = path.join(folder, name);
    if (!name.endsWith('.ts') || translators.includes(file)) continue;
    const text = fs.readFileSync(file, 'utf8');
    visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  }
  return { texts, calls };

  function visit(node: ts.Node): void {
    if (ts.isCallExpression(node) && /^(l10n\.)?t$/.test(node.expression.getText())) {
      const text = node.arguments[0];
      assert.ok(text && ts.isStringLiteralLike(text), `no literal text: ${node.getText()}`);
      texts.push(text.text);
      calls.push(node);
    }
    if (ts.isTaggedTemplateExpression(node) && node.tag.getText() === 'sentence') {
      texts.push(textOf(node.template));
    }
    ts.forEachChild(node, visit);
  }
}

/** The text of a sentence, as the tag makes it; what stands at its places must be no words. */
function textOf(template: ts.TemplateLiteral): string {
  if (ts.isNoSubstitutionTemplateLiteral(template)) return template.text;
  return template.templateSpans.reduce((text, { expression, literal }, i) => {
    assert.ok(!hasWords(expression), `an English value: ${template.getText()}`);
    return `${text}{${i}}${literal.text}`;
  }, template.head.text);
}

function hasWords(node: ts.Node): boolean {
  // A sentence within a sentence has a text of its own.
  if (ts.isTaggedTemplateExpression(node)) return false;
  if (ts.isStringLiteralLike(node) && /\p{L}{2}/u.test(node.text)) return true;
  return ts.forEachChild(node, (child) => hasWords(child) || undefined) ?? false;
}
