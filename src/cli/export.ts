import type { Command } from 'commander';
import {
  exportFormatNames,
  exportFormats,
  isExportFormat,
  isModelFormat,
} from '../core/exports/formats';
import { toEnglish } from '../core/sentence';
import { addCheckpoint, checkpointOf } from './checkpoint-flag';
import { runJob } from './engine';
import { plural, whole } from './format';
import { pathOf } from './paths';
import type { Terminal } from './terminal';

const examples = `
Examples:
  rnn-lab export runs/mine --format safetensors --out model.safetensors
  rnn-lab export runs/mine --format js --out model.js     then: node model.js --prime "KING:"
  rnn-lab export runs/reviews --format js --out model.js  then: node model.js "a lovely film"
  rnn-lab export runs/mine --format csv --out metrics.csv
  rnn-lab export runs/mine --format pytorch --out elsewhere   then: python elsewhere/train.py
  rnn-lab export runs/mine --format tensorboard --out board/mine   then: tensorboard --logdir board

Formats:
${exportFormatNames.map((name) => `  ${name.padEnd(13)}${toEnglish(exportFormats[name].description)}`).join('\n')}`;

/** `rnn-lab export`. */
export function addExport(
  program: Command,
  terminal: Terminal,
  done: (code: number) => void,
): void {
  const command = program
    .command('export')
    .summary('write a trained model, or its metrics, to a file')
    .description('Write the model of a run, or what it has measured, to a file for other programs.')
    .argument('<run>', "the run's folder")
    .usage('RUN --format NAME --out PATH')
    .requiredOption('--format <name>', exportFormatNames.join(', '))
    .requiredOption(
      '--out <path>',
      'the file to write; one of that name is replaced (pytorch, huggingface, tensorboard: a folder that is not there yet)',
    );
  addCheckpoint(command)
    .helpOption('--help', 'show this help')
    .addHelpText('after', examples)
    .action(async (run: string, options: { format: string; out: string }) => {
      const { result, code } = await runJob(
        terminal,
        {
          kind: 'export',
          run: pathOf('RUN', run),
          format: options.format,
          path: pathOf('--out', options.out),
          ...checkpointOf({ ...options }),
        },
        () => undefined,
        'Stopping.',
      );
      const { bytes, step } = result;
      const isMetrics = isExportFormat(options.format) && !isModelFormat(options.format);
      const subject = isMetrics ? 'the metrics up to' : 'the model after';
      terminal.note(
        `Wrote ${options.out}: ${plural(bytes, 'byte')}, ${subject} step ${whole(step)}`,
      );
      if (result.hasText === false) {
        terminal.note('The run’s text was not found: give it there with train.py --text FILE.');
      }
      done(code);
    });
}
