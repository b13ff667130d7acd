import fs from 'node:fs';
import path from 'node:path';
import { root } from './files.mjs';

/** Licences under which a library may be part of what is shipped. */
const PERMITTED = /^(MIT|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0|\(Apache-2\.0 AND BSD-3-Clause\))$/;
/** Licences of packages whose manifest does not name one, as their terms have it. */
const READ = /** @type {Readonly<Record<string, string>>} */ ({ jsfive: 'BSD-3-Clause' });
/** Terms of packages that have them in no file, or not whole, by name with + for /, and of files among ours that others have written. */
const KEPT = path.join(root, 'scripts/build/licences');
const OF_OTHERS = /** @type {const} */ ({ 'src/core/exports/onnx/onnx_pb.ts': 'onnx' });

/**
 * What licences ask of those who ship a library: its name, its authors' notice, its terms.
 *
 * @param {readonly string[]} inputs files that were bundled, relative to the root
 * @returns {string} a text that names every package among them
 * @throws {Error} where a package's licence does not permit it, or is nowhere to be found
 */
export function noticesFor(inputs) {
  const packages = new Set(inputs.map(packageOf).filter((name) => name !== undefined));
  const files = Object.entries(OF_OTHERS).filter(([file]) => inputs.includes(file));
  const notices = [
    ...[...packages].sort().map(noticeOf),
    ...files.map(([, name]) => `${'-'.repeat(80)}\n${kept(name)}\n`),
  ];
  return `RNN Lab is shipped with parts of these libraries.\n\n${notices.join('\n')}`;
}

/**
 * @param {string} file
 * @returns {string | undefined} the folder of the package that it belongs to
 */
function packageOf(file) {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file.replaceAll('\\', '/'))?.[0];
}

/** @param {string} folder */
function noticeOf(folder) {
  const manifest = JSON.parse(fs.readFileSync(path.join(root, folder, 'package.json'), 'utf8'));
  const { name, version } = manifest;
  const license = READ[name] ?? manifest.license;
  if (!PERMITTED.test(license)) {
    throw new Error(`${name} is under the licence ${license}, under which it cannot be shipped.`);
  }
  return `${'-'.repeat(80)}\n${name} ${version} (${license})\n\n${termsOf(folder, manifest)}\n`;
}

/**
 * @param {string} folder
 * @param {{ name: string, license: string, author?: string | { name: string } }} manifest
 */
function termsOf(folder, { name, license, author }) {
  const own = kept(name);
  if (own !== undefined) return own;
  const file = fs.readdirSync(path.join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
  if (file !== undefined) {
    return fs.readFileSync(path.join(root, folder, file), 'utf8').trim();
  }
  if (license !== 'MIT' || author === undefined) {
    throw new Error(`${name} has no file with its licence.`);
  }
  // Its manifest says no more: the terms are those of our own licence, which is the same.
  const ours = fs.readFileSync(path.join(root, 'LICENSE'), 'utf8');
  const terms = ours.slice(ours.indexOf('Permission is hereby granted')).trim();
  return `Copyright (c) ${typeof author === 'string' ? author : author.name}\n\n${terms}`;
}

/**
 * @param {string} name
 * @returns {string | undefined}
 */
function kept(name) {
  const file = path.join(KEPT, `${name.replaceAll('/', '+')}.txt`);
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim() : undefined;
}
