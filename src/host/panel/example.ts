import * as path from 'node:path';
import { window, workspace, type TextDocument } from 'vscode';
import type { Examined, TaskFacts } from '../../protocol/engine';
import type { ExampleMessage, ExampleQuestion } from '../../protocol/panel';
import { isText, textEditorInFront } from '../documents';
import type { Engine } from '../engine';
import type { Lenses } from '../lenses/lenses';
import { colours, createShades } from '../lenses/shades';
import type { Shade } from '../lenses/shading';
import { oneAtATime } from '../one-at-a-time';
import { canPredict } from '../runs/run';
import type { Runs } from '../runs/runs';
import { messageOf } from '../translate';
import { placesOf } from '../rows/places';
import { inputsAt, tokenAt, truthAt } from '../rows/rows';
import { exampleShades } from './example-shades';

/** Tells the panel what the run on show makes of the row or line of the cursor, as it moves and as one types. */
export interface ExampleWatch {
  /** Of the run on show; null: nothing is to be told any longer. */
  watch(id: string | null, question: ExampleQuestion | undefined): void;
  dispose(): void;
}

export interface ExampleWatchOptions {
  readonly engine: Engine;
  readonly runs: Runs;
  /** What they shade is left to them. */
  readonly lenses: Pick<Lenses, 'isOn' | 'onDidChange'>;
  readonly post: (message: ExampleMessage) => void;
}

/** A row of a document, as it is read. */
interface Row {
  readonly document: TextDocument;
  /** From 0. */
  readonly line: number;
  readonly cells: string[];
  readonly truth: string[] | undefined;
  /** The part of the answer at the line, where a line is one of several. */
  readonly part: number | undefined;
}

export function createExampleWatch({
  engine,
  runs,
  lenses,
  post,
}: ExampleWatchOptions): ExampleWatch {
  const shades = createShades(colours.above);
  let watched: string | null = null;
  let question: ExampleQuestion | undefined;
  /** What was told last: the same row is not looked at again. */
  let told = '';
  let shaded: { readonly document: TextDocument; readonly parts: readonly Shade[] } | undefined;

  const tell = oneAtATime(async () => {
    const id = watched;
    const { current: run } = runs;
    if (id === null || run?.folder !== id || !run.facts.task || !canPredict(run)) return;
    const row = rowInFront(run.facts.task);
    const { document, ...rest } = row ?? {};
    const key = JSON.stringify([id, run.traveled, question, document?.uri.toString(), rest]);
    if (key === told) return;
    told = key;
    const about = { type: 'example', id, part: row?.part ?? null } as const;
    if (!row) {
      shade(undefined);
      post({ ...about, place: null, result: null, message: '' });
      return;
    }
    const name = path.posix.basename(row.document.uri.path);
    const place = { name, line: row.line + 1, input: row.cells.join(' · ') };
    try {
      const result = await examine(id, run.traveled, row);
      post({ ...about, place, result, message: '' });
      shade(row, result);
    } catch (error) {
      shade(undefined);
      post({ ...about, place, result: null, message: messageOf(error) });
    }
  });

  function rowInFront(task: TaskFacts): Row | undefined {
    const editor = textEditorInFront();
    if (!editor || !isText(editor.document)) return undefined;
    const { document, selection } = editor;
    const { line } = selection.active;
    const cells = inputsAt(document, line, task);
    const [truth, part] = [truthAt(document, line, task), tokenAt(document, line)];
    return cells && { document, line, cells, truth, part };
  }

  function examine(id: string, traveled: number | undefined, row: Row): Promise<Examined> {
    const { cells, truth, document } = row;
    const model = {
      ...{ kind: 'run' as const, run: id },
      ...(traveled !== undefined && { checkpoint: traveled }),
    };
    return engine.start({
      ...{ kind: 'examine', model, cells, truth },
      folder: path.dirname(document.uri.fsPath),
      inside: { variables: [...(question?.variables ?? [])], part: partOf(row) },
    }).result;
  }

  const partOf = (row: Row) => question?.part ?? row.part ?? 0;

  /** Shades a row, and no other text. */
  function shade(row: Row | undefined, result?: Examined) {
    const before = shaded?.document;
    shaded = undefined;
    if (row && result && question) {
      const { document, line, cells } = row;
      const spans = result.inside?.spans ?? [];
      const places = cells.length === 1 ? placesOf(document, line, cells[0]!, spans) : [];
      const parts = exampleShades(result, question.shading, partOf(row), places);
      shaded = { document, parts };
    }
    if (before !== shaded?.document) editorsOf(before).forEach((editor) => shades.clear(editor));
    draw();
  }

  function draw() {
    if (!shaded) return;
    const { document, parts } = shaded;
    const isBare = parts.length === 0 || lenses.isOn(document);
    for (const editor of editorsOf(document)) {
      if (isBare) shades.clear(editor);
      else shades.show(editor, parts);
    }
  }

  const listening = [
    window.onDidChangeTextEditorSelection(tell),
    window.onDidChangeActiveTextEditor(tell),
    workspace.onDidChangeTextDocument(tell),
    window.onDidChangeVisibleTextEditors(draw),
    lenses.onDidChange(draw),
    runs.onDidChange(({ kind }) => {
      if (kind === 'status' || kind === 'current') tell();
    }),
    shades,
  ];

  return {
    watch(id, wanted) {
      if (watched !== id) told = '';
      watched = id;
      question = wanted;
      if (id === null) shade(undefined);
      tell();
    },
    dispose() {
      for (const each of listening) each.dispose();
    },
  };
}

function editorsOf(document: TextDocument | undefined) {
  return window.visibleTextEditors.filter((editor) => editor.document === document);
}
