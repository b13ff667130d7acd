import * as path from 'node:path';
import type { RunLine } from '../runs/line';
import { notebookOf } from '../runs/notebook-of';

/** What runs are grouped by, from the outside in. */
export const groupNames = ['notebook', 'experiment', 'text'] as const;
export type GroupName = (typeof groupNames)[number];

/** Runs that have something in common. */
export interface Group extends Level {
  readonly by: GroupName;
  /** The same as long as the runs have it in common, whatever else changes. */
  readonly id: string;
  readonly name: string;
  /** Of an experiment that stands alone, its notebook; of a notebook its folder. */
  readonly where: string;
  /** All runs within it, in their order. */
  readonly lines: readonly RunLine[];
}

/** Groups, and below them runs that are in none. */
export interface Level {
  readonly groups: readonly Group[];
  readonly runs: readonly RunLine[];
}

interface Common {
  readonly key: string;
  readonly name: string;
  readonly where: string;
}

/** What a run has of each; undefined: it is in no such group. */
const commons: Record<GroupName, (line: RunLine) => Common | undefined> = {
  notebook({ folder }) {
    const file = notebookOf(folder);
    return file === undefined
      ? undefined
      : { key: file, name: path.basename(file), where: path.dirname(file) };
  },
  experiment({ folder, summary: { experiment } }) {
    const file = notebookOf(folder);
    return experiment === null || file === undefined
      ? undefined
      : { key: `${file} ${experiment}`, name: experiment, where: path.basename(file) };
  },
  // Blocks of two notebooks are two texts, whatever they are called.
  text: ({ folder, summary: { name, source } }) => ({
    key: source ?? `${notebookOf(folder) ?? ''} ${name}`,
    ...{ name, where: '' },
  }),
};

/**
 * Groups runs. A group stands where the first of its runs would, so that it is sorted as they are; what has nothing to be
 * grouped by stands behind the groups.
 *
 * @param lines in their order
 * @param by from the outside in
 */
export function grouped(lines: readonly RunLine[], by: readonly GroupName[], within = ''): Level {
  const [first, ...others] = by;
  if (first === undefined) return { groups: [], runs: lines };
  const found = new Map<string, { readonly common: Common; readonly lines: RunLine[] }>();
  const rest: RunLine[] = [];
  for (const line of lines) {
    const common = commons[first](line);
    if (common === undefined) {
      rest.push(line);
      continue;
    }
    const known = found.get(common.key) ?? { common, lines: [] };
    found.set(common.key, known);
    known.lines.push(line);
  }
  const groups = [...found.values()].map(({ common, lines: own }): Group => {
    const id = `${within}${first} ${common.key}\n`;
    const { name, where } = common;
    return { by: first, id, name, where, lines: own, ...grouped(own, others, id) };
  });
  const left = grouped(rest, others, within);
  return { groups: [...groups, ...left.groups], runs: left.runs };
}
