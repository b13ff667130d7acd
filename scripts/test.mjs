// npm test [-- STAGE …]: installs, builds and tests; the last line counts what passed and failed.
import fs from 'node:fs';
import { root } from './build/files.mjs';
import { ensureDependencies } from './npm.mjs';
import { build } from './run.mjs';
import { createTranscript } from './stages/transcript.mjs';

/** @typedef {import('./stages/results.mjs').Counts} Counts */

/** @type {Record<string, (print: (text: string) => void) => Promise<Counts>>} */
const STAGES = {
  checks: async (print) => (await import('./stages/checks.mjs')).runChecks(print),
  unit: async (print) => (await import('./stages/mocha.mjs')).runMocha('unit', print),
  newest: async (print) => (await import('./stages/mocha.mjs')).runNewest(print),
  host: async (print) => (await import('./stages/host.mjs')).runHost(print),
  panel: async (print) => (await import('./stages/mocha.mjs')).runMocha('panel', print),
  ui: async (print) => (await import('./stages/mocha.mjs')).runMocha('ui', print),
};

/**
 * Which stages run after one another; the lanes run side by side. What drives a VS Code waits for it half of the
 * time, and what only sums fills that half.
 */
const LANES = [['ui'], ['host', 'panel'], ['checks', 'unit', 'newest']];

/** @type {(Counts & { name: string, seconds: number })[]} */
const rows = [];

const transcript = createTranscript((text) => process.stdout.write(text));

/**
 * Runs a part of the work and notes how long it took. One that throws has failed once.
 *
 * @param {string} name
 * @param {(print: (text: string) => void) => Promise<Counts>} work
 */
async function stage(name, work) {
  const { print, end } = transcript();
  print(`\n${name}\n`);
  const started = performance.now();
  /** @type {Counts} */
  let counts = { passed: 0, failed: 1 };
  try {
    counts = await work(print);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    print(`${message}\n`);
    counts.failing = [message];
  }
  rows.push({ name, seconds: (performance.now() - started) / 1000, ...counts });
  end();
  return counts.failed === 0;
}

/** @returns {Promise<void>} */
async function main() {
  const chosen = process.argv.slice(2);
  const unknown = chosen.filter((name) => !(name in STAGES));
  if (unknown.length > 0) {
    console.error(
      `No stage is called ${unknown.join(', ')}. Use: npm test -- ${Object.keys(STAGES).join(' ')}`,
    );
    process.exitCode = 2;
    return;
  }
  const prepared =
    (await stage('install', async () => {
      await ensureDependencies(root);
      return { passed: 0, failed: 0 };
    })) &&
    (await stage('build', async () => {
      fs.rmSync(new URL('../out/failures', import.meta.url), { recursive: true, force: true });
      fs.rmSync(new URL('../out/test', import.meta.url), { recursive: true, force: true });
      await build();
      return { passed: 0, failed: 0 };
    }));
  if (prepared) {
    const lanes = LANES.map((names) =>
      names.filter((name) => chosen.length === 0 || chosen.includes(name)),
    );
    await Promise.all(lanes.map(runLane));
  }
  summarise();
}

/** @param {readonly string[]} names */
async function runLane(names) {
  for (const name of names) {
    await stage(name, /** @type {NonNullable<typeof STAGES[string]>} */ (STAGES[name]));
  }
}

function summarise() {
  // Once more, where the end of a long log is read.
  for (const { name, failing } of rows) {
    for (const text of failing ?? []) console.log(`\nFailed in ${name}: ${text}`);
  }
  console.log('');
  let passed = 0;
  let failed = 0;
  for (const row of rows) {
    const counted = row.passed + row.failed > 0 ? `${row.passed} passed, ${row.failed} failed` : '';
    console.log(`${row.name.padEnd(8)} ${row.seconds.toFixed(1).padStart(7)} s  ${counted}`);
    passed += row.passed;
    failed += row.failed;
  }
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

await main();
