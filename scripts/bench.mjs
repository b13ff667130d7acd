// npm run bench [-- --json --markdown=FILE --only=TEXT --rivals=none]: how fast RNN Lab is on this machine, beside others.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { measureOurs, measurePyTorch, measureTensorFlow } from './bench/measure.mjs';
import { reportAsMarkdown, reportAsText, trainingRows } from './bench/report.mjs';
import { ensureNewestNode } from './node.mjs';
import { root } from './build/files.mjs';
import { ensureDependencies } from './npm.mjs';
import { build } from './run.mjs';

const RIVALS = ['pytorch', 'tensorflow'];

const usage = `npm run bench [-- OPTIONS]

  --json                  JSON Lines on standard output, as they come
  --markdown=FILE         writes the tables to a file as well
  --only=TEXT             only rows that have this in their name: lstm, 512x64x64, product
  --rivals=LIST           ${RIVALS.join(',')} or none; both unless said otherwise
  --seconds=S             length of one measurement, 0.5
  --repetitions=N         measurements of a row, of which the median counts, 5

It takes some 15 minutes. Close other programs first.`;

/** @returns {{ json: boolean, markdown: string | undefined, rivals: string[], limits: import('./bench/measure.mjs').Options } | undefined} */
function readOptions() {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      markdown: { type: 'string' },
      only: { type: 'string' },
      rivals: { type: 'string', default: RIVALS.join(',') },
      seconds: { type: 'string', default: '0.5' },
      repetitions: { type: 'string', default: '5' },
    },
  });
  if (values.help) {
    console.log(usage);
    return undefined;
  }
  const rivals = values.rivals === 'none' ? [] : values.rivals.split(',');
  const unknown = rivals.filter((name) => !RIVALS.includes(name));
  if (unknown.length > 0) {
    throw new Error(`There is no rival ${unknown.join(', ')}; use ${RIVALS.join(',')} or none.`);
  }
  const { seconds, repetitions, only } = values;
  return {
    json: values.json,
    markdown: values.markdown,
    rivals,
    limits: { seconds, repetitions, only },
  };
}

async function main() {
  const options = readOptions();
  if (options === undefined) return;
  const load = os.loadavg()[0] ?? 0;
  // Standard output is for JSON Lines alone, and the build speaks there.
  const log = options.json ? console.error : console.log;
  const show = (/** @type {object} */ line) => {
    if (options.json) console.log(JSON.stringify(line));
  };
  await ensureDependencies(root);
  await build(['worker', 'cli'], 'stderr');
  const node = await ensureNewestNode(log);
  log('RNN Lab …');
  const ours = await measureOurs(node, options.limits, show);
  const rows = trainingRows(ours).map(({ cell, hidden, batch, sequence, vocabulary }) => ({
    cell,
    hidden,
    batch,
    sequence,
    vocabulary,
  }));
  const rivals = [];
  if (options.rivals.includes('pytorch') && rows.length > 0) {
    log('PyTorch …');
    rivals.push(await measurePyTorch(rows, options.limits, show));
  }
  if (options.rivals.includes('tensorflow') && rows.length > 0) {
    log('TensorFlow.js …');
    rivals.push(await measureTensorFlow(node, rows, options.limits, show, log));
  }
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim().slice(1);
  const results = { ours, node: version, rivals, load };
  if (options.json) {
    for (const { program, version: about, missing } of rivals) {
      show({ program, event: 'rival', version: about, missing });
    }
  } else {
    console.log(`\n${reportAsText(results)}`);
  }
  if (options.markdown !== undefined) {
    const file = path.resolve(process.env['INIT_CWD'] ?? process.cwd(), options.markdown);
    fs.writeFileSync(file, reportAsMarkdown(results, 'npm run bench'));
  }
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
