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

/**
 * What a picture is drawn with, in CSS pixels: the same code paints the screen, a PNG and an SVG.
 * Fonts are as CSS writes them, `11px sans-serif`.
 */
export interface Pen {
  rect(x: number, y: number, width: number, height: number, fill: string): void;
  /** A rectangle's outline, within it. */
  frame(x: number, y: number, width: number, height: number, stroke: string, line: number): void;
  text(x: number, y: number, text: string, style: TextStyle): void;
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
    pixels(source, x, y, width, height) {
      ctx.drawImage(source, x, y, width, height);
    },
    widthOf: (text) => ctx.measureText(text).width,
  };
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
  const box = (x: number, y: number, width: number, height: number) =>
    `x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${number(height)}"`;
  return {
    rect(x, y, width, height, fill) {
      parts.push(`<rect ${box(x, y, width, height)} fill="${escapeXml(fill)}"/>`);
    },
    frame(x, y, width, height, stroke, line) {
      const inner = box(x + line / 2, y + line / 2, width - line, height - line);
      parts.push(
        `<rect ${inner} fill="none" stroke="${escapeXml(stroke)}" stroke-width="${number(line)}"/>`,
      );
    },
    text(x, y, text, { fill, align = 'start', baseline = 'middle', upwards, bold }) {
      const baselines = { top: 'text-before-edge', middle: 'central', bottom: 'text-after-edge' };
      const attributes = [
        `x="${number(x)}" y="${number(y)}" fill="${escapeXml(fill)}"`,
        `text-anchor="${align}" dominant-baseline="${baselines[baseline]}"`,
        ...(upwards === true ? [`transform="rotate(-90 ${number(x)} ${number(y)})"`] : []),
        ...(bold === true ? ['font-weight="bold"'] : []),
      ];
      parts.push(`<text ${attributes.join(' ')} xml:space="preserve">${escapeXml(text)}</text>`);
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

function escapeXml(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  return text.replace(/[&<>"]/g, (character) => entities[character]!);
}
