import type { Command } from 'commander';
import type {
  BenchEvent,
  KernelSpeed,
  SamplingSpeed,
  Rates,
  TrainingSpeed,
} from '../protocol/engine';
import { runJob } from './engine';
import { plural, simd, whole } from './format';
import { numberFlag } from './number-flag';
import { profile } from './profile';
import { jsonLine, type Terminal } from './terminal';

const examples = `
Examples:
  rnn-lab bench
  rnn-lab bench --threads 1 --json
  rnn-lab bench --only lstm
  rnn-lab bench --only 512x64x64
  rnn-lab bench --profile --cell lstm --hidden 512 --batch 64

Training speed is that of whole steps: forward, loss, backward, clipping by global norm 5, Adam. What
it reaches of the peak are the multiply-adds of its matrix products; all else takes time and counts
nothing. Each row is the median of several measurements. Close other programs first.
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
    .option('--only <TEXT>', 'only rows that have this in their name, such as gru or 512x64x64')
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
  const only = options['only'];
  const { result, code } = await runJob(
    terminal,
    {
      kind: 'bench',
      repetitions: numberFlag(options, 'repetitions', 1, 1000, true),
      seconds: numberFlag(options, 'seconds', 0.01, 600, false),
      ...(typeof only === 'string' ? { only } : {}),
      ...(options['threads'] === undefined
        ? {}
        : { threads: numberFlag(options, 'threads', 0, 256, true) }),
    },
    (event) => {
      terminal.out(show(event));
    },
    'Stopping.',
  );
  const bytes = process.resourceUsage().maxRSS * 1024;
  const { kernels, training, sampling } = result;
  terminal.out(
    json
      ? jsonLine({
          event: 'done',
          kernels: kernels.length,
          training: training.length,
          sampling: sampling.length,
          peakResidentBytes: bytes,
        })
      : `\nmost memory the process had: ${megabytes(bytes)}\n`,
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
    case 'sampling':
      return jsonLine({ event: event.event, ...event.row });
  }
}

/** Rows come one by one, so the columns have fixed widths. */
function textRow(): (event: BenchEvent) => string {
  let section = '';
  const headed = (title: string, line: string): string => {
    const heading = title === section ? '' : `\n${title}\n`;
    section = title;
    return `${heading}${line}\n`;
  };
  return (event) => {
    switch (event.event) {
      case 'machine':
        return machineLine(event);
      case 'kernel':
        return headed(
          'kernel                    M×K×N  threads  GFLOP/s  of peak',
          kernelLine(event.row),
        );
      case 'training':
        return headed(
          'training       H×B×T     V  threads  tokens/s  GFLOP/s  of peak   memory  (least … greatest)',
          trainingLine(event.row),
        );
      case 'sampling':
        return headed('sampling    H     V  tokens/s  (least … greatest)', samplingLine(event.row));
    }
  };
}

function machineLine({
  backend,
  vectorBits,
  threads,
  peakGflops,
  commonPeakGflops,
}: Extract<BenchEvent, { event: 'machine' }>): string {
  const all =
    threads === 1 ? '' : `, of all ${String(threads)} at once ${commonPeakGflops.toFixed(1)}`;
  return `${simd(backend, vectorBits)}, ${plural(threads, 'thread')}; peak of one thread ${peakGflops.toFixed(1)}${all} GFLOP/s\n`;
}

function kernelLine({ kernel, m, k, n, threads, gflops, peakGflops }: KernelSpeed): string {
  const size = [m, k, n].join('×');
  return `${kernel.padEnd(18)}${size.padStart(13)}${String(threads).padStart(9)}${gflops.toFixed(1).padStart(9)}${share(gflops, peakGflops)}`;
}

function trainingLine(row: TrainingSpeed): string {
  const size = [row.hidden, row.batch, row.sequence].join('×');
  const counts = `${String(row.vocabulary).padStart(6)}${String(row.threads).padStart(9)}`;
  const speed = `${whole(row.tokensPerSecond.median).padStart(10)}${row.gflops.toFixed(1).padStart(9)}`;
  return `${row.cell.padEnd(8)}${size.padStart(12)}${counts}${speed}${share(row.gflops, row.peakGflops)}${megabytes(row.bytes).padStart(9)}  ${range(row.tokensPerSecond)}`;
}

function samplingLine({ cell, hidden, vocabulary, tokensPerSecond }: SamplingSpeed): string {
  const sizes = `${String(hidden).padStart(5)}${String(vocabulary).padStart(6)}`;
  return `${cell.padEnd(8)}${sizes}${whole(tokensPerSecond.median).padStart(10)}  ${range(tokensPerSecond)}`;
}

function share(gflops: number, peak: number): string {
  return `${String(Math.round((100 * gflops) / peak))}%`.padStart(9);
}

function range({ min, max }: Rates): string {
  return `(${whole(min)} … ${whole(max)})`;
}

function megabytes(bytes: number): string {
  return `${whole(bytes / 1e6)} MB`;
}
