import { describe, shapeText } from '../../core/task/describe';
import type { ColumnType, UsedColumn } from '../../core/task/understanding';
import type { UnderstandRequest, UnderstoodTable } from '../../protocol/engine';
import { openTable } from '../examples';
import type { Job } from '../handler';

/** Tells what would be learnt of a file, and from which columns. */
export async function understand(
  { source, settings, overrides }: UnderstandRequest,
  { platform }: Job<'understand'>,
): Promise<{ readonly table: UnderstoodTable | null }> {
  const named = await openTable(platform.files, source, { settings, overrides, areAll: true });
  if (named === undefined) return { table: null };
  const { table, understanding } = named;
  const { inputs, outputs, shape, split } = understanding;
  const names = (columns: readonly UsedColumn[]): string[] => columns.map(({ name }) => name);
  const used = [...inputs, ...outputs, ...split.finer, split.by, split.group];
  const types = new Map(
    used.flatMap((column): [string, ColumnType][] => (column ? [[column.name, column.type]] : [])),
  );
  return {
    table: {
      ...{ line: describe(understanding), shape: shapeText(shape) },
      ...{ inputs: names(inputs), outputs: names(outputs) },
      columns: table.columns.map(({ name }) => ({ name, type: types.get(name) ?? 'unused' })),
    },
  };
}
