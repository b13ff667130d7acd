// npm test [-- STAGE …]: installs, builds and tests; the last line counts what passed and failed.
import fs from 'node:fs';
import { root } from './build/files.mjs';
import { ensureDependencies } from './npm.mjs';
import { build } from './run.mjs';

/** @type {Record<string, () => Promise<import('./stages/results.mjs').Counts>>} */
const STAGES = {
  checks: async () => (await import('./stages/checks.mjs')).runChecks(),
  unit: async () => (await import('./stages/mocha.mjs')).runMocha('unit'),
  newest: async () => (await import('./stages/mocha.mjs')).runNewest(),
  host: async () => (await import('./stages/host.mjs')).runHost(),
  ui: async () => (await import('./stages/mocha.mjs')).runMocha('ui'),
};

/** @type {(import('./stages/results.mjs').Counts & { name: string, seconds: number })[]} */
const rows = [];

/**
 * Runs a part of the work and notes how long it took. One that throws has failed once.
 *
 * @param {string} name
 * @param {() => Promise<import('./stages/results.mjs').Counts>} work
 */
async function stage(name, work) {
  console.log(`\n${name}`);
  const started = performance.now();
  /** @type {import('./stages/results.mjs').Counts} */
  let counts = { passed: 0, failed: 1 };
  try {
    counts = await work();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    console.error(message);
    counts.failing = [message];
  }
  rows.push({ name, seconds: (performance.now() - started) / 1000, ...counts });
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
      await build();
      return { passed: 0, failed: 0 };
    }));
  if (prepared) {
    for (const name of chosen.length > 0 ? chosen : Object.keys(STAGES)) {
      await stage(name, /** @type {() => Promise<any>} */ (STAGES[name]));
    }
  }
  summarise();
}

function summarise() {
  // Once more, where the end of a long log is read.
  for (const { name, failing } of rows) {
    for (const text of failing ?? []) console.log(`\nFailed in ${name}: ${text}`);
  }
  for (const { name, unsteady } of rows) {
    for (const text of unsteady ?? [])
      console.log(`\nPassed only at the second try, in ${name}: ${text}`);
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
