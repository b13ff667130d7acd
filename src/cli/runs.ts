import fs from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { toEnglish } from '../core/sentence';
import type { RunSummary } from '../protocol/engine';
import { runJob } from './engine';
import { UsageError } from './errors';
import { loss, table, whole } from './format';
import { pathOf } from './paths';
import { jsonLine, type Terminal } from './terminal';

const examples = `
Examples:
  rnn-lab runs                          those under runs/, the newest first
  rnn-lab runs cells.rnnlab.md          those of a notebook
  rnn-lab runs cells.rnnlab.md.runs --json

The commit is that of the Git repository that the text was in as the run began: * the text was changed since, ? it
was not in it.`;

/** `rnn-lab runs`. */
export function addRuns(program: Command, terminal: Terminal, done: (code: number) => void): void {
  program
    .command('runs')
    .summary('list runs with their losses')
    .description('List the runs of a folder, or of a lab notebook, with their losses.')
    .argument('[folder]', 'a folder of runs, or a notebook', 'runs')
    .usage('[FOLDER] [options]')
    .option('--json', 'JSON Lines on standard output')
    .helpOption('--help', 'show this help')
    .addHelpText('after', examples)
    .action(async (given: string, options: Record<string, unknown>) => {
      done(await runs(terminal, given, options['json'] === true));
    });
}

async function runs(terminal: Terminal, given: string, json: boolean): Promise<number> {
  const asked = pathOf('FOLDER', given);
  const folder = asked.endsWith('.md') ? `${asked}.runs` : asked;
  if (!fs.existsSync(folder)) {
    throw new UsageError(`There is no folder ${folder}. Give a folder of runs, or a notebook.`);
  }
  const request = { kind: 'list', folder } as const;
  const { result, code } = await runJob(terminal, request, () => undefined, 'Stopping.');
  const found = result.runs.toSorted((a, b) => b.created - a.created);
  for (const { run, message } of result.damaged) {
    terminal.note(`rnn-lab: ${path.basename(run)}: ${toEnglish(message)}`);
  }
  if (json) for (const run of found) terminal.out(jsonLine({ event: 'run', ...run }));
  else if (found.length === 0) terminal.out(`There is no run in ${folder}.\n`);
  else terminal.out(table([heading, ...found.map(rowOf)], [0, 1, 2, 5]));
  return code;
}

const heading = ['run', 'name', 'state', 'steps', 'loss', 'commit'];

function rowOf(summary: RunSummary): string[] {
  const { run, title, name, cell, state, step, bestValidationLoss, loss: last, git } = summary;
  const marks = { same: '', changed: '*', untracked: '?', unknown: '' };
  return [
    path.basename(run),
    title ?? `${name} · ${path.basename(cell)}`,
    state,
    whole(step),
    loss(bestValidationLoss ?? last ?? undefined),
    git === null ? '' : git.commit.slice(0, 10) + marks[git.text],
  ];
}
