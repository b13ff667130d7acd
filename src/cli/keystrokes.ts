import { Option, type Command } from 'commander';
import { toEnglish } from '../core/sentence';
import type { CompletionEnd, KeystrokesRow } from '../protocol/engine';
import { checkpointOf } from './checkpoint-flag';
import { runJob } from './engine';
import { UsageError } from './errors';
import { table, whole } from './format';
import { numberFlag } from './number-flag';
import { fileSource, pathOf } from './paths';
import { showShare } from './show-share';
import { jsonLine, type Terminal } from './terminal';

const ends = ['word', 'line', 'text'] as const;

const names = {
  model: 'the model',
  'n-gram': 'PPM of order 5',
  words: 'word list',
} as const;

type Options = Readonly<Record<string, unknown>>;

/** Adds `--keystrokes` and what belongs to it. */
export function addKeystrokes(command: Command): Command {
  const heading = 'Keystrokes:';
  const add = (flags: string, description: string): Command =>
    command.addOption(new Option(flags, description).helpGroup(heading));
  add('--keystrokes', 'what completion saves a typist, against simpler ways of completing');
  add(
    '--training <FILE>',
    'the text that these learn (default the part of the run’s own text that the model learnt)',
  );
  add('--confidence <list>', 'confidences to try, such as 0.3,0.5 (default 0.1,0.2 to 0.9)');
  add('--stop-at <end>', 'where a completion ends: word, line, text (default line)');
  return add('--limit <N>', 'type only the first N characters; 0 types all (default 0)');
}

/** @throws UsageError for a flag that means nothing without `--keystrokes` */
export function isAboutKeystrokes(options: Options): boolean {
  if (options['keystrokes'] === true) return true;
  for (const [flag, key] of [
    ['training', 'training'],
    ['confidence', 'confidence'],
    ['stop-at', 'stopAt'],
    ['limit', 'limit'],
  ] as const) {
    if (options[key] !== undefined) throw new UsageError(`--${flag} goes with --keystrokes.`);
  }
  return false;
}

/** `rnn-lab evaluate --keystrokes`. */
export async function keystrokes(
  terminal: Terminal,
  run: string,
  file: string,
  options: Options,
): Promise<number> {
  const { training, confidence } = options;
  const limit =
    options['limit'] === undefined ? 0 : numberFlag(options, 'limit', 0, 1_000_000_000, true);
  const { result, code } = await runJob(
    terminal,
    {
      kind: 'keystrokes',
      model: { kind: 'run', run: pathOf('RUN', run), ...checkpointOf(options) },
      source: fileSource('FILE', file),
      ...(typeof training === 'string' && {
        training: fileSource('--training', training),
      }),
      ...(typeof confidence === 'string' && { thresholds: readConfidences(confidence) }),
      until: readEnd(options['stopAt']),
      limit,
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
  terminal.out(`${whole(result.characters)} characters typed\n\n`);
  terminal.out(
    table(
      [
        ['', 'confidence', 'keys saved', 'shown at', 'right', 'right characters'],
        ...result.suggesters.flatMap(({ name, rows }) =>
          rows.map((row, i) => [i === 0 ? names[name] : '', ...cells(row)]),
        ),
      ],
      [0],
    ),
  );
  return code;
}

function cells(row: KeystrokesRow): string[] {
  const { threshold, saved, shown, rightSuggestions, rightCharacters } = row;
  return [String(threshold), ...[saved, shown, rightSuggestions, rightCharacters].map(percent)];
}

/** `37.2 %` */
function percent(share: number): string {
  return Number.isNaN(share) ? '–' : `${(100 * share).toFixed(1)} %`;
}

function readConfidences(list: string): number[] {
  const values = list.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (values.every((value) => value > 0 && value <= 1)) return values;
  throw new UsageError(
    '--confidence takes numbers above 0 and at most 1 with commas between them, such as 0.3,0.5.',
  );
}

function readEnd(value: unknown): CompletionEnd {
  if (value === undefined) return 'line';
  const end = ends.find((known) => known === value);
  if (end !== undefined) return end;
  throw new UsageError(`--stop-at must be word, line or text.`);
}
