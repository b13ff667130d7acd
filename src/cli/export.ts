import path from 'node:path';
import type { Command } from 'commander';
import { modelFormats } from '../core/formats/model-formats';
import { addCheckpoint, checkpointOf } from './checkpoint-flag';
import { runJob } from './engine';
import { plural, whole } from './format';
import type { Terminal } from './terminal';

const examples = `
Examples:
  rnn-lab export runs/mine --format safetensors --out model.safetensors
  rnn-lab export runs/mine --format json --out model.json

Formats:
${[...modelFormats].map(([name, { description }]) => `  ${name.padEnd(13)}${description}`).join('\n')}`;

/** `rnn-lab export`. */
export function addExport(
  program: Command,
  terminal: Terminal,
  done: (code: number) => void,
): void {
  const command = program
    .command('export')
    .summary('write a trained model to a file')
    .description('Write the model of a run to a file that other programs can read.')
    .argument('<run>', "the run's folder")
    .usage('RUN --format NAME --out PATH')
    .requiredOption('--format <name>', [...modelFormats.keys()].join(' or '))
    .requiredOption('--out <path>', 'the file to write; one of that name is replaced');
  addCheckpoint(command)
    .helpOption('--help', 'show this help')
    .addHelpText('after', examples)
    .action(async (run: string, options: { format: string; out: string }) => {
      const { result, code } = await runJob(
        terminal,
        {
          kind: 'export',
          run: path.resolve(run),
          format: options.format,
          path: path.resolve(options.out),
          ...checkpointOf({ ...options }),
        },
        () => undefined,
        'Stopping.',
      );
      terminal.note(
        `Wrote ${options.out}: ${plural(result.bytes, 'byte')}, the model after step ${whole(result.step)}`,
      );
      done(code);
    });
}
