/** Measures how long data of uncommon size takes to its first step, and the memory that it takes. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

const HELP = `node scripts/bench-data.mjs [NAME…]

Trains for two steps on data that is made for it, with the built command line (npm run build), and tells the time to the
first step and the most memory of the process. Names: csv, columns, folder; all, if none is given.
`;

/** A line of a table of so many columns. */
const numbers = (/** @type {number} */ row, /** @type {number} */ columns) =>
  Array.from({ length: columns }, (_, i) => ((row * 7919 + i * 104729) % 1000) / 10).join();

/** Each writes its data under a path, and says what it is. */
const data = {
  csv: {
    title: 'a CSV of 100 MB, sentences with labels',
    /** @param {string} folder */
    make(folder) {
      const file = fs.openSync(path.join(folder, 'large.csv'), 'w');
      fs.writeSync(file, 'text,label\n');
      let row = 0;
      for (let bytes = 0; bytes < 100 * 2 ** 20;) {
        const lines = Array.from({ length: 10_000 }, () => {
          row++;
          const word = row % 2 === 0 ? 'good' : 'bad';
          return `"the ${word} film, number ${row}, which somebody has seen on a day of rain",${word}\n`;
        });
        bytes += fs.writeSync(file, lines.join(''));
      }
      fs.closeSync(file);
      return path.join(folder, 'large.csv');
    },
  },
  columns: {
    title: 'a CSV of 1,000 columns and 5,000 rows',
    /** @param {string} folder */
    make(folder) {
      const names = Array.from({ length: 999 }, (_, i) => `c${i}`);
      const rows = Array.from(
        { length: 5000 },
        (_, row) => `${numbers(row, 999)},${'abc'[row % 3]}`,
      );
      const file = path.join(folder, 'wide.csv');
      fs.writeFileSync(file, `${[...names, 'label'].join()}\n${rows.join('\n')}\n`);
      return file;
    },
  },
  folder: {
    title: 'a folder of 10,000 text files',
    /** @param {string} folder */
    make(folder) {
      const all = path.join(folder, 'texts');
      for (let i = 0; i < 10_000; i++) {
        const inside = path.join(all, String(i % 100));
        if (i < 100) fs.mkdirSync(inside, { recursive: true });
        const text = `document ${i} has its own words, and they go on for a while.\n`;
        fs.writeFileSync(path.join(inside, `${i}.md`), text.repeat(10));
      }
      return all;
    },
  },
};

/**
 * @param {string} file
 * @returns {Promise<{ seconds: number, megabytes: number }>}
 */
function measure(file) {
  const cli = path.resolve(import.meta.dirname, '../dist/cli.js');
  const run = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-bench-run-'));
  const args = [cli, 'train', file, '--steps', '2', '--json', '--out', path.join(run, 'run')];
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let seconds = NaN;
    let bytes = 0;
    // Linux tells the most that a process has had; elsewhere the figure is missing.
    const watch = setInterval(() => {
      try {
        const status = fs.readFileSync(`/proc/${child.pid}/status`, 'utf8');
        bytes = Math.max(bytes, 1024 * Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0));
      } catch {
        bytes ||= NaN;
      }
    }, 20);
    child.stdout.setEncoding('utf8').on('data', (text) => {
      if (Number.isNaN(seconds) && text.includes('"event":"step"'))
        seconds = (performance.now() - start) / 1000;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(watch);
      fs.rmSync(run, { recursive: true, force: true });
      if (code === 0) resolve({ seconds, megabytes: bytes / 2 ** 20 });
      else reject(new Error(`rnn-lab ended with ${code}`));
    });
  });
}

const { values, positionals } = parseArgs({
  options: { help: { type: 'boolean' } },
  allowPositionals: true,
});
if (values.help) {
  process.stdout.write(HELP);
} else {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-bench-data-'));
  try {
    for (const [name, { title, make }] of Object.entries(data)) {
      if (positionals.length > 0 && !positionals.includes(name)) continue;
      const { seconds, megabytes } = await measure(make(folder));
      console.log(`${title}: first step after ${seconds.toFixed(1)} s, ${megabytes.toFixed(0)} MB`);
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
