/** Every lesson of the course, run as a reader runs it: what it claims must hold, within ten minutes. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Check } from '../check';

/** Of one lesson, on two quiet cores; s. */
const longest = 600;

export const course: Check = {
  name: 'course',
  title: 'The lessons of the course, each within ten minutes',
  source: 'media/course, whose expect lines say what is claimed',
  *run() {
    // Runs are kept beside a notebook: not in the clone.
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-course-'));
    try {
      const whole = { recursive: true, filter: (file: string) => !file.endsWith('.runs') };
      for (const name of ['course', 'samples']) {
        fs.cpSync(path.resolve('media', name), path.join(folder, name), whole);
      }
      // In Chinese the blocks are the same.
      const lessons = fs
        .readdirSync(path.join(folder, 'course'))
        .filter((file) => file.endsWith('.rnnlab.md') && !file.endsWith('.zh-cn.rnnlab.md'))
        .toSorted();
      for (const lesson of lessons) {
        const file = path.join(folder, 'course', lesson);
        const began = performance.now();
        const { status, stdout } = spawnSync(
          process.execPath,
          [path.resolve('dist/cli.js'), 'notebook', file],
          { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
        );
        const seconds = (performance.now() - began) / 1000;
        const held = stdout.match(/^✔ /gm)?.length ?? 0;
        const failed = stdout.match(/^✘ .+$/gm) ?? [];
        yield {
          what: lesson,
          expected: `all conditions, ≤ ${String(longest)} s`,
          got: [`${String(held)} hold, ${seconds.toFixed(0)} s`, ...failed].join('; '),
          passed: status === 0 && failed.length === 0 && seconds <= longest,
        };
      }
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  },
};
