/** How a text is set: `x`, `y` is its anchor. */
export interface TextStyle {
  readonly fill: string;
  readonly align?: 'start' | 'middle' | 'end';
  /** Where the anchor is in the text's height; default `middle`. */
  readonly baseline?: 'top' | 'middle' | 'bottom';
  /** Reads upwards, turned by a quarter around its anchor. */
  readonly upwards?: boolean;
  readonly bold?: boolean;
}

/** How a line is drawn: at least one of `stroke` and `fill`. */
export interface PathStyle {
  readonly stroke?: string;
  readonly fill?: string;
  /** Default 1. */
  readonly width?: number;
  /** Lengths of dashes and gaps. */
  readonly dash?: readonly number[];
}

/** x and y in turn. */
export type Points = readonly number[];

/**
 * What a picture is drawn with, in CSS pixels: the same code paints the screen, a PNG and an SVG.
 * Fonts are as CSS writes them, `11px sans-serif`.
 */
export interface Pen {
  rect(x: number, y: number, width: number, height: number, fill: string): void;
  /** A rectangle's outline, within it. */
  frame(x: number, y: number, width: number, height: number, stroke: string, line: number): void;
  text(x: number, y: number, text: string, style: TextStyle): void;
  /** Lines through points, each line on its own; or, with a fill, the areas within them. */
  path(lines: readonly Points[], style: PathStyle): void;
  disc(x: number, y: number, radius: number, style: PathStyle): void;
  /** What is drawn meanwhile shows only within a rectangle. */
  clipped(x: number, y: number, width: number, height: number, draw: () => void): void;
  /** Each pixel of the source as a block of that colour. */
  pixels(source: HTMLCanvasElement, x: number, y: number, width: number, height: number): void;
  /** Of a text that is not bold. */
  widthOf(text: string): number;
}

/** Draws on a canvas whose context is scaled so that its unit is a CSS pixel. */
export function canvasPen(ctx: CanvasRenderingContext2D, font: string): Pen {
  ctx.font = font;
  ctx.imageSmoothingEnabled = false;
  return {
    rect(x, y, width, height, fill) {
      ctx.fillStyle = fill;
      ctx.fillRect(x, y, width, height);
    },
    frame(x, y, width, height, stroke, line) {
      ctx.strokeStyle = stroke;
      ctx.lineWidth = line;
      ctx.strokeRect(x + line / 2, y + line / 2, width - line, height - line);
    },
    text(x, y, text, { fill, align = 'start', baseline = 'middle', upwards, bold }) {
      ctx.fillStyle = fill;
      ctx.textAlign = align === 'middle' ? 'center' : align;
      ctx.textBaseline = baseline;
      if (bold === true) ctx.font = `bold ${font}`;
      if (upwards === true) {
        ctx.save();
        ctx.translate(x, y);
        ctx.rotate(-Math.PI / 2);
        ctx.fillText(text, 0, 0);
        ctx.restore();
      } else ctx.fillText(text, x, y);
      if (bold === true) ctx.font = font;
    },
    path(lines, style) {
      ctx.beginPath();
      for (const points of lines) {
        for (let i = 0; i < points.length; i += 2) {
          if (i === 0) ctx.moveTo(points[0]!, points[1]!);
          else ctx.lineTo(points[i]!, points[i + 1]!);
        }
      }
      paintPath(ctx, style);
    },
    disc(x, y, radius, style) {
      ctx.beginPath();
      ctx.arc(x, y, radius, 0, 2 * Math.PI);
      paintPath(ctx, style);
    },
    clipped(x, y, width, height, draw) {
      ctx.save();
      ctx.beginPath();
      ctx.rect(x, y, width, height);
      ctx.clip();
      draw();
      ctx.restore();
    },
    pixels(source, x, y, width, height) {
      ctx.drawImage(source, x, y, width, height);
    },
    widthOf: (text) => ctx.measureText(text).width,
  };
}

function paintPath(
  ctx: CanvasRenderingContext2D,
  { stroke, fill, width = 1, dash = [] }: PathStyle,
): void {
  if (fill !== undefined) {
    ctx.fillStyle = fill;
    ctx.fill();
  }
  if (stroke === undefined) return;
  ctx.strokeStyle = stroke;
  ctx.lineWidth = width;
  ctx.lineJoin = 'round';
  ctx.setLineDash([...dash]);
  ctx.stroke();
  ctx.setLineDash([]);
}

/** Writes a standalone SVG; `source` is its text once all is drawn. */
export interface SvgPen extends Pen {
  readonly source: () => string;
}

