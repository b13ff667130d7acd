import * as path from 'node:path';
import { window, workspace } from 'vscode';
import type { ExampleMessage } from '../../protocol/panel';
import { isText, textEditorInFront } from '../documents';
import type { Engine } from '../engine';
import { oneAtATime } from '../one-at-a-time';
import { canPredict } from '../runs/run';
import type { Runs } from '../runs/runs';
import { messageOf } from '../translate';
import { inputsAt } from '../rows/rows';

/** Tells the panel what the run on show makes of the row or line of the cursor, as it moves and as one types. */
export interface ExampleWatch {
  /** Of the run on show; null: nothing is to be told any longer. */
  watch(id: string | null): void;
  dispose(): void;
}

export function createExampleWatch(
  engine: Engine,
  runs: Runs,
  post: (message: ExampleMessage) => void,
): ExampleWatch {
  let watched: string | null = null;
  /** What was told last: the same row is not looked at again. */
  let told = '';

  const tell = oneAtATime(async () => {
    const id = watched;
    const { current: run } = runs;
    const editor = textEditorInFront();
    if (id === null || run?.folder !== id || !run.facts.task || !canPredict(run)) return;
    const about = { type: 'example', id } as const;
    const line = editor?.selection.active.line ?? 0;
    const cells =
      editor && isText(editor.document)
        ? inputsAt(editor.document, line, run.facts.task)
        : undefined;
    const key = JSON.stringify([id, run.traveled, line, cells]);
    if (key === told) return;
    told = key;
    if (!editor || !cells) {
      post({ ...about, place: null, result: null, message: '' });
      return;
    }
    const name = path.posix.basename(editor.document.uri.path);
    const place = { name, line: line + 1, input: cells.join(' · ') };
    try {
      const { traveled } = run;
      const model = {
        ...{ kind: 'run' as const, run: id },
        ...(traveled !== undefined && { checkpoint: traveled }),
      };
      const result = await engine.start({ kind: 'examine', model, cells }).result;
      post({ ...about, place, result, message: '' });
    } catch (error) {
      post({ ...about, place, result: null, message: messageOf(error) });
    }
  });

  const listening = [
    window.onDidChangeTextEditorSelection(tell),
    window.onDidChangeActiveTextEditor(tell),
    workspace.onDidChangeTextDocument(tell),
    runs.onDidChange(({ kind }) => {
      if (kind === 'status' || kind === 'current') tell();
    }),
  ];

  return {
    watch(id) {
      if (watched !== id) told = '';
      watched = id;
      tell();
    },
    dispose() {
      for (const each of listening) each.dispose();
    },
  };
}
