// What each of the programs that are compared makes of the rows.
import os from 'node:os';
import path from 'node:path';
import { root } from '../build/files.mjs';
import { ensureCached } from '../cache.mjs';
import { findTorch } from '../python.mjs';
import { runForLines } from './lines.mjs';

/** For this benchmark alone, and 300 MB: nothing that every clone should install. */
const TENSORFLOW = {
  name: 'tensorflow',
  packages: ['@tensorflow/tfjs@4.22.0', '@tensorflow/tfjs-backend-wasm@4.22.0'],
  told: 'TensorFlow.js from npm (once, about 300 MB)',
};

/** A step of TensorFlow.js that would take longer than this is not waited for, s. */
const LONGEST_STEP = 60;

/**
 * @typedef {object} Rates
 * @property {number} median
 * @property {number} min
 * @property {number} max
 *
 * @typedef {object} Row
 * @property {string} cell
 * @property {number} hidden
 * @property {number} batch
 * @property {number} sequence
 * @property {number} vocabulary
 *
 * @typedef {Row & { program: string, variant: string, tokensPerSecond?: Rates, missing?: string }} Measured
 *
 * @typedef {object} Options
 * @property {string} seconds
 * @property {string} repetitions
 * @property {string | undefined} only
 *
 * @typedef {object} Rival what became of a program
 * @property {string} program
 * @property {string} [version]
 * @property {string} [missing] why nothing of it could be measured
 * @property {number} [peakBytes] the most memory that a process of it had
 * @property {Measured[]} rows
 */

/**
 * RNN Lab on all its threads and on one.
 *
 * @param {string} node
 * @param {Options} options
 * @param {(line: any) => void} onLine
 * @returns {Promise<any[]>} the lines of `rnn-lab bench --json`; training rows with all threads, then with one
 */
export async function measureOurs(node, options, onLine) {
  const common = ['dist/cli.js', 'bench', '--json'];
  const flags = ['--seconds', options.seconds, '--repetitions', options.repetitions];
  /** @type {any[]} */
  const lines = [];
  const take = (/** @type {any} */ line) => {
    if (line.event === 'done' && line.training + line.kernels + line.sampling === 0) return;
    lines.push(line);
    onLine({ program: 'RNN Lab', ...line });
  };
  const only = options.only === undefined ? [] : ['--only', options.only];
  await runForLines(node, [...common, ...flags, ...only], take);
  const threads = lines.find(({ event }) => event === 'machine').threads;
  const training = lines.filter(({ event }) => event === 'training');
  if (threads > 1) {
    for (const row of training.filter((line) => line.threads > 1)) {
      const name = `${row.cell} ${row.hidden}×${row.batch}×${row.sequence} V=${row.vocabulary}`;
      await runForLines(node, [...common, ...flags, '--threads', '1', '--only', name], (line) => {
        if (line.event === 'training') take(line);
      });
    }
  }
  return lines;
}

/**
 * PyTorch in every way that could be its best.
 *
 * @param {Row[]} rows
 * @param {Options} options
 * @param {(line: Measured) => void} onRow
 * @returns {Promise<Rival>}
 */
export async function measurePyTorch(rows, options, onRow) {
  const program = 'PyTorch';
  /** @type {Rival} */
  const rival = { program, rows: [] };
  const found = findTorch();
  if ('missing' in found) {
    return { ...rival, missing: found.missing };
  }
  try {
    for (const { variant, omp, blas, flags, fits } of waysOfPyTorch(os.availableParallelism())) {
      const chosen = rows.filter(fits);
      if (chosen.length === 0) continue;
      const limits = ['--seconds', options.seconds, '--repetitions', options.repetitions];
      const script = path.join(root, 'test/bench/rivals/pytorch.py');
      await runForLines(
        found.python,
        [script, '--rows', JSON.stringify(chosen), ...flags, ...limits],
        (line) => {
          if (line.torch !== undefined) {
            rival.version = `PyTorch ${line.torch} on Python ${line.python}, ${line.blas ?? 'no OpenBLAS'}`;
          } else if (line.cell !== undefined) {
            const measured = { program, variant, ...line };
            rival.rows.push(measured);
            onRow(measured);
          } else {
            notePeak(rival, line);
          }
        },
        { OMP_NUM_THREADS: `${omp}`, OPENBLAS_NUM_THREADS: `${blas}` },
      );
    }
  } catch (error) {
    rival.missing = error instanceof Error ? error.message : String(error);
  }
  return rival;
}

/**
 * @param {Rival} rival
 * @param {any} line
 */
function notePeak(rival, { peakResidentBytes = 0 }) {
  rival.peakBytes = Math.max(rival.peakBytes ?? 0, peakResidentBytes);
}

/** @param {number} cores */
function waysOfPyTorch(cores) {
  const alone = /** @type {string[]} */ ([]);
  const one = { omp: 1, blas: 1, name: '1 thread', more: alone };
  // Threads of OpenMP and of OpenBLAS at once wait for one another on the same cores.
  const two = { omp: 1, blas: 2, name: '2 threads', more: alone };
  const halves = { omp: 1, blas: 1, name: '2 processes', more: ['--processes', '2'] };
  return ['one-hot', 'embedding'].flatMap((input) =>
    (cores > 1 ? [one, two, halves] : [one]).map(({ omp, blas, name, more }) => ({
      variant: `${input}, ${name}`,
      omp,
      blas,
      flags: ['--input', input, ...more],
      // Data parallelism needs a row for each process.
      fits: (/** @type {Row} */ { batch }) => more.length === 0 || batch >= 2,
    })),
  );
}

/**
 * TensorFlow.js with its WebAssembly backend, which has one thread in Node.
 *
 * @param {string} node
 * @param {Row[]} rows
 * @param {Options} options
 * @param {(line: Measured) => void} onRow
 * @param {(message: string) => void} log
 * @returns {Promise<Rival>}
 */
export async function measureTensorFlow(node, rows, options, onRow, log) {
  const program = 'TensorFlow.js';
  const variant = 'wasm';
  /** @type {Rival} */
  const rival = { program, rows: [] };
  try {
    const folder = await ensureCached(TENSORFLOW, log);
    const limits = [options.seconds, options.repetitions, `${LONGEST_STEP}`];
    const script = path.join(root, 'test/bench/rivals/tfjs.mjs');
    await runForLines(node, [script, folder, JSON.stringify(rows), ...limits], (line) => {
      if (line.version !== undefined) {
        rival.version = `TensorFlow.js ${line.version} (wasm, SIMD, 1 thread) on Node ${line.node}`;
      } else if (line.cell !== undefined) {
        const measured = { program, variant, ...line };
        rival.rows.push(measured);
        onRow(measured);
      } else {
        notePeak(rival, line);
      }
    });
  } catch (error) {
    rival.missing = error instanceof Error ? error.message : String(error);
  }
  return rival;
}
