import type { ProfileResult, ProfileRow } from '../protocol/engine';
import { numberFlag } from './number-flag';
import { runJob } from './engine';
import { plural, simd, table, whole } from './format';
import { jsonLine, type Terminal } from './terminal';
import { cellSource } from './paths';

/** `rnn-lab bench --profile`. */
export async function profile(
  terminal: Terminal,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const { result, code } = await runJob(
    terminal,
    {
      kind: 'profile',
      cell: cellSource(String(options['cell'])),
      hidden: numberFlag(options, 'hidden', 1, 8192, true),
      batch: numberFlag(options, 'batch', 1, 4096, true),
      sequence: numberFlag(options, 'sequence', 1, 8192, true),
      vocabulary: numberFlag(options, 'vocabulary', 1, 1_000_000, true),
      seconds: 4 * numberFlag(options, 'seconds', 0.01, 600, false),
      ...(options['threads'] === undefined
        ? {}
        : { threads: numberFlag(options, 'threads', 0, 256, true) }),
    },
    () => undefined,
    'Stopping.',
  );
  if (options['json'] === true) terminal.out(jsonLines(result));
  else terminal.out(text(result));
  return code;
}

function jsonLines({ rows, ...whole }: ProfileResult): string {
  return (
    rows.map((row) => jsonLine({ event: 'part', ...row })).join('') +
    jsonLine({ event: 'done', ...whole })
  );
}

function text(result: ProfileResult): string {
  const { cell, hidden, batch, sequence, vocabulary, threads, peakGflops } = result;
  const { steps, millisecondsPerStep, tokensPerSecond } = result;
  const head =
    `${cell} ${String(hidden)}×${String(batch)}×${String(sequence)}, V ${String(vocabulary)}: ` +
    `${millisecondsPerStep.toFixed(2)} ms a step, ${whole(tokensPerSecond)} tokens/s, mean of ${plural(steps, 'step')}\n` +
    `${simd(result.backend, result.vectorBits)}, ${plural(threads, 'thread')}; peak of one thread ${peakGflops.toFixed(1)} GFLOP/s\n\n`;
  return (
    head + table([['phase', 'part', 'ms', 'share', 'GFLOP/s', 'of peak'], ...lines(result)], [0, 1])
  );
}

/** A line for each part that takes time; the rest is what JavaScript does between steps. */
function lines({ rows, millisecondsPerStep, peakGflops }: ProfileResult): string[][] {
  const known = rows.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const rest: ProfileRow = {
    phase: 'step',
    name: 'between steps',
    milliseconds: Math.max(0, millisecondsPerStep - known),
    gflops: NaN,
  };
  return [...rows, rest].map(({ phase, name, milliseconds, gflops }) => [
    phase,
    name,
    milliseconds.toFixed(3),
    percent(milliseconds / millisecondsPerStep),
    ...(Number.isNaN(gflops) ? ['', ''] : [gflops.toFixed(1), percent(gflops / peakGflops)]),
  ]);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
