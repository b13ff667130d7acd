// npm run unit [-- PATTERN] [mocha options]: builds the unit tests whose path contains PATTERN, and runs them.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { findFiles, root } from './build/files.mjs';

const [first = '', ...rest] = process.argv.slice(2);
const pattern = first.startsWith('-') ? '' : first;
const mochaOptions = pattern === '' ? process.argv.slice(2) : rest;

/** @param {string[]} args */
function runNode(args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  return status ?? 1;
}

function main() {
  const files = findFiles(path.join(root, 'test/unit'), '.test.ts')
    .map((file) => path.relative(root, file).replaceAll('\\', '/'))
    .filter((file) => file.includes(pattern));
  if (files.length === 0) {
    console.error(`No file under test/unit has '${pattern}' in its path and ends in .test.ts.`);
    return 1;
  }
  // Some tests start the worker and the command line; most need neither, so one that does not build stops only the full run.
  const products = runNode(['esbuild.mjs', '--only=worker,cli,thread']);
  if (products !== 0 && pattern === '') {
    return products;
  }
  return (
    runNode(['esbuild.mjs', '--only=unit', `--match=${pattern}`]) ||
    runNode([
      '--enable-source-maps',
      'node_modules/mocha/bin/mocha.js',
      '--timeout=60000',
      ...mochaOptions,
      ...files.map((file) => `out/${file.replace(/\.ts$/, '.js')}`),
    ])
  );
}

process.exitCode = main();
