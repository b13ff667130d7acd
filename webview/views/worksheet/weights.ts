/** The parameters, once; the chain of Jacobians; the gradient with respect to one parameter, term by term. */
import * as l10n from '@vscode/l10n';
import { element } from '../../dom';
import { shortNumber, type BoxOptions } from './board';
import { chip } from './chip';
import { equation, formula, normText, sign, type SheetContext } from './passes';
import { normOf, type Sheet, type SheetParameter } from './shown';

/** Which rows and columns have room, and what they are of. */
function shape(
  parameter: SheetParameter,
  { sheet, tokens }: SheetContext,
): Pick<
  BoxOptions<Sheet>,
  'rows' | 'columns' | 'shownRows' | 'shownColumns' | 'rowName' | 'columnName'
> {
  const { rows, columns } = parameter;
  const tokenName = (id: number) => sheet.vocabulary[id]!;
  if (parameter.tokens === 'columns')
    return { rows, columns, shownColumns: tokens, columnName: tokenName };
  if (parameter.tokens === 'rows') return { rows, columns, shownRows: tokens, rowName: tokenName };
  return { rows, columns };
}

/** Each parameter with its counter; they are the same at every step. */
export function parameterBoxes(context: SheetContext, choose: (name: string) => void): HTMLElement {
  const { board, sheet } = context;
  const steps = sheet.losses.length;
  const cards = sheet.parameters.map((parameter, p) => {
    const { name, rows, columns, uses } = parameter;
    const button = element('button', { type: 'button', class: 'chip-button' }, chip(name, sheet));
    button.title = l10n.t('Take its gradient apart');
    button.addEventListener('click', () => choose(name));
    const count = l10n.t(
      '{0} × {1} = {2} numbers, read {3} times',
      ...[rows, columns, rows * columns, uses * steps].map(String),
    );
    return element(
      'figure',
      { class: 'card' },
      element('figcaption', {}, button, element('span', { class: 'quiet', text: count })),
      board.box({
        name,
        ...shape(parameter, context),
        read: (data) => data.parameters[p]!.values,
      }).root,
    );
  });
  return element('div', { class: 'cards cards-wrapping' }, ...cards);
}

/** From the step of the loss back to the one that is looked at: each Jacobian, and the product so far. */
export function jacobianCards({ board, sheet }: SheetContext): HTMLElement {
  const names = sheet.state.flatMap(({ name, width }) =>
    Array.from({ length: width }, (_, i) => `${name} ${String(i + 1)}`),
  );
  const entryName = (i: number) => names[i]!;
  const shown = sheet.jacobians
    .map(({ step, matrix }, j) => ({ step, j, size: matrix.rows }))
    .filter(({ step }) => step > 0 && step > sheet.k);
  const cards = shown.map(({ step, j, size }) => {
    const [now, before] = [step + 1, step].map(String) as [string, string];
    const last = String(sheet.t + 1);
    const letter = stateLetter(sheet);
    const square = { rows: size, columns: size, rowName: entryName, columnName: entryName };
    const name = `∂${letter}[${now}]/∂${letter}[${before}]`;
    const productName = `∂${letter}[${last}]/∂${letter}[${before}]`;
    return element(
      'figure',
      { class: 'card' },
      element('figcaption', {}, formula(name)),
      board.box({ name, ...square, read: (data) => data.jacobians[j]!.matrix.values }).root,
      normText(board, (data) => data.jacobians[j]!.norm, '‖·‖₂'),
      element(
        'p',
        { class: 'quiet' },
        board.text((data) => l10n.t('spectral radius {0}', shortNumber(data.jacobians[j]!.radius))),
      ),
      element(
        'p',
        { class: 'quiet' },
        board.text((data) => {
          const { error } = data.jacobians[j]!;
          return Number.isFinite(error)
            ? l10n.t('central differences: within {0}', shortNumber(error))
            : '';
        }),
      ),
      element('figcaption', { class: 'second' }, formula(`${productName} = Π`)),
      board.box({
        name: productName,
        ...square,
        read: (data) => data.jacobians[j]!.product.values,
      }).root,
      normText(board, (data) => data.jacobians[j]!.productNorm, '‖Π‖₂'),
    );
  });
  if (cards.length === 0) {
    const why =
      sheet.jacobians.length === 0
        ? l10n.t('This cell has no recurrence.')
        : l10n.t(
            'Step k is the step of the loss: no Jacobian lies between them. Choose an earlier k.',
          );
    return element('p', { class: 'quiet', text: why });
  }
  return element('div', { class: 'cards' }, ...cards);
}

