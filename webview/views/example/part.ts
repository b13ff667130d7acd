/** What the pictures of one example have in common. */
import * as l10n from '@vscode/l10n';
import type { Inside, InsideDomain } from '../../../src/protocol/engine';
import type { ExampleMessage } from '../../../src/protocol/panel';
import type { Tick } from '../../charts/heatmap';

export type Result = NonNullable<ExampleMessage['result']>;
export type { Inside, InsideDomain };

/** A picture of the row at the cursor. */
export interface ExampleFigure {
  readonly root: HTMLElement;
  /**
   * @param part of the answer, from 0
   * @param name of the run, for files
   */
  update(result: Result, part: number, name: string): void;
  updateTheme(): void;
  destroy(): void;
}

/** `s[t]` of the state s; what is read has its index. */
export function indexed(name: string, domain: InsideDomain): string {
  return domain === 'example' || name.endsWith(']') ? name : `${name}[${domain}]`;
}

/** Names of the steps that something has rows for. */
export function stepNames({ source, parts }: Inside, domain: InsideDomain): readonly string[] {
  if (domain === 't') return source;
  return domain === 'u' ? parts : [l10n.t('example')];
}

/** `2 b`: symbols come more than once. */
export function partName({ parts }: Inside, part: number): string {
  const name = parts[part] ?? '';
  return parts.length === 1 ? name : `${String(part + 1)} ${name}`;
}

export function ticks(names: readonly string[]): Tick[] {
  return names.map((text, at) => ({ at, text }));
}

const namesWidth = 160;
/** Columns are no wider, CSS pixels, so that a short sentence does not fill the panel. */
const widestColumn = 72;

export function widthOf(columns: number): string {
  return `${String(namesWidth + widestColumn * columns)}px`;
}
