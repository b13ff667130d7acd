// npm run package [-- --out=FILE]: makes the extension's package, which VS Code installs.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { deflateRawSync } from 'node:zlib';
import { findFiles, root } from './build/files.mjs';
import { packagedPage } from './build/pages.mjs';
import { ensureCached } from './cache.mjs';
import { ensureDependencies } from './npm.mjs';
import { runNode } from './run.mjs';

/** Larger, it would no longer be there in a moment. */
const LARGEST = 2_000_000;
const LISTED = 8;

/** Microsoft's own packager. Its 120 MB are for who packages only, and most of them for publishing. */
const VSCE = {
  name: 'vsce',
  packages: ['@vscode/vsce@3.9.2'],
  options: ['--omit=optional'],
  told: 'the packager of extensions from npm (once, 120 MB)',
};

/** What of the manifest is for who builds, not for who runs. */
const DEVELOPMENT = ['private', 'scripts', 'devDependencies', 'overrides'];

/** Where the package's files are gathered: `dist` keeps the build for development. */
const stage = path.join(root, 'out/package');

/** Fills the folder with everything that .vscodeignore lets through, built for production. */
async function fillStage(/** @type {any} */ vsce) {
  fs.rmSync(stage, { recursive: true, force: true });
  const targets = 'extension,worker,cli,webview,renderer';
  const build = ['esbuild.mjs', '--production', `--only=${targets}`, '--into=out/package'];
  if ((await runNode(build)) !== 0) {
    throw new Error('The build failed; the messages above say where.');
  }
  /** @type {string[]} */
  const files = await vsce.listFiles({ cwd: root, packageManager: vsce.PackageManager.None });
  for (const name of ['.vscodeignore', ...files.filter((file) => !file.startsWith('dist/'))]) {
    const target = path.join(stage, name);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.copyFileSync(path.join(root, name), target);
  }
  for (const name of files.filter((file) => file.endsWith('.md'))) {
    const page = path.join(stage, name);
    fs.writeFileSync(page, packagedPage(fs.readFileSync(page, 'utf8')));
  }
  // Texts are indented for who translates them.
  for (const name of files.filter((file) => /^(l10n\/|package\.nls).*\.json$/.test(file))) {
    const page = path.join(stage, name);
    fs.writeFileSync(page, JSON.stringify(JSON.parse(fs.readFileSync(page, 'utf8'))));
  }
  const manifest = path.join(stage, 'package.json');
  const entries = Object.entries(JSON.parse(fs.readFileSync(manifest, 'utf8')));
  const shipped = Object.fromEntries(entries.filter(([key]) => !DEVELOPMENT.includes(key)));
  fs.writeFileSync(manifest, JSON.stringify(shipped));
}

/** @returns {any} the version that the package will have */
function readManifest() {
  return JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
}

/** @param {number} bytes */
function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1).padStart(7)} kB`;
}

/** @param {string} file the package */
function report(file) {
  const compressed = findFiles(stage, '')
    .map((name) => ({
      name: path.relative(stage, name),
      size: deflateRawSync(fs.readFileSync(name)).length,
    }))
    .sort((a, b) => b.size - a.size);
  for (const { name, size } of compressed.slice(0, LISTED)) {
    console.log(`${kilobytes(size)}  ${name}`);
  }
  const { size } = fs.statSync(file);
  console.log(`${kilobytes(size)}  ${path.relative(root, file)}, ${compressed.length} files`);
  if (size > LARGEST) {
    throw new Error(`The package is larger than ${LARGEST / 1000} kB.`);
  }
}

async function main() {
  const { name, version } = readManifest();
  const { values } = parseArgs({
    options: { out: { type: 'string', default: `${name}-${version}.vsix` } },
  });
  const file = path.resolve(process.env['INIT_CWD'] ?? process.cwd(), values.out);
  await ensureDependencies(root);
  const folder = await ensureCached(VSCE, console.log);
  const vsce = createRequire(path.join(folder, 'package.json'))('@vscode/vsce');
  await fillStage(vsce);
  await vsce.createVSIX({
    cwd: stage,
    packagePath: file,
    // All is bundled.
    dependencies: false,
    // There is no public address of the repository that one could name.
    allowMissingRepository: true,
  });
  report(file);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
