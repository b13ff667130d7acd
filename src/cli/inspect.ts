import path from 'node:path';
import type { Command } from 'commander';
import type { InspectResult } from '../protocol/engine';
import { addCheckpoint, checkpointOf } from './checkpoint-flag';
import { runJob } from './engine';
import { table } from './format';
import { jsonLine, type Terminal } from './terminal';

const examples = `
Examples:
  rnn-lab inspect runs/mine --text "To be, or not to be"
  rnn-lab inspect runs/mine --text "To be" --json

Per token: its probability given those before it and its loss (in nats), the norm of the last layer's
hidden state after it, and how strongly the loss of the last token depends on that state (the norm of
the gradient, by lag). With --json the whole hidden state too.`;

/** `rnn-lab inspect`. */
export function addInspect(
  program: Command,
  terminal: Terminal,
  done: (code: number) => void,
): void {
  const command = program
    .command('inspect')
    .summary('look inside a trained model as it reads a text')
    .description('Show what the model of a run makes of a text, token by token.')
    .argument('<run>', "the run's folder")
    .usage('RUN --text TEXT [options]')
    .requiredOption('--text <text>', 'the text to read');
  addCheckpoint(command)
    .option('--json', 'JSON Lines on standard output')
    .helpOption('--help', 'show this help')
    .addHelpText('after', examples)
    .action(async (run: string, options: Record<string, unknown>) => {
      const { result, code } = await runJob(
        terminal,
        {
          kind: 'inspect',
          model: { kind: 'run', run: path.resolve(run), ...checkpointOf(options) },
          text: String(options['text']),
        },
        () => undefined,
        'Stopping.',
      );
      terminal.out(options['json'] === true ? jsonRows(result) : textRows(result));
      done(code);
    });
}

interface Row {
  readonly index: number;
  readonly token: string;
  readonly probability: number | undefined;
  readonly loss: number | undefined;
  readonly hidden: Float64Array;
  /** Lag from the last prediction; undefined of the last token, which no prediction follows. */
  readonly lag: number | undefined;
  readonly gradient: number | undefined;
}

function rowsOf(result: InspectResult): Row[] {
  const { tokens, probability, loss, hidden, hiddenSize, gradientByLag } = result;
  return tokens.map((token, index) => {
    const lag = tokens.length - 2 - index;
    return {
      index,
      token,
      probability: index === 0 ? undefined : probability[index],
      loss: index === 0 ? undefined : loss[index],
      hidden: hidden.subarray(index * hiddenSize, (index + 1) * hiddenSize),
      lag: lag < 0 ? undefined : lag,
      gradient: lag < 0 ? undefined : gradientByLag[lag],
    };
  });
}

function jsonRows(result: InspectResult): string {
  const rows = rowsOf(result).map(({ hidden, ...row }) =>
    jsonLine({ event: 'token', ...row, hidden: [...hidden] }),
  );
  const mean = meanLoss(result);
  return [...rows, jsonLine({ event: 'done', tokens: result.tokens.length, loss: mean })].join('');
}

function textRows(result: InspectResult): string {
  const number = (value: number | undefined, digits: number): string =>
    value?.toFixed(digits) ?? '–';
  return table([
    ['token', 'probability', 'loss', '‖hidden‖', 'lag', '‖gradient‖'],
    ...rowsOf(result).map(({ token, probability, loss, hidden, lag, gradient }) => [
      token,
      number(probability, 4),
      number(loss, 3),
      Math.hypot(...hidden).toFixed(3),
      String(lag ?? '–'),
      gradient?.toExponential(2) ?? '–',
    ]),
  ]);
}

/** Over the tokens that are predicted, nats. */
function meanLoss({ loss }: InspectResult): number {
  const predicted = loss.subarray(1);
  return predicted.reduce((sum, value) => sum + value, 0) / predicted.length;
}