/** `s`, or S where the state is of several. */
export function stateLetter({ state }: Sheet): string {
  return state.length === 1 ? state[0]!.name.replace('[t]', '') : 'S';
}

/** What each step adds to the gradient, their sum, the same by finite differences, and the step of descent. */
export function gradientTerms(context: SheetContext): HTMLElement {
  const { board, sheet } = context;
  const { terms } = sheet;
  const p = sheet.parameters.findIndex(({ name }) => name === terms.parameter);
  const parameter = sheet.parameters[p]!;
  const { symbol } = parameter;
  const fit = shape(parameter, context);
  const card = (
    title: string,
    note: HTMLElement,
    read: BoxOptions<Sheet>['read'],
    options: { readonly scale?: string; readonly isLooked?: boolean } = {},
  ): HTMLElement =>
    element(
      'figure',
      { class: options.isLooked === true ? 'card looked' : 'card' },
      element('figcaption', {}, formula(title)),
      board.box({ name: title, ...fit, read, ...(options.scale ? { scale: options.scale } : {}) })
        .root,
      note,
    );
  const scale = 'terms';
  const ofSteps = terms.terms.map((_, step) =>
    card(
      l10n.t('step {0}', String(step + 1)),
      normText(board, (data) => normOf(data.terms.terms[step]!)),
      (data) => data.terms.terms[step]!,
      { scale, isLooked: step === sheet.k },
    ),
  );
  const sum = card(
    `Σ = ∂E/∂${symbol}`,
    normText(board, (data) => normOf(data.parameters[p]!.gradient)),
    (data) => data.parameters[p]!.gradient,
    { scale },
  );
  const error = element(
    'p',
    { class: 'quiet' },
    board.text((data) =>
      l10n.t(
        'ε = {0}; greatest difference {1}',
        ...[data.terms.epsilon, data.terms.error].map(shortNumber),
      ),
    ),
  );
  const numeric = card('(E(w + ε) − E(w − ε)) / 2ε', error, (data) => data.terms.numeric, {
    scale,
  });
  return element(
    'div',
    {},
    factors(context, symbol, fit),
    element('div', { class: 'cards' }, ...ofSteps, sum, numeric),
  );
}

/** Of the step that is looked at: δ ⊗ what the matrix multiplies there. */
function factors(
  { board, sheet }: SheetContext,
  symbol: string,
  fit: ReturnType<typeof shape>,
): HTMLElement {
  const { k, terms } = sheet;
  const step = String(k + 1);
  const lines = terms.factors[k]!.map((factor, f) => {
    const delta = board.box({
      name: `δ[${step}]`,
      ...{ rows: factor.gradient.length, columns: 1 },
      ...(fit.shownRows ? { shownRows: fit.shownRows } : {}),
      ...(fit.rowName ? { rowName: fit.rowName } : {}),
      read: (data) => data.terms.factors[k]![f]!.gradient,
    }).root;
    const title = formula(`∂E[${String(sheet.t + 1)}]/∂${symbol}, ${l10n.t('step {0}', step)} =`);
    if (factor.operand.length === 0) return equation(title, delta);
    const operand = board.box({
      name: l10n.t('what {0} multiplies', symbol),
      ...{ rows: 1, columns: factor.operand.length },
      ...(fit.shownColumns ? { shownColumns: fit.shownColumns } : {}),
      ...(fit.columnName ? { columnName: fit.columnName } : {}),
      read: (data) => data.terms.factors[k]![f]!.operand,
    }).root;
    return equation(title, delta, sign('⊗'), operand);
  });
  return element('div', {}, ...lines);
}

/** w − η ∂E/∂w of the chosen parameter. */
export function descent(context: SheetContext, rate: () => number): HTMLElement {
  const { board, sheet } = context;
  const p = sheet.parameters.findIndex(({ name }) => name === sheet.terms.parameter);
  const parameter = sheet.parameters[p]!;
  const fit = shape(parameter, context);
  const { symbol } = parameter;
  const box = (name: string, read: (data: SheetParameter) => ArrayLike<number>) =>
    board.box({ name, ...fit, read: (data) => read(data.parameters[p]!) }).root;
  return equation(
    box(symbol, ({ values }) => values),
    sign('− η ·'),
    box(`∂E/∂${symbol}`, ({ gradient }) => gradient),
    sign('='),
    box(`${symbol}′`, ({ values, gradient }) =>
      values.map((value, i) => value - rate() * gradient[i]!),
    ),
  );
}
