/** A million steps of a tiny model, as a training of many hours has them. */
import fs from 'node:fs';
import path from 'node:path';
import { runFileNames } from '../../../src/core/training/run';
import { jsonLines, sampleText, start, temporaryFolder } from '../../unit/cli/tools';
import type { Check } from '../check';

const steps = 1_000_000;
/** By so much the process may grow from a tenth of the steps to the end, MB. */
const mostGrowth = 32;
/** What the folder's text files may have, MB. */
const mostText = 40;

export const endurance: Check = {
  name: 'endurance',
  title: 'A million steps',
  source: 'resident memory as Linux tells it, at a tenth of the steps and at the end',
  async *run() {
    const folder = temporaryFolder();
    const text = path.join(folder, 'text.txt');
    const run = path.join(folder, 'run');
    fs.writeFileSync(text, sampleText);
    const resident: { share: number; megabytes: number }[] = [];
    try {
      const model = ['--hidden', '4', '--batch', '1', '--sequence', '4', '--threads', '1'];
      const limit = ['--steps', String(steps), '--checkpoint-every', '10'];
      const { ended } = start(['train', text, ...model, ...limit, '--out', run, '--json'], {
        onLine: (line, { pid }) => {
          const found = /^\{"event":"step","step":(\d+)/.exec(line);
          if (found === null || pid === undefined) return;
          const megabytes = residentMegabytes(pid);
          if (megabytes !== undefined) {
            resident.push({ share: Number(found[1]) / steps, megabytes });
          }
        },
      });
      const { code, stdout, stderr } = await ended;
      const last = jsonLines(stdout).at(-1) as { event: string; step?: number };
      yield {
        what: 'steps',
        expected: String(steps),
        got: String(last.step ?? stderr),
        passed: code === 0 && last.step === steps,
      };
      const early = resident.find(({ share }) => share >= 0.1)?.megabytes ?? NaN;
      const late = Math.max(
        ...resident.filter(({ share }) => share >= 0.9).map((r) => r.megabytes),
      );
      yield {
        what: 'resident memory at 10 % and the most of the last tenth, MB',
        expected: `grows by ≤ ${String(mostGrowth)}`,
        got: `${early.toFixed(0)} and ${late.toFixed(0)}`,
        passed: late - early <= mostGrowth,
      };
      const names = [runFileNames.metrics, runFileNames.observations, runFileNames.samples];
      const sizes = names.map((name) => fs.statSync(path.join(run, name)).size / 1e6);
      yield {
        what: `${names.join(', ')}, MB`,
        expected: `together ≤ ${String(mostText)}`,
        got: sizes.map((size) => size.toFixed(2)).join(', '),
        passed: sizes.reduce((a, b) => a + b) <= mostText,
      };
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** undefined: this system does not tell. */
function residentMegabytes(pid: number): number | undefined {
  try {
    const status = fs.readFileSync(`/proc/${String(pid)}/status`, 'utf8');
    return Number(/^VmRSS:\s*(\d+) kB/m.exec(status)?.[1]) / 1000;
  } catch {
    return undefined;
  }
}
