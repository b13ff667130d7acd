import { csv } from '../../src/protocol/csv';
import type { Arranged } from './arrange';
import { onScale } from './line';
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
