/** What a notebook's experiments have come to already, shown when it is opened. */
import type { NotebookController, NotebookDocument } from 'vscode';
import { figureOf } from '../../core/notebooks/figure';
import { readNotebook } from '../../core/notebooks/notebook';
import { reportOf } from '../../core/notebooks/report';
import { resultsOf } from '../../core/notebooks/results';
import { keptResults } from '../../notebooks/kept';
import { planNotebook } from '../../notebooks/open';
import type { Client } from '../../protocol/client';
import { exists } from '../runs/folder';
import { translated } from '../translate';
import { metadataOf } from './cells';
import { outputsOf } from './outputs';
import { placesIn } from './places';

/**
 * Reads the runs of a notebook's experiments and shows them; nothing is trained, and the notebook is not changed.
 *
 * @param isIdle whether nothing of it runs: what runs shows itself
 */
export async function hydrate(
  notebook: NotebookDocument,
  controller: NotebookController,
  client: Pick<Client, 'start'>,
  isIdle: () => boolean,
): Promise<void> {
  const file = notebook.uri.fsPath;
  if (!(await exists(`${file}.runs`))) return;
  const places = placesIn(notebook);
  const read = await readNotebook(places.text);
  const { parts, steps } = read;
  for (const { kind, part } of steps) {
    const cell = places.cellOf(parts, part);
    if (kind !== 'experiment' || cell === undefined) continue;
    // One that cannot be read shows what its file keeps, and its problems.
    const opened = await planNotebook(file, read, new Set([part])).catch(() => undefined);
    const [plan] = opened?.plans.values() ?? [];
    if (opened === undefined || plan === undefined) continue;
    const trials = await keptResults(opened, plan, client).catch(() => []);
    if (trials.length === 0 || !isIdle() || cell.index < 0) continue;
    const results = resultsOf(plan, trials);
    const figure = figureOf(results, trials, [], translated);
    const text = metadataOf(cell).output ?? reportOf(results).join('\n');
    const execution = controller.createNotebookCellExecution(cell);
    execution.start();
    try {
      await execution.replaceOutput(outputsOf({ text, figure }));
    } finally {
      execution.end(undefined);
    }
  }
}
