import {
  l10n,
  NotebookCellOutput,
  NotebookCellOutputItem,
  notebooks,
  type NotebookCell,
  type NotebookCellExecution,
  type NotebookController,
  type NotebookDocument,
} from 'vscode';
import type { Client } from '../../protocol/client';
import { messageOf } from '../translate';
import { languages } from './cells';
import { notebookType } from './type';
import { runCell } from './run-cell';

export interface Runner {
  readonly controller: NotebookController;
  /** Whether a cell of a notebook, of any unless given, runs or waits. */
  isBusy(notebook?: NotebookDocument): boolean;
  /** Does something while no cell runs; those that are asked for meanwhile wait. */
  alone(work: () => Promise<void>): Promise<void>;
  /** Stops what runs of a notebook, with checkpoints, and forgets what waits; resolves when all has ended. */
  stop(notebook: NotebookDocument): Promise<void>;
  /** Counts executions of a notebook from 1 again. */
  restart(notebook: NotebookDocument): Promise<void>;
  dispose(): Promise<void>;
}

export interface RunnerNeeds {
  readonly startEngine: () => Client;
  readonly isTraining: () => boolean;
  /** There may be runs beside a notebook that had none. */
  readonly runsBegun: () => void;
  /** A cell has run. */
  ended(cell: NotebookCell): void;
}

interface Waiting {
  readonly cell: NotebookCell;
  readonly execution: NotebookCellExecution;
}

/** Runs cells of lab notebooks, one at a time whichever notebook they are of: experiments share the cores. */
export function createRunner({ startEngine, isTraining, runsBegun, ended }: RunnerNeeds): Runner {
  const queue: Waiting[] = [];
  const orders = new WeakMap<NotebookDocument, number>();
  let running: { readonly cell: NotebookCell; readonly stopping: AbortController } | undefined;
  let working: Promise<void> = Promise.resolve();
  let isHeld = false;

  const controller = notebooks.createNotebookController('rnn-lab', notebookType, 'RNN Lab');
  controller.supportedLanguages = Object.values(languages);
  controller.supportsExecutionOrder = true;
  controller.description = l10n.t('trains with the engine of the extension');
  controller.executeHandler = (cells) => {
    for (const cell of cells) {
      const isThere = running?.cell === cell || queue.some((each) => each.cell === cell);
      if (!isThere) queue.push({ cell, execution: controller.createNotebookCellExecution(cell) });
    }
    if (running === undefined && !isHeld) working = work();
  };
  controller.interruptHandler = stop;

  async function work(): Promise<void> {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { cell, execution } = next;
      const stopping = new AbortController();
      running = { cell, stopping };
      const goesOn = await runOne(next, stopping);
      running = undefined;
      ended(cell);
      if (!goesOn) drop(execution.cell.notebook);
    }
  }

  /** @returns whether the cells behind it are run too */
  async function runOne({ cell, execution }: Waiting, stopping: AbortController): Promise<boolean> {
    const order = (orders.get(cell.notebook) ?? 0) + 1;
    orders.set(cell.notebook, order);
    execution.executionOrder = order;
    execution.start(Date.now());
    // A cell that is taken out while it runs.
    const watching = execution.token.onCancellationRequested(() => stopping.abort());
    const { signal } = stopping;
    try {
      const holds = await runCell({
        ...{ cell, execution, signal },
        ...{ startEngine, isTraining, runsBegun },
      });
      execution.end(holds ?? false, Date.now());
      return holds !== undefined;
    } catch (error) {
      const told = { name: '', message: messageOf(error) };
      const output = new NotebookCellOutput([NotebookCellOutputItem.error(told)]);
      await execution.replaceOutput([output]).then(undefined, () => undefined);
      execution.end(false, Date.now());
      return false;
    } finally {
      watching.dispose();
    }
  }

  function drop(notebook: NotebookDocument) {
    for (let i = queue.length - 1; i >= 0; i--) {
      if (queue[i]!.cell.notebook !== notebook) continue;
      const [{ execution }] = queue.splice(i, 1) as [Waiting];
      execution.start();
      execution.end(undefined);
    }
  }

  async function stop(notebook: NotebookDocument): Promise<void> {
    drop(notebook);
    if (running?.cell.notebook !== notebook) return;
    const until = working;
    running.stopping.abort();
    await until;
  }

  return {
    controller,
    isBusy: (notebook) =>
      [running, ...queue].some(
        (each) => each !== undefined && (!notebook || each.cell.notebook === notebook),
      ),
    async alone(alone) {
      isHeld = true;
      try {
        await alone();
      } finally {
        isHeld = false;
        if (running === undefined) working = work();
      }
    },
    stop,
    async restart(notebook) {
      await stop(notebook);
      orders.delete(notebook);
    },
    async dispose() {
      queue.length = 0;
      running?.stopping.abort();
      await working;
      controller.dispose();
    },
  };
}
