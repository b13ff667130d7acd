import type { Backend } from '../../../src/core/engine/backend';
import type { GraphModel } from '../../../src/core/engine/model';
import { createReferenceBackend } from '../../../src/core/engine/reference';
import { memoryText } from '../../../src/core/data/source';
import { parseCell } from '../../../src/core/equations/parse';
import { loadCell } from '../../../src/core/equations/load-cell';
import type { TrainerEvent } from '../../../src/core/training/events';
import { parseSettings } from '../../../src/core/settings/settings';
import { createTrainer, type Trainer } from '../../../src/core/training/trainer';
import type { TrainerOptions } from '../../../src/core/training/trainer-setup';
import { sha256 } from '../../../src/worker/sha256';

/** A text with something to learn: words in a loose order. */
export function sampleText(words: number, seed = 1): string {
  const lexicon = ['the ', 'cat ', 'sat ', 'on ', 'a ', 'mat, ', 'and ', 'then ', 'it ', 'ran.\n'];
  let state = seed;
  return Array.from({ length: words }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return lexicon[(state >>> 16) % lexicon.length];
  }).join('');
}

export interface TestOptions {
  readonly text?: string;
  /** A built-in cell's name, or equations. */
  readonly cell?: string;
  readonly settings?: Record<string, unknown>;
  readonly resume?: TrainerOptions['resume'];
  readonly vectors?: TrainerOptions['vectors'];
  readonly availableMemory?: () => number;
  readonly now?: () => number;
  /** The reference backend unless said otherwise. */
  readonly backend?: (model: GraphModel) => Backend;
}

/** A clock that makes each step a row of metrics. */
export function everyStep(): () => number {
  let time = 0;
  return () => (time += 1);
}

/** A small trainer. */
export async function makeTrainer(options: TestOptions = {}): Promise<Trainer> {
  const { text = sampleText(300), cell = 'vanilla', resume } = options;
  let time = 0;
  const settings = {
    'model.hidden': 8,
    'training.batch': 3,
    'training.sequence': 5,
    ...options.settings,
  };
  return createTrainer({
    settings: resume === undefined ? parseSettings(settings) : resume.settings,
    cell: cell.includes('=') ? parseCell(cell, 'cell') : loadCell(cell),
    data: { kind: 'text', text: memoryText(text, 'text') },
    createHash: sha256,
    createBackend: options.backend ?? ((model) => createReferenceBackend(model.layout)),
    // Each look at the clock takes a millisecond.
    now: options.now ?? (() => (time += 0.001)),
    vectors: options.vectors,
    ...(resume === undefined ? {} : { resume }),
    ...(options.availableMemory && { availableMemory: options.availableMemory }),
  });
}

/** Runs a trainer to its end, or to a number of steps, in slices of one unit. */
export function runSteps(trainer: Trainer, steps = Infinity): TrainerEvent[] {
  const events: TrainerEvent[] = [];
  while (!trainer.hasEnded() && trainer.step() < steps) events.push(...trainer.runFor(0));
  return events;
}

export function eventsOf<K extends TrainerEvent['event']>(
  events: readonly TrainerEvent[],
  kind: K,
): Extract<TrainerEvent, { event: K }>[] {
  return events.filter((event) => event.event === kind) as Extract<TrainerEvent, { event: K }>[];
}
