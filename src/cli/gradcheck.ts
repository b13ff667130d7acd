import type { Command } from 'commander';
import { parseSettings } from '../core/settings/settings';
import { runJob, exitCode } from './engine';
import { UsageError } from './errors';
import { givenSettings, settingEntry, settingOption } from './flags';
import { table, whole } from './format';
import { numberFlag } from './number-flag';
import { jsonLine, type Terminal } from './terminal';
import { cellSource } from './paths';

const examples = `
Examples:
  rnn-lab gradcheck
  rnn-lab gradcheck --cell lstm --layers 2
  rnn-lab gradcheck --cell my-cell.rnn --json
  rnn-lab gradcheck --cell translation.rnn      a whole model, of examples of different length

Each parameter's gradient by backpropagation through time is held against central differences of the
loss, both in float64. The check passes (exit code 0) where every relative error |a - b| / (|a| + |b|)
is below the tolerance; entries whose two gradients are both zero are not counted. relu and abs keep to
the side of their kink on which they are, so that no difference crosses one. Exit code 1: it does not pass.

The sweep shows plain differences at several steps ε: where gradients are right their error is a valley,
from curvature on the left to rounding on the right; where one is wrong it is the same everywhere. A check
takes about a minute at most: of large models fewer entries are checked, but of each parameter one, so that
beyond some 500 units it takes longer.`;

/** The model is small unless asked otherwise: each of its parameters costs two runs. */
const smallModel = { 'model.hidden': 8, 'training.sequence': 14, 'training.batch': 3 };

/** `rnn-lab gradcheck`. */
export function addGradcheck(
  program: Command,
  terminal: Terminal,
  done: (code: number) => void,
): void {
  const command = program
    .command('gradcheck')
    .usage('[options]')
    .summary("check a cell's gradients")
    .description(
      "Check a cell's gradients by backpropagation through time against central differences.",
    );
  const descriptions: Readonly<Record<string, string>> = {
    'model.cell': 'a built-in cell, or the path of a .rnn file (default vanilla)',
    'model.hidden': 'units in each hidden layer (default 8)',
    'model.layers': 'layers stacked on one another (default 1)',
    'model.embedding': 'width of a learnt embedding of the input; 0: one-hot (default 0)',
    'training.sequence': 'steps back through time; 12 or more, or truncation hides (default 14)',
    'training.batch': 'sequences side by side (default 3)',
    'training.seed': 'seed of the parameters and the tokens (default 1)',
  };
  for (const [key, description] of Object.entries(descriptions)) {
    command.addOption(settingOption(settingEntry(key), description));
  }
  command
    .option('--entries <N>', 'most entries of a parameter to check, drawn at random', '60')
    .option('--tolerance <X>', 'the greatest relative error that passes', '1e-7')
    .option('--json', 'JSON Lines on standard output')
    .helpOption('--help', 'show this help')
    .addHelpText('after', examples)
    .action(async (options: Record<string, unknown>) => {
      done(await gradcheck(terminal, options));
    });
}

async function gradcheck(
  terminal: Terminal,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const { 'model.cell': cell, ...given } = givenSettings(options, ['model', 'training']);
  const { model, training } = parseSettings({ ...smallModel, ...given });
  const tolerance = Number(options['tolerance']);
  if (!(tolerance > 0 && tolerance <= 1)) {
    throw new UsageError(
      `--tolerance must be a number above 0 and at most 1; ${String(options['tolerance'])} was given.`,
    );
  }
  const entries = numberFlag(options, 'entries', 1, 1_000_000_000, true);
  const json = options['json'] === true;
  const { result, code } = await runJob(
    terminal,
    {
      kind: 'gradcheck',
      cell: cellSource(cell === undefined ? model.cell : String(cell)),
      hidden: model.hidden,
      layers: model.layers,
      embedding: model.embedding,
      sequence: training.sequence,
      batch: training.batch,
      seed: training.seed,
      entries,
      tolerance,
    },
    ({ row }) => {
      if (json) terminal.out(jsonLine({ event: 'parameter', ...row }));
      else terminal.progress(`${row.name} checked`);
    },
    'Stopping.',
  );
  const { rows, maxRelativeError, passed, steps } = result;
  if (json) {
    terminal.out(
      jsonLine({
        event: 'done',
        parameters: rows.length,
        maxRelativeError,
        steps,
        tolerance,
        passed,
      }),
    );
  } else {
    terminal.out(
      table([
        ['parameter', 'entries', 'checked', 'live', 'max relative error'],
        ...rows.map((row) => [
          row.name,
          whole(row.entries),
          whole(row.checked),
          whole(row.live),
          row.live === 0 ? '–' : row.maxRelativeError.toExponential(2),
        ]),
      ]),
    );
    const silent = rows.filter(({ live }) => live === 0).map(({ name }) => name);
    if (silent.length > 0) {
      terminal.out(
        `\nWithout influence on the loss: ${silent.join(', ')}. Both gradients are 0 in every entry that was checked.`,
      );
    }
    const swept = rows.filter(({ sweep }) => sweep.length > 0);
    terminal.out('\nThe same by plain differences of one step, over a few live entries:\n');
    terminal.out(
      table([
        ['parameter', ...steps.map((step) => `ε = ${step.toExponential(0)}`)],
        ...swept.map(({ name, sweep }) => [name, ...sweep.map((error) => error.toExponential(0))]),
      ]),
    );
    terminal.note(
      passed
        ? `Passed: ${maxRelativeError.toExponential(2)} is below ${String(tolerance)}`
        : `Not passed: ${maxRelativeError.toExponential(2)} is not below ${String(tolerance)}`,
    );
  }
  if (code !== 0) return code;
  return passed ? exitCode.done : exitCode.failure;
}
