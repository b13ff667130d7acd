/** Word vectors of Brown beside those of fastText: how well they order pairs of words as people do, and how long it takes. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '../../unit/cli/tools';
import { readFile } from '../../unit/vectors/tools';
import { NotRun, required, type Check, type Finding } from '../check';
import { sentencesIn } from './brown';

const rounds = 3;
/** How far the median of our correlations may be below fastText’s. */
const tolerance = 0.03;
const fasttext = '/usr/bin/fasttext';

/** Two words, and how alike people find them, 0 to 10. */
type Pair = readonly [a: string, b: string, score: number];

export const vectors: Check = {
  name: 'vectors',
  title: 'Word vectors beside fastText',
  source:
    'fasttext skipgram without subwords on the same file; WordSim-353 (Finkelstein et al. 2002)',
  async *run({ brown, wordsim }) {
    if (wordsim === undefined) throw new NotRun('no WordSim-353 was given (--wordsim=FILE)');
    if (!fs.existsSync(fasttext)) throw new NotRun(`there is no ${fasttext} (Debian: fasttext)`);
    const pairs = pairsIn(fs.readFileSync(wordsim, 'utf8'));
    const folder = temporaryFolder();
    try {
      const text = path.join(folder, 'brown.txt');
      const lines = sentencesIn(required(brown)).map((words) => words.join(' '));
      fs.writeFileSync(text, `${lines.join('\n')}\n`);
      yield* compare(folder, text, pairs);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** Trains both in turn. */
async function* compare(
  folder: string,
  text: string,
  pairs: readonly Pair[],
): AsyncGenerator<Finding> {
  const ours: Measured[] = [];
  const theirs: Measured[] = [];
  for (let round = 1; round <= rounds; round++) {
    const out = path.join(folder, 'ours.vec');
    const cli = [path.resolve('dist/cli.js'), 'vectors', text, '--out', out];
    const other = path.join(folder, 'theirs');
    const sizes = ['-dim', '100', '-epoch', '5', '-ws', '5', '-neg', '5', '-minCount', '5'];
    const rest = ['-minn', '0', '-maxn', '0', '-thread', '2', '-input', text, '-output', other];
    const seconds = [
      timed(process.execPath, [...cli, '--seed', String(round)]),
      timed(fasttext, ['skipgram', ...sizes, ...rest]),
    ];
    const files = [out, `${other}.vec`];
    const found = await Promise.all(files.map((file) => similarities(file, pairs)));
    const known = pairs.map((_, i) => found.every((cosines) => !Number.isNaN(cosines[i]!)));
    const scores = pairs.filter((_, i) => known[i]).map(([, , score]) => score);
    [ours, theirs].forEach((list, which) => {
      const cosines = found[which]!.filter((_, i) => known[i]);
      list.push({
        correlation: correlation(ranks(cosines), ranks(scores)),
        seconds: seconds[which]!,
        pairs: scores.length,
      });
    });
  }
  const [a, b] = [ours, theirs].map((list) => median(list.map((each) => each.correlation)));
  yield {
    what: `WordSim-353, ${String(ours[0]!.pairs)} pairs in both: rank correlation, median of ${String(rounds)}`,
    expected: `≥ ${(b! - tolerance).toFixed(3)} (fastText ${b!.toFixed(3)})`,
    got: `${a!.toFixed(3)} (${ours.map((each) => each.correlation.toFixed(3)).join(', ')})`,
    passed: a! >= b! - tolerance,
  };
  const [s, t] = [ours, theirs].map((list) => median(list.map((each) => each.seconds)));
  yield {
    what: 'wall time, one thread beside fastText’s two',
    expected: `≤ ${t!.toFixed(1)} s`,
    got: `${s!.toFixed(1)} s`,
    passed: s! <= t!,
  };
}

interface Measured {
  readonly correlation: number;
  readonly seconds: number;
  readonly pairs: number;
}

function timed(program: string, args: readonly string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0)
    throw new Error(`${program} ended with ${String(status)}: ${stderr.slice(-500)}`);
  return (performance.now() - start) / 1000;
}

function pairsIn(file: string): Pair[] {
  return file.split('\n').flatMap((line): Pair[] => {
    const [a, b, score] = line
      .trim()
      .toLowerCase()
      .split(/[\t,;]/);
    return line.startsWith('#') || Number.isNaN(Number(score)) ? [] : [[a!, b!, Number(score)]];
  });
}

/** Cosines of the pairs, NaN where a word has no vector. */
async function similarities(file: string, pairs: readonly Pair[]): Promise<number[]> {
  const words = [...new Set(pairs.flatMap(([a, b]) => [a, b]))];
  const { rows } = await readFile(fs.readFileSync(file), words, 2 ** 20);
  const vectorOf = new Map(words.map((word, i) => [word, rows[i]]));
  const dot = (u: readonly number[], v: readonly number[]): number =>
    u.reduce((sum, value, i) => sum + value * v[i]!, 0);
  return pairs.map(([a, b]) => {
    const [u, v] = [vectorOf.get(a), vectorOf.get(b)];
    return u && v ? dot(u, v) / Math.sqrt(dot(u, u) * dot(v, v)) : NaN;
  });
}

/** Ranks, of equal values their mean. */
function ranks(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return below + (equal - 1) / 2;
  });
}

/** Pearson’s, of ranks Spearman’s. */
function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [p, q] = [mean(a), mean(b)];
  const sum = (term: (i: number) => number): number =>
    a.reduce((total, _, i) => total + term(i), 0);
  const both = sum((i) => (a[i]! - p) * (b[i]! - q));
  return both / Math.sqrt(sum((i) => (a[i]! - p) ** 2) * sum((i) => (b[i]! - q) ** 2));
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
