/** What can be said of an open notebook before it is run: what is wrong with it, and what it would cost. */
import os from 'node:os';
import type { NotebookCell, NotebookDocument } from 'vscode';
import { readNotebook } from '../../core/notebooks/notebook';
import { NotebookError, type Problem } from '../../core/notebooks/problems';
import { notebookCost, type Cost } from '../../notebooks/cost';
import { planNotebook } from '../../notebooks/open';
import type { Client } from '../../protocol/client';
import { placesIn, type Places } from './places';

/** Of an experiment; seconds are NaN where no step has been timed. */
export type CellCost = Omit<Cost, 'plan'>;

export interface Analysis {
  readonly places: Places;
  readonly problems: readonly Problem[];
  readonly costs: ReadonlyMap<NotebookCell, CellCost>;
}

/** @param client times steps, where that is wanted; nothing else may run on it */
export async function analyse(document: NotebookDocument, client?: Client): Promise<Analysis> {
  const places = placesIn(document);
  const notebook = await readNotebook(places.text);
  const { uri, isUntitled } = document;
  const problems = [...notebook.problems];
  const costs = new Map<NotebookCell, CellCost>();
  const known = { places, problems, costs };
  // Files are looked for beside the notebook's own.
  if (isUntitled || uri.scheme !== 'file') return known;
  for (const { kind, part } of notebook.steps) {
    const cell = places.cellOf(notebook.parts, part);
    if (kind !== 'experiment' || cell === undefined) continue;
    try {
      const opened = await planNotebook(uri.fsPath, notebook, new Set([part]));
      const [cost] = await notebookCost(opened, client, os.availableParallelism(), true);
      if (cost !== undefined) costs.set(cell, cost);
    } catch (error) {
      if (!(error instanceof NotebookError)) throw error;
      problems.push(...error.problems.filter((each) => !isKnown(problems, each)));
    }
  }
  return known;
}

function isKnown(problems: readonly Problem[], { line, column }: Problem): boolean {
  return problems.some((each) => each.line === line && each.column === column);
}
