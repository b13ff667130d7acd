import { env, l10n, MarkdownString, StatusBarAlignment, window, type StatusBarItem } from 'vscode';
import { formatFor } from '../../protocol/format';
import { runName, type Run } from '../runs/run';
import type { Colour } from './shades';
import { opacities } from './shades';

/** A status bar item that tells of a lens and explains its colours; a click turns the lens off. */
export function createLegend(id: string, name: string, command: string): StatusBarItem {
  const item = window.createStatusBarItem(`rnnLab.${id}`, StatusBarAlignment.Right, 110);
  item.name = name;
  item.command = command;
  return item;
}

/** One end of a scale, its shades, the other end: as a line of Markdown with colours. */
export function scale(
  from: string,
  shades: readonly (readonly [Colour, number])[],
  to: string,
): string {
  const swatches = shades.map(
    ([colour, opacity]) =>
      `<span style="background-color:${hex(colour, opacity)};">&nbsp;&nbsp;&nbsp;</span>`,
  );
  return `${from} ${swatches.join('')} ${to}`;
}

/** Whose model looks, and as of which step of its training. */
export function modelLine(run: Run | undefined, step: number): string {
  return run
    ? l10n.t('Model: {0}, at step {1}', runName(run), formatFor(env.language).count(step))
    : l10n.t('No model is shown: show a run that has one.');
}

/** All shades of a colour, the faintest first. */
export function ramp(colour: Colour): (readonly [Colour, number])[] {
  return opacities.map((opacity) => [colour, opacity] as const);
}

/** Paragraphs that may have colours. */
export function coloured(...paragraphs: readonly string[]): MarkdownString {
  const markdown = new MarkdownString(paragraphs.join('\n\n'));
  markdown.supportHtml = true;
  return markdown;
}

function hex(colour: Colour, opacity: number): string {
  return `#${[...colour, 255 * opacity]
    .map((part) => Math.round(part).toString(16).padStart(2, '0'))
    .join('')}`;
}
