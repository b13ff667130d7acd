import { createCheck, createChoice } from '../../controls';
import type { ViewContext } from '../view';
import type { LossChoice } from './content';
import { smoothings, type Smoothing } from './smooth';
import { lossUnits, type LossUnit } from './units';

/** How the loss is shown: chosen by the user, remembered over reloads. */
export interface LossControls {
  readonly elements: readonly HTMLElement[];
  readonly choice: LossChoice;
  /** @param known whether a loss can be told per character */
  setPerCharacter(known: boolean): void;
}

export function createLossControls(
  { host: { memory }, strings }: Pick<ViewContext, 'host' | 'strings'>,
  onChange: () => void,
): LossControls {
  function remembered<Value extends string>(key: string, values: readonly Value[]): Value {
    return values.find((value) => value === memory.get(`loss.${key}`)) ?? values[0]!;
  }
  let unit = remembered('unit', lossUnits);
  let axis = remembered('axis', ['step', 'seconds'] as const);
  let smoothing = remembered('smoothing', Object.keys(smoothings) as Smoothing[]);
  let perCharacter: boolean | undefined;

  const units = createChoice<LossUnit>('loss-unit', strings.lossUnitChoice, (value) => {
    unit = value;
    memory.set('loss.unit', value);
    onChange();
  });
  const axes = createChoice<LossChoice['axis']>('loss-axis', strings.lossAxisChoice, (value) => {
    axis = value;
    memory.set('loss.axis', value);
    onChange();
  });
  axes.setOptions(
    [
      ['step', strings.overSteps],
      ['seconds', strings.overTime],
    ],
    axis,
  );
  const smooth = createChoice<Smoothing>('loss-smoothing', strings.smoothing, (value) => {
    smoothing = value;
    memory.set('loss.smoothing', value);
    onChange();
  });
  smooth.setOptions(
    [
      ['none', strings.smoothingNone],
      ['light', strings.smoothingLight],
      ['strong', strings.smoothingStrong],
    ],
    smoothing,
  );
  for (const { root } of [units, axes, smooth]) root.classList.add('bare');
  const check = (key: string, label: string) =>
    createCheck(`loss-${key}`, label, memory.get(`loss.${key}`) === true, (on) => {
      memory.set(`loss.${key}`, on);
      onChange();
    });
  const logLoss = check('logLoss', strings.logLoss);
  const logAxis = check('logAxis', strings.logAxis);

  return {
    elements: [units.root, axes.root, smooth.root, logLoss.root, logAxis.root],
    get choice() {
      return {
        unit: unit === 'bits' && perCharacter !== true ? 'nats' : unit,
        axis,
        smoothing,
        logLoss: logLoss.checked,
        logAxis: logAxis.checked,
      };
    },
    setPerCharacter(known) {
      if (known === perCharacter) return;
      perCharacter = known;
      const names: Record<LossUnit, string> = {
        nats: strings.natsPerToken,
        bits: strings.bitsPerCharacter,
        perplexity: strings.perplexityUnit,
      };
      const offered = lossUnits.filter((each) => each !== 'bits' || known);
      units.setOptions(
        offered.map((each) => [each, names[each]]),
        offered.includes(unit) ? unit : 'nats',
      );
    },
  };
}
