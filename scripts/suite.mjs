// npm run unit|ui [-- PATTERN] [mocha options]: builds the tests whose path contains PATTERN, and runs them.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { findFiles, root } from './build/files.mjs';

const SUITES = {
  unit: { targets: 'worker,cli', extension: '.js', timeout: 60_000 },
  ui: { targets: 'extension,worker,cli,webview', extension: '.mjs', timeout: 180_000 },
};

const [name = '', first = '', ...rest] = process.argv.slice(2);
const suite = SUITES[/** @type {keyof typeof SUITES} */ (name)];
const pattern = first.startsWith('-') ? '' : first;
const mochaOptions = pattern === '' && first !== '' ? [first, ...rest] : rest;

/** @param {string[]} args */
function runNode(args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  return status ?? 1;
}

function main() {
  const files = findFiles(path.join(root, 'test', name), '.test.ts')
    .map((file) => path.relative(root, file).replaceAll('\\', '/'))
    .filter((file) => file.includes(pattern));
  if (files.length === 0) {
    console.error(`No file under test/${name} has '${pattern}' in its path and ends in .test.ts.`);
    return 1;
  }
  // Some tests start the worker and the command line; most need neither, so one that does not build stops only the full run.
  const products = runNode(['esbuild.mjs', `--only=${suite.targets}`]);
  if (products !== 0 && pattern === '') {
    return products;
  }
  return (
    runNode(['esbuild.mjs', `--only=${name}`, `--match=${pattern}`]) ||
    runNode([
      '--enable-source-maps',
      'node_modules/mocha/bin/mocha.js',
      `--timeout=${suite.timeout}`,
      '--exit',
      ...mochaOptions,
      ...files.map((file) => `out/${file.replace(/\.ts$/, suite.extension)}`),
    ])
  );
}

process.exitCode = main();
