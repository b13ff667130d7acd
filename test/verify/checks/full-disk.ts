/** A disk that is really full: a small file system of its own. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { decodeCheckpoint } from '../../../src/core/training/checkpoint';
import { checkpointFileName } from '../../../src/core/training/run';
import { jsonLines, rnnLab, sampleText, temporaryFolder } from '../../unit/cli/tools';
import { NotRun, type Check, type Finding } from '../check';

const diskBytes = 8 * 2 ** 20;
/** What there is beside room for two checkpoints, the old and the new; without that there is never a second. */
const rooms = [60_000, 40_000, 20_000, -20_000];
const model = ['--cell', 'gru', '--hidden', '64', '--batch', '4', '--sequence', '8'];

export const fullDisk: Check = {
  name: 'full-disk',
  title: 'A full disk',
  source: 'a tmpfs of 8 MB; needs root on Linux',
  async *run() {
    const folder = temporaryFolder();
    const disk = path.join(folder, 'disk');
    fs.mkdirSync(disk);
    const options = ['-t', 'tmpfs', '-o', `size=${String(diskBytes)}`, 'tmpfs', disk];
    if (spawnSync('mount', options).status !== 0) {
      fs.rmSync(folder, { recursive: true });
      throw new NotRun('it needs root on Linux, to mount a small file system');
    }
    try {
      const text = path.join(folder, 'text.txt');
      fs.writeFileSync(text, sampleText.repeat(10));
      const checkpoint = await checkpointBytes(path.join(folder, 'first'), text);
      for (const room of rooms) yield* trainOn(disk, text, 2 * checkpoint + room);
    } finally {
      spawnSync('umount', [disk]);
      fs.rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function checkpointBytes(run: string, text: string): Promise<number> {
  await rnnLab(['train', text, ...model, '--threads', '1', '--steps', '20', '--out', run]);
  return fs.statSync(path.join(run, checkpointFileName('last'))).size;
}

async function* trainOn(disk: string, text: string, room: number): AsyncGenerator<Finding> {
  const run = path.join(disk, 'run');
  const ballast = path.join(disk, 'ballast');
  fs.writeFileSync(ballast, new Uint8Array(diskBytes - room));
  // Rows of metrics go on to fill what is left; the steps are but a bound.
  const often = ['--threads', '1', '--checkpoint-every', '0.05', '--steps', '200000'];
  const { code, stdout } = await rnnLab([
    'train',
    text,
    ...model,
    ...often,
    '--out',
    run,
    '--json',
  ]);
  const last = jsonLines(stdout).at(-1) as { message?: string; hint?: string };
  const name = `${(room / 1000).toFixed(0)} kB of room`;
  yield {
    what: `${name}: training ends with a message`,
    expected: 'exit code 1, “the disk is full”',
    got: `exit code ${String(code)}, “${last.message?.replace(disk, '') ?? ''}”`,
    passed: code === 1 && (last.message ?? '').includes('the disk is full'),
  };
  const file = path.join(run, checkpointFileName('last'));
  const { step } = decodeCheckpoint(fs.readFileSync(file), file).training;
  yield {
    what: `${name}: the checkpoint before it is there`,
    expected: 'the one that the message names',
    got: `after step ${String(step)}`,
    passed: (last.hint ?? '').includes(` step ${String(step)} `),
  };
  fs.rmSync(ballast);
  const again = await rnnLab(['reproduce', run]);
  yield {
    what: `${name}: the run trained again`,
    expected: 'identical',
    got: again.stdout.trim(),
    passed: again.code === 0,
  };
  fs.rmSync(run, { recursive: true });
}
