// npm run bench:pair -- REVISION [OPTIONS]: training steps of this checkout beside those of an earlier revision.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runForLines } from './bench/lines.mjs';
import { root } from './build/files.mjs';
import { ensureNewestNode } from './node.mjs';
import { ensureDependencies } from './npm.mjs';
import { build } from './run.mjs';

const ROWS = [
  'vanilla 100×1×25 V=65',
  'vanilla 256×32×64 V=65',
  'gru 128×32×64 V=65',
  'gru 512×64×64 V=65',
  'lstm 256×32×64 V=65',
  'lstm 100×1×25 V=8000',
];

const usage = `npm run bench:pair -- REVISION [OPTIONS]

Builds REVISION beside this checkout, and measures both in turn: a machine that is slow for a while is slow for
both. What counts is the ratio of each pair; above 1, this checkout is faster.

  --only=TEXT     only rows that have this in their name, such as gru or 512×64×64
  --pairs=N       pairs of a row, 30
  --seconds=S     length of one measurement, 0.4
  --threads=N     number of threads; all cores unless said otherwise
  --within=X      exit code 1 where a row's median ratio is below 1 − X, such as 0.02
  --json          JSON Lines on standard output

Close other programs first.`;

/**
 * @param {string} revision what git knows
 * @returns {Promise<string>} a folder with that revision, built
 */
async function checkOut(revision) {
  const git = (/** @type {string[]} */ ...args) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 30 }).trim();
  const commit = git('rev-parse', '--verify', `${revision}^{commit}`);
  const target = path.join(root, '.cache/pairs', commit);
  if (!fs.existsSync(path.join(target, 'dist/cli.js'))) {
    console.error(`Building ${revision} (${commit.slice(0, 7)}) …`);
    fs.rmSync(target, { recursive: true, force: true });
    fs.mkdirSync(target, { recursive: true });
    const archive = path.join(target, 'archive.tar');
    git('archive', '--output', archive, commit);
    execFileSync('tar', ['-xf', archive], { cwd: target });
    fs.rmSync(archive);
    await ensureDependencies(target);
    execFileSync(process.execPath, ['esbuild.mjs', '--only=worker,cli'], { cwd: target });
  }
  return target;
}

/**
 * @param {string} node
 * @param {string} folder of a checkout that is built
 * @param {string} row
 * @param {{ seconds: string, threads?: string }} options
 * @returns {Promise<number>} tokens/s
 */
async function measure(node, folder, row, { seconds, threads }) {
  let rate = NaN;
  const limits = ['--seconds', seconds, '--repetitions', '1'];
  const chosen = ['--only', row, ...(threads === undefined ? [] : ['--threads', threads])];
  const cli = path.join(folder, 'dist/cli.js');
  await runForLines(node, [cli, 'bench', '--json', ...limits, ...chosen], (line) => {
    if (line.event === 'training') rate = line.tokensPerSecond.median;
  });
  return rate;
}

/**
 * @param {number[]} values
 * @param {number} share 0.5: the median
 */
function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] ?? NaN;
  return low + (place - below) * ((sorted[below + 1] ?? low) - low);
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      pairs: { type: 'string', default: '30' },
      seconds: { type: 'string', default: '0.4' },
      threads: { type: 'string' },
      within: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const [revision] = positionals;
  if (values.help || revision === undefined) {
    console.log(usage);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  await ensureDependencies(root);
  const before = await checkOut(revision);
  await build(['worker', 'cli'], 'stderr');
  const node = await ensureNewestNode(console.error);
  let slowest = Infinity;
  for (const row of ROWS.filter((name) => name.includes(values.only))) {
    const ratios = [];
    const rates = [];
    for (let pair = 0; pair < Number(values.pairs); pair++) {
      // Who goes first changes, as the second may find the processor warmer, or throttled.
      const order = pair % 2 === 0 ? [before, root] : [root, before];
      /** @type {Record<string, number>} */
      const rate = {};
      for (const folder of order) rate[folder] = await measure(node, folder, row, values);
      rates.push(rate[root] ?? NaN);
      ratios.push((rate[root] ?? NaN) / (rate[before] ?? NaN));
    }
    const ratio = quantile(ratios, 0.5);
    const [low, high] = [quantile(ratios, 0.25), quantile(ratios, 0.75)];
    const tokensPerSecond = quantile(rates, 0.5);
    slowest = Math.min(slowest, ratio);
    console.log(
      values.json
        ? JSON.stringify({ row, pairs: ratios.length, ratio, low, high, tokensPerSecond })
        : `${row.padEnd(24)} ${ratio.toFixed(3)} (half of the pairs: ${low.toFixed(3)} to ${high.toFixed(3)}), ${Math.round(tokensPerSecond).toLocaleString('en')} tokens/s`,
    );
  }
  if (values.within !== undefined && !(slowest >= 1 - Number(values.within))) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
