import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import * as v from 'valibot';
import { engines } from '../../../src/cli/engine';
import { run } from '../../../src/cli/program';
import { createTerminal } from '../../../src/cli/terminal';
import type { Client } from '../../../src/protocol/client';

/** How a command ended, and all that it wrote. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a process ended. */
export interface EndedProcess extends Ended {
  readonly signal: NodeJS.Signals | null;
}

export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<EndedProcess>;
}

export interface Options {
  /** Files to write to instead of pipes that are read. */
  readonly stdout?: number;
  readonly stderr?: number;
  /** Called with each whole line of standard output as it comes. */
  readonly onLine?: (line: string, child: ChildProcess) => void;
}

/** Starts the built command line, as a shell would: for what a process alone can show. */
export function start(args: readonly string[], options: Options = {}): Running {
  const { onLine } = options;
  const child = spawn(process.execPath, [path.resolve('dist/cli.js'), ...args], {
    stdio: ['ignore', options.stdout ?? 'pipe', options.stderr ?? 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let seen = 0;
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    for (let end = stdout.indexOf('\n', seen); end >= 0; end = stdout.indexOf('\n', seen)) {
      onLine?.(stdout.slice(seen, end), child);
      seen = end + 1;
    }
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<EndedProcess>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve({ code, signal, stdout, stderr });
    });
  });
  return { process: child, ended };
}

const startEngine = engines.start;
let engine: Client | undefined;

// One engine for all commands in this process, as an editor has it: to start one takes longer than most of them.
engines.start = () => {
  if (engine === undefined) {
    engine = startEngine();
    engine.onDeath(() => (engine = undefined));
  }
  return { ...engine, dispose: () => Promise.resolve() };
};

/**
 * Runs a command in this process, with the built engine in a thread.
 *
 * @param cwd the folder that the command runs in
 */
export async function rnnLab(args: readonly string[], cwd = '.'): Promise<Ended> {
  const [stdout, stderr] = [collector(), collector()];
  const before = process.cwd();
  process.chdir(cwd);
  try {
    const code = await run(args, createTerminal({ stdout: stdout.stream, stderr: stderr.stream }));
    return { code, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    process.chdir(before);
  }
}

function collector(): { readonly stream: Writable; readonly text: () => string } {
  let written = '';
  const stream = new Writable({
    decodeStrings: false,
    write(text: string, _, done) {
      written += text;
      done();
    },
  });
  return { stream, text: () => written };
}

/** A new folder of a test's own, as a real path. */
export function temporaryFolder(): string {
  return fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-cli-')));
}

/** Sentences that a small model learns something of. */
export const sampleText = Array.from(
  { length: 80 },
  (_, i) =>
    `Line ${i}: the quick brown fox jumps over ${i % 3 === 0 ? 'the lazy dog' : 'a fence'}.\n`,
).join('');

/** Flags of a training that takes no time. */
export const quick = [
  '--hidden',
  '8',
  '--batch',
  '4',
  '--sequence',
  '8',
  '--threads',
  '1',
] as const;

const number = v.nullable(v.number());
const spread = { loss: number, lossMin: number, lossMax: number };

/** The lines of `rnn-lab train --json`, as docs/command-line.md describes them. */
const trainLine = v.variant('event', [
  v.object({
    event: v.literal('start'),
    name: v.string(),
    run: v.string(),
    cell: v.string(),
    equations: v.string(),
    settings: v.record(v.string(), v.union([v.string(), v.number()])),
    parameters: v.number(),
    vocabulary: v.number(),
    tokens: v.number(),
    validationTokens: v.number(),
    batch: v.number(),
    sequence: v.number(),
    learningRate: v.number(),
    threads: v.number(),
    backend: v.picklist(['relaxed', 'strict']),
    limit: v.object({ kind: v.picklist(['steps', 'epochs', 'seconds']), value: v.number() }),
    lastStep: v.optional(v.number()),
    baselines: v.object({ uniform: v.number(), unigram: v.number(), bigram: v.number() }),
    step: v.number(),
    resumed: v.boolean(),
  }),
  v.object({
    event: v.literal('step'),
    step: v.number(),
    steps: v.number(),
    epoch: v.number(),
    tokens: v.number(),
    seconds: v.number(),
    ...spread,
    gradientNorm: number,
    gradientNormMin: number,
    gradientNormMax: number,
    clipped: v.number(),
    learningRate: v.number(),
    tokensPerSecond: v.number(),
    progress: v.number(),
  }),
  v.object({
    event: v.literal('evaluation'),
    step: v.number(),
    epoch: v.number(),
    seconds: v.number(),
    validationLoss: number,
    bitsPerCharacter: number,
    spelling: number,
    perplexity: number,
    tokens: v.number(),
    best: v.boolean(),
  }),
  v.object({
    event: v.literal('observation'),
    step: v.number(),
    seconds: v.number(),
    parameters: v.record(
      v.string(),
      v.object({ gradientNorm: number, weightNorm: number, updateRatio: number }),
    ),
    gradientByLag: v.record(v.string(), v.array(number)),
    saturation: v.record(v.string(), number),
  }),
  v.object({
    event: v.literal('sampled'),
    step: v.number(),
    seconds: v.number(),
    temperature: v.number(),
    text: v.string(),
  }),
  v.object({
    event: v.literal('checkpoint'),
    which: v.picklist(['last', 'best']),
    step: v.number(),
    file: v.string(),
  }),
  v.object({ event: v.literal('kept'), step: v.number(), steps: v.array(v.number()) }),
  v.object({ event: v.literal('warning'), code: v.string(), message: v.string() }),
  v.object({
    event: v.literal('done'),
    reason: v.picklist(['finished', 'time limit', 'early stop', 'stopped']),
    step: v.number(),
    epoch: v.number(),
    tokens: v.number(),
    seconds: v.number(),
    loss: v.optional(number),
    validationLoss: v.optional(number),
    best: v.optional(v.object({ step: v.number(), validationLoss: number })),
    run: v.string(),
  }),
  v.object({
    event: v.literal('failed'),
    code: v.picklist(['input', 'failure']),
    message: v.string(),
    hint: v.string(),
    place: v.optional(v.object({ file: v.string(), line: v.number(), column: v.number() })),
    step: v.optional(v.number()),
    parameter: v.optional(v.string()),
  }),
]);
export type TrainLine = v.InferOutput<typeof trainLine>;

/** Every line of standard output as an event of training; throws where one is not. */
export function trainLines(stdout: string): TrainLine[] {
  return jsonLines(stdout).map((line) => v.parse(trainLine, line));
}

export function jsonLines(stdout: string): unknown[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

/** The lines of one kind. */
export function only<E extends TrainLine['event']>(
  lines: readonly TrainLine[],
  event: E,
): Extract<TrainLine, { event: E }>[] {
  return lines.filter((line): line is Extract<TrainLine, { event: E }> => line.event === event);
}
