import * as l10n from '@vscode/l10n';
import { topOutput } from '../../../src/protocol/core';
import type { PanelFacts } from '../../../src/protocol/panel';
import { createButton, createChoice } from '../../controls';
import { element } from '../../dom';
import { nameIn } from '../names';
import type { ViewContext } from '../view';
import type { Quantity } from './matrix';
import { slopeFormula } from './names';
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

/** @param onChange something was chosen, or the order is to be found again */
export function createControls({ host: { memory } }: ViewContext, onChange: () => void): Controls {
  let network: PanelFacts['network'] | undefined;
  const kept = (key: string) => memory.get(`hidden.${key}`);
  const keep = (key: string) => (value: string) => {
    memory.set(`hidden.${key}`, value);
    if (key === 'variable') offerQuantities();
    onChange();
  };
  const variable = createChoice('hidden-variable', l10n.t('Variable'), keep('variable'));
  const quantity = createChoice<Quantity>('hidden-quantity', l10n.t('Show'), keep('quantity'));
  const sorting = createChoice<Sorting>('hidden-sorting', l10n.t('Sort by'), keep('sorting'));
  const rows = createChoice<RowSize>('hidden-rows', l10n.t('Rows'), keep('rows'));
  const sortAgain = createButton({
    text: l10n.t('Sort again by the current values'),
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
    ['index', l10n.t('Number')],
    ['activity', l10n.t('Activity')],
    ['similarity', l10n.t('Similarity')],
  ] as const;
  const sizes = [
    ['fit', l10n.t('Fit all')],
    ['large', l10n.t('Large')],
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
    const values = ['value', l10n.t('Values')] as const;
    const slopes = hasSlope
      ? [['slope', l10n.t('Derivative: {0}', slopeFormula(chosen))] as const]
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
      const chosen = names.find((name) => name === kept('variable')) ?? topOutput(shown);
      const nameOf = nameIn(shown);
      variable.setOptions(
        shown.variables.map((described) => {
          const name = nameOf(described.name);
          const isOutput = described.symbol === shown.output;
          return [described.name, isOutput ? l10n.t('{0} (output of the cell)', name) : name];
        }),
        names.includes(chosen) ? chosen : (names[0] ?? ''),
      );
      offerQuantities();
    },
  };
}
