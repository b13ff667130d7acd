// Takes pictures, makes them small, and puts those that the READMEs show where they look for them.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { root } from '../build/files.mjs';
import { ensureCached } from '../cache.mjs';

/** All pictures; those that a README shows are copied from here. */
const TAKEN = path.join(root, 'out/pictures');
const SHOWN = path.join(root, 'media/pictures');
/** So large that the repository stays small, and a page loads at once, bytes. */
const LARGEST = 400_000;
const LARGEST_TOGETHER = 4_800_000;
/** Around what is photographed, CSS pixels; below it less: something follows. */
const MARGIN = 12;
const MARGIN_BELOW = 6;

const SHARP = {
  name: 'sharp',
  packages: ['sharp@0.35.5'],
  told: 'what makes pictures small from npm (once, 20 MB)',
};

/**
 * What we use of sharp.
 *
 * @typedef {(picture: Buffer) => {
 *   png: (options: { palette: boolean, quality: number, effort: number }) => {
 *     toBuffer: () => Promise<Buffer>,
 *   },
 * }} Sharp
 */

/**
 * @typedef {object} Shot
 * @property {import('playwright-core').Locator} [from] the picture begins at its upper left corner
 * @property {import('playwright-core').Locator} [to] and ends at its lower right one
 */

/** @typedef {(page: import('playwright-core').Page, name: string, shot?: Shot) => Promise<void>} Take */

/** @returns {Promise<Take>} takes a picture, of the whole window or of a part */
export async function createCamera() {
  const folder = await ensureCached(SHARP, console.log);
  /** @type {Sharp} */
  const sharp = createRequire(path.join(folder, 'package.json'))('sharp');
  fs.rmSync(TAKEN, { recursive: true, force: true });
  fs.mkdirSync(TAKEN, { recursive: true });
  return async (page, name, { from, to } = {}) => {
    const clip = from && to ? await areaOf(from, to) : undefined;
    const picture = await page.screenshot(clip === undefined ? {} : { clip });
    // Few colours are in it: a palette is a third as large, and nobody sees a difference.
    const options = { palette: true, quality: 95, effort: 10 };
    const small = await sharp(picture).png(options).toBuffer();
    fs.writeFileSync(path.join(TAKEN, `${name}.png`), small);
    console.log(`${name}  ${Math.round(small.length / 1000)} kB`);
  };
}

/**
 * @param {import('playwright-core').Locator} from
 * @param {import('playwright-core').Locator} to
 */
async function areaOf(from, to) {
  const [first, last] = [await from.boundingBox(), await to.boundingBox()];
  if (first === null || last === null) {
    throw new Error('What should be photographed is not there.');
  }
  const x = Math.min(first.x, last.x) - MARGIN;
  const y = first.y - MARGIN;
  const right = Math.max(first.x + first.width, last.x + last.width) + MARGIN;
  return { x, y, width: right - x, height: last.y + last.height + MARGIN_BELOW - y };
}

/**
 * Puts the pictures that README.md shows into media/pictures, and nothing else.
 *
 * @param {{ all: boolean }} taken whether every scene was photographed; otherwise the others' pictures stay
 * @throws {Error} where one was not taken, or they are too large
 */
export function publish({ all }) {
  const readme = fs.readFileSync(path.join(root, 'README.md'), 'utf8');
  const names = new Set(
    [...readme.matchAll(/media\/pictures\/([\w-]+\.png)/g)].map(([, name]) => String(name)),
  );
  for (const name of all ? fs.readdirSync(SHOWN) : []) {
    // Drawings are made by hand.
    if (name.endsWith('.png')) fs.rmSync(path.join(SHOWN, name));
  }
  let together = 0;
  for (const name of names) {
    const taken = path.join(TAKEN, name);
    if (all || fs.existsSync(taken)) fs.copyFileSync(taken, path.join(SHOWN, name));
    const { size } = fs.statSync(path.join(SHOWN, name));
    together += size;
    if (size > LARGEST) {
      throw new Error(`${name} is larger than ${LARGEST / 1000} kB.`);
    }
  }
  console.log(`${names.size} pictures in media/pictures, ${Math.round(together / 1000)} kB`);
  if (together > LARGEST_TOGETHER) {
    throw new Error(`Together they are larger than ${LARGEST_TOGETHER / 1000} kB.`);
  }
}
