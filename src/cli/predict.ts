import type { Command } from 'commander';
import { toEnglish } from '../core/sentence';
import type { Prediction, PredictRequest } from '../protocol/engine';
import { addCheckpoint, checkpointOf } from './checkpoint-flag';
import { runJob } from './engine';
import { UsageError } from './errors';
import { numberFlag } from './number-flag';
import { fileSource, pathOf } from './paths';
import { jsonLine, type Terminal } from './terminal';

const examples = `
Examples:
  rnn-lab predict runs/mine "what a lovely film"
  rnn-lab predict runs/dates "20 March 2019" --beam 4
  rnn-lab predict runs/mine --file new.csv --json
  rnn-lab predict runs/births --horizon 14

An input is what the model was trained to read: a text, tokens separated by spaces, or, where the input has several
columns, their values separated by tabs; of an image its path. A file is a table with the input's columns, or plain text with an input a line.
Of a series, --horizon tells the next values behind its end, or that of --file; what is forecast is read in turn.`;

/** `rnn-lab predict`. */
export function addPredict(
  program: Command,
  terminal: Terminal,
  done: (code: number) => void,
): void {
  const command = program
    .command('predict')
    .summary('let a trained model answer')
    .description(
      'Let the model of a run answer inputs: classes, labels, numbers, tags or sequences.',
    )
    .argument('<run>', "the run's folder")
    .argument('[inputs...]', 'what is to be answered')
    .usage('RUN INPUT… | --file FILE | --test | --horizon N [options]');
  addCheckpoint(command)
    .option('--file <file>', 'answer all rows of this file')
    .option('--test', 'answer what the run has held out to test with')
    .option('--horizon <N>', 'of a series: tell the next N values')
    .option('--top <N>', 'how many of the likeliest classes to tell of', '5')
    .option('--beam <N>', 'of a sequence: beginnings that are kept; 1 is greedy', '1')
    .option(
      '--length-penalty <X>',
      'of a beam: exponent by which longer answers are made up for (Wu et al. 2016)',
      '0.6',
    )
    .option('--longest <N>', 'of a sequence: most symbols of an answer', '256')
    .option('--json', 'JSON Lines on standard output, with attention weights')
    .helpOption('--help', 'show this help')
    .addHelpText('after', examples)
    .action(async (run: string, inputs: string[], options: Record<string, unknown>) => {
      done(await predict(terminal, run, inputs, options));
    });
}

async function predict(
  terminal: Terminal,
  run: string,
  inputs: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const request: PredictRequest = {
    kind: 'predict',
    model: { kind: 'run', run: pathOf('RUN', run), ...checkpointOf(options) },
    inputs: inputsOf(inputs, options),
    ...(options['json'] === true && { rows: true }),
    top: numberFlag(options, 'top', 1, 1_000_000, true),
    beam: numberFlag(options, 'beam', 1, 256, true),
    lengthPenalty: numberFlag(options, 'lengthPenalty', 0, 100, false),
    longest: numberFlag(options, 'longest', 1, 100_000, true),
  };
  const json = options['json'] === true;
  const { result, code } = await runJob(
    terminal,
    request,
    ({ prediction }) => {
      terminal.out(
        json ? jsonLine({ event: 'prediction', ...plain(prediction) }) : line(prediction),
      );
    },
    'Stopping.',
  );
  const warnings = result.warnings.map(toEnglish);
  if (json) terminal.out(jsonLine({ event: 'done', ...result, warnings }));
  else for (const warning of warnings) terminal.note(`Note: ${warning}`);
  return code;
}

/** @throws UsageError if there are none, or both kinds */
function inputsOf(
  inputs: readonly string[],
  options: Readonly<Record<string, unknown>>,
): PredictRequest['inputs'] {
  const { file, horizon } = options;
  if (horizon !== undefined) {
    if (inputs.length > 0) throw new UsageError('Give inputs or --horizon, not both.');
    const steps = numberFlag(options, 'horizon', 1, 100_000, true);
    return {
      kind: 'next',
      steps,
      ...(typeof file === 'string' && { source: fileSource('--file', file) }),
    };
  }
  if (options['test'] === true) {
    if (inputs.length > 0) throw new UsageError('Give inputs or --test, not both.');
    return {
      kind: 'test',
      ...(typeof file === 'string' && { source: fileSource('--file', file) }),
    };
  }
  if (typeof file === 'string') {
    if (inputs.length > 0) throw new UsageError('Give inputs or --file, not both.');
    return { kind: 'file', path: pathOf('--file', file) };
  }
  if (inputs.length === 0) {
    throw new UsageError('What is to be answered? Give inputs, or a file (--file).');
  }
  return { kind: 'cells', examples: inputs.map((input) => input.split('\t')) };
}

/** `good\t97.3 %\twhat a lovely film` */
function line({ answer, probability, others, input }: Prediction): string {
  const share = (value: number): string => `${(100 * value).toFixed(1)} %`;
  const sure = Number.isNaN(probability) ? '' : share(probability);
  const rest = others
    .filter((other) => other.answer !== answer)
    .slice(0, 3)
    .map((other) => `${other.answer} ${share(other.probability)}`);
  return `${[answer, sure, rest.join(', '), input].join('\t')}\n`;
}

/** Weights as lists of numbers. */
function plain({ attention, ...prediction }: Prediction) {
  return {
    ...prediction,
    attention: attention.map(({ variable, weights }) => ({
      variable,
      weights: weights.map((step) => [...step]),
    })),
  };
}
