// npm run manifest: writes the settings of src/core/training/settings-table.ts into package.json and package.nls.json.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { root } from './build/files.mjs';

/**
 * @typedef {object} Setting as the table has it
 * @property {'integer' | 'number' | 'enum' | 'text'} type
 * @property {string} description
 * @property {string | number} default
 * @property {number} [minimum]
 * @property {number} [maximum]
 * @property {boolean} [exclusiveMaximum]
 * @property {readonly string[]} [values]
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
    ...(values === undefined ? {} : { enum: values }),
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
 * @param {Table} table
 * @returns {Record<string, string>} the texts that `configuration` refers to, titles left out
 */
export function descriptions(table) {
  return Object.fromEntries(
    Object.entries(table).flatMap(([group, settings]) =>
      Object.entries(settings).map(([name, { description }]) => [
        `config.${group}.${name}`,
        description,
      ]),
    ),
  );
}

/** @returns {Promise<Table>} */
async function loadTable() {
  const { outputFiles } = await esbuild.build({
    entryPoints: [path.join(root, 'src/core/training/settings-table.ts')],
    bundle: true,
    format: 'esm',
    write: false,
  });
  const text = outputFiles[0]?.text ?? '';
  const module = await import(`data:text/javascript,${encodeURIComponent(text)}`);
  return module.settingsTable;
}

/** @param {string} name @param {(content: any) => any} change */
function rewrite(name, change) {
  const file = path.join(root, name);
  const content = change(JSON.parse(fs.readFileSync(file, 'utf8')));
  fs.writeFileSync(`${file}.tmp`, `${JSON.stringify(content, null, 2)}\n`);
  fs.renameSync(`${file}.tmp`, file);
}

async function main() {
  const table = await loadTable();
  rewrite('package.json', (manifest) => ({
    ...manifest,
    contributes: { ...manifest.contributes, configuration: configuration(table) },
  }));
  rewrite('package.nls.json', (texts) => ({
    ...Object.fromEntries(Object.entries(texts).filter(([key]) => !/^config\.\w+\./.test(key))),
    ...descriptions(table),
  }));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main();
}
