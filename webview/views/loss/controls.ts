import * as l10n from '@vscode/l10n';
import { scoreNames } from '../../../src/protocol/core';
import { createCheck, createChoice } from '../../controls';
import { element } from '../../dom';
import type { ViewContext } from '../view';
import type { LossChoice } from './content';
import { smoothings, type Smoothing } from './smooth';
import { isScore, lossUnits, type Measure } from './units';

/** How the loss is shown: chosen by the user, remembered over reloads. */
export interface LossControls {
  readonly elements: readonly HTMLElement[];
  readonly choice: LossChoice;
  /** What there is to choose from, with what it is called. */
  setMeasures(offered: readonly (readonly [Measure, string])[]): void;
}

export function createLossControls(
  { host: { memory } }: Pick<ViewContext, 'host'>,
  onChange: () => void,
): LossControls {
  function remembered<Value extends string>(key: string, values: readonly Value[]): Value {
    return values.find((value) => value === memory.get(`loss.${key}`)) ?? values[0]!;
  }
  let unit = remembered<Measure>('unit', [...lossUnits, ...scoreNames]);
  let axis = remembered('axis', ['step', 'seconds'] as const);
  let smoothing = remembered('smoothing', Object.keys(smoothings) as Smoothing[]);
  let offered: readonly Measure[] = [];
  let shown = '';

  const units = createChoice<Measure>('loss-unit', l10n.t('Unit'), (value) => {
    unit = value;
    memory.set('loss.unit', value);
    showFitting();
    onChange();
  });
  const axes = createChoice<LossChoice['axis']>('loss-axis', l10n.t('Over'), (value) => {
    axis = value;
    memory.set('loss.axis', value);
    onChange();
  });
  axes.setOptions(
    [
      ['step', l10n.t('over steps')],
      ['seconds', l10n.t('over time')],
    ],
    axis,
  );
  const smooth = createChoice<Smoothing>('loss-smoothing', l10n.t('Smoothing'), (value) => {
    smoothing = value;
    memory.set('loss.smoothing', value);
    onChange();
  });
  smooth.setOptions(
    [
      ['none', l10n.t('no smoothing')],
      ['light', l10n.t('light smoothing')],
      ['strong', l10n.t('strong smoothing')],
    ],
    smoothing,
  );
  for (const { root } of [units, axes, smooth]) root.classList.add('bare');
  const check = (key: string, label: string) =>
    createCheck(`loss-${key}`, label, memory.get(`loss.${key}`) === true, (on) => {
      memory.set(`loss.${key}`, on);
      onChange();
    });
  const logLoss = check('logLoss', l10n.t('Log loss'));
  const logAxis = check('logAxis', l10n.t('Log steps'));
  const measure = (): Measure => (offered.includes(unit) ? unit : 'nats');
  /** A score has a value only now and then, and is no smaller by powers of ten. */
  const showFitting = () => {
    smooth.root.hidden = logLoss.root.hidden = isScore(measure());
  };

  return {
    elements: [
      units.root,
      axes.root,
      smooth.root,
      // They stay together where there is no room for all in a line.
      element('div', { class: 'loss-logs' }, logLoss.root, logAxis.root),
    ],
    get choice() {
      return {
        unit: measure(),
        axis,
        smoothing,
        logLoss: logLoss.checked && !isScore(measure()),
        logAxis: logAxis.checked,
      };
    },
    setMeasures(measures) {
      const now = measures.map(([measure]) => measure).join();
      if (now === shown) return;
      shown = now;
      offered = measures.map(([measure]) => measure);
      units.setOptions(measures, measure());
      showFitting();
    },
  };
}
