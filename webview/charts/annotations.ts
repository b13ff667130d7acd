import type uPlot from 'uplot';
import type { Theme } from '../theme';
import { lastPoint } from './lossData';

/** A horizontal line across the plot with its name. */
export interface Reference {
  readonly label: string;
  readonly loss: number;
}

/** The last value of a series, written beside the plot. */
export interface EndLabel {
  readonly series: number;
  readonly color: string;
  readonly shape: 'disc' | 'ring';
}

/** The plot's area in canvas pixels and how many of them a CSS pixel has. */
function area(plot: uPlot) {
  const { left, top, width, height } = plot.bbox;
  const ratio = plot.ctx.canvas.width / plot.width;
  return { left, top, right: left + width, bottom: top + height, ratio };
}

function scaledFont(font: string, ratio: number): string {
  return font.replace(/^([\d.]+)px/, (_, size: string) => `${String(Number(size) * ratio)}px`);
}

/** Draws the reference lines that lie within the plot, dashed, each with its name above its right end. */
export function drawReferences(plot: uPlot, references: readonly Reference[], theme: Theme): void {
  const { ctx } = plot;
  const { left, right, top, bottom, ratio } = area(plot);
  ctx.save();
  ctx.font = scaledFont(theme.font, ratio);
  ctx.textAlign = 'right';
  ctx.textBaseline = 'bottom';
  ctx.lineJoin = 'round';
  let lowestLabel = -Infinity;
  for (const { label, loss } of references) {
    const y = Math.round(plot.valToPos(loss, 'y', true)) + 0.5;
    if (!(y >= top && y <= bottom)) continue;
    ctx.strokeStyle = theme.reference;
    ctx.lineWidth = ratio;
    ctx.setLineDash([5 * ratio, 4 * ratio]);
    ctx.beginPath();
    ctx.moveTo(left, y);
    ctx.lineTo(right, y);
    ctx.stroke();
    const baseline = y - 3 * ratio;
    // Of lines of nearly the same height the upper one's name stays; in a narrow plot there is room for none.
    if (baseline - 12 * ratio < lowestLabel) continue;
    if (ctx.measureText(label).width > right - left - 8 * ratio) continue;
    lowestLabel = baseline;
    ctx.setLineDash([]);
    ctx.lineWidth = 4 * ratio;
    ctx.strokeStyle = theme.background;
    ctx.strokeText(label, right - 4 * ratio, baseline);
    ctx.fillStyle = theme.muted;
    ctx.fillText(label, right - 4 * ratio, baseline);
  }
  ctx.restore();
}

/** Marks the last point of each series and writes its value right of the plot, one below the other. */
export function drawEndLabels(
  plot: uPlot,
  labels: readonly EndLabel[],
  theme: Theme,
  write: (loss: number) => string,
): void {
  const { ctx } = plot;
  const { right, top, bottom, ratio } = area(plot);
  const placed = labels
    .flatMap((label) => {
      const point = lastPoint(plot.data, label.series);
      if (point === undefined) return [];
      const y = clamp(plot.valToPos(point.loss, 'y', true), top, bottom);
      return [{ label, point, x: plot.valToPos(point.step, 'x', true), y, textY: y }];
    })
    .sort((a, b) => a.y - b.y);
  spreadOut(placed, 14 * ratio, bottom);
  ctx.save();
  ctx.font = scaledFont(theme.font, ratio);
  ctx.textAlign = 'left';
  ctx.textBaseline = 'middle';
  for (const { label, point, x, y, textY } of placed) {
    drawMark(ctx, label, x, y, 3.5 * ratio, theme.background);
    drawMark(ctx, label, right + 14 * ratio, textY, 3.5 * ratio, theme.background);
    ctx.fillStyle = theme.foreground;
    ctx.fillText(write(point.loss), right + 22 * ratio, textY);
  }
  ctx.restore();
}

function drawMark(
  ctx: CanvasRenderingContext2D,
  { color, shape }: EndLabel,
  x: number,
  y: number,
  radius: number,
  background: string,
): void {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.fillStyle = shape === 'disc' ? color : background;
  ctx.fill();
  ctx.strokeStyle = color;
  ctx.lineWidth = radius / 2;
  ctx.stroke();
}

/** Moves labels, sorted by height, apart until they are `gap` from each other. */
function spreadOut(placed: { textY: number }[], gap: number, bottom: number): void {
  for (let i = 1; i < placed.length; i++) {
    placed[i]!.textY = Math.max(placed[i]!.textY, placed[i - 1]!.textY + gap);
  }
  const last = placed.at(-1);
  if (last) last.textY = Math.min(last.textY, bottom);
  for (let i = placed.length - 2; i >= 0; i--) {
    placed[i]!.textY = Math.min(placed[i]!.textY, placed[i + 1]!.textY - gap);
  }
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
