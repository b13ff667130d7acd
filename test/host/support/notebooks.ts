import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { ExperimentFigure } from '../../../src/core/notebooks/figure';
import { figureMime } from '../../../src/host/notebooks/outputs';

const small = 'batch: 4\nsequence: 16\nevaluateEvery: 20\nsampleEvery: 0\nobserveEvery: 0\n';
/** CRLF, a byte order mark, another fence, no end of the last line: all of it stays. */
export const source = [
  '\uFEFF# A question',
  '',
  '```python',
  'print("kept")',
  '```',
  '',
  '~~~rnn mine',
  'h[t] = tanh(U x[t] + W h[t-1] + b)',
  '~~~',
  '```text fox',
  'the quick brown fox jumps over the lazy dog. '.repeat(60),
  '```',
  '',
  '',
  '```experiment sizes',
  `data: fox\ncell: mine\nhidden: [4, 8]\nseeds: 2\nsteps: 40\n${small}expect: best(validationLoss) < 100`,
  '```',
  'Between.',
  '',
  '```sample',
  'run: sizes\nprime: "the "\ntokens: 12',
  '```',
  'Last line',
]
  .join('\n')
  .replaceAll('\n', '\r\n');

export const isDone = (cell: vscode.NotebookCell) => cell.executionSummary?.success !== undefined;
export const textOf = (cell: vscode.NotebookCell, mime = 'text/plain') => {
  const item = cell.outputs.flatMap(({ items }) => items).find((each) => each.mime === mime);
  return item === undefined ? undefined : new TextDecoder().decode(item.data);
};
export const figureIn = (cell: vscode.NotebookCell) => {
  const json = textOf(cell, figureMime);
  return json === undefined ? undefined : (JSON.parse(json) as ExperimentFigure);
};
/** Notebooks in a folder of the suite's own, which is removed after it. */
export function useNotebooks() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-notebooks-'));
  let count = 0;
  after(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  async function open(text: string, name = `test-${++count}.rnnlab.md`) {
    const file = path.join(folder, name);
    fs.writeFileSync(file, text);
    const notebook = await vscode.workspace.openNotebookDocument(vscode.Uri.file(file));
    await vscode.window.showNotebookDocument(notebook);
    return { file, notebook, runs: `${file}.runs` };
  }

  const run = (first: number, last = first + 1) =>
    vscode.commands.executeCommand('notebook.cell.execute', {
      ranges: [{ start: first, end: last }],
    });
  return { folder, open, run };
}
