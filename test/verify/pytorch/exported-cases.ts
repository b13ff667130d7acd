/** Trainings that go on in PyTorch: a run of the float64 reference, and what it comes to here and there. */
import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { builtinCells } from '../../../src/core/cells/index';
import { memoryText } from '../../../src/core/data/source';
import { createReferenceBackend } from '../../../src/core/engine/reference';
import { parseCell } from '../../../src/core/equations/parse';
import { printCell } from '../../../src/core/equations/print';
import { toEnglish } from '../../../src/core/sentence';
import { resumeSettings } from '../../../src/core/settings/resume';
import { parseSettings } from '../../../src/core/settings/settings';
import { decodeCheckpoint, type Checkpoint } from '../../../src/core/training/checkpoint';
import type { EvaluationEvent, MetricsEvent } from '../../../src/core/training/events';
import {
  checkpointFileName,
  decodeMetrics,
  encodeRunInfo,
  runFileNames,
} from '../../../src/core/training/run';
import { createTrainer, type Trainer } from '../../../src/core/training/trainer';
import { exportFolder } from '../../../src/worker/export-folder';
import { nodeFiles } from '../../../src/worker/node-files';
import type { Job } from '../../../src/worker/handler';
import { sha256 } from '../../../src/worker/sha256';
import { smoothCells } from '../../unit/equations/arbitrary-cells';
import { models } from '../../unit/exports/text-models';

