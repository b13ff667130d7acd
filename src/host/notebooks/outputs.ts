/** What cells of lab notebooks came to, as VS Code shows it. */
import { NotebookCellOutput, NotebookCellOutputItem } from 'vscode';
import type { ExperimentFigure } from '../../core/notebooks/figure';

/** What the renderer draws, as the manifest calls it. */
export const figureMime = 'application/vnd.rnn-lab.experiment+json';

export interface Told {
  /** In words, as the file keeps it. */
  readonly text: string;
  /** As the renderer draws it. */
  readonly figure?: ExperimentFigure | undefined;
}

export function itemsOf({ text, figure }: Told): NotebookCellOutputItem[] {
  const words = NotebookCellOutputItem.text(text);
  return figure === undefined ? [words] : [NotebookCellOutputItem.json(figure, figureMime), words];
}

export function outputsOf(told: Told): NotebookCellOutput[] {
  return [new NotebookCellOutput(itemsOf(told))];
}
