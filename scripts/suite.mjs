// npm run unit|panel|ui [-- PATTERN] [mocha options]: builds the tests whose path contains PATTERN, and runs them.
import { runNode } from './run.mjs';
import { mochaArguments, SUITES, testsOf } from './stages/mocha.mjs';

const [given = '', first = '', ...rest] = process.argv.slice(2);
const name = /** @type {import('./stages/mocha.mjs').SuiteName} */ (given);
const pattern = first.startsWith('-') ? '' : first;
const mochaOptions = pattern === '' && first !== '' ? [first, ...rest] : rest;

async function main() {
  const files = testsOf(name).filter((file) => file.includes(pattern));
  if (files.length === 0) {
    console.error(`No file under test/${name} has '${pattern}' in its path and ends in .test.ts.`);
    return 1;
  }
  // Some tests start the worker and the command line; most need neither, so one that does not build stops only the full run.
  const products = await runNode(['esbuild.mjs', `--only=${SUITES[name].targets}`]);
  if (products !== 0 && pattern === '') {
    return products;
  }
  return (
    (await runNode(['esbuild.mjs', `--only=${name}`, `--match=${pattern}`])) ||
    (await runNode([...mochaArguments(name, files), ...mochaOptions]))
  );
}

process.exitCode = await main();
