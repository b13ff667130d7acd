import path from 'node:path';
import { channels, isShare, type ScoreName } from '../core/metrics/columns';

/** `1,115,394` */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}

/** A loss in nats: `1.702`. */
export function loss(value: number | undefined): string {
  if (value === undefined) return '–';
  return Number.isFinite(value) ? value.toFixed(3) : String(value);
}

/** `1 character`, `2 characters` */
export function plural(value: number, noun: string): string {
  return `${whole(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** `7 s`, `1 min 05 s`, `2 h 03 min` */
export function duration(seconds: number): string {
  const total = Math.max(0, Math.round(seconds));
  const two = (value: number): string => String(value).padStart(2, '0');
  if (total < 60) return `${String(total)} s`;
  if (total < 3600) return `${String(Math.floor(total / 60))} min ${two(total % 60)} s`;
  return `${String(Math.floor(total / 3600))} h ${two(Math.floor((total % 3600) / 60))} min`;
}

/** A bar of `width` columns, filled to `share` of it in eighths of a column. */
export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * width * 8);
  const full = '█'.repeat(Math.floor(eighths / 8));
  const part = eighths % 8 === 0 ? '' : '▏▎▍▌▋▊▉'.charAt((eighths % 8) - 1);
  return (full + part).padEnd(width, '░');
}

/**
 * Rows of text as columns.
 * @param left which columns are aligned to the left; the others are to the right
 */
export function table(rows: readonly (readonly string[])[], left: readonly number[] = [0]): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  }
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => {
        const width = widths[i] ?? 0;
        return left.includes(i) ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd();
  return rows.map((row) => `${line(row)}\n`).join('');
}

/** Relative to the current folder where that is shorter. */
export function shortPath(file: string): string {
  const relative = path.relative(process.cwd(), file) || '.';
  return relative.length < file.length ? relative : file;
}

/** A word of a shell's command. */
export function quoted(text: string): string {
  return /^[\p{L}\p{N}._/\\:-]+$/u.test(text) ? text : `"${text}"`;
}

/** `relaxed SIMD of 256 bits` */
export function simd(backend: string, bits: number): string {
  return `${backend} SIMD of ${String(bits)} bits`;
}

/** A score with its name: `accuracy 83.1 %`, `mean absolute error 2.31`. */
export function scoreText(name: ScoreName, value: number): string {
  return `${channels.evaluation.quantities[name].label} ${scoreValue(name, value)}`;
}

/** `83.1 %`, `2.31` */
export function scoreValue(name: ScoreName, value: number): string {
  return isShare(name) ? `${(100 * value).toFixed(1)} %` : value.toPrecision(4);
}
