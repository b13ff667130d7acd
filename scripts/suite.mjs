// npm run unit|panel|ui [-- PATTERN …] [mocha options]: builds the tests whose path contains a PATTERN, and runs them.
import { runNode } from './run.mjs';
import { mochaArguments, SUITES, testsOf } from './stages/mocha.mjs';

const [given = '', ...rest] = process.argv.slice(2);
const name = /** @type {import('./stages/mocha.mjs').SuiteName} */ (given);
const firstOption = rest.findIndex((word) => word.startsWith('-'));
const patterns = firstOption < 0 ? rest : rest.slice(0, firstOption);
const mochaOptions = rest.slice(patterns.length);

async function main() {
  const files = testsOf(name).filter(
    (file) => patterns.length === 0 || patterns.some((pattern) => file.includes(pattern)),
  );
  if (files.length === 0) {
    console.error(
      `No file under test/${name} has '${patterns.join("' or '")}' in its path and ends in .test.ts.`,
    );
    return 1;
  }
  // Some tests start the worker and the command line; most need neither, so one that does not build stops only the full run.
  const products = await runNode(['esbuild.mjs', `--only=${SUITES[name].targets}`]);
  if (products !== 0 && patterns.length === 0) {
    return products;
  }
  return (
    (await runNode([
      'esbuild.mjs',
      `--only=${name}`,
      ...patterns.map((pattern) => `--match=${pattern}`),
    ])) || (await runNode([...mochaArguments(name, files), ...mochaOptions]))
  );
}

process.exitCode = await main();
