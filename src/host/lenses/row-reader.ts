/** Rows in sight of a data file, and what a model makes of each: a row that has not changed is read once. */
import * as path from 'node:path';
import type { TextDocument } from 'vscode';
import type { RowShading, ShadedRow, TaskFacts } from '../../protocol/engine';
import type { Engine } from '../engine';
import { firstLineOf, inputsAt, truthAt } from '../rows/rows';

/** A row as it stands in a document. */
export interface SeenRow {
  /** From 0: the first, where a row has several. */
  readonly line: number;
  readonly cells: readonly string[];
  readonly truth: readonly string[] | undefined;
}

/** Rows that have a line among some; of those that take several lines each once. */
export function rowsIn(
  document: TextDocument,
  lines: { readonly first: number; readonly last: number },
  task: TaskFacts,
): SeenRow[] {
  const rows: SeenRow[] = [];
  let before = -1;
  for (let at = Math.max(0, lines.first); at <= lines.last && at < document.lineCount; at++) {
    const line = firstLineOf(document, at);
    if (line === before) continue;
    const cells = inputsAt(document, at, task);
    if (!cells) continue;
    before = line;
    rows.push({ line, cells, truth: truthAt(document, at, task) });
  }
  return rows;
}

/** Whose rows, and what of them. */
export interface RowQuestion {
  readonly run: string;
  /** A kept step; undefined: the best. */
  readonly checkpoint: number | undefined;
  /** Tells that the model has changed: a number of evaluations. */
  readonly moment: number;
  readonly by: RowShading;
}

export interface ReadRows {
  /** Of the strongest shade. */
  readonly most: number;
  readonly step: number;
  /** Null: there is nothing to see. */
  readonly rows: readonly (ShadedRow | null)[];
}

/** Rows whose values are kept. */
const mostKept = 2000;
/** Rows that are asked about together. */
const together = 32;

export interface RowReader {
  /** Asked again only when it has answered. @throws EngineError */
  read(question: RowQuestion, document: TextDocument, rows: readonly SeenRow[]): Promise<ReadRows>;
}

export function createRowReader(engine: Pick<Engine, 'start'>): RowReader {
  const kept = new Map<string, ShadedRow | null>();
  /** Of what the kept rows are. */
  let known = '';
  let [most, step] = [1, 0];

  return {
    async read(question, document, rows) {
      const { run, checkpoint, by } = question;
      const folder = path.dirname(document.uri.fsPath);
      const asked = JSON.stringify([question, folder]);
      if (asked !== known) kept.clear();
      known = asked;
      const keys = rows.map(({ cells, truth }) => JSON.stringify([cells, truth]));
      const missing = [...keys.keys()].filter((i) => !kept.has(keys[i]!));
      for (let start = 0; start < missing.length; start += together) {
        const part = missing.slice(start, start + together);
        const found = await engine.start({
          kind: 'shadeRows',
          model: { kind: 'run', run, ...(checkpoint !== undefined && { checkpoint }) },
          folder,
          rows: part.map((i) => {
            const { cells, truth } = rows[i]!;
            return { cells: [...cells], ...(truth && { truth: [...truth] }) };
          }),
          by,
        }).result;
        ({ most, step } = found);
        part.forEach((i, at) => kept.set(keys[i]!, found.rows[at]!));
      }
      const told = keys.map((key) => kept.get(key) ?? null);
      while (kept.size > mostKept) kept.delete(kept.keys().next().value!);
      return { most, step, rows: told };
    },
  };
}