/** @param measure a pen of the same font, for what has to be measured */
export function svgPen(
  size: { readonly width: number; readonly height: number },
  font: string,
  measure: Pen,
): SvgPen {
  const parts: string[] = [];
  const [fontSize = '11px', ...family] = font.split(' ');
  const number = (value: number) => String(Math.round(value * 100) / 100);
  let clips = 0;
  const box = (x: number, y: number, width: number, height: number) =>
    `x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${number(height)}"`;
  return {
    rect(x, y, width, height, fill) {
      parts.push(`<rect ${box(x, y, width, height)} ${paint('fill', fill)}/>`);
    },
    frame(x, y, width, height, stroke, line) {
      const inner = box(x + line / 2, y + line / 2, width - line, height - line);
      parts.push(
        `<rect ${inner} fill="none" ${paint('stroke', stroke)} stroke-width="${number(line)}"/>`,
      );
    },
    text(x, y, text, { fill, align = 'start', baseline = 'middle', upwards, bold }) {
      const baselines = { top: 'text-before-edge', middle: 'central', bottom: 'text-after-edge' };
      const attributes = [
        `x="${number(x)}" y="${number(y)}" ${paint('fill', fill)}`,
        `text-anchor="${align}" dominant-baseline="${baselines[baseline]}"`,
        ...(upwards === true ? [`transform="rotate(-90 ${number(x)} ${number(y)})"`] : []),
        ...(bold === true ? ['font-weight="bold"'] : []),
      ];
      parts.push(`<text ${attributes.join(' ')} xml:space="preserve">${escapeXml(text)}</text>`);
    },
    path(lines, style) {
      const line = (points: Points) =>
        points.reduce((path, value, i) => {
          const letter = i % 2 === 1 ? ' ' : i === 0 ? 'M' : 'L';
          return path + letter + number(value);
        }, '');
      parts.push(`<path d="${lines.map(line).join('')}" ${pathAttributes(style, number)}/>`);
    },
    disc(x, y, radius, style) {
      const place = `cx="${number(x)}" cy="${number(y)}" r="${number(radius)}"`;
      parts.push(`<circle ${place} ${pathAttributes(style, number)}/>`);
    },
    clipped(x, y, width, height, draw) {
      const id = `clip-${String(++clips)}`;
      parts.push(`<clipPath id="${id}"><rect ${box(x, y, width, height)}/></clipPath>`);
      parts.push(`<g clip-path="url(#${id})">`);
      draw();
      parts.push('</g>');
    },
    pixels(source, x, y, width, height) {
      parts.push(
        `<image ${box(x, y, width, height)} preserveAspectRatio="none" ` +
          `image-rendering="pixelated" href="${source.toDataURL('image/png')}"/>`,
      );
    },
    widthOf: measure.widthOf,
    source: () =>
      `<svg xmlns="http://www.w3.org/2000/svg" width="${number(size.width)}" ` +
      `height="${number(size.height)}" viewBox="0 0 ${number(size.width)} ${number(size.height)}" ` +
      `font-family="${escapeXml(family.join(' '))}" font-size="${fontSize}">\n${parts.join('\n')}\n</svg>\n`,
  };
}

function pathAttributes(
  { stroke, fill, width = 1, dash = [] }: PathStyle,
  number: (value: number) => string,
): string {
  const attributes = [fill === undefined ? 'fill="none"' : paint('fill', fill)];
  if (stroke !== undefined) {
    attributes.push(paint('stroke', stroke), `stroke-width="${number(width)}"`);
    attributes.push('stroke-linejoin="round"');
    if (dash.length > 0) attributes.push(`stroke-dasharray="${dash.map(number).join(' ')}"`);
  }
  return attributes.join(' ');
}

/** A colour as an attribute; of `#rrggbbaa` the opacity is one of its own, as not every program reads it. */
function paint(attribute: 'fill' | 'stroke', color: string): string {
  if (!/^#[\da-f]{8}$/i.test(color)) return `${attribute}="${escapeXml(color)}"`;
  const opacity = parseInt(color.slice(7), 16) / 255;
  return `${attribute}="${color.slice(0, 7)}" ${attribute}-opacity="${opacity.toFixed(3)}"`;
}

function escapeXml(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  return text.replace(/[&<>"]/g, (character) => entities[character]!);
}

/** The text, or as much of it as fits. */
export function fitted(pen: Pen, text: string, width: number): string {
  if (pen.widthOf(text) <= width) return text;
  const characters = Array.from(text);
  while (characters.length > 0 && pen.widthOf(`${characters.join('')}…`) > width) characters.pop();
  return `${characters.join('')}…`;
}
