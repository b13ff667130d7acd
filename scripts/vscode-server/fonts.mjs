// Chinese letters for pictures: the fonts that Chromium brings along in this harness have none.
import fs from 'node:fs';
import path from 'node:path';
import { cachedFolder, ensureCached } from '../cache.mjs';

const wanted = {
  name: 'fonts',
  packages: ['@embedpdf/fonts-sc@1.0.0'],
  told: 'a Chinese font from npm (once, 36 MB)',
  finish,
};

const FONT = 'NotoSansHans-Regular.otf';

/**
 * Installs the font; every browser that is launched from then on has it.
 *
 * @param {(message: string) => void} [log]
 * @returns {Promise<void>}
 */
export async function installFonts(log) {
  await ensureCached(wanted, log);
}

/** @returns {string | undefined} the folder with the font, where it is installed */
export function installedFonts() {
  const folder = cachedFolder(wanted);
  return fs.existsSync(folder) ? folder : undefined;
}

/** @param {string} folder */
async function finish(folder) {
  fs.copyFileSync(
    path.join(folder, 'node_modules/@embedpdf/fonts-sc/fonts', FONT),
    path.join(folder, FONT),
  );
  fs.rmSync(path.join(folder, 'node_modules'), { recursive: true });
}

/**
 * @param {string} chromium the folder of the browser, which has fonts and their configuration
 * @param {string | undefined} more a folder with more fonts
 * @returns {string} the folder that `FONTCONFIG_PATH` should name
 */
export function fontsFor(chromium, more) {
  const own = path.join(chromium, 'fonts');
  if (more === undefined) {
    return own;
  }
  fs.writeFileSync(
    path.join(more, 'fonts.conf'),
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include>${path.join(own, 'fonts.conf')}</include>
  <dir>${more}</dir>
</fontconfig>
`,
  );
  return more;
}
