/** How a sheet is written: names of steps, tokens, parameters, and which entries there is room for. */
import type { WorksheetMessage } from '../../../src/protocol/panel';

export type Sheet = NonNullable<WorksheetMessage['sheet']>;
export type SheetRow = Sheet['rows'][number];
export type SheetParameter = Sheet['parameters'][number];

/** All that decides which boxes there are; where it stays the same only the numbers move. */
export function structureOf(sheet: Sheet, showsAll: boolean): string {
  const { cell, equations, hidden, layers, ids, vocabulary, t, k, terms, rows, graph } = sheet;
  return JSON.stringify([
    ...[cell, equations, hidden, layers, ids, vocabulary, t, k, terms.parameter, showsAll],
    ...[rows.map(({ text, width }) => [text, width]), graph.nodes.length, graph.edges.length],
  ]);
}

/** Most tokens whose numbers are set out unless all are wanted. */
const fewTokens = 12;

/** Ids of the tokens that have room: those of the text, or all. */
export function shownTokens({ vocabulary, ids }: Sheet, showsAll: boolean): readonly number[] {
  if (showsAll || vocabulary.length <= fewTokens) return vocabulary.map((_, id) => id);
  return [...new Set(ids)].sort((a, b) => a - b);
}

export function hidesTokens({ vocabulary }: Pick<Sheet, 'vocabulary'>): boolean {
  return vocabulary.length > fewTokens;
}

/** `s[t-1]` at step 3 (from 0): `s[3]`. */
export function atStep(text: string, step: number): string {
  return text.replaceAll(/\[t(?:-(\d+))?\]/g, (_, lag: string | undefined) => {
    return `[${String(step + 1 - Number(lag ?? 0))}]`;
  });
}

/** `W`, or `W of layer 2` by its qualified name where there are several. */
export function parameterName(
  { name, symbol }: Pick<SheetParameter, 'name' | 'symbol'>,
  { layers }: Sheet,
): string {
  return layers > 1 ? name : symbol;
}

/** The same colour wherever a parameter is: one of so many. */
const hues = 8;

export function hueOf(name: string, { parameters }: Sheet): number {
  return (
    Math.max(
      0,
      parameters.findIndex((each) => each.name === name),
    ) % hues
  );
}

/** ‖·‖, Frobenius. */
export function normOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! ** 2;
  return Math.sqrt(sum);
}
