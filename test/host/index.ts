import fs from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';

/** Runs every compiled test beside this module; VS Code calls it in its extension host. */
export async function run(): Promise<void> {
  process.setSourceMapsEnabled(true);
  const root = path.resolve(__dirname, '../../..');
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: 120_000,
    forbidOnly: true,
    forbidPending: true,
    color: false,
    reporter: path.join(root, 'scripts/stages/reporter.cjs'),
  });
  for (const name of testFiles(path.join(root, 'test/host'))) {
    mocha.addFile(path.join(__dirname, name.replace(/\.ts$/, '.js')));
  }
  const failures = await new Promise<number>((resolve) => {
    mocha.run(resolve);
  });
  if (failures > 0) {
    throw new Error(`${String(failures)} of the host tests failed.`);
  }
}

/** The sources say which tests there are, not what an earlier build has left. */
function testFiles(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .sort();
}
