import * as l10n from '@vscode/l10n';
import { arrange, type Arranged } from '../charts/arrange';
import { createLegend } from '../charts/legend';
import type { LineChartContent } from '../charts/line';
import '../charts/lineChart.css';
import { margins, paintLineChart } from '../charts/linePicture';
import { placing, type Plot } from '../charts/linePlaces';
import { chartCsv, readLines } from '../charts/lineTable';
import { createReadout, spoken, type ReadoutRow } from '../charts/readout';
import { savedPicture, type SavedPicture } from '../charts/savedPicture';
import { createSliderCanvas } from '../charts/sliderCanvas';
import { element } from '../dom';

/** Lines as the panel paints them, without its zoom: what draws that is larger than all else of a notebook's pictures. */
export interface Chart extends SavedPicture {
  readonly root: HTMLElement;
  draw(content: LineChartContent): void;
  updateTheme(): void;
  toCsv(): string;
  destroy(): void;
}

const height = 260;
const legendHeight = 24;

export function createChart(label: string): Chart {
  const hidden = new Set<string>();
  let content: LineChartContent | undefined;
  let arranged: Arranged | undefined;
  let pointer: number | undefined;
  let keyboard: number | undefined;
  const readout = createReadout();
  const legend = createLegend((line) => {
    if (!hidden.delete(line)) hidden.add(line);
    redraw();
  });
  const canvas = createSliderCanvas({
    label,
    height,
    help: l10n.t(
      'Arrow keys read out the values, Page Up and Page Down move further, Home and End go to the ends. The same values are in the table below.',
    ),
    paint(pen, width, _, theme) {
      if (!content) return;
      arranged = arrange(content, hidden, undefined, Math.max(50, width));
      paintLineChart(pen, arranged, { left: 0, top: 0, width, height }, theme, false);
      const x = cursor();
      if (x === undefined) return;
      const { left, top, height: tall } = plotIn(width);
      const at = placing(arranged, plotIn(width)).x(x);
      if (at >= left) pen.rect(Math.round(at), top, 1, tall, theme.reference);
    },
  });
  const { plot } = canvas;
  const box = element('div', { class: 'scatter' }, plot, readout.root, canvas.help);
  const root = element('div', { class: 'chart' }, legend.root, box);

  function plotIn(width: number): Plot {
    const { left, right, top, bottom } = margins(false, true);
    return { left, top, width: width - left - right, height: height - top - bottom };
  }

  function cursor(): number | undefined {
    return pointer ?? (document.activeElement === plot ? keyboard : undefined);
  }

  function redraw() {
    if (content) legend.update(content, hidden);
    canvas.draw();
    readOut();
  }

  function show() {
    readOut();
    canvas.schedule();
  }

  function readOut() {
    const x = cursor();
    if (x === undefined || !arranged) readout.hide();
    else {
      const width = plot.clientWidth;
      readout.show(rowsAt(x), placing(arranged, plotIn(width)).x(x), width);
    }
  }

  function rowsAt(x: number): ReadoutRow[] {
    return arranged ? readLines(arranged, x) : [];
  }

  function moveTo(index: number) {
    const steps = arranged?.table.x ?? [];
    if (steps.length === 0) return;
    const at = Math.min(steps.length - 1, Math.max(0, index));
    keyboard = steps[at]!;
    pointer = undefined;
    canvas.tell(at, steps.length - 1, spoken(rowsAt(keyboard)));
    show();
  }

  plot.addEventListener('pointermove', (event) => {
    if (!arranged) return;
    const { left } = plot.getBoundingClientRect();
    const at = placing(arranged, plotIn(plot.clientWidth));
    const place = event.clientX - left;
    pointer = arranged.table.x.reduce<number | undefined>(
      (best, x) =>
        best === undefined || Math.abs(at.x(x) - place) < Math.abs(at.x(best) - place) ? x : best,
      undefined,
    );
    show();
  });
  plot.addEventListener('pointerleave', () => {
    pointer = undefined;
    show();
  });
  plot.addEventListener('focus', show);
  plot.addEventListener('blur', show);
  plot.addEventListener('keydown', (event) => {
    const steps = arranged?.table.x ?? [];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const now = keyboard === undefined ? steps.length : steps.findIndex((x) => x >= keyboard!);
    const far = Math.max(1, Math.round(steps.length / 20));
    const targets: Partial<Record<string, number>> = {
      ArrowLeft: now - 1,
      ArrowDown: now - 1,
      ArrowRight: now + 1,
      ArrowUp: now + 1,
      PageDown: now - far,
      PageUp: now + far,
      Home: 0,
      End: steps.length - 1,
    };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    moveTo(target);
  });

  return {
    root,
    draw(now) {
      content = now;
      redraw();
    },
    updateTheme: canvas.updateTheme,
    ...savedPicture(() => {
      if (!content) return [];
      const now = arrange(content, hidden, undefined, Math.max(480, plot.clientWidth));
      return [
        {
          width: Math.max(480, plot.clientWidth),
          height: height + legendHeight,
          paint: (pen, place, theme) => paintLineChart(pen, now, place, theme, true),
        },
      ];
    }),
    toCsv: () => (arranged ? chartCsv(arranged) : ''),
    destroy: canvas.destroy,
  };
}
