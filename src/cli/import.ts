import type { Command } from 'commander';
import { runJob } from './engine';
import { plural, quoted, shortPath, whole } from './format';
import type { Terminal } from './terminal';
import { fileSource, newRunFolder, pathOf } from './paths';

const examples = `
Examples:
  rnn-lab import model.safetensors
  rnn-lab import model.json --out runs/theirs
  rnn-lab train shakespeare.txt --resume runs/theirs    train it further on a text

Reads what rnn-lab export has written as safetensors or json, and the checkpoints of a run.
Standard output gets the run's folder, so that RUN=$(rnn-lab import FILE) works.`;

/** `rnn-lab import`. */
export function addImport(
  program: Command,
  terminal: Terminal,
  done: (code: number) => void,
): void {
  program
    .command('import')
    .summary('make a run of a model in a file')
    .description('Make a run of an exported model, or of a checkpoint.')
    .argument('<file>', 'a safetensors or JSON file that RNN Lab has written')
    .usage('FILE [--out RUN]')
    .option(
      '--out <run>',
      "folder to keep the run in (default runs/NAME-DATE-TIME, NAME from the file's)",
    )
    .helpOption('--help', 'show this help')
    .addHelpText('after', examples)
    .action(async (file: string, options: { out?: string }) => {
      const run = options.out === undefined ? newRunFolder(file) : pathOf('--out', options.out);
      const { result, code } = await runJob(
        terminal,
        { kind: 'import', source: fileSource('FILE', file), run },
        () => undefined,
        'Stopping.',
      );
      const { cell, parameters, vocabulary, step } = result;
      const training = step > 0 ? `, with its training of ${plural(step, 'step')}` : '';
      terminal.note(
        `Imported ${cell}, ${whole(parameters)} parameters, vocabulary of ${whole(vocabulary)}${training}`,
      );
      const command = result.of === 'text' ? 'sample' : 'predict';
      terminal.note(`Try it: rnn-lab ${command} ${quoted(shortPath(run))}`);
      terminal.out(`${shortPath(run)}\n`);
      done(code);
    });
}
