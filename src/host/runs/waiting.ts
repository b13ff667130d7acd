import * as path from 'node:path';
import { settingsTable } from '../../core/settings/table';
import type { CellSource, SettingValues } from '../../protocol/engine';
import { createRunFolder, dataOf, readDocument, type KeptDocument } from './folder';
import { nameOf } from './line';
import { createQueue, type Queue } from './queue';
import type { Run } from './run';
import { textNotes } from './text-notes';
import type { TrainingOrder } from './training';

/** What a new run has whose settings name no cell. */
const usualCell = settingsTable.model.cell.default;

/** What a new run learns and how. */
export interface TrainOptions {
  readonly document: KeptDocument;
  /** What the user set; the engine fills in the defaults. */
  readonly settings: SettingValues;
  /** In place of a built-in cell. */
  readonly cell: CellSource | undefined;
}

/** Trainings that wait: each begins when the one before it has come to its end, but not after one that the user stops. */
export interface WaitingTrainings {
  readonly queue: Pick<Queue, 'items' | 'load' | 'remove' | 'move'>;
  /**
   * Trains a new run when those before it are done.
   * @param beside a run that it is drawn beside then
   */
  enqueue(options: TrainOptions, beside?: Run): Promise<void>;
  /** Goes on with a run when those before it are done. */
  enqueueContinuation(run: Run, settings: SettingValues): Promise<void>;
  /** Begins the next training of the queue, or a certain one, where none is under way. */
  startQueued(folder?: string): Promise<void>;
}

export interface WaitingOptions {
  /** Of all runs. */
  readonly folder: string;
  readonly isBusy: () => boolean;
  /** Takes the place of a training to come at once, and begins it when its order is written. */
  readonly begin: (name: string, prepare: () => Promise<TrainingOrder>) => Promise<void>;
  readonly read: (folder: string) => Promise<Run>;
  /** Draws runs in one plot. */
  readonly compare: (folders: readonly string[]) => Promise<void>;
  /** The queue has changed. */
  readonly changed: () => void;
}

export function createWaiting(options: WaitingOptions): WaitingTrainings {
  const { folder, isBusy, begin, read, compare, changed } = options;
  const queue = createQueue(folder, changed);

  return {
    queue,

    async enqueue({ document, settings, cell }, other) {
      const run = await createRunFolder(folder, document);
      const cellName = nameOfCell(cell ?? String(settings['model.cell'] ?? usualCell));
      const name = nameOf({ title: undefined, name: document.name, cell: cellName });
      const given = {
        ...(cell !== undefined && { cell }),
        ...(other && { beside: path.basename(other.folder) }),
      };
      await queue.add(run, { name, settings, ...given, continues: false });
    },

    async enqueueContinuation({ folder: run, title, facts }, settings) {
      const name = nameOf({ title, name: facts.name, cell: facts.cell.name });
      await queue.add(run, { name, settings, continues: true });
    },

    async startQueued(wanted = queue.items[0]?.folder) {
      const item = queue.items.find((candidate) => candidate.folder === wanted);
      if (!item || isBusy()) return;
      const { name, folder: run, settings, cell, continues, beside } = item;
      const taken = new Error(`${run} is trained by another window.`);
      try {
        await begin(name, async () => {
          if (!(await queue.take(run))) throw taken;
          const document = await readDocument(run);
          const request = {
            ...{ kind: 'train' as const, settings, run, resume: continues },
            ...(document && dataOf(document)),
            ...(cell !== undefined && { cell }),
          };
          const notes = await textNotes(document, continues ? 'begun' : 'queued');
          const order = { request, notes };
          if (continues) return { ...order, run: await read(run) };
          // What has changed meanwhile is not what is learnt.
          return { ...order, run: undefined, document: notes.length > 0 ? undefined : document };
        });
      } catch (error) {
        // The other window has it, and the rest of the queue.
        if (error !== taken) throw error;
        return;
      }
      // Where the other one was deleted meanwhile, there is nothing to compare.
      if (beside !== undefined) {
        await compare([path.join(folder, beside), run]).catch(() => undefined);
      }
    },
  };
}

function nameOfCell(cell: CellSource): string {
  if (typeof cell === 'string') return cell;
  return 'path' in cell ? cell.path : cell.name;
}
