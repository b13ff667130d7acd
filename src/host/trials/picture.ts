import type { Format } from '../../protocol/format';
import type { Curve, TrialResult } from './trial';

/** What the picture is drawn in: the editor does not tell its colours to hovers. */
export interface PictureColors {
  readonly text: string;
  readonly grid: string;
  readonly now: string;
  readonly before: string;
}

export const darkColors: PictureColors = {
  ...{ text: '#cccccc', grid: '#6e6e6e', now: '#3794ff', before: '#cca700' },
};
export const lightColors: PictureColors = {
  ...{ text: '#3b3b3b', grid: '#b0b0b0', now: '#1a5fb4', before: '#8f6a00' },
};

const width = 380;
const height = 190;
const area = { left: 44, top: 10, right: 10, bottom: 30 } as const;

/**
 * Both versions' training losses over steps, that of the version before dashed, as SVG.
 *
 * @param names of the two lines: the cell as it is, and the version before
 */
export function trialPicture(
  { now, before, steps }: TrialResult,
  names: { readonly now: string; readonly before: string },
  colors: PictureColors,
  format: Format,
): string {
  const curves = before ? [before, now] : [now];
  const losses = curves.flatMap((curve) => curve.losses).filter(Number.isFinite);
  const least = Math.min(...losses);
  const most = Math.max(...losses);
  const plot = { width: width - area.left - area.right, height: height - area.top - area.bottom };
  const x = (step: number) => area.left + (step / steps) * plot.width;
  const y = (loss: number) => area.top + ((most - loss) / (most - least || 1)) * plot.height;
  const bottom = area.top + plot.height;

  const line = ({ steps: at, losses: of }: Curve, color: string, dash: string) => {
    const points = at.flatMap((step, i) => {
      const loss = of[i]!;
      return Number.isFinite(loss) ? [`${x(step).toFixed(1)},${y(loss).toFixed(1)}`] : [];
    });
    return `<polyline points="${points.join(' ')}" fill="none" stroke="${color}" stroke-width="2"${dash}/>`;
  };
  const text = (words: string, left: number, top: number, more: string) =>
    `<text x="${left}" y="${top}" fill="${colors.text}"${more}>${escaped(words)}</text>`;
  const key = (name: string, color: string, dash: string, top: number) => [
    `<line x1="${width - 44}" y1="${top}" x2="${width - area.right}" y2="${top}" stroke="${color}" stroke-width="2"${dash}/>`,
    text(name, width - 50, top + 4, ' text-anchor="end"'),
  ];
  const dashed = ' stroke-dasharray="5 3"';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" font-size="12">`,
    ...[most, least].flatMap((loss) => [
      `<line x1="${area.left}" y1="${y(loss)}" x2="${width - area.right}" y2="${y(loss)}" stroke="${colors.grid}"/>`,
      text(format.loss(loss), area.left - 6, y(loss) + 4, ' text-anchor="end"'),
    ]),
    text('0', area.left, bottom + 18, ''),
    text(format.count(steps), width - area.right, bottom + 18, ' text-anchor="end"'),
    ...(before ? [line(before, colors.before, dashed)] : []),
    line(now, colors.now, ''),
    ...key(names.now, colors.now, '', area.top + 14),
    ...(before ? key(names.before, colors.before, dashed, area.top + 32) : []),
    '</svg>',
  ].join('');
}

function escaped(words: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
  return words.replace(/[&<>]/g, (sign) => entities[sign]!);
}
