import type { Command } from 'commander';
import { parseSettings } from '../core/settings/settings';
import type { SettingValues, TrainRequest } from '../protocol/engine';
import { runJob } from './engine';
import { UsageError } from './errors';
import { addSettings, givenSettings } from './flags';
import { addOverrides, givenOverrides } from './override-flags';
import { cellSource, fileSource, newRunFolder, pathOf } from './paths';
import type { Terminal } from './terminal';
import { trainJson } from './train-json';
import { trainReport } from './train-report';

const examples = `
Examples:
  rnn-lab train shakespeare.txt                         with all defaults, for a minute
  rnn-lab train shakespeare.txt --cell lstm --hidden 128 --epochs 3
  rnn-lab train notes.md --cell my-cell.rnn --out runs/mine
  rnn-lab train --resume runs/mine --seconds 600        go on, to ten minutes in all
  rnn-lab train shakespeare.txt --json | jq .loss       JSON Lines for other programs

Ctrl-C saves a checkpoint and ends with exit code 130; a second Ctrl-C ends at once.
Standard output gets the run's folder, so that RUN=$(rnn-lab train FILE) works.`;

const tableHeading = 'Table, where it is not as it was found to be:';

/** `rnn-lab train`. */
export function addTrain(program: Command, terminal: Terminal, done: (code: number) => void): void {
  const command = program
    .command('train')
    .summary('train a recurrent network on a text')
    .description(
      'Train a recurrent network on a text file (UTF-8, or UTF-16 with a byte order mark).',
    )
    .argument('[file]', 'the text to learn; may be left out with --resume')
    .usage('FILE [options]');
  addSettings(command, 'model', 'Model:');
  addSettings(command, 'data', 'Text:');
  addOverrides(command, tableHeading);
  addSettings(command, 'training', 'Training (one of --steps, --epochs, --seconds ends it):');
  addSettings(command, 'inspection', 'Looking inside while training:');
  command
    .optionsGroup(tableHeading)
    .option(
      '--remember',
      'write what the flags say of the table to FILE.rnn.json, for the next time',
    )
    .optionsGroup('Run:')
    .option(
      '--out <run>',
      "folder to keep the run in (default runs/NAME-DATE-TIME, NAME from the file's)",
    )
    .option('--resume <run>', 'go on with the run in this folder from its last checkpoint')
    .option('--json', 'JSON Lines on standard output instead of a progress bar')
    .helpOption('--help', 'show this help')
    .addHelpText('after', examples)
    .action(async (file: string | undefined, options: Record<string, unknown>) => {
      done(await train(terminal, file, options));
    });
}

async function train(
  terminal: Terminal,
  file: string | undefined,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const request = trainRequest(file, options);
  const report = options['json'] === true ? trainJson(terminal) : trainReport(terminal);
  const { result, code } = await runJob(terminal, request, report.event, report.stopping);
  report.done(result);
  return code;
}

/** Settings whose paths mean the same wherever the engine runs. */
function withPaths(settings: SettingValues): SettingValues {
  const vectors = settings['model.vectors'];
  if (vectors === undefined) return settings;
  return { ...settings, 'model.vectors': pathOf('--vectors', String(vectors)) };
}

/** @throws UsageError, SettingsError */
function trainRequest(
  file: string | undefined,
  options: Readonly<Record<string, unknown>>,
): TrainRequest {
  const groups = ['model', 'data', 'training', 'inspection'] as const;
  const { 'model.cell': cell, ...settings } = withPaths(givenSettings(options, groups));
  // A wrong value is told before anything is started.
  parseSettings(settings);
  const overrides = givenOverrides(options);
  const shared = {
    kind: 'train',
    settings,
    ...(cell === undefined ? {} : { cell: cellSource(String(cell)) }),
    ...(file === undefined ? {} : { source: fileSource('FILE', file) }),
    ...(overrides && { overrides }),
    ...(options['remember'] === true && { remember: true }),
  } as const;
  const { out, resume } = options;
  if (typeof resume === 'string') {
    if (typeof out === 'string') {
      throw new UsageError(
        '--out and --resume exclude each other: a resumed run stays in its folder. Leave --out away.',
      );
    }
    if (overrides !== undefined || shared.remember === true) {
      const name = Object.keys(overrides ?? {})[0] ?? 'remember';
      throw new UsageError(
        `--${name} is for a new run: one that goes on reads its table as it began. Leave it out.`,
      );
    }
    return { ...shared, run: pathOf('--resume', resume), resume: true };
  }
  if (file === undefined) {
    throw new UsageError('Which text? Give a file, as in: rnn-lab train FILE.');
  }
  return { ...shared, run: typeof out === 'string' ? pathOf('--out', out) : newRunFolder(file) };
}
