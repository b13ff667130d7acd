import os from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { joinNotebook, withOutputs } from '../core/notebooks/markdown';
import { NotebookError } from '../core/notebooks/problems';
import { toEnglish } from '../core/sentence';
import { writeWhole } from '../files/write';
import { notebookCost } from '../notebooks/cost';
import { openNotebook, type OpenNotebook } from '../notebooks/open';
import { runNotebook, type Outcome } from '../notebooks/run';
import type { RunOptions } from '../notebooks/running';
import { engines, exitCode, stopSignal } from './engine';
import { UsageError } from './errors';
import { duration, plural, table, whole } from './format';
import { notebookJson, notebookReport } from './notebook-report';
import { numberFlag } from './number-flag';
import { pathOf } from './paths';
import { jsonLine, type Terminal } from './terminal';

const examples = `
Examples:
  rnn-lab notebook cells.rnnlab.md --check               is it right, and what would it cost?
  rnn-lab notebook cells.rnnlab.md                       run what has not been run yet
  rnn-lab notebook cells.rnnlab.md --out cells.rnnlab.md and write what came out into it
  rnn-lab notebook cells.rnnlab.md --shard 2/8           the second eighth of all runs, on one of 8 machines

Runs are kept in FILE.runs, each in a folder by what it is made of: what is there is not done again. Ctrl-C
keeps a checkpoint of those under way. Exit code 1: something expected does not hold.`;

/** `rnn-lab notebook`. */
export function addNotebook(
  program: Command,
  terminal: Terminal,
  done: (code: number) => void,
): void {
  program
    .command('notebook')
    .summary('run the experiments of a lab notebook')
    .description(
      'Run the experiments of a lab notebook, a Markdown file with blocks of equations, experiments and samples.',
    )
    .argument('<file>', 'the notebook, such as cells.rnnlab.md')
    .usage('FILE [options]')
    .option(
      '--check',
      'only say what is wrong with it, how many runs it has and about how long they take',
    )
    .option('--out <file>', 'write the notebook with its results to this file; it may be the same')
    .option(
      '--shard <i/n>',
      'run every nth run of each experiment from the ith on, to divide it among machines',
    )
    .option('--jobs <N>', 'at most so many runs side by side (default: as many as there are cores)')
    .option('--json', 'JSON Lines on standard output')
    .helpOption('--help', 'show this help')
    .addHelpText('after', examples)
    .action(async (file: string, options: Record<string, unknown>) => {
      done(await notebook(terminal, file, options));
    });
}

async function notebook(
  terminal: Terminal,
  file: string,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const cores = os.availableParallelism();
  const jobs = options['jobs'] === undefined ? cores : numberFlag(options, 'jobs', 1, 256, true);
  const shard = shardOf(options['shard']);
  const { out: given } = options;
  const out = typeof given === 'string' ? pathOf('--out', given) : undefined;
  pathOf('FILE', file);
  const opened = await opening(terminal, file);
  if (options['check'] === true)
    return await check(terminal, opened, cores, options['json'] === true);
  refuseDividedHalving(opened, shard);
  const report = options['json'] === true ? notebookJson(terminal) : notebookReport(terminal, jobs);
  const stopping = stopSignal(
    terminal,
    'Stopping and keeping checkpoints; Ctrl-C again ends at once.',
  );
  let outcome: Outcome;
  try {
    outcome = await runNotebook(opened, {
      ...{ startEngine: engines.start, cores, jobs, signal: stopping.signal },
      ...(shard && { shard }),
      onEvent: report.event,
    });
  } finally {
    terminal.progress('');
    stopping.dispose();
  }
  if (out !== undefined) await writeOut(opened, outcome, out);
  report.done(outcome);
  if (!outcome.isWhole) return stopping.code();
  return outcome.holds ? exitCode.done : exitCode.failure;
}

/** Everything that is wrong is told, not only the first. */
async function opening(terminal: Terminal, file: string): Promise<OpenNotebook> {
  try {
    return await openNotebook(file);
  } catch (error) {
    if (!(error instanceof NotebookError) || error.problems.length === 1) throw error;
    for (const { line, column, message } of error.problems) {
      terminal.note(`${file}:${String(line)}:${String(column)}: ${toEnglish(message)}`);
    }
    throw new UsageError(
      `${file} has ${plural(error.problems.length, 'problem')}; nothing was run.`,
    );
  }
}

/** `2/8` */
function shardOf(given: unknown): RunOptions['shard'] {
  if (typeof given !== 'string') return undefined;
  const [, number, of] = /^(\d+)\/(\d+)$/.exec(given) ?? [];
  if (Number(number) >= 1 && Number(number) <= Number(of)) {
    return { number: Number(number), of: Number(of) };
  }
  throw new UsageError(`--shard must be a part of a whole, such as 2/8; ${given} was given.`);
}

function refuseDividedHalving({ plans }: OpenNotebook, shard: RunOptions['shard']): void {
  const halved = [...plans.values()].find(({ rungs }) => rungs !== undefined);
  if (shard === undefined || halved === undefined) return;
  throw new UsageError(
    `Halving compares all runs as they go on, so ${halved.experiment.name} cannot be divided. Leave out --shard, or halving.`,
  );
}

async function check(
  terminal: Terminal,
  opened: OpenNotebook,
  cores: number,
  json: boolean,
): Promise<number> {
  const client = engines.start();
  try {
    const costs = await notebookCost(opened, client, cores);
    if (json) {
      for (const { plan, ...cost } of costs) {
        const { experiment, configurations } = plan;
        const seeds = experiment.seeds.length;
        terminal.out(
          jsonLine({ event: 'cost', experiment: experiment.name, configurations, seeds, ...cost }),
        );
      }
      return exitCode.done;
    }
    if (costs.length === 0) {
      terminal.out('The notebook has no experiment.\n');
      return exitCode.done;
    }
    const rows = costs.map(({ plan, runs, begun, seconds }) => [
      plan.experiment.name,
      whole(plan.configurations),
      whole(plan.experiment.seeds.length),
      whole(runs),
      whole(begun),
      `at most about ${duration(seconds)}`,
    ]);
    const heading = [
      'experiment',
      'configurations',
      'seeds',
      'runs',
      'there already',
      'still takes',
    ];
    terminal.out(table([heading, ...rows]));
    return exitCode.done;
  } finally {
    await client.dispose();
  }
}

/** The notebook with what came out; all else as it was. */
async function writeOut(
  { notebook: { parts } }: OpenNotebook,
  { outputs }: Outcome,
  out: string,
): Promise<void> {
  const text = outputs.size === 0 ? joinNotebook(parts) : withOutputs(parts, outputs);
  try {
    await writeWhole(out, text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${path.relative('.', out)} cannot be written: ${reason}.`);
  }
}