export interface ExportedCase {
  readonly name: string;
  /** Equations. */
  readonly cell: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

const steps = { before: 5, after: 205 };

const common = {
  'model.hidden': 8,
  'training.batch': 4,
  'training.sequence': 6,
  'training.learningRate': 0.01,
  'training.clip': 0.5,
  'training.evaluateEvery': 120,
  'inspection.observeEvery': 0,
  'inspection.sampleEvery': 0,
};

const gru = builtinCells.get('gru')!;
const withSettings = (name: string, settings: Record<string, unknown>): ExportedCase => ({
  name,
  cell: gru,
  settings,
});

/** Every built-in cell; every optimiser, schedule, tokenizer and split; what equations can be made of. */
export const exportedCases: readonly ExportedCase[] = [
  ...[...builtinCells].map(([name, cell]) => ({
    ...{ name, cell },
    // With dropout the engine does not take two layers of a prediction that is fed back.
    settings: { 'model.layers': 2, 'model.dropout': name === 'jordan' ? 0 : 0.2 },
  })),
  ...models
    .filter(([name]) => !builtinCells.has(name))
    .map(([name, cell, settings]) => ({ name, cell, settings })),
  ...['sgd', 'momentum', 'adagrad', 'rmsprop', 'lazyAdam'].map((name) =>
    withSettings(name, {
      'training.optimizer': name,
      'training.weightDecay': 0.01,
      'model.embedding': name === 'lazyAdam' ? 6 : 0,
    }),
  ),
  withSettings('lazyAdam of one-hot words', {
    'training.optimizer': 'lazyAdam',
    'data.tokenizer': 'word',
    'data.vocabulary': 200,
  }),
  ...['constant', 'step', 'halve'].map((name) =>
    withSettings(`schedule ${name}`, {
      'training.schedule': name,
      'training.decayEvery': 40,
      'training.warmup': 20,
    }),
  ),
  withSettings('gradients cut by value', { 'training.clipValue': 0.01 }),
  withSettings('streams', { 'data.split': 'streams' }),
  withSettings('nothing held out', { 'data.validation': 0, 'training.schedule': 'halve' }),
  ...['byte', 'word', 'bpe'].map((name) =>
    withSettings(`tokens: ${name}`, { 'data.tokenizer': name, 'data.vocabulary': 300 }),
  ),
  {
    name: 'the input of earlier steps, in 2 layers with dropout',
    cell: 'h[t] = tanh(U x[t] + P x[t-2] + W h[t-1] + b) * sigmoid(x[t-1] * v)\nsize h = hidden',
    settings: { 'model.layers': 2, 'model.dropout': 0.3, 'model.embedding': 8 },
  },
];

/** Cells that nobody has thought of; the same ones each time. */
export function randomCases(count: number): readonly ExportedCase[] {
  return fc.sample(smoothCells, { numRuns: count, seed: 21 }).map((cell, i) => ({
    name: `random cell ${String(i + 1)}`,
    cell: printCell(cell),
    settings: { 'model.layers': 1 + (i % 2), 'model.embedding': common['model.hidden'] },
  }));
}

/** A clock that makes each step a row of metrics. */
function everyStep(): () => number {
  let time = 0;
  return () => (time += 1);
}

type Row = MetricsEvent | EvaluationEvent;

function runToEnd(trainer: Trainer): readonly Row[] {
  const rows: Row[] = [];
  while (!trainer.hasEnded()) {
    for (const event of trainer.runFor(0)) {
      if (event.event === 'failed') throw new Error(toEnglish(event.message));
      if (event.event === 'metrics' || event.event === 'evaluation') rows.push(event);
    }
  }
  return rows;
}

export interface Prepared {
  /** The exported folder. */
  readonly folder: string;
  /** What follows on the reference. */
  readonly rows: readonly Row[];
  readonly end: Checkpoint;
}

/** Trains a run on the float64 reference, exports it, and trains it on. */
export async function prepare(
  { name, cell: source, settings: own }: ExportedCase,
  text: string,
  parent: string,
): Promise<Prepared> {
  const cell = parseCell(builtinCells.get(source) ?? source, 'cell');
  const settings = parseSettings({ ...common, ...own, 'training.steps': steps.before });
  const given = {
    data: { kind: 'text', text: memoryText(text, 'text') } as const,
    createHash: sha256,
    createBackend: ({ layout }: { layout: Parameters<typeof createReferenceBackend>[0] }) =>
      createReferenceBackend(layout),
  };
  const trainer = await createTrainer({ ...given, settings, cell, now: everyStep() });
  runToEnd(trainer);
  const file = trainer.checkpoint();
  const folder = path.join(parent, name.replace(/\W+/g, '-'));
  const run = path.join(parent, 'run');
  fs.rmSync(run, { recursive: true, force: true });
  fs.mkdirSync(run, { recursive: true });
  fs.writeFileSync(path.join(run, checkpointFileName('last')), file);
  fs.writeFileSync(path.join(run, runFileNames.info), infoOf(trainer));
  trainer.close();
  await exportFolder(
    'pytorch',
    {
      ...{ kind: 'export', format: 'pytorch', run, path: folder },
      text: { kind: 'text', name: 'text', text },
    },
    { platform: { files: nodeFiles, createHash: sha256 } } as unknown as Job<'export'>,
  );
  const checkpoint = decodeCheckpoint(file, 'start');
  const next = await createTrainer({
    ...given,
    settings: resumeSettings(checkpoint.settings, { 'training.steps': steps.after }, true),
    cell: checkpoint.model.spec.cell,
    resume: checkpoint,
    now: everyStep(),
  });
  const rows = runToEnd(next);
  const end = decodeCheckpoint(next.checkpoint(), 'end');
  next.close();
  return { folder, rows, end };
}

/** Trains a checkpoint on, on the reference. */
export async function goOn(
  checkpoint: Checkpoint,
  text: string,
  more: number,
): Promise<{ readonly losses: readonly number[]; readonly warnings: readonly string[] }> {
  const wanted = { 'training.steps': checkpoint.training.step + more };
  const trainer = await createTrainer({
    data: { kind: 'text', text: memoryText(text, 'text') },
    createHash: sha256,
    createBackend: ({ layout }) => createReferenceBackend(layout),
    settings: resumeSettings(checkpoint.settings, wanted, true),
    cell: checkpoint.model.spec.cell,
    resume: checkpoint,
    now: everyStep(),
  });
  const warnings: string[] = [];
  const losses: number[] = [];
  while (!trainer.hasEnded()) {
    for (const event of trainer.runFor(0)) {
      if (event.event === 'warning') warnings.push(event.code);
      if (event.event === 'metrics') losses.push(event.row.loss.mean);
    }
  }
  trainer.close();
  return { losses, warnings };
}

function infoOf({ facts, settings, textHash }: Trainer): string {
  const { cell, parameters, vocabulary, tokens, validationTokens, baselines } = facts;
  return encodeRunInfo({
    ...{ version: 1, name: 'text', source: null, cell, settings, parameters, vocabulary },
    text: { hash: textHash, tokens, validationTokens },
    ...{ baselines, created: 0, changed: 0, state: 'finished', step: steps.before, seconds: 0 },
    ...{ loss: null, best: null, failure: null },
  });
}

/** What a run's folder has after `train.py`. */
export function resultOf(folder: string): { rows: readonly Row[]; end: Checkpoint } {
  const run = path.join(folder, 'run');
  const name = path.join(run, checkpointFileName('last'));
  return {
    rows: decodeMetrics(fs.readFileSync(path.join(run, runFileNames.metrics), 'utf8')),
    end: decodeCheckpoint(fs.readFileSync(name), name),
  };
}

export const limit = String(steps.after);
