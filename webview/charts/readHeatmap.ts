import { createHeatmap, type Cell, type Heatmap, type HeatmapOptions } from './heatmap';
import { createReadout, placeBeside, spoken, type ReadoutRow } from './readout';

export interface ReadHeatmapOptions extends Omit<HeatmapOptions, 'describe' | 'onCursor'> {
  /** What is read out at a cell, beside the cursor and by screen readers; empty: nothing. */
  readonly rowsAt: (cell: Cell) => readonly ReadoutRow[];
  /** A click or Enter chose what the cursor is on. */
  readonly onChosen: (cell: Cell) => void;
}

/** A heatmap whose cells are read out where the cursor is, and chosen. */
export function createReadHeatmap({ rowsAt, onChosen, ...options }: ReadHeatmapOptions): Heatmap {
  const readout = createReadout();
  const heatmap = createHeatmap({
    ...options,
    describe: (cell) => spoken(rowsAt(cell)),
    onCursor(cell, place) {
      const rows = cell ? rowsAt(cell) : [];
      if (rows.length === 0) {
        readout.hide();
        return;
      }
      const width = heatmap.root.clientWidth;
      readout.show(rows, place.x, width);
      placeBeside(readout.root, place, width);
    },
  });
  heatmap.root.append(readout.root);
  const choose = () => {
    if (heatmap.cursor) onChosen(heatmap.cursor);
  };
  heatmap.root.addEventListener('click', choose);
  heatmap.root.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    choose();
  });
  return heatmap;
}
