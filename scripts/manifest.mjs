// npm run manifest [-- --check]: writes the settings of src/core/settings/table.ts, and the editor's own of
// src/host/settings-table.ts, with their notes, into package.json, package.nls.json and docs/settings.md; and the schema
// of FILE.rnn.json, of src/core/task/overrides.ts.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { format } from 'oxfmt';
import { root } from './build/files.mjs';
import { importSource } from './build/import-source.mjs';

/**
 * @typedef {object} Setting as the table has it
 * @property {'integer' | 'number' | 'enum' | 'text'} type
 * @property {string} description
 * @property {string | number} default
 * @property {number} [minimum]
 * @property {number} [maximum]
 * @property {boolean} [exclusiveMaximum]
 * @property {readonly string[]} [values]
 * @property {string} [unit]
 * @property {boolean} [automatic]
 */

/** @typedef {Record<string, Record<string, Setting>>} Table */

/**
 * A setting as VS Code's manifest describes one; its text is in package.nls.json.
 *
 * @param {string} key such as model.hidden
 * @param {Setting} setting
 * @param {number} order place within its category
 */
function property(key, setting, order) {
  const { type, minimum, maximum, exclusiveMaximum, values } = setting;
  return {
    type: type === 'enum' || type === 'text' ? 'string' : type,
    default: setting.default,
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined
      ? {}
      : { [exclusiveMaximum ? 'exclusiveMaximum' : 'maximum']: maximum }),
    ...(values === undefined
      ? {}
      : {
          enum: values,
          markdownEnumDescriptions: values.map((value) => `%config.${key}.${value}%`),
        }),
    markdownDescription: `%config.${key}%`,
    order,
    scope: 'resource',
  };
}

/**
 * @param {Table} table
 * @returns {object[]} `contributes.configuration`: a category for each group
 */
export function configuration(table) {
  return Object.entries(table).map(([group, settings], order) => ({
    id: `rnnLab.${group}`,
    title: `%config.${group}%`,
    order,
    properties: Object.fromEntries(
      Object.entries(settings).map(([name, setting], place) => [
        `rnnLab.${group}.${name}`,
        property(`${group}.${name}`, setting, place),
      ]),
    ),
  }));
}

/**
 * @typedef {object} Source
 * @property {Table} settingsTable
 * @property {Record<string, string>} settingNotes
 * @property {Record<string, Record<string, string>>} valueNotes
 * @property {object} tableSchema of FILE.rnn.json
 */

/** @param {Table} table */
function entries(table) {
  return Object.entries(table).flatMap(([group, settings]) =>
    Object.entries(settings).map(([name, setting]) => ({
      key: `${group}.${name}`,
      group,
      setting,
    })),
  );
}

/**
 * @param {Source} source
 * @returns {Record<string, string>} the texts that `configuration` refers to, titles left out
 */
export function descriptions({ settingsTable, settingNotes, valueNotes }) {
  return Object.fromEntries(
    entries(settingsTable).flatMap(({ key, setting }) => [
      [`config.${key}`, sentences(setting, settingNotes[key])],
      ...(setting.values ?? []).map((value) => [
        `config.${key}.${value}`,
        valueNotes[key]?.[value] ?? '',
      ]),
    ]),
  );
}

/**
 * @param {Source} source
 * @param {Record<string, string>} texts package.nls.json, for the titles of groups
 * @returns {string} docs/settings.md
 */
export function page(source, texts) {
  const described = descriptions(source);
  const lines = [
    '# Settings',
    '',
    'Every option of the command line is a setting under `rnnLab.*`, and this page is made from their one table',
    '(`npm run manifest`). The settings of completion and of cell files are the editor’s alone.',
  ];
  for (const group of Object.keys(source.settingsTable)) {
    lines.push('', `## ${texts[`config.${group}`]}`);
    for (const { key, setting } of entries(source.settingsTable)) {
      if (!key.startsWith(`${group}.`)) continue;
      lines.push('', `### rnnLab.${key}`, '', linked(described[`config.${key}`] ?? ''), '');
      lines.push(`${range(setting)} Default: ${shown(setting.default)}.`);
      if (!setting.values) continue;
      lines.push('');
      for (const value of setting.values) {
        lines.push(`- \`${value}\`: ${linked(described[`config.${key}.${value}`] ?? '')}`);
      }
    }
  }
  return `${lines.join('\n')}\n`;
}

