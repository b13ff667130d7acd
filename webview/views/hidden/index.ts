import * as l10n from '@vscode/l10n';
import { tokenizers } from '../../../src/protocol/core';
import type { InspectWindow, Inspection, PanelFacts } from '../../../src/protocol/panel';
import { createHeatmap, type Cell, type HeatmapScale } from '../../charts/heatmap';
import { element, setText } from '../../dom';
import type { Run } from '../../state';
import { readTheme } from '../../theme';
import { createFigure } from '../figure';
import type { View, ViewContext } from '../view';
import { nameIn } from '../names';
import { createWatch } from '../watch';
import { colourByUnit, unitOf } from './colourByUnit';
import { createControls } from './controls';
import './hidden.css';
import { pictureOf, readingOf, summaryOf, type Picture } from './picture';
import { csvOf, tableOf } from './tables';
import { createPosition } from './position';
import { createReadout, readingText } from './readout';
import { createSorter } from './sorter';
import { readSlice, type Slice } from './slice';

/** Height of the heatmap's cells at most, and of one row where rows are large; CSS pixels. */
const cellsHeight = 400;
const largeRow = 18;

const fewestTokens = 16;
const mostTokens = 96;

/** Units × tokens: what every unit does while the model reads a part of the text. */
export function createHidden(context: ViewContext): View {
  const { format, host } = context;
  const message = element('p', { class: 'quiet', role: 'status' });
  const summary = element('p', { class: 'quiet' });
  const watch = createWatch(context);
  const controls = createControls(context, () => changed());
  const sorter = createSorter(() => draw());
  const readout = createReadout(format);
  const position = createPosition(format, moveTo);
  const heatmap = createHeatmap({
    label: l10n.t('Hidden states'),
    help: l10n.t(
      'Left and right arrow keys move through the tokens, up and down arrow keys through the units, Page Up and Page Down through more units at once, Home and End go to the first and the last token, U colours the text by the unit, Escape leaves. The tokens are also in the table below.',
    ),
    cellsHeight,
    columnTicks: 'top',
    writeValue: format.value,
    describe: (cell) => {
      const reading = read(cell);
      return reading ? readingText(reading, format) : '';
    },
    onCursor(cell, place) {
      readout.show(cell && read(cell), place, heatmap.root.clientWidth);
    },
  });
  colourByUnit(
    heatmap,
    context,
    (cell) => unitOf(picture, cell),
    () => run?.id,
  );
  const body = element(
    'div',
    // Not shown before there is something to show, but as wide as it will be.
    { class: 'hidden-body waiting' },
    element('div', { class: 'hidden-picture' }, heatmap.root, position.root),
    element('p', {
      class: 'quiet hidden-hint',
      text: l10n.t(
        'Point at a token, or move with the arrow keys, to see what the model expects after it.',
      ),
    }),
  );
  heatmap.root.append(readout.root);
  const figure = createFigure(context, {
    id: 'hidden',
    title: l10n.t('Hidden states'),
    picture: { root: body, toCanvas: heatmap.toCanvas, toSvg: heatmap.toSvg },
    sentence: element('div', { class: 'hidden-head' }, controls.root, summary, message),
    fileName: () => `${run?.facts.name ?? ''} ${controls.variable}`,
    csv: () => (picture ? csvOf(picture) : ''),
    table: () => (picture ? tableOf(picture, format) : { header: [], rows: [] }),
    help: l10n.t(
      'A column is a token of the text, a row one hidden unit: its colour is the unit’s value after the model has read the token. Bars above show how surprised the model was by the token (its loss), and the share of units where hardly any gradient passes. Rows of one colour are units that hold something in memory; sorted by similarity, units that do the same stand together. A double click on a cell, or U, colours the text by its unit: the neuron lens.',
    ),
  });
  const root = element(
    'section',
    { class: 'hidden', 'aria-label': l10n.t('Hidden states') },
    figure.root,
  );

  let run: Run | undefined;
  let answer: Inspection | undefined;
  let slice: Slice | undefined;
  let picture: Picture | undefined;
  let scale: HeatmapScale | undefined;
  let start: number | null = null;
  let theme = readTheme();

  /** What is asked for now. */
  function windowOf({ tokenizer, tokens, validationTokens }: PanelFacts): InspectWindow {
    const place = heatmap.root.clientWidth - 60;
    const wanted = Math.round(place / tokenizers[tokenizer].columnWidth);
    const count = Math.min(mostTokens, Math.max(fewestTokens, wanted));
    const each = answer ? answer.textLength / (tokens + validationTokens) : 1;
    return {
      start,
      length: Math.max(2, Math.round(count * each)),
      variables: [controls.variable],
    };
  }

  function ask() {
    if (run) watch.update(run, windowOf(run.facts));
  }

  function moveTo(place: number) {
    start = place;
    if (run) {
      host.memory.set('hidden.run', run.id);
      host.memory.set('hidden.start', place);
    }
    if (answer) {
      position.show({ ...answer, start: Math.min(place, answer.textLength - answer.length) });
    }
    ask();
  }

  /** Another variable, order or look was chosen. */
  function changed() {
    scale = undefined;
    heatmap.setRowHeight(controls.rows === 'large' ? largeRow : undefined);
    if (slice?.variable.name === controls.variable) {
      sorter.sort(slice.activations, controls.sorting, true);
      draw();
    }
    ask();
  }

  function take(inspection: Inspection, facts: PanelFacts) {
    setText(message, inspection.message);
    message.hidden = inspection.message === '';
    const next = readSlice(inspection, facts.network, controls.variable);
    if (!next) return;
    const isElsewhere = answer?.start !== inspection.start;
    answer = inspection;
    slice = next;
    start ??= inspection.start;
    position.show(inspection);
    sorter.sort(slice.activations, controls.sorting, isElsewhere);
    draw();
  }

  function draw() {
    if (!slice || !run) return;
    body.classList.remove('waiting');
    const { variable, activations } = slice;
    const { network, baselines } = run.facts;
    const look = {
      quantity: controls.quantity,
      sorting: controls.sorting,
      order: sorter.order(activations.width),
      mostRows: controls.rows === 'large' ? activations.width : cellsHeight,
      allNames: controls.rows === 'large',
      scale,
      name: nameIn(network)(variable.name),
      uniform: baselines.uniform,
    };
    picture = pictureOf(slice, look, theme);
    scale = picture.data.scale;
    heatmap.setData(picture.data);
    figure.setUnit(sizeText(picture));
    setText(summary, summaryOf(picture, format));
    figure.update();
  }

  /** `s · 128 units × 64 tokens · sorting…` */
  function sizeText({ look, rows, slice: { activations, tokens } }: Picture): string {
    const { width } = activations;
    const units = width === 1 ? l10n.t('1 unit') : l10n.t('{0} units', format.count(width));
    const counts = [units, format.count(tokens.length)];
    const size =
      rows.each === 1
        ? l10n.t('{0} × {1} tokens', ...counts)
        : l10n.t(
            '{0} × {1} tokens; a row is the mean of {2} units',
            ...counts,
            format.count(rows.each),
          );
    const parts = [look.name, size, ...(sorter.busy ? [l10n.t('sorting…')] : [])];
    return parts.join(' · ');
  }

  function read(cell: Cell) {
    return picture && readingOf(picture, cell, format);
  }

  const observer = new ResizeObserver(ask);
  observer.observe(heatmap.root);

  return {
    root,
    update(now) {
      if (run?.id !== now.id || run.facts !== now.facts) {
        controls.setNetwork(now.facts.network);
        const kept = host.memory.get('hidden.start');
        start = host.memory.get('hidden.run') === now.id && typeof kept === 'number' ? kept : null;
        heatmap.setRowHeight(controls.rows === 'large' ? largeRow : undefined);
      }
      run = now;
      const { inspection } = now;
      if (inspection && inspection !== answer) take(inspection, now.facts);
      else if (!slice) setText(message, l10n.t('Waiting for the model to read the text.'));
      ask();
    },
    updateTheme() {
      theme = readTheme();
      heatmap.updateTheme();
      draw();
    },
    destroy() {
      observer.disconnect();
      sorter.cancel();
      heatmap.destroy();
    },
  };
}
