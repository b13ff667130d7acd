import type { Command } from 'commander';
import type { BenchEvent, KernelSpeed, TrainingSpeed } from '../protocol/engine';
import { runJob } from './engine';
import { plural, whole } from './format';
import { numberFlag } from './number-flag';
import { profile } from './profile';
import { jsonLine, type Terminal } from './terminal';

const examples = `
Examples:
  rnn-lab bench
  rnn-lab bench --threads 1 --json
  rnn-lab bench --profile --cell lstm --hidden 512 --batch 64

Training speed is that of whole steps with a vocabulary of 65: forward, loss, backward, clipping by
global norm 5, Adam. Each row is the median of several measurements. Close other programs first.
With --profile, a table tells where the time of such a step goes, part by part of the plan.`;

/** `rnn-lab bench`. */
export function addBench(program: Command, terminal: Terminal, done: (code: number) => void): void {
  program
    .command('bench')
    .usage('[options]')
    .summary('measure kernels and training speed on this machine')
    .description(
      'Measure the speed of kernels and of training on this machine. Nothing is written to disk.',
    )
    .option('--threads <N>', 'number of threads (default: all cores; the kernels one)')
    .option('--repetitions <N>', 'measurements of a row, of which the median counts', '5')
    .option('--seconds <S>', 'length of one measurement', '0.5')
    .option('--profile', 'where the time of a training step goes, instead')
    .option(
      '--cell <cell>',
      'of the profile: a built-in cell, or the path of a .rnn file',
      'vanilla',
    )
    .option('--hidden <N>', 'of the profile: units in a hidden layer', '256')
    .option('--batch <N>', 'of the profile: sequences side by side', '32')
    .option('--sequence <N>', 'of the profile: steps of a sequence', '64')
    .option('--vocabulary <N>', 'of the profile: number of tokens', '65')
    .option('--json', 'JSON Lines on standard output')
    .helpOption('--help', 'show this help')
    .addHelpText('after', examples)
    .action(async (options: Record<string, unknown>) => {
      done(await (options['profile'] === true ? profile : bench)(terminal, options));
    });
}

async function bench(
  terminal: Terminal,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const json = options['json'] === true;
  const show = json ? jsonRow : textRow();
  const { result, code } = await runJob(
    terminal,
    {
      kind: 'bench',
      repetitions: numberFlag(options, 'repetitions', 1, 1000, true),
      seconds: numberFlag(options, 'seconds', 0.01, 600, false),
      ...(options['threads'] === undefined
        ? {}
        : { threads: numberFlag(options, 'threads', 0, 256, true) }),
    },
    (event) => {
      terminal.out(show(event));
    },
    'Stopping.',
  );
  if (json)
    terminal.out(
      jsonLine({ event: 'done', kernels: result.kernels.length, training: result.training.length }),
    );
  return code;
}

function jsonRow(event: BenchEvent): string {
  switch (event.event) {
    case 'machine':
      return jsonLine(event);
    case 'kernel':
      return jsonLine({ event: 'kernel', ...event.row });
    case 'training':
      return jsonLine({ event: 'training', ...event.row });
  }
}

/** Rows come one by one, so the columns have fixed widths. */
function textRow(): (event: BenchEvent) => string {
  let peak = NaN;
  let section = '';
  const headed = (title: string, line: string): string => {
    const heading = title === section ? '' : `\n${title}\n`;
    section = title;
    return `${heading}${line}\n`;
  };
  return (event) => {
    switch (event.event) {
      case 'machine':
        peak = event.peakGflops;
        return `${event.backend} SIMD, ${plural(event.threads, 'thread')}; peak of one thread ${peak.toFixed(1)} GFLOP/s\n`;
      case 'kernel':
        return headed(
          'kernel                    M×K×N  threads  GFLOP/s  of peak',
          kernelLine(event.row, peak),
        );
      case 'training':
        return headed(
          'cell       H×B×T  threads  tokens/s  (least … greatest)',
          trainingLine(event.row),
        );
    }
  };
}

function kernelLine({ kernel, m, k, n, threads, gflops }: KernelSpeed, peak: number): string {
  const share = `${String(Math.round((100 * gflops) / (peak * threads)))}%`;
  const size = `${String(m)}×${String(k)}×${String(n)}`;
  return `${kernel.padEnd(18)}${size.padStart(13)}${String(threads).padStart(9)}${gflops.toFixed(1).padStart(9)}${share.padStart(9)}`;
}

function trainingLine({
  cell,
  hidden,
  batch,
  sequence,
  threads,
  tokensPerSecond,
}: TrainingSpeed): string {
  const size = `${String(hidden)}×${String(batch)}×${String(sequence)}`;
  const { median, min, max } = tokensPerSecond;
  return `${cell.padEnd(8)}${size.padStart(8)}${String(threads).padStart(9)}${whole(median).padStart(10)}  (${whole(min)} … ${whole(max)})`;
}
