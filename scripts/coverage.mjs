// npm run coverage: which lines of src the unit tests reach. Writes coverage/index.html.
import { build, runNode } from './run.mjs';

await build(['worker', 'cli', 'coverage']);
process.exitCode = await runNode([
  'node_modules/c8/bin/c8.js',
  'node_modules/mocha/bin/mocha.js',
  '--timeout=240000',
  '--reporter=dot',
  '--exit',
  'out/coverage/unit.js',
]);
