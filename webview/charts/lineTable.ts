import { csv } from '../../src/protocol/csv';
import { entryAt, type Arranged } from './arrange';
import { onScale } from './line';
import type { ReadoutRow } from './readout';
import { firstAtLeast, joinColumns } from './reduce';

/** All values of the lines of a chart, none merged, within the stretch on show. */
export function chartCsv({ content, lines, x }: Arranged): string {
  const { convert = (value: number) => value } = content.y;
  const header = [content.x.label];
  const axes = new Map<unknown, readonly number[]>();
  const parts = lines.map(({ line }) => {
    const start = firstAtLeast(line.x, x.from);
    let end = firstAtLeast(line.x, x.to);
    if (line.x[end] === x.to) end++;
    const part = (values: ArrayLike<number>) =>
      Array.from({ length: end - start }, (_, i) => values[start + i]!);
    const steps = axes.get(line.x) ?? part(line.x);
    axes.set(line.x, steps);
    const columns = [line.y];
    header.push(line.name);
    if (line.spread) {
      columns.push(line.spread.least, line.spread.greatest);
      header.push(`${line.name} (min)`, `${line.name} (max)`);
    }
    return {
      x: steps,
      columns: columns.map((values) =>
        part(values).map((value) => convert(line.scale ? onScale(line.scale, value) : value)),
      ),
    };
  });
  const table = joinColumns(parts);
  return csv(
    header,
    table.x.map((step, row) => [step, ...table.columns.map((column) => column[row])]),
  );
}

/** What the lines on show come to at an x, each where it holds. */
export function readLines({ content, lines }: Arranged, x: number): ReadoutRow[] {
  const rows: ReadoutRow[] = [{ name: content.x.label, value: content.x.write(x) }];
  for (const drawn of lines) {
    const entry = entryAt(drawn, x);
    if (entry === undefined) continue;
    const { line, y, least, greatest } = drawn;
    const value = content.y.write(y[entry]!);
    const [low, high] = [least?.[entry], greatest?.[entry]];
    const spread =
      low == null || high == null || low === high
        ? undefined
        : `${content.y.write(low)} – ${content.y.write(high)}`;
    rows.push({ name: line.name, value, color: line.color, ...(spread && { note: spread }) });
  }
  return rows;
}
