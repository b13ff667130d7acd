/** What cells of lab notebooks came to, as VS Code shows it. */
import { NotebookCellOutput, NotebookCellOutputItem } from 'vscode';

export interface Told {
  /** In words, as the file keeps it. */
  readonly text: string;
}

export function outputsOf({ text }: Told): NotebookCellOutput[] {
  return [new NotebookCellOutput([NotebookCellOutputItem.text(text)])];
}
