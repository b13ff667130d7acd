import { env, l10n, MarkdownString } from 'vscode';
import { formatFor } from '../../protocol/format';
import type { Outlook } from './lens';
import type { Colour } from './shades';
import { opacities } from './shades';

/** Of status bar items of lenses: right of them VS Code's own begin. */
export const legendPriority = 110;

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
export function modelLine(outlook: Outlook | undefined): string {
  return outlook
    ? l10n.t(
        'Model: {0}, at step {1}',
        outlook.model.name,
        formatFor(env.language).count(outlook.step),
      )
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