/** @param {Setting} setting @param {string | undefined} note */
function sentences({ description, unit }, note) {
  return [description, ...(unit === 's' ? ['In seconds.'] : []), note].filter(Boolean).join(' ');
}

/** Links between settings, which VS Code writes in its own way, as links within the page. @param {string} text */
function linked(text) {
  return text.replace(/`#(rnnLab\.([\w.]+))#`/g, (_, key, name) => {
    return `[\`${name}\`](#${key.toLowerCase().replaceAll('.', '')})`;
  });
}

/** @param {Setting} setting */
function range({ type, minimum, maximum, exclusiveMaximum, unit, automatic }) {
  if (type === 'enum') return 'One of the values below.';
  if (type === 'text') return 'A text.';
  const noun = type === 'integer' ? 'A whole number' : 'A number';
  const end = exclusiveMaximum ? `to below ${maximum}` : `to ${maximum}`;
  const counted = unit === undefined ? '' : ` (${unit})`;
  return `${noun} from ${minimum} ${end}${counted}${automatic ? '; 0 is automatic' : ''}.`;
}

/** @param {string | number} value */
function shown(value) {
  return value === '' ? 'empty' : `\`${value}\``;
}

/** @returns {Promise<Source>} */
function loadSource() {
  return importSource(`
    import { settingsTable as common } from './core/settings/table';
    import * as notes from './core/settings/notes';
    import * as own from './host/settings-table';
    import { toJsonSchema } from '@valibot/to-json-schema';
    import { overridesSchema } from './core/task/overrides';
    export const tableSchema = toJsonSchema(overridesSchema, { typeMode: 'input', ignoreActions: ['readonly'] });
    export const settingsTable = { ...common, ...own.editorTable };
    export const settingNotes = { ...notes.settingNotes, ...own.editorNotes };
    export const valueNotes = { ...notes.valueNotes, ...own.editorValueNotes };`);
}

/** @param {string} name */
function readFile(name) {
  return fs.readFileSync(path.join(root, name), 'utf8');
}

/** @param {unknown} content */
function toJson(content) {
  return `${JSON.stringify(content, null, 2)}\n`;
}

/**
 * What the files made from the table should hold, by name.
 *
 * @returns {Promise<Record<string, string>>}
 */
async function made() {
  const source = await loadSource();
  const manifest = JSON.parse(readFile('package.json'));
  const before = Object.entries(JSON.parse(readFile('package.nls.json')));
  const texts = {
    ...Object.fromEntries(before.filter(([key]) => !/^config\.\w+\./.test(key))),
    ...descriptions(source),
  };
  const contributes = {
    ...manifest.contributes,
    configuration: configuration(source.settingsTable),
  };
  return {
    'package.json': toJson({ ...manifest, contributes }),
    'package.nls.json': toJson(texts),
    'package.nls.zh-cn.json': toJson(
      inOrder(JSON.parse(readFile('package.nls.zh-cn.json')), texts),
    ),
    'syntaxes/table.schema.json': await formatted(
      'syntaxes/table.schema.json',
      toJson(source.tableSchema),
    ),
    'docs/settings.md': await formatted('docs/settings.md', page(source, texts)),
  };
}

/**
 * As the formatter leaves a file of this name.
 *
 * @param {string} name
 * @param {string} text
 */
async function formatted(name, text) {
  const { code } = await format(name, text, { printWidth: 100, singleQuote: true });
  return code;
}

/**
 * A translation in the order of the original, what the original has not last.
 *
 * @param {Record<string, string>} translated
 * @param {Record<string, string>} original
 */
function inOrder(translated, original) {
  const known = Object.keys(original).filter((key) => key in translated);
  return Object.fromEntries(
    [...new Set([...known, ...Object.keys(translated)])].map((key) => [key, translated[key]]),
  );
}

async function main() {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
  for (const [name, content] of Object.entries(await made())) {
    const file = path.join(root, name);
    if (fs.existsSync(file) && readFile(name) === content) continue;
    if (values.check) {
      console.error(`${name} does not say what the table of settings says: npm run manifest`);
      process.exitCode = 1;
    } else {
      fs.writeFileSync(`${file}.tmp`, content);
      fs.renameSync(`${file}.tmp`, file);
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main();
}
