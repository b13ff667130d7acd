import type { Command } from 'commander';
import type { ReproduceResult } from '../protocol/engine';
import { exitCode, runJob } from './engine';
import { whole } from './format';
import { numberFlag } from './number-flag';
import { fileSource, pathOf } from './paths';
import { showShare } from './show-share';
import { jsonLine, type Terminal } from './terminal';

const examples = `
Examples:
  rnn-lab reproduce runs/mine
  rnn-lab reproduce runs/mine moved/shakespeare.txt --threads 1

The run is trained again, from run.json alone: equations, settings, seed, and the text, whose hash must be
the same. Every line of metrics.jsonl (but for times) and every tensor of the last checkpoint is compared bit
by bit. Nothing is written. Exit code 1: something differs. Where run.json and the checkpoint disagree on the
equations or a setting, that is said instead (2). Where the processor has relaxed SIMD it is used, and
processors may differ in it: to get the same on any machine, train with
--kernels strict.`;

/** `rnn-lab reproduce`. */
export function addReproduce(
  program: Command,
  terminal: Terminal,
  done: (code: number) => void,
): void {
  program
    .command('reproduce')
    .summary('train a run again and compare it bit by bit')
    .description('Train a run again and compare every recorded loss bit by bit.')
    .argument('<run>', "the run's folder")
    .argument('[file]', 'the text, if it is no longer where it was')
    .usage('RUN [FILE] [options]')
    .option(
      '--threads <N>',
      'processor threads; 0: as many as there are cores (default: as the run). The losses are the same',
    )
    .option(
      '--vectors <file>',
      'the word vectors that it started with, if they are no longer there',
    )
    .option('--json', 'one line of JSON on standard output')
    .helpOption('--help', 'show this help')
    .addHelpText('after', examples)
    .action(async (run: string, file: string | undefined, options: Record<string, unknown>) => {
      done(await reproduce(terminal, run, file, options));
    });
}

async function reproduce(
  terminal: Terminal,
  run: string,
  file: string | undefined,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const threads =
    options['threads'] === undefined ? undefined : numberFlag(options, 'threads', 0, 256, true);
  const { vectors } = options;
  const { result, code } = await runJob(
    terminal,
    {
      kind: 'reproduce',
      run: pathOf('RUN', run),
      ...(file !== undefined && { source: fileSource('FILE', file) }),
      ...(threads !== undefined && { threads }),
      ...(typeof vectors === 'string' && { vectors: pathOf('--vectors', vectors) }),
    },
    showShare(terminal),
    'Stopping.',
  );
  const isSame = result.difference === null;
  const identical = isSame && result.nearly === 0;
  if (options['json'] === true) terminal.out(jsonLine({ event: 'done', identical, ...result }));
  else terminal.out(`${inWords(result)}\n`);
  if (code !== 0) return code;
  return isSame ? exitCode.done : exitCode.failure;
}

function inWords(result: ReproduceResult): string {
  const { steps, rows, evaluations, nearly, beyond, tensors, difference } = result;
  if (difference === null) {
    const compared = [
      counted(rows, 'row of losses', 'rows of losses'),
      ...(nearly < evaluations || evaluations === 0
        ? [counted(evaluations - nearly, 'measurement', 'measurements')]
        : []),
      ...(tensors === true ? ['every tensor of the last checkpoint'] : []),
    ];
    return [
      `${nearly > 0 ? 'The same' : 'Identical'} after ${counted(steps, 'step', 'steps')}: ${compared.join(', ')}.`,
      ...(nearly > 0
        ? [
            `Not bit by bit: ${counted(nearly, 'measurement', 'measurements')} by an earlier version of RNN Lab, whose last digits differ. They agree to 0.01 %.`,
          ]
        : []),
      ...(beyond > 0
        ? [
            `Not compared: ${counted(beyond, 'line', 'lines')} of metrics.jsonl after the last checkpoint.`,
          ]
        : []),
    ].join('\n');
  }
  const { step, what, name, recorded, got } = difference;
  switch (what) {
    case 'end':
      return `Different: this time training ends at step ${whole(got)}, and ${whole(recorded)} were recorded.`;
    case 'missing':
      return `Different at step ${whole(step)}: metrics.jsonl has a line "${name}" that training does not come to.`;
    case 'tensor':
      return `Different at step ${whole(step)}: ${name} of the last checkpoint has ${String(recorded)} where it is ${String(got)} now.`;
    case 'number':
    case 'loss':
    case 'validation loss':
      return `Different at step ${whole(step)}: the ${what === 'number' ? name : what} was ${String(recorded)}, and now it is ${String(got)}.`;
  }
}

function counted(count: number, one: string, many: string): string {
  return `${whole(count)} ${count === 1 ? one : many}`;
}
