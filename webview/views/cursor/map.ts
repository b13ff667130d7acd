import * as l10n from '@vscode/l10n';
import { tokenizers, topOutput } from '../../../src/protocol/core';
import type { CursorMessage, CursorModel } from '../../../src/protocol/panel';
import type { Cell, HeatmapScale } from '../../charts/heatmap';
import { createReadHeatmap } from '../../charts/readHeatmap';
import type { ReadoutRow } from '../../charts/readout';
import { createChoice } from '../../controls';
import { element } from '../../dom';
import { readTheme } from '../../theme';
import { createFigure } from '../figure';
import { shareText } from '../gradients/sentences';
import { colourByUnit, unitOf } from '../hidden/colourByUnit';
import { byIndex } from '../hidden/order';
import { pictureOf, readingOf, type Picture } from '../hidden/picture';
import { noTable } from '../gradients/tables';
import { candidateRow } from '../hidden/readout';
import { nameIn } from '../names';
import type { ViewContext } from '../view';
import { tokenCsv, tokenTable } from './rows';
import { sliceOf, type CursorSlice } from './slice';

/** Height of the cells at most, CSS pixels. */
const cellsHeight = 220;
const namesWidth = 60;
const fewestTokens = 16;
const headHeight = 20;
/** Characters of a next token's name that there is room for. */
const mostNamed = 14;

/** The model that looks; before it is known, that of the run on show. */
export type ShownModel = Pick<CursorModel, 'run' | 'facts'>;

/** The tokens before the cursor with their losses, their saliency and a variable, and what comes next. */
export interface CursorMap {
  readonly root: HTMLElement;
  /** Qualified name of the variable on show. */
  readonly variable: string;
  update(model: ShownModel, message: CursorMessage): void;
  updateTheme(): void;
  destroy(): void;
}

/** @param onVariable another variable was chosen */
export function createCursorMap(context: ViewContext, onVariable: () => void): CursorMap {
  const { format, host } = context;
  const choice = createChoice<string>('cursor-variable', l10n.t('Variable'), (name) => {
    host.memory.set('cursor.variable', name);
    scale = undefined;
    onVariable();
  });
  const list = element('ol', { class: 'hidden-candidates' });
  const next = element(
    'div',
    { class: 'hidden-next' },
    element('h3', { text: l10n.t('Predicted next') }),
    list,
  );
  const heatmap = createReadHeatmap({
    label: l10n.t('Before the cursor'),
    help: l10n.t(
      'Left and right arrow keys move through the tokens, up and down arrow keys through the units, Enter selects the token in the editor, U colours the text by the unit, Escape leaves. The tokens are also in the table below.',
    ),
    cellsHeight,
    columnTicks: 'top',
    writeValue: format.value,
    rowsAt,
    onChosen({ column }) {
      if (slice) host.selectToken(slice.starts[column]!, slice.ends[column]!);
    },
  });
  colourByUnit(
    heatmap,
    context,
    (cell) => unitOf(picture, cell),
    () => model?.run,
  );
  const figure = createFigure(context, {
    id: 'cursor-map',
    title: l10n.t('Before the cursor'),
    picture: {
      root: element(
        'div',
        { class: 'hidden-body' },
        element('div', { class: 'hidden-picture' }, heatmap.root),
        next,
      ),
      toCanvas: heatmap.toCanvas,
      toSvg: heatmap.toSvg,
    },
    controls: [choice.root],
    fileName: () => `${model?.facts.name ?? ''} before the cursor`,
    csv: () => (slice ? tokenCsv(slice) : ''),
    table: () => (slice ? tokenTable(slice, format) : noTable),
    help: l10n.t(
      'A column is a token before the cursor, the newest at the right; a row is one hidden unit. The bars above are the loss of each token, E, and how strongly the loss of the token at the cursor depends on it: ‖∂E/∂x‖, relative to the largest. A click on a column selects its token in the editor; what is selected there is the window. A double click on a cell, or U, colours the text by its unit: the neuron lens.',
    ),
  });

  let model: ShownModel | undefined;
  let shown: CursorMessage | undefined;
  let slice: CursorSlice | undefined;
  let picture: Picture | undefined;
  let scale: HeatmapScale | undefined;
  let theme = readTheme();

  function rowsAt(cell: Cell): ReadoutRow[] {
    if (!slice || !picture) return [];
    const { token, lines, loss } = readingOf(picture, cell, format);
    const saliency = slice.saliency[cell.column]!;
    return [
      { name: l10n.t('Token'), value: token },
      ...lines,
      ...(Number.isNaN(loss) ? [] : [{ name: l10n.t('Loss'), value: format.loss(loss) }]),
      ...(Number.isNaN(saliency)
        ? []
        : [{ name: l10n.t('∂E/∂x'), value: shareText(saliency, format) }]),
    ];
  }

  function offerVariables({ facts: { network } }: ShownModel) {
    const kept = host.memory.get('cursor.variable');
    const output = topOutput(network);
    const names = network.variables.map(({ name }) => name);
    const nameOf = nameIn(network);
    choice.setOptions(
      names.map((name) => [name, nameOf(name)]),
      names.find((name) => name === kept) ?? names.find((name) => name === output) ?? names[0]!,
    );
  }

  function draw() {
    const look = shown?.result;
    if (!model || !look) return;
    const { network, tokenizer, baselines } = model.facts;
    const place = (heatmap.root.clientWidth - namesWidth) / tokenizers[tokenizer].columnWidth;
    const most = Math.max(fewestTokens, Math.floor(place));
    const found = sliceOf(look, network, choice.value, most);
    if (!found) return;
    slice = found;
    const { width } = found.activations;
    picture = pictureOf(
      found,
      {
        ...({ quantity: 'value', sorting: 'index', allNames: false } as const),
        order: byIndex(width),
        mostRows: cellsHeight,
        scale,
        name: nameIn(network)(found.variable.name),
        uniform: baselines.uniform,
      },
      theme,
    );
    scale = picture.data.scale;
    const saliency = {
      name: l10n.t('∂E/∂x'),
      height: headHeight,
      share: (column: number) => found.saliency[column]!,
      color: theme.charts.red,
    };
    heatmap.setData({ ...picture.data, heads: [picture.data.heads![0]!, saliency] });
    const longest = look.next.reduce((most, { name }) => Math.max(most, name.length), 0);
    list.style.setProperty('--name-length', String(Math.min(mostNamed, Math.max(3, longest))));
    list.replaceChildren(
      ...look.next.map(({ name, probability }) =>
        candidateRow({ token: name, probability, isNext: isNext(look, name) }, format),
      ),
    );
    figure.update();
  }

  // In the next frame: it makes the picture that is observed higher.
  const observer = new ResizeObserver(() => requestAnimationFrame(draw));
  observer.observe(heatmap.root);

  return {
    root: figure.root,
    get variable() {
      return choice.value;
    },
    update(now, message) {
      if (model?.run !== now.run) {
        scale = undefined;
        offerVariables(now);
      }
      model = now;
      if (message === shown) return;
      shown = message;
      draw();
    },
    updateTheme() {
      theme = readTheme();
      heatmap.updateTheme();
      draw();
    },
    destroy() {
      observer.disconnect();
      heatmap.destroy();
    },
  };
}

/** Whether a token is the one that does come after the cursor. */
function isNext({ target, tokens }: NonNullable<CursorMessage['result']>, name: string): boolean {
  return target?.at === tokens.length - 1 && target.name === name;
}
