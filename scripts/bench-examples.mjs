// npm run bench:examples [-- OPTIONS]: training of models of examples, beside PyTorch.
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runForLines } from './bench/lines.mjs';
import { tableAsMarkdown, times, whole } from './bench/tables.mjs';
import { root } from './build/files.mjs';
import { ensureNewestNode } from './node.mjs';
import { ensureDependencies } from './npm.mjs';
import { findTorch } from './python.mjs';
import { build } from './run.mjs';

const usage = `npm run bench:examples [-- OPTIONS]

Training of an LSTM classifier, a bidirectional GRU tagger, an encoder and decoder with dot attention, a GRU with
squared error and a plain network, at H = 128 and 256, beside PyTorch in every way that could be its best. All take
turns, and of each the best turn counts: a machine that is slow for a while is slow for all.

  --turns=N        3
  --seconds=S      length of one measurement, 0.4
  --only=TEXT      only rows that have this in their name, such as tagger or 256

Close other programs first.`;

/** Batches that take turns. */
const BATCHES = 8;

/**
 * Lengths spread evenly, and mixed in the same way each time.
 *
 * @param {number} count
 * @param {number} least
 * @param {number} most
 * @param {number} stride prime to `count`
 */
function lengths(count, least, most, stride) {
  return Array.from({ length: count }, (_, i) => {
    return least + Math.floor((((i * stride) % count) / count) * (most - least + 1));
  });
}

/** @param {string} kind @param {number} hidden */
function rowOf(kind, hidden) {
  const batch = kind === 'plain' ? 256 : 32;
  const count = batch * BATCHES;
  const [least, most] = kind === 'plain' ? [1, 1] : kind === 'translation' ? [10, 30] : [16, 64];
  return {
    ...{ kind, hidden, batch },
    sources: lengths(count, least, most, 101),
    answers: lengths(count, least, most, 59),
  };
}

const ROWS = ['classifier', 'tagger', 'translation', 'series', 'plain'].flatMap((kind) =>
  [128, 256].map((hidden) => rowOf(kind, hidden)),
);

/**
 * @typedef {object} Way
 * @property {string} name
 * @property {string} program
 * @property {string[]} args
 * @property {Record<string, string>} [env]
 */

/** @param {string} node @param {string} rows @param {string} seconds @returns {Way[]} */
function ours(node, rows, seconds) {
  return [1, os.availableParallelism()].map((threads) => ({
    name: `RNN Lab, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    program: node,
    args: ['out/test/bench/examples.js', rows, String(threads), seconds],
  }));
}

/** @param {string} rows @param {string} seconds @returns {Way[]} */
function theirs(rows, seconds) {
  const found = findTorch();
  if ('missing' in found) throw new Error(found.missing);
  const script = path.join(root, 'test/bench/rivals/pytorch_examples.py');
  return ['packed', 'padded'].flatMap((way) =>
    [
      { name: '1 thread', omp: '1', blas: '1', processes: '1' },
      { name: '2 threads', omp: '1', blas: '2', processes: '1' },
      { name: '2 processes', omp: '1', blas: '1', processes: '2' },
    ].map(({ name, omp, blas, processes }) => ({
      name: `PyTorch, ${way}, ${name}`,
      program: found.python,
      args: [script, '--rows', rows, '--way', way, '--processes', processes, '--seconds', seconds],
      env: { OMP_NUM_THREADS: omp, OPENBLAS_NUM_THREADS: blas },
    })),
  );
}

async function main() {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', default: false },
      turns: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '0.4' },
      only: { type: 'string' },
    },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  await ensureDependencies(root);
  await build(['worker', 'bench'], 'stderr');
  const node = await ensureNewestNode(console.error);
  const nameOf = (/** @type {{ kind: string, hidden: number }} */ row) =>
    `${row.kind} ${row.hidden}`;
  const rows = ROWS.filter((row) => nameOf(row).includes(values.only ?? ''));
  const ways = [
    ours,
    (/** @type {string} */ _, /** @type {[string, string]} */ ...more) => theirs(...more),
  ].flatMap((waysOf) => waysOf(node, JSON.stringify(rows), values.seconds));
  /** @type {Map<string, number>} */
  const best = new Map();
  for (let turn = 0; turn < Number(values.turns); turn++) {
    for (const { name, program, args, env } of ways) {
      await runForLines(
        program,
        args,
        (line) => {
          if (line.kind === undefined) return;
          const key = `${nameOf(line)}, ${name}`;
          best.set(key, Math.max(best.get(key) ?? 0, line.tokensPerSecond));
        },
        env ?? {},
      );
      console.error(`turn ${turn + 1}: ${name}`);
    }
  }
  const of = (/** @type {object} */ row, /** @type {string} */ name) =>
    best.get(`${nameOf(/** @type {any} */ (row))}, ${name}`);
  const bestOf = (/** @type {object} */ row, /** @type {string} */ whose) =>
    Math.max(
      ...ways.filter(({ name }) => name.startsWith(whose)).map(({ name }) => of(row, name) ?? 0),
    );
  const table = {
    title: 'Training of models of examples, tokens/s',
    head: ['model, H', ...ways.map(({ name }) => name), 'ratio'],
    rows: rows.map((row) => [
      nameOf(row),
      ...ways.map(({ name }) => {
        const rate = of(row, name);
        return rate === undefined ? '–' : whole(rate);
      }),
      times(bestOf(row, 'RNN Lab') / bestOf(row, 'PyTorch')),
    ]),
  };
  console.log(tableAsMarkdown(table));
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
