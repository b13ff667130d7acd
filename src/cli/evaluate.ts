import type { Command } from 'commander';
import { toEnglish } from '../core/sentence';
import { addCheckpoint, checkpointOf } from './checkpoint-flag';
import { runJob } from './engine';
import { table, whole } from './format';
import { addKeystrokes, isAboutKeystrokes, keystrokes } from './keystrokes';
import { fileSource, pathOf } from './paths';
import { showShare } from './show-share';
import { jsonLine, type Terminal } from './terminal';

const examples = `
Examples:
  rnn-lab evaluate runs/mine held-out.txt
  rnn-lab evaluate runs/mine held-out.txt --json
  rnn-lab evaluate runs/mine held-out.txt --keystrokes

The model reads the whole file from a state of its own; each token but the first is predicted from
those before it. With --keystrokes a typist types the file and takes what is right of what completion
shows; of the run's own text only the part that was held out is typed.`;

/** `rnn-lab evaluate`. */
export function addEvaluate(
  program: Command,
  terminal: Terminal,
  done: (code: number) => void,
): void {
  const command = program
    .command('evaluate')
    .summary('measure a trained model on a text')
    .description(
      'Measure how well the model of a run predicts a text: loss, bits per character, perplexity.',
    )
    .argument('<run>', "the run's folder")
    .argument('<file>', 'the text to predict')
    .usage('RUN FILE [options]');
  addKeystrokes(addCheckpoint(command))
    .option('--json', 'one line of JSON on standard output')
    .helpOption('--help', 'show this help')
    .addHelpText('after', examples)
    .action(async (run: string, file: string, options: Record<string, unknown>) => {
      const measure = isAboutKeystrokes(options) ? keystrokes : evaluate;
      done(await measure(terminal, run, file, options));
    });
}

async function evaluate(
  terminal: Terminal,
  run: string,
  file: string,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const { result, code } = await runJob(
    terminal,
    {
      kind: 'evaluate',
      model: { kind: 'run', run: pathOf('RUN', run), ...checkpointOf(options) },
      source: fileSource('FILE', file),
    },
    showShare(terminal),
    'Stopping.',
  );
  const warnings = result.warnings.map(toEnglish);
  if (options['json'] === true) {
    terminal.out(jsonLine({ event: 'done', ...result, warnings }));
    return code;
  }
  for (const warning of warnings) terminal.note(`Note: ${warning}`);
  terminal.out(
    table([
      ['loss', `${result.loss.toFixed(4)} nats/token`],
      ['bits per token', result.bitsPerToken.toFixed(4)],
      ['bits per character', result.bitsPerCharacter.toFixed(4)],
      ...(result.spelling > 0 ? [['  of these for spelling', result.spelling.toFixed(4)]] : []),
      ['perplexity', result.perplexity.toFixed(3)],
      ['tokens predicted', whole(result.tokens)],
      ['unknown tokens', whole(result.unknownTokens)],
    ]),
  );
  return code;
}
