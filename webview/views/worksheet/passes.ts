/** Both passes as tables: a column for each time step, a row for each value that an equation makes. */
import * as l10n from '@vscode/l10n';
import { element } from '../../dom';
import { shortNumber, type Board, type BoxOptions } from './board';
import { chip } from './chip';
import { atStep, type Sheet, type SheetRow } from './shown';

export interface SheetContext {
  readonly board: Board<Sheet>;
  readonly sheet: Sheet;
  /** Ids of tokens that have room. */
  readonly tokens: readonly number[];
}

/** From the first step to the last, equation by equation. */
export function forwardPass(context: SheetContext): HTMLElement {
  const { board, sheet } = context;
  const steps = sheet.losses.map((_, t) => t);
  const rows = sheet.rows.map((row, r) =>
    tableRow(label(row, row.text, sheet), steps, (t) =>
      row.kind === 'input' && isOneHot(row, sheet)
        ? oneHot(sheet, t)
        : [...chips(row, sheet), valueBox(context, r, t, false)],
    ),
  );
  const losses = tableRow(
    element('th', { scope: 'row' }, formula('E = −ln ŷ')),
    steps,
    (t) => [
      board.box({
        name: `E[${String(t + 1)}]`,
        ...{ rows: 1, columns: 1, scale: 'loss' },
        read: ({ losses: all }) => [all[t]!],
      }).root,
    ],
    (t) => (t === sheet.t ? 'chosen' : ''),
  );
  return table(sheet, steps, [...rows, losses]);
}

/** From step t down to the first, and within a step from the loss down to the input. */
export function backwardPass(context: SheetContext): HTMLElement {
  const { sheet } = context;
  const steps = Array.from({ length: sheet.t + 1 }, (_, t) => t);
  const rows = sheet.rows
    .map((row, r) => ({ row, r }))
    .filter(({ row }) => row.gradients.length > 0)
    .reverse()
    .map(({ row, r }) => {
      const text =
        row.prediction === 'logits' ? `ŷ − y = ∂E/∂(${row.text})` : `∂E/∂${bracketed(row.text)}`;
      return tableRow(label(row, text, sheet), steps, (t) => [
        ...chips(row, sheet),
        valueBox(context, r, t, true),
      ]);
    });
  return table(sheet, steps, rows);
}

/** (ŷ − y) ⊗ s: what the output matrix gets. */
export function outputTerm({ board, sheet, tokens }: SheetContext): HTMLElement | undefined {
  const { output, t } = sheet;
  if (!output) return undefined;
  const { symbol } = sheet.parameters.find(({ name }) => name === output.parameter)!;
  const step = `[${String(t + 1)}]`;
  const tokenName = (id: number) => sheet.vocabulary[id]!;
  const rows = output.gradient.length;
  const columns = output.operand.length;
  const box = (
    name: string,
    shape: Pick<BoxOptions<Sheet>, 'rows' | 'columns'>,
    read: BoxOptions<Sheet>['read'],
  ) =>
    board.box({
      ...{ name, read },
      ...shape,
      ...(shape.rows === rows ? { shownRows: tokens, rowName: tokenName } : {}),
      showsNames: shape.rows === rows && shape.columns === 1,
    }).root;
  return equation(
    formula(`∂E${step}/∂${symbol} =`),
    box(`ŷ${step} − y${step}`, { rows, columns: 1 }, (data) => data.output!.gradient),
    sign('⊗'),
    box(
      l10n.t('what {0} multiplies', symbol),
      { rows: 1, columns },
      (data) => data.output!.operand,
    ),
    sign('='),
    box(`∂E${step}/∂${symbol}`, { rows, columns }, (data) => data.output!.term),
  );
}

/** Boxes and signs in a line. */
export function equation(...parts: readonly HTMLElement[]): HTMLElement {
  return element('div', { class: 'sheet-line' }, ...parts);
}

export function sign(text: string): HTMLElement {
  return element('span', { class: 'sign', text });
}

