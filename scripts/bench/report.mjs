// The tables of `npm run bench`, from what was measured.
import os from 'node:os';
import { percent, tableAsMarkdown, tableAsText, times, whole } from './tables.mjs';

/**
 * @typedef {import('./measure.mjs').Row} Row
 * @typedef {import('./measure.mjs').Rival} Rival
 * @typedef {import('./measure.mjs').Measured} Measured
 * @typedef {import('./tables.mjs').Table} Table
 *
 * @typedef {object} Results
 * @property {any[]} ours lines of `rnn-lab bench --json`
 * @property {string} node version of Node that ran RNN Lab
 * @property {Rival[]} rivals
 * @property {number} load of the machine in the minute before
 */

const NONE = '–';

/** @param {Row} row */
const sizeOf = ({ hidden, batch, sequence }) => [hidden, batch, sequence].join('×');
/** @param {Row} row */
export const keyOf = (row) => `${row.cell} ${sizeOf(row)} ${row.vocabulary}`;

/**
 * @param {any[]} lines
 * @param {string} event
 * @returns {any[]}
 */
const of = (lines, event) => lines.filter((line) => line.event === event);

/** The rows of training, each with all threads. @param {any[]} lines @returns {any[]} */
export function trainingRows(lines) {
  const all = of(lines, 'training');
  return all
    .filter((row, i) => all.findIndex((other) => keyOf(other) === keyOf(row)) === i)
    .map((row) => {
      const alone = all.find((other) => keyOf(other) === keyOf(row) && other.threads === 1);
      return { ...row, alone };
    });
}

/** @param {Rival} rival @param {Row} row @returns {Measured | undefined} */
function bestOf(rival, row) {
  return rival.rows
    .filter((other) => keyOf(other) === keyOf(row) && other.tokensPerSecond !== undefined)
    .sort((a, b) => (b.tokensPerSecond?.median ?? 0) - (a.tokensPerSecond?.median ?? 0))[0];
}

/** @param {Results} results @returns {Table} */
function trainingTable({ ours, rivals }) {
  const rows = trainingRows(ours).map((row) => {
    const rate = row.tokensPerSecond.median;
    const alone = row.alone?.tokensPerSecond.median;
    const comparison = rivals.flatMap((rival) => {
      const best = bestOf(rival, row);
      if (best?.tokensPerSecond === undefined) return [NONE, NONE];
      const { median } = best.tokensPerSecond;
      return [whole(median), times(rate / median)];
    });
    return [
      `${row.cell} ${sizeOf(row)}`,
      `${row.vocabulary}`,
      alone === undefined ? NONE : whole(alone),
      whole(rate),
      `${row.threads}`,
      row.threads > 1 && alone !== undefined ? times(rate / alone) : NONE,
      percent(row.gflops / row.peakGflops),
      `${whole(row.bytes / 1e6)} MB`,
      ...comparison,
    ];
  });
  const columns = ['1 thread', 'all', 'threads', 'gain', 'of peak', 'memory'];
  return {
    title: 'Training, tokens/s: whole steps (forward, loss, backward, clip 5, Adam)',
    head: ['H×B×T', 'V', ...columns, ...rivals.flatMap(({ program }) => [program, 'ratio'])],
    rows,
    note: notes(rivals).join(' '),
  };
}

/** @param {Rival[]} rivals */
function notes(rivals) {
  return [
    'Of the peak: multiply-adds of the step’s matrix products over what a register-only loop reaches on these threads.',
    ...rivals.map(({ program, missing, rows }) => {
      if (missing !== undefined && rows.length === 0)
        return `${program} was not measured: ${missing}.`;
      if (missing !== undefined) return `${program} was not measured to the end: ${missing}.`;
      const skipped = rows.filter((row) => row.missing !== undefined);
      const said = skipped.map((row) => `${keyOf(row)} (${row.missing})`).join(', ');
      const ways = new Set(rows.map(({ variant }) => variant)).size;
      const what = ways > 1 ? `the best of ${ways} ways to run it` : 'the one way it runs in Node';
      return `${program}: ${what}${said === '' ? '' : `; not measured: ${said}`}.`;
    }),
  ];
}

