import { encode } from '../../../src/core/task/encode';
import type { Encoded, EncodeOptions } from '../../../src/core/task/encoded';
import type { Overrides } from '../../../src/core/task/overrides';
import { understand } from '../../../src/core/task/understand';
import type { Understanding } from '../../../src/core/task/understanding';
import type { Table } from '../../../src/core/tables/table';
import { read } from '../tables/tools';

export interface Task extends Encoded {
  readonly table: Table;
  readonly understanding: Understanding;
}

/** A file as a task, all the way. */
export async function taskOf(
  content: string,
  overrides: Overrides = {},
  { name = 'data.csv', ...options }: Partial<EncodeOptions> & { readonly name?: string } = {},
): Promise<Task> {
  const table = (await read(`/d/${name}`, content))!;
  const understanding = understand(table, overrides);
  return { table, understanding, ...encode(table, understanding, { seed: 1, ...options }) };
}

/** Lines with commas between the values of each. */
export function csv(header: string, rows: readonly (readonly (string | number)[])[]): string {
  return `${header}\n${rows.map((row) => row.join(',')).join('\n')}\n`;
}

/** An example's ids or numbers in a channel. */
export function rowsAt({ values, starts }: Encoded['dataset']['input'], example: number): number[] {
  const [from, to] =
    starts === undefined ? [example, example + 1] : [starts[example]!, starts[example + 1]!];
  return values.kind === 'symbols'
    ? [...values.ids.subarray(from, to)]
    : [...values.values.subarray(from * values.width, to * values.width)];
}
