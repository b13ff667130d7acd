import type { Command } from 'commander';
import { runJob } from './engine';
import { duration, plural, whole } from './format';
import { numberFlag } from './number-flag';
import { fileSource, pathOf } from './paths';
import { showShare } from './show-share';
import type { Terminal } from './terminal';

const examples = `
Examples:
  rnn-lab vectors corpus.txt --out corpus.vec
  rnn-lab train corpus.txt --tokenizer word --vectors corpus.vec

Skip-gram with negative sampling (Mikolov et al. 2013): each word learns to tell the words near it from others.
--out ends with .vec or .txt for text, as word2vec, GloVe and fastText read it, or with .bin for word2vec's binary form.
The same seed gives the same bytes.`;

/** The flags with numbers: what they mean, what is usual, and what they may be. */
const flags = [
  ['width', 'values of a vector', 100, 1, 4096, true],
  [
    'window',
    'words on either side that are near, at most; each time it is drawn how many',
    5,
    1,
    1000,
    true,
  ],
  ['negatives', 'words that are drawn against each that is near', 5, 1, 1000, true],
  ['min-count', 'words that come less often have no vector', 5, 1, 1_000_000_000, true],
  [
    'subsample',
    'words more frequent than this share are left out at random; 0: none',
    1e-4,
    0,
    1,
    false,
  ],
  ['epochs', 'passes over the text', 5, 1, 100_000, true],
  ['learning-rate', 'at the beginning; it falls linearly to 0', 0.05, 0, 10, false],
  ['seed', 'seed of everything random', 1, 0, 4_294_967_295, true],
] as const;

/** `rnn-lab vectors`. */
export function addVectors(
  program: Command,
  terminal: Terminal,
  done: (code: number) => void,
): void {
  const command = program
    .command('vectors')
    .summary('train word vectors on a text')
    .description('Train word vectors on a text: skip-gram with negative sampling.')
    .argument('<file>', 'the text')
    .usage('FILE --out FILE [options]')
    .requiredOption('--out <file>', 'the file to write: .vec, .txt or .bin');
  for (const [name, meaning, standard, , , isWhole] of flags) {
    command.option(`--${name} <${isWhole ? 'N' : 'X'}>`, meaning, String(standard));
  }
  command
    .helpOption('--help', 'show this help')
    .addHelpText('after', examples)
    .action(async (file: string, options: Record<string, unknown>) => {
      done(await vectors(terminal, file, options));
    });
}

async function vectors(
  terminal: Terminal,
  file: string,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const out = String(options['out']);
  const number = (wanted: (typeof flags)[number][0]): number => {
    const [name, , , least, most, isWhole] = flags.find(([candidate]) => candidate === wanted)!;
    const key = name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    return numberFlag({ [name]: options[key] }, name, least, most, isWhole);
  };
  const { result, code } = await runJob(
    terminal,
    {
      kind: 'vectors',
      source: fileSource('FILE', file),
      path: pathOf('--out', out),
      width: number('width'),
      window: number('window'),
      negatives: number('negatives'),
      minCount: number('min-count'),
      subsample: number('subsample'),
      epochs: number('epochs'),
      learningRate: number('learning-rate'),
      seed: number('seed'),
    },
    showShare(terminal),
    'Stopping.',
  );
  const { words, tokens, seconds } = result;
  terminal.note(
    `Wrote ${out}: ${plural(words, 'vector')}, from ${whole(tokens)} words in ${duration(seconds)}`,
  );
  return code;
}
