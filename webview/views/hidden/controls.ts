import type { PanelFacts } from '../../../src/protocol/panel';
import { fill } from '../../../src/protocol/strings';
import { createButton, createChoice } from '../../controls';
import { element } from '../../dom';
import type { ViewContext } from '../view';
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
}

/** @param onChange something was chosen, or the order is to be found anew */
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
  const variable = createChoice('hidden-variable', strings.hiddenVariable, keep('variable'));
  const quantity = createChoice<Quantity>(
    'hidden-quantity',
    strings.hiddenQuantity,
    keep('quantity'),
  );
  const sorting = createChoice<Sorting>('hidden-sorting', strings.hiddenSort, keep('sorting'));
  const rows = createChoice<RowSize>('hidden-rows', strings.hiddenRows, keep('rows'));
  const sortAgain = createButton({
    text: strings.hiddenSortAgain,
    icon: 'again',
    appearance: 'icon',
    onClick: onChange,
  });
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
  };
}
