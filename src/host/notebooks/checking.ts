/** Keeps what is said of open notebooks up to date: problems at their lines, costs and names below cells. */
import {
  Diagnostic,
  Disposable,
  EventEmitter,
  languages as editorLanguages,
  l10n,
  notebooks,
  NotebookCellStatusBarAlignment,
  NotebookCellStatusBarItem,
  Range,
  workspace,
  type LogOutputChannel,
  type NotebookCell,
  type NotebookDocument,
} from 'vscode';
import type { Client } from '../../protocol/client';
import { messageOf, translated } from '../translate';
import { analyse, type Analysis, type CellCost } from './analysis';
import { kindOfCell, metadataOf } from './cells';
import { notebookType } from './type';

export interface Checking {
  /** What is known of a notebook now. */
  of(notebook: NotebookDocument): Analysis | undefined;
  /** Looks at it again. */
  look(notebook: NotebookDocument): Promise<void>;
  /** Times what has not been timed, on an engine that does nothing else. */
  measure(notebook: NotebookDocument, client: Client): Promise<void>;
  dispose(): void;
}

/** A pause in typing as long as this: time to say what is wrong; ms. */
const pause = 250;

export function createChecking(log: LogOutputChannel): Checking {
  const diagnostics = editorLanguages.createDiagnosticCollection(notebookType);
  const changes = new EventEmitter<void>();
  const known = new WeakMap<NotebookDocument, Analysis>();
  const waiting = new Map<NotebookDocument, NodeJS.Timeout>();

  async function look(notebook: NotebookDocument, client?: Client) {
    clearTimeout(waiting.get(notebook));
    waiting.delete(notebook);
    const { version } = notebook;
    const analysis = await analyse(notebook, client);
    // One that was changed meanwhile is looked at again.
    if (notebook.isClosed || waiting.has(notebook)) return;
    // What was timed meanwhile is kept beside the runs: it costs nothing to look again.
    if (notebook.version !== version) {
      later(notebook);
      return;
    }
    known.set(notebook, analysis);
    tellProblems(notebook, analysis);
    changes.fire();
  }

  function tellProblems(notebook: NotebookDocument, { problems, places }: Analysis) {
    const found = new Map<NotebookCell, Diagnostic[]>(
      notebook.getCells().map((cell) => [cell, []]),
    );
    for (const { line, column, length, message } of problems) {
      const place = places.placeOf(line, column);
      if (place === undefined) continue;
      // What is wrong with equations is told as in files of them; not what is wrong with their block.
      if (kindOfCell(place.cell) === 'rnn' && !place.isFence) continue;
      const { document } = place.cell;
      const { length: end } = document.lineAt(Math.min(place.line, document.lineCount - 1)).text;
      const from = Math.min(place.column, end);
      const range = new Range(place.line, from, place.line, Math.min(end, from + length));
      const diagnostic = new Diagnostic(range, translated(message));
      diagnostic.source = 'RNN Lab';
      found.get(place.cell)?.push(diagnostic);
    }
    for (const [cell, told] of found) diagnostics.set(cell.document.uri, told);
  }

  function later(notebook: NotebookDocument) {
    if (notebook.notebookType !== notebookType) return;
    clearTimeout(waiting.get(notebook));
    const looking = () => {
      look(notebook).catch((error: unknown) => log.warn(messageOf(error)));
    };
    waiting.set(notebook, setTimeout(looking, pause));
  }

  function forget(notebook: NotebookDocument) {
    clearTimeout(waiting.get(notebook));
    waiting.delete(notebook);
    for (const { document } of notebook.getCells()) diagnostics.delete(document.uri);
  }

  workspace.notebookDocuments.forEach(later);
  const disposables = Disposable.from(
    diagnostics,
    changes,
    workspace.onDidOpenNotebookDocument(later),
    workspace.onDidSaveNotebookDocument(later),
    workspace.onDidCloseNotebookDocument(forget),
    workspace.onDidChangeNotebookDocument(({ notebook, cellChanges, contentChanges }) => {
      const isText = cellChanges.some(
        ({ document, metadata }) => document !== undefined || metadata !== undefined,
      );
      for (const { removedCells } of contentChanges) {
        for (const { document } of removedCells) diagnostics.delete(document.uri);
      }
      if (isText || contentChanges.length > 0) later(notebook);
    }),
    notebooks.registerNotebookCellStatusBarItemProvider(notebookType, {
      onDidChangeCellStatusBarItems: changes.event,
      provideCellStatusBarItems: (cell) => itemsOf(cell, known.get(cell.notebook)),
    }),
    { dispose: () => waiting.forEach((timer) => clearTimeout(timer)) },
  );
  return {
    of: (notebook) => known.get(notebook),
    look: (notebook) => look(notebook),
    measure: (notebook, client) => look(notebook, client),
    dispose() {
      disposables.dispose();
    },
  };
}

function itemsOf(cell: NotebookCell, analysis: Analysis | undefined): NotebookCellStatusBarItem[] {
  const kind = kindOfCell(cell);
  if (kind === 'prose' || kind === 'sample') return [];
  const { name } = metadataOf(cell);
  const named = new NotebookCellStatusBarItem(
    name === undefined ? l10n.t('$(tag) name…') : `$(tag) ${name}`,
    NotebookCellStatusBarAlignment.Left,
  );
  named.command = { command: 'rnnLab.nameBlock', title: '', arguments: [cell] };
  named.tooltip = l10n.t('The block’s name, by which other cells speak of it');
  named.accessibilityInformation = {
    label: name === undefined ? l10n.t('Name the block') : l10n.t('Name of the block: {0}', name),
    role: 'button',
  };
  named.priority = 2;
  const cost = analysis?.costs.get(cell);
  return cost === undefined ? [named] : [named, costItem(cost)];
}

function costItem(cost: CellCost): NotebookCellStatusBarItem {
  const text = costText(cost);
  const item = new NotebookCellStatusBarItem(
    `$(clock) ${text}`,
    NotebookCellStatusBarAlignment.Left,
  );
  item.tooltip = l10n.t('At most, one run after the other; side by side it is less');
  if (Number.isNaN(cost.seconds)) {
    item.command = 'rnnLab.notebookCost';
    item.tooltip = l10n.t('Time some steps to say how long it takes');
  }
  item.accessibilityInformation = { label: text, role: 'button' };
  item.priority = 1;
  return item;
}

/** `36 runs · about 12 minutes` */
export function costText({ runs, begun, seconds }: CellCost): string {
  const all = runs === 1 ? l10n.t('1 run') : l10n.t('{0} runs', runs);
  if (begun === runs) return l10n.t('{0} · all are there', all);
  const told = begun === 0 ? all : l10n.t('{0}, {1} of them there', all, begun);
  const time = Number.isNaN(seconds) ? l10n.t('how long?') : timeText(seconds);
  return `${told} · ${time}`;
}

function timeText(seconds: number): string {
  if (seconds < 99.5) return l10n.t('about {0} seconds', Math.max(1, Math.round(seconds)));
  if (seconds < 99.5 * 60) return l10n.t('about {0} minutes', Math.round(seconds / 60));
  return l10n.t('about {0} hours', Math.round(seconds / 3600));
}
