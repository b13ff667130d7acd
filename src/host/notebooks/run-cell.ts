/** What running a cell of a lab notebook does, by its kind. */
import os from 'node:os';
import {
  l10n,
  NotebookCellOutput,
  NotebookEdit,
  workspace,
  WorkspaceEdit,
  type NotebookCell,
  type NotebookCellExecution,
} from 'vscode';
import { readNotebook } from '../../core/notebooks/notebook';
import { NotebookError } from '../../core/notebooks/problems';
import { reportOf } from '../../core/notebooks/report';
import { followExperiment } from '../../notebooks/following';
import { needsTiming } from '../../notebooks/kept';
import { planNotebook } from '../../notebooks/open';
import { runNotebook } from '../../notebooks/run';
import type { NotebookEvent } from '../../notebooks/running';
import type { Client } from '../../protocol/client';
import { UserError } from '../notify';
import { throttle } from '../throttle';
import { translated } from '../translate';
import { kindOfCell, metadataOf, type CellMetadata } from './cells';
import { describeEquations } from './equations';
import { itemsOf, outputsOf, type Told } from './outputs';
import { placesIn } from './places';

export interface CellRun {
  readonly cell: NotebookCell;
  readonly execution: NotebookCellExecution;
  readonly signal: AbortSignal;
  readonly startEngine: () => Client;
  /** Whether the panel's training is under way, beside which no step can be timed. */
  readonly isTraining: () => boolean;
  /** There may be runs beside a notebook that had none. */
  readonly runsBegun: () => void;
}

/** What is shown of an experiment under way follows it this often, ms. */
const interval = 500;

/**
 * Runs a cell and shows what it comes to, as it comes.
 * @returns whether all that is expected holds; undefined: it was stopped
 * @throws UserError, EngineError
 */
export async function runCell(run: CellRun): Promise<boolean | undefined> {
  const { cell, execution } = run;
  switch (kindOfCell(cell)) {
    case 'rnn':
      await execution.replaceOutput(outputsOf({ text: describeEquations(cell.document) }));
      return true;
    case 'experiment':
    case 'sample':
      return await runStep(run);
    case 'text':
    case 'prose':
      await execution.clearOutput();
      return true;
  }
}

async function runStep(run: CellRun): Promise<boolean | undefined> {
  const { cell, signal, startEngine } = run;
  const { notebook } = cell;
  if (notebook.isUntitled || notebook.uri.scheme !== 'file') {
    throw new UserError(
      l10n.t('Save the notebook as a file of this machine first: its runs are kept beside it.'),
    );
  }
  const places = placesIn(notebook);
  const read = await readNotebook(places.text);
  const part = places.partOf(read.parts, cell);
  if (part === undefined) {
    throw new UserError(
      l10n.t('The cell stands within an unclosed block of the cell above. Close that block first.'),
    );
  }
  const opened = await planNotebook(notebook.uri.fsPath, read, new Set([part])).catch(
    (error: unknown) => {
      throw error instanceof NotebookError
        ? new UserError(problemsText(error, cell, places))
        : error;
    },
  );
  if (run.isTraining() && (await needsTiming(opened))) {
    throw new UserError(
      l10n.t(
        'A training is under way, beside which no step can be timed. Stop it first, or give the experiment a number of steps.',
      ),
    );
  }
  const shown = showing(run);
  const follow = followExperiment(translated);
  let waiting = l10n.t('Starting the engine…');
  const progress = throttle(() => {
    const now = follow.now();
    const { done, of } = follow.progress;
    const said = now === undefined ? waiting : l10n.t('{0} of {1} runs', done, of);
    const report =
      now === undefined || now.results.done === 0 ? [] : ['', ...reportOf(now.results)];
    // A cell that was deleted shows nothing.
    shown
      .show({ text: [said, ...report].join('\n'), figure: now?.figure })
      .then(undefined, () => undefined);
  }, interval);
  progress();
  try {
    const outcome = await runNotebook(opened, {
      ...{ startEngine, cores: os.availableParallelism(), jobs: os.availableParallelism(), signal },
      onEvent(event: NotebookEvent) {
        follow.event(event);
        if (event.event === 'training' && event.what.event === 'started') run.runsBegun();
        if (event.event === 'timing') {
          waiting = l10n.t('Timing steps: model {0} of {1}', event.done + 1, event.of);
        }
        progress();
      },
    });
    progress.dispose();
    const text = outcome.outputs.get(part);
    if (text !== undefined) {
      const figure = kindOfCell(cell) === 'experiment' ? follow.now()?.figure : undefined;
      await shown.show({ text, figure });
      if (outcome.isWhole) await keep(cell, text);
    }
    return outcome.isWhole ? outcome.holds : undefined;
  } finally {
    progress.dispose();
    await shown.settled();
  }
}

/** Shows what a cell comes to in one output, which is replaced in its place. */
function showing({ execution }: CellRun) {
  let output: NotebookCellOutput | undefined;
  let last: Thenable<void> = Promise.resolve();
  return {
    show(told: Told): Thenable<void> {
      if (output === undefined) {
        output = new NotebookCellOutput(itemsOf(told));
        last = execution.replaceOutput([output]);
      } else last = execution.replaceOutputItems(itemsOf(told), output);
      return last;
    },
    /** Resolves once all is shown, or the cell is gone. */
    settled: () => last.then(undefined, () => undefined),
  };
}

/** What a file keeps is an edit of it, to be undone and saved like any other. */
async function keep(cell: NotebookCell, text: string): Promise<void> {
  const where = workspace.getConfiguration('rnnLab', cell.notebook.uri).get('notebooks.outputs');
  const { output, ...others } = metadataOf(cell);
  const kept: CellMetadata = where === 'beside' ? others : { ...others, output: text };
  if (output === kept.output || cell.index < 0) return;
  const edit = new WorkspaceEdit();
  edit.set(cell.notebook.uri, [NotebookEdit.updateCellMetadata(cell.index, { ...kept })]);
  await workspace.applyEdit(edit);
}

function problemsText(
  { problems }: NotebookError,
  own: NotebookCell,
  places: ReturnType<typeof placesIn>,
): string {
  return problems
    .map(({ line, column, message }) => {
      const place = places.placeOf(line, column);
      const told = translated(message);
      if (place === undefined) return told;
      return place.cell === own
        ? l10n.t('Line {0}: {1}', place.line + 1, told)
        : l10n.t('Cell {0}, line {1}: {2}', place.cell.index + 1, place.line + 1, told);
    })
    .join('\n');
}
