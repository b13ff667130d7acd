import fs from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';

/** Runs every compiled test beside this module; VS Code calls it in its extension host. */
export async function run(): Promise<void> {
  process.setSourceMapsEnabled(true);
  try {
    const failures = await runMocha();
    if (failures > 0) {
      throw new Error(`${failures} of the host tests failed.`);
    }
  } catch (error) {
    reportBreakdown(error);
    throw error;
  }
}

/** @returns the number of tests that failed */
function runMocha(): Promise<number> {
  const root = path.resolve(__dirname, '../../..');
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: 300_000,
    forbidOnly: true,
    forbidPending: true,
    color: false,
    reporter: path.join(root, 'scripts/stages/reporter.cjs'),
  });
  for (const name of testFiles(path.join(root, 'test/host'))) {
    mocha.addFile(path.join(__dirname, name.replace(/\.ts$/, '.js')));
  }
  return new Promise((resolve) => {
    mocha.run(resolve);
  });
}

/** The sources say which tests there are, not what an earlier build has left. */
function testFiles(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .sort();
}

/** A test file that cannot even be loaded ends mocha before its reporter says so; nobody should wait for it. */
function reportBreakdown(error: unknown): void {
  const { RNN_LAB_TEST_RESULTS: results, RNN_LAB_TEST_LOG: log } = process.env;
  if (results !== undefined && !fs.existsSync(results)) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    if (log !== undefined) {
      fs.appendFileSync(log, `${text}\n`);
    }
    fs.writeFileSync(results, JSON.stringify({ passed: 0, failed: 1 }));
  }
}
