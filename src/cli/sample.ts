import type { Command } from 'commander';
import { parseSettings } from '../core/settings/settings';
import type { SampleRequest } from '../protocol/engine';
import { runJob } from './engine';
import { addSettings, givenSettings } from './flags';
import { pathOf } from './paths';
import type { Terminal } from './terminal';
import { addCheckpoint, checkpointOf } from './checkpoint-flag';

const examples = `
Examples:
  rnn-lab sample runs/mine
  rnn-lab sample runs/mine --prime "KING:" --length 1000 --temperature 0.7
  rnn-lab sample runs/mine --prime 春 --top-k 20 --seed 7   the same text each time

The text is written to standard output as it is made, the prime first.`;

/** `rnn-lab sample`. */
export function addSample(
  program: Command,
  terminal: Terminal,
  done: (code: number) => void,
): void {
  const command = program
    .command('sample')
    .summary('write text with a trained model')
    .description('Write text with the model of a run.')
    .argument('<run>', "the run's folder")
    .usage('RUN [options]');
  addSettings(command, 'sampling', 'Sampling:');
  addCheckpoint(command)
    .helpOption('--help', 'show this help')
    .addHelpText('after', examples)
    .action(async (run: string, options: Record<string, unknown>) => {
      done(await sample(terminal, run, options));
    });
}

async function sample(
  terminal: Terminal,
  run: string,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const { sampling } = parseSettings(givenSettings(options, ['sampling']));
  const request: SampleRequest = {
    kind: 'sample',
    model: { kind: 'run', run: pathOf('RUN', run), ...checkpointOf(options) },
    ...sampling,
  };
  let written = '';
  const write = (text: string): void => {
    // The prime only once there is a model that goes on with it.
    const all = written === '' ? sampling.prime + text : text;
    written = all === '' ? written : all;
    terminal.out(all);
  };
  const { result, code } = await runJob(
    terminal,
    request,
    ({ text }) => {
      write(text);
    },
    'Stopping.',
  );
  if (written === '') write('');
  if (!written.endsWith('\n')) terminal.out('\n');
  if (result.unknown.length > 0) {
    const shown = result.unknown.slice(0, 10).map((symbol) => JSON.stringify(symbol));
    terminal.note(
      `Note: the model has never seen ${shown.join(', ')}${result.unknown.length > 10 ? ' …' : ''} of the prime.`,
    );
  }
  if (sampling.seed === 0) terminal.note(`Seed ${String(result.seed)}`);
  return code;
}