/** Notation, which is of no language. */
export function formula(text: string): HTMLElement {
  return element('span', { class: 'formula', translate: 'no', text });
}

function bracketed(text: string): string {
  return /^[\p{L}\d_.]+\[t\]$/u.test(text) ? text : `(${text})`;
}

function label(row: SheetRow, text: string, sheet: Sheet): HTMLElement {
  const layer =
    sheet.layers > 1 && row.layer <= sheet.layers
      ? [element('span', { class: 'quiet', text: l10n.t('layer {0}', String(row.layer)) })]
      : [];
  const th = element('th', { scope: 'row', class: `row-${row.kind}` }, formula(text), ...layer);
  if (row.equation !== '') th.title = row.equation;
  return th;
}

function chips(row: SheetRow, sheet: Sheet): HTMLElement[] {
  return row.matrix === null ? [] : [chip(row.matrix, sheet)];
}

function isOneHot(row: SheetRow, sheet: Sheet): boolean {
  return row.width === sheet.vocabulary.length && row.gradients.length === 0;
}

/** A token's own vector: one 1, and else zeros. */
function oneHot(sheet: Sheet, t: number): HTMLElement[] {
  const place = l10n.t(
    '1 at {0} of {1}',
    String(sheet.ids[t]! + 1),
    String(sheet.vocabulary.length),
  );
  return [
    element('span', { class: 'token', translate: 'no', text: sheet.tokens[t]! }),
    element('span', { class: 'quiet one-hot', text: place }),
  ];
}

function valueBox(
  { board, sheet, tokens }: SheetContext,
  r: number,
  t: number,
  isGradient: boolean,
): HTMLElement {
  const { text, width, prediction, matrix } = sheet.rows[r]!;
  const isOfTokens =
    prediction !== null ||
    sheet.parameters.some(({ name, tokens: of }) => name === matrix && of === 'rows');
  const written = atStep(text, t);
  return board.box({
    name: isGradient ? `∂E[${String(sheet.t + 1)}]/∂(${written})` : written,
    ...{ rows: width, columns: 1 },
    read: (data) => (isGradient ? data.rows[r]!.gradients : data.rows[r]!.values)[t]!,
    scale: `${isGradient ? 'd' : ''}${String(r)}`,
    ...(!isOfTokens
      ? {}
      : { shownRows: tokens, rowName: (id) => sheet.vocabulary[id]!, showsNames: true }),
  }).root;
}

function tableRow(
  head: HTMLElement,
  steps: ArrayLike<number>,
  content: (t: number) => readonly HTMLElement[],
  className: (t: number) => string = () => '',
): HTMLElement {
  return element(
    'tr',
    {},
    head,
    ...Array.from(steps, (t) => {
      const cell = element('td', {}, ...content(t));
      if (className(t) !== '') cell.className = className(t);
      return cell;
    }),
  );
}

function table(sheet: Sheet, steps: ArrayLike<number>, rows: readonly HTMLElement[]): HTMLElement {
  const heads = Array.from(steps, (t) =>
    element(
      'th',
      { scope: 'col', class: t === sheet.t ? 'chosen' : t === sheet.k ? 'looked' : '' },
      `t = ${String(t + 1)} `,
      element('span', { class: 'token', translate: 'no', text: sheet.tokens[t]! }),
      element('span', { class: 'quiet', text: ' → ' }),
      element('span', { class: 'token next', translate: 'no', text: sheet.tokens[t + 1]! }),
    ),
  );
  return element(
    'table',
    { class: 'sheet-table' },
    element('thead', {}, element('tr', {}, element('td'), ...heads)),
    element('tbody', {}, ...rows),
  );
}

/** ‖·‖ of a box, written beside it. */
export function normText(
  board: Board<Sheet>,
  read: (data: Sheet) => number,
  name = '‖·‖',
): HTMLElement {
  return element(
    'p',
    { class: 'quiet norm', translate: 'no' },
    board.text((data) => `${name} ${shortNumber(read(data))}`),
  );
}
