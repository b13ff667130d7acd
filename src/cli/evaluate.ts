import { Option, type Command } from 'commander';
import { toEnglish } from '../core/sentence';
import { addCheckpoint, checkpointOf } from './checkpoint-flag';
import { runJob } from './engine';
import { table, whole } from './format';
import { examplesReport } from './examples-report';
import { addKeystrokes, isAboutKeystrokes, keystrokes } from './keystrokes';
import { numberFlag } from './number-flag';
import { UsageError } from './errors';
import type { EvaluateResult, TextEvaluation } from '../protocol/engine';
import { appended } from './override-flags';
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
    .summary('measure a trained model')
    .description(
      'Measure how well the model of a run predicts a text (loss, bits per character, perplexity), or answers examples (accuracy, exact match, errors … beside what ways without states come to).',
    )
    .argument('<run>', "the run's folder")
    .argument(
      '[file]',
      'the text to predict; a table of examples may be left out for a part of the run’s own',
    )
    .usage('RUN [FILE] [options]');
  addKeystrokes(addCheckpoint(command))
    .addOption(
      new Option('--part <name>', "of the run's own examples, which part (default test)").choices([
        'train',
        'validation',
        'test',
      ]),
    )
    .option(
      '--horizon <N>',
      'of a series: measure forecasts up to so many steps ahead, each read in turn (default a season, or 8)',
    )
    .option('--include <glob>', 'of a folder of texts: files or globs that are read', appended)
    .option('--exclude <glob>', 'of a folder of texts: files or globs that are left out', appended)
    .option('--worst <N>', 'how many of the worst examples to show', '10')
    .option('--json', 'one line of JSON on standard output')
    .helpOption('--help', 'show this help')
    .addHelpText('after', examples)
    .action(async (run: string, file: string | undefined, options: Record<string, unknown>) => {
      if (!isAboutKeystrokes(options)) {
        done(await evaluate(terminal, run, file, options));
        return;
      }
      if (file === undefined) throw new UsageError('Which text is typed? Give a file.');
      done(await keystrokes(terminal, run, file, options));
    });
}

async function evaluate(
  terminal: Terminal,
  run: string,
  file: string | undefined,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const { part } = options;
  const { result, code } = await runJob(
    terminal,
    {
      kind: 'evaluate',
      model: { kind: 'run', run: pathOf('RUN', run), ...checkpointOf(options) },
      ...(file === undefined ? {} : { source: fileSource('FILE', file) }),
      ...globsOf(options),
      ...(typeof part === 'string' && { part: part as 'test' }),
      horizon:
        options['horizon'] === undefined ? 0 : numberFlag(options, 'horizon', 1, 10_000, true),
      worst: numberFlag(options, 'worst', 0, 1_000_000, true),
    },
    showShare(terminal),
    'Stopping.',
  );
  const warnings = result.warnings.map(toEnglish);
  if (options['json'] === true) {
    terminal.out(
      jsonLine({
        event: 'done',
        ...result,
        metrics: metricsOf(result),
        ...matrixOf(result),
        ...forecastsOf(result),
        ...calibrationOf(result),
        ...worstOf(result),
        warnings,
      }),
    );
    return code;
  }
  for (const warning of warnings) terminal.note(`Note: ${warning}`);
  terminal.out(result.of === 'text' ? textTable(result) : examplesReport(result));
  return code;
}

/** Which files of a folder, where anything is said of them. */
function globsOf({ include, exclude }: Readonly<Record<string, unknown>>) {
  if (include === undefined && exclude === undefined) return {};
  const globs = {
    include: include as string[] | undefined,
    exclude: exclude as string[] | undefined,
  };
  return { globs };
}

/** The confusion matrix as rows of true classes. */
function matrixOf(result: EvaluateResult) {
  if (result.of === 'text' || result.confusion === undefined) return {};
  const { classes, counts } = result.confusion;
  const n = classes.length;
  const rows = classes.map((_, row) => [...counts.subarray(row * n, (row + 1) * n)]);
  return { confusion: { classes, counts: rows } };
}

/** Errors by steps ahead as lists. */
function forecastsOf(result: EvaluateResult) {
  if (result.of === 'text' || result.forecasts === undefined) return {};
  const { origins, ways } = result.forecasts;
  const plain = ways.map(({ name, mae, rmse }) => ({ name, mae: [...mae], rmse: [...rmse] }));
  return { forecasts: { origins, ways: plain } };
}

/** Typed arrays as lists. */
function calibrationOf(result: EvaluateResult) {
  if (result.of === 'text' || result.calibration === undefined) return {};
  const { counts, probabilities, shares, error } = result.calibration;
  const lists = { counts: [...counts], probabilities: [...probabilities], shares: [...shares] };
  return { calibration: { error, ...lists } };
}

/** Without what only a picture needs. */
function worstOf(result: EvaluateResult) {
  if (result.of === 'text') return {};
  return { worst: result.worst.map(({ kinds: _, ...told }) => told) };
}

/** By the ids of the table of columns, whatever the model. */
function metricsOf(result: EvaluateResult) {
  if (result.of === 'examples') return result.metrics;
  const { loss, perplexity, bitsPerCharacter } = result;
  return { loss, perplexity, bitsPerCharacter };
}

function textTable(result: TextEvaluation): string {
  return table([
    ['loss', `${result.loss.toFixed(4)} nats/token`],
    ['bits per token', result.bitsPerToken.toFixed(4)],
    ['bits per character', result.bitsPerCharacter.toFixed(4)],
    ...(result.spelling > 0 ? [['  of these for spelling', result.spelling.toFixed(4)]] : []),
    ['perplexity', result.perplexity.toFixed(3)],
    ['tokens predicted', whole(result.tokens)],
    ['unknown tokens', whole(result.unknownTokens)],
  ]);
}