/** @param {Results} results @param {Rival} rival @returns {Table} */
function variantsTable({ ours }, rival) {
  const variants = [...new Set(rival.rows.map(({ variant }) => variant))];
  const rows = trainingRows(ours).map((row) => {
    const rates = variants.map((variant) => {
      const found = rival.rows.find(
        (other) => keyOf(other) === keyOf(row) && other.variant === variant,
      );
      return found?.tokensPerSecond === undefined ? NONE : whole(found.tokensPerSecond.median);
    });
    return [`${row.cell} ${sizeOf(row)}`, `${row.vocabulary}`, ...rates];
  });
  return {
    title: `${rival.program} in every way, tokens/s`,
    head: ['H×B×T', 'V', ...variants],
    rows,
  };
}

/** @param {Results} results @returns {Table} */
function kernelTable({ ours }) {
  const rows = of(ours, 'kernel').map(({ kernel, m, k, n, threads, gflops, peakGflops }) => [
    kernel,
    [m, k, n].join('×'),
    `${threads}`,
    gflops.toFixed(1),
    percent(gflops / peakGflops),
  ]);
  return { title: 'Kernels', head: ['kernel', 'M×K×N', 'threads', 'GFLOP/s', 'of peak'], rows };
}

/** @param {Results} results @returns {Table} */
function samplingTable({ ours }) {
  const rows = of(ours, 'sampling').map((row) => [
    `${row.cell} ${row.hidden}`,
    `${row.vocabulary}`,
    whole(row.tokensPerSecond.median),
  ]);
  return { title: 'Sampling one text', head: ['H', 'V', 'tokens/s'], rows };
}

/** @param {number} load @param {number} cores */
function loadNote(load, cores) {
  const busy = load > cores / 4 ? ': other programs were running, and all figures are too low' : '';
  return `load of the machine before ${load.toFixed(1)}${busy}`;
}

/** @param {Results} results @returns {string[]} where and with what it was measured */
function circumstances({ ours, node, rivals, load }) {
  const machine = of(ours, 'machine')[0];
  const done = of(ours, 'done')[0];
  const cores = os.cpus();
  const peaks = `${machine.peakGflops.toFixed(1)} GFLOP/s on one thread, ${machine.commonPeakGflops.toFixed(1)} on ${machine.threads}`;
  return [
    `${cores[0]?.model ?? 'unknown processor'}, ${cores.length} cores, ${whole(os.totalmem() / 1e9)} GB, ${os.type()} ${os.release()}`,
    `RNN Lab on Node ${node}, ${machine.backend} SIMD of ${machine.vectorBits} bits; peak ${peaks}; most memory ${whole(done.peakResidentBytes / 1e6)} MB`,
    ...rivals.map(({ program, version, missing, peakBytes }) =>
      version === undefined
        ? `${program}: ${missing ?? 'no rows'}`
        : `${version}; most memory ${whole((peakBytes ?? 0) / 1e6)} MB`,
    ),
    `${new Date().toISOString().slice(0, 10)}, ${loadNote(load, cores.length)}`,
  ];
}

/** @param {Results} results @returns {Table[]} */
function tablesOf(results) {
  const compared = results.rivals.filter(
    ({ rows }) => new Set(rows.map((row) => row.variant)).size > 1,
  );
  const tables = [
    trainingTable(results),
    ...compared.map((rival) => variantsTable(results, rival)),
    kernelTable(results),
    samplingTable(results),
  ];
  return tables.filter(({ rows }) => rows.length > 0);
}

/** @param {Results} results */
export function reportAsText(results) {
  return [circumstances(results).join('\n'), ...tablesOf(results).map(tableAsText)].join('\n\n');
}

/** @param {Results} results @param {string} command what makes the same table */
export function reportAsMarkdown(results, command) {
  const lines = [...circumstances(results), `\`${command}\``].map((line) => `- ${line}`);
  return `${[lines.join('\n'), ...tablesOf(results).map(tableAsMarkdown)].join('\n\n')}\n`;
}
