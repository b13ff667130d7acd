import type { PanelFacts } from '../../../src/protocol/panel';
import { fill } from '../../../src/protocol/strings';
import { element, icon } from '../../dom';
import type { ViewContext } from '../view';
import { createChoice } from './choice';
import type { Quantity } from './matrix';
import { slopeFormula, variableName } from './names';
import type { Sorting } from './order';

type RowSize = 'fit' | 'large';

/** What the user chooses of the view, which is remembered. */
export interface Controls {
  readonly root: HTMLElement;
  /** Qualified name of the variable. */
  readonly variable: string;
  readonly quantity: Quantity;
  readonly sorting: Sorting;
  readonly rows: RowSize;
  /** Offers the variables of a network. */
  setNetwork(network: PanelFacts['network']): void;
  /** Whether an order is being looked for. */
  setBusy(busy: boolean): void;
}

const again =
  'M8 2.5a5.5 5.5 0 0 1 4.5 2.3V2.5H14v5H9V6h2.6A4 4 0 1 0 12 8.7l1.4.5A5.5 5.5 0 1 1 8 2.5z';

/** @param onChange `again`: the order is to be found anew, though nothing else was chosen */
export function createControls(
  { strings, host: { memory } }: ViewContext,
  onChange: () => void,
): Controls {
  let network: PanelFacts['network'] | undefined;
  const kept = (key: string) => memory.get(`hidden.${key}`);
  const keep = (key: string) => (value: string) => {
    memory.set(`hidden.${key}`, value);
    if (key === 'variable') offerQuantities();
    onChange();
  };
  const variable = createChoice(strings.hiddenVariable, keep('variable'));
  const quantity = createChoice<Quantity>(strings.hiddenQuantity, keep('quantity'));
  const sorting = createChoice<Sorting>(strings.hiddenSort, keep('sorting'));
  const rows = createChoice<RowSize>(strings.hiddenRows, keep('rows'));
  const sortAgain = element('button', {
    class: 'hidden-step',
    type: 'button',
    title: strings.hiddenSortAgain,
    'aria-label': strings.hiddenSortAgain,
  });
  sortAgain.append(icon(again));
  sortAgain.addEventListener('click', onChange);
  const root = element(
    'div',
    { class: 'hidden-controls' },
    variable.root,
    quantity.root,
    element('div', { class: 'hidden-sort' }, sorting.root, sortAgain),
    rows.root,
  );
  const sortings = [
    ['index', strings.hiddenSortIndex],
    ['activity', strings.hiddenSortActivity],
    ['similarity', strings.hiddenSortSimilarity],
  ] as const;
  const sizes = [
    ['fit', strings.hiddenRowsFit],
    ['large', strings.hiddenRowsLarge],
  ] as const;
  sorting.setOptions(
    sortings,
    sortings.find(([value]) => value === kept('sorting'))?.[0] ?? 'index',
  );
  rows.setOptions(sizes, sizes.find(([value]) => value === kept('rows'))?.[0] ?? 'fit');

  /** Only an activation has a derivative to show. */
  function offerQuantities() {
    const chosen = network?.variables.find(({ name }) => name === variable.value);
    const hasSlope = chosen !== undefined && chosen.activation !== null;
    const values = ['value', strings.hiddenValues] as const;
    const slopes = hasSlope
      ? [['slope', fill(strings.hiddenSlope, slopeFormula(chosen))] as const]
      : [];
    quantity.setOptions(
      [values, ...slopes],
      hasSlope && kept('quantity') === 'slope' ? 'slope' : 'value',
    );
    quantity.root.hidden = !hasSlope;
  }

  return {
    root,
    get variable() {
      return variable.value;
    },
    get quantity() {
      return quantity.value;
    },
    get sorting() {
      return sorting.value;
    },
    get rows() {
      return rows.value;
    },
    setNetwork(shown) {
      network = shown;
      const names = shown.variables.map(({ name }) => name);
      const layers = Math.max(...shown.variables.map(({ layer }) => layer));
      const output = `layer${String(layers)}.${shown.output}`;
      const chosen = names.find((name) => name === kept('variable')) ?? output;
      variable.setOptions(
        shown.variables.map((described) => {
          const name = variableName(described, shown, strings);
          const isOutput = described.symbol === shown.output;
          return [described.name, isOutput ? fill(strings.hiddenVariableOutput, name) : name];
        }),
        names.includes(chosen) ? chosen : (names[0] ?? ''),
      );
      offerQuantities();
    },
    setBusy(busy) {
      sorting.root.setAttribute('aria-busy', String(busy));
    },
  };
}
