import type { Theme } from '../theme';
import type { Arranged } from './arrange';
import { lineHeight, placing, stretches, type Plot } from './linePlaces';
import type { Pen } from './pen';

/** Reference lines that lie within the plot, dashed, and marks, dotted. Their names are `paintLabels`. */
export function paintReferences(pen: Pen, arranged: Arranged, plot: Plot, theme: Theme): void {
  const { left, top } = plot;
  const { right, bottom } = endsOf(plot);
  for (const { y } of referencesIn(arranged, plot)) {
    pen.path([[left, y, right, y]], { stroke: theme.reference, dash: [5, 4] });
  }
  for (const { place } of marksIn(arranged, plot)) {
    pen.path([[place, top, place, bottom]], { stroke: theme.reference, dash: [1, 3] });
  }
}

/**
 * Names of reference lines, each above its line where no curve runs, as far right as there is room; and of marks, beside
 * their own point, clear of lines and names. They are painted over the curves, so that they can be read wherever they are.
 */
export function paintLabels(pen: Pen, arranged: Arranged, plot: Plot, theme: Theme): void {
  const at = placing(arranged, plot);
  const { right, bottom } = endsOf(plot);
  const labels: Label[] = [];
  const references = referencesIn(arranged, plot);
  const curves = arranged.lines.map(({ x, y }) => stretches(x, y, at));
  const isClear = (from: number, to: number, y: number) =>
    curves
      .flatMap((curve) => heightsBetween(curve, from, to))
      .every(([upper, lower]) => y <= upper - lineHeight / 2 || y >= lower + lineHeight / 2);
  let lowest = -Infinity;
  for (const { label, y } of references) {
    const middle = y - 8;
    const wide = pen.widthOf(label) + 8;
    // Of lines of nearly the same height the upper one's name stays; in a narrow plot there is room for none.
    if (middle - lineHeight + 2 < lowest || wide > plot.width) continue;
    lowest = middle;
    let end = right;
    while (end - wide > plot.left && !isClear(end - wide, end, middle)) end -= 8;
    if (end - wide < plot.left) end = right;
    labels.push({ x: end - 4, y: middle, text: label, align: 'end' });
  }
  for (const { label, place, height } of marksIn(arranged, plot)) {
    const wide = pen.widthOf(label) + 8;
    const isLeft = place + wide > right;
    const [from, to] = isLeft ? [place - wide, place] : [place, place + wide];
    const taken = [
      ...[...references, ...labels].map(({ y }) => [y, y] as const),
      ...curves.flatMap((curve) => heightsBetween(curve, from, to)),
    ];
    const isFree = (y: number) =>
      taken.every(([upper, lower]) => y <= upper - lineHeight || y >= lower + lineHeight);
    const least = plot.top + lineHeight;
    const greatest = bottom - 9;
    const first = Math.min(greatest, Math.max(least, (height ?? bottom) - 9));
    let y = first;
    while (!isFree(y) && y > least) y--;
    if (!isFree(y)) for (y = first; !isFree(y) && y < greatest;) y++;
    const align = isLeft ? ('end' as const) : ('start' as const);
    labels.push({ x: place + (isLeft ? -5 : 5), y, text: label, align });
  }
  for (const label of labels) paintLabel(pen, label, theme);
}

function endsOf({ left, top, width, height }: Plot) {
  return { right: left + width, bottom: top + height };
}

function referencesIn(arranged: Arranged, plot: Plot) {
  const at = placing(arranged, plot);
  return arranged.references
    .map(({ label, value }) => ({ label, y: Math.round(at.y(value)) + 0.5 }))
    .filter(({ y }) => y >= plot.top && y <= endsOf(plot).bottom);
}

function marksIn(arranged: Arranged, plot: Plot) {
  const at = placing(arranged, plot);
  const { convert = (value: number) => value } = arranged.content.y;
  return (arranged.content.marks ?? [])
    .map(({ label, x, y }) => ({
      ...{ label, place: Math.round(at.x(x)) + 0.5 },
      height: y === undefined ? undefined : at.y(convert(y)),
    }))
    .filter(({ place }) => place >= plot.left && place <= endsOf(plot).right + 1);
}

/** From which height to which a line, of the points between its gaps, runs between two places across; empty where it does not. */
function heightsBetween(
  curve: readonly (readonly number[])[],
  from: number,
  to: number,
): (readonly [top: number, bottom: number])[] {
  const heights = curve.flatMap((points) => {
    const found: number[] = [];
    for (let i = 0; i < points.length; i += 2) {
      const [left, height, right = left, next = height] = points.slice(i, i + 4) as [
        number,
        number,
      ];
      if (right < from || left > to) continue;
      const share = (place: number) =>
        right > left ? Math.min(1, Math.max(0, (place - left) / (right - left))) : 0;
      for (const place of [from, to]) found.push(height + share(place) * (next - height));
    }
    return found;
  });
  return heights.length === 0 ? [] : [[Math.min(...heights), Math.max(...heights)]];
}

/** A name at a height of its middle, before or after x. */
interface Label {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly align: 'start' | 'end';
}

/** A name over lines, with the background around it so that it can be read. */
function paintLabel(pen: Pen, { x, y, text, align }: Label, theme: Theme): void {
  const width = pen.widthOf(text) + 4;
  const left = align === 'end' ? x - width + 2 : x - 2;
  pen.rect(left, y - lineHeight / 2, width, lineHeight, `${theme.background.slice(0, 7)}e0`);
  pen.text(x, y, text, { fill: theme.muted, align });
}
