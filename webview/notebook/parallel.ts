/** Parallel coordinates of an experiment: an axis for each column of the table, a line for each of its rows. */
import * as l10n from '@vscode/l10n';
import { csv } from '../../src/protocol/csv';
import type { ExperimentFigure } from '../../src/protocol/notebook';
import { createParallel } from '../charts/parallel';
import type { ParallelAxis } from '../charts/parallelPicture';
import { rangeOf } from '../charts/scatter';
import { roundTicks, writeTicks } from '../charts/ticks';
import { columnNames, valueIn } from './columns';
import { settingAxis } from './content';
import { framed, type ExperimentPicture, type PictureContext } from './pictures';
import type { ResultsTable } from './table';

const height = 260;

/** @param table whose rows and columns are drawn */
export function createParallelPicture(
  context: PictureContext,
  table: Pick<ResultsTable, 'shown'>,
  openRun: (run: string) => void,
): ExperimentPicture {
  const { id, format } = context;
  let figure: ExperimentFigure | undefined;
  let rows: readonly number[] = [];
  let columns: readonly number[] = [];
  const textOf = (row: number, column: number) => {
    const { settings } = figure!;
    return column < settings.length
      ? String(figure!.rows[row]!.values[column])
      : (figure!.rows[row]!.cells[column - settings.length]?.text ?? '');
  };
  const parallel = createParallel({
    label: l10n.t('Every configuration as a line across its settings and metrics'),
    help: l10n.t(
      'Arrow keys go from line to line in the order of the table, Enter opens its run. The same values are in the table below.',
    ),
    height,
    rowsAt: (line) =>
      columns.map((column) => ({
        name: columnNames(figure!)[column]!,
        value: textOf(rows[line]!, column),
      })),
    onChosen(line) {
      const run = figure?.rows[rows[line]!]?.run;
      if (run != null) openRun(run);
    },
  });
  const frame = framed(context, {
    id: `${id}-parallel`,
    title: l10n.t('Parallel coordinates'),
    picture: parallel,
    fileName: () => `${figure?.experiment ?? ''} parallel`,
    csv: () =>
      csv(
        columns.map((column) => columnNames(figure!)[column]!),
        rows.map((row) => columns.map((column) => valueIn(figure!, figure!.rows[row]!, column))),
      ),
    table: () => ({
      header: columns.map((column) => columnNames(figure!)[column]!),
      rows: rows.map((row) => columns.map((column) => textOf(row, column))),
    }),
    help: l10n.t(
      'Each line is a configuration and crosses each axis at its value: of metrics the mean over the seeds. From blue to orange it becomes worse. The table’s filter and columns choose lines and axes.',
    ),
  });

  function axisOf(now: ExperimentFigure, column: number) {
    const name = columnNames(now)[column]!;
    if (column < now.settings.length) {
      const { at, write, names } = settingAxis(now, name, format);
      const place = (row: number) => at(now.rows[row]!.values[column]!);
      const range = rangeOf(names.length > 0 ? names.keys() : now.rows.map((_, row) => place(row)));
      const ticks = names.length > 0 ? names.map((_, i) => i) : roundTicks(...range, 5);
      const axis = { name, range, ticks: ticks.map((tick) => ({ at: tick, text: write(tick) })) };
      return { axis, place };
    }
    const place = (row: number) => valueIn(now, now.rows[row]!, column) as number | null;
    const range = rangeOf(rows.map((row) => place(row) ?? NaN));
    const ticks = roundTicks(...range, 5);
    const texts = writeTicks(ticks, format.rate);
    const axis = { name, range, ticks: ticks.map((at, i) => ({ at, text: texts[i]! })) };
    return { axis, place };
  }

  /** What all have in common takes room and tells nothing. */
  function varies(now: ExperimentFigure, column: number): boolean {
    const values = new Set(rows.map((row) => valueIn(now, now.rows[row]!, column)));
    return values.size > 1;
  }

  return {
    root: frame.root,
    isWorth: (now) => now.settings.length > 1 && now.rows.filter(({ run }) => run).length > 1,
    update(now) {
      figure = now;
      const { settings, better } = now;
      rows = table.shown.rows.filter((row) => now.rows[row]?.run != null);
      columns = table.shown.columns.filter((column) => varies(now, column));
      const axes = columns.map((column) => axisOf(now, column));
      const losses = rows.map((row) => valueIn(now, now.rows[row]!, settings.length) as number);
      const [low, high] = rangeOf(losses);
      const share = (loss: number | null) => {
        if (loss === null || better === null) return undefined;
        const part = Math.min(1, Math.max(0, (loss - low) / (high - low)));
        return better === 'lower' ? part : 1 - part;
      };
      parallel.setData({
        axes: axes.map(({ axis }): ParallelAxis => axis),
        lines: rows.map((row, i) => ({
          places: axes.map(({ place }) => place(row) ?? undefined),
          share: share(losses[i]!),
        })),
      });
      frame.update();
    },
    updateTheme: parallel.updateTheme,
    destroy: parallel.destroy,
  };
}
