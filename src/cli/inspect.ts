import type { Command } from 'commander';
import { addCheckpoint, checkpointOf } from './checkpoint-flag';
import { runJob } from './engine';
import { UsageError } from './errors';
import { inspectExample } from './inspect-example';
import { inspectionJson, inspectionText } from './inspect-report';
import { numberFlag } from './number-flag';
import { pathOf } from './paths';
import type { Terminal } from './terminal';

/** As many as a line has room for. */
const defaultTop = 3;

const examples = `
Examples:
  rnn-lab inspect runs/mine --text "To be, or not to be"
  rnn-lab inspect runs/mine --text "To be" --variables i,f,o --top 5
  rnn-lab inspect runs/mine --text "To be" --variables all --json
  rnn-lab inspect runs/dates "20 March 2019" --target 2019-03-20
  rnn-lab inspect runs/digits image.png --json

Of a text, per token: its probability given those before it and its loss (in nats), the norm of the last layer's
hidden state after it, and how strongly the loss of the last token depends on that state (the norm of
the gradient, by lag), and the tokens the model expects next. With --variables the values of the equations'
variables too, unit by unit; with --json all their numbers, and the whole hidden state.

Of a model of examples: its answer to an input, and how strongly each part of it depends on each step of what was read,
and of each state (the norms of the gradients), also from the answer back into the source. Without --target it is the
model's own answer that is differentiated. Several columns stand with tabs between them.`;

/** `rnn-lab inspect`. */
export function addInspect(
  program: Command,
  terminal: Terminal,
  done: (code: number) => void,
): void {
  const command = program
    .command('inspect')
    .summary('look inside a trained model as it reads a text or an example')
    .description('Show what the model of a run makes of a text, token by token, or of an example.')
    .argument('<run>', "the run's folder")
    .argument('[input]', 'what a model of examples is to answer')
    .usage('RUN --text TEXT | INPUT [options]')
    .option('--text <text>', 'the text to read')
    .option('--target <target>', 'the answer to the input that is right');
  addCheckpoint(command)
    .option(
      '--variables <names>',
      'variables of the equations to show: i,f (of every layer), layer2.h, or all (default none)',
    )
    .option(
      '--top <N>',
      `how many of the likeliest next tokens to show (default ${String(defaultTop)})`,
    )
    .option('--json', 'JSON Lines on standard output')
    .helpOption('--help', 'show this help')
    .addHelpText('after', examples)
    .action(async (run: string, input: string | undefined, options: Record<string, unknown>) => {
      const { text, target } = options;
      if ((text === undefined) === (input === undefined)) {
        throw new UsageError('What is to be read? Give a text (--text), or of examples an input.');
      }
      const isJson = options['json'] === true;
      const model = {
        ...{ kind: 'run' as const, run: pathOf('RUN', run) },
        ...checkpointOf(options),
      };
      if (input !== undefined) {
        const code = await inspectExample(
          terminal,
          {
            ...{ model, cells: input.split('\t') },
            ...(typeof target === 'string' && { truth: target.split('\t') }),
            inside: { variables: readVariables(options['variables']), part: 0 },
          },
          isJson,
        );
        done(code);
        return;
      }
      const { result, code } = await runJob(
        terminal,
        {
          kind: 'inspect',
          model,
          text: String(text),
          top:
            options['top'] === undefined
              ? defaultTop
              : numberFlag(options, 'top', 0, 1_000_000, true),
          variables: readVariables(options['variables']),
        },
        () => undefined,
        'Stopping.',
      );
      terminal.out(isJson ? inspectionJson(result) : inspectionText(result, terminal.columns()));
      done(code);
    });
}

/**
 * `i,f,layer2.h`; nothing: none.
 * @returns undefined: all of them
 */
function readVariables(value: unknown): string[] | undefined {
  if (typeof value !== 'string') return [];
  const names = value.split(',').map((name) => name.trim());
  if (names.includes('')) {
    throw new UsageError(
      '--variables takes names with commas between them, such as i,f,layer1.h, or all.',
    );
  }
  return names.includes('all') ? undefined : names;
}
