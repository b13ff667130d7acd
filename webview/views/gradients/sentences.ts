import type { Format } from '../../../src/protocol/format';
import type { PanelFacts } from '../../../src/protocol/panel';
import { fill, type PanelStrings } from '../../../src/protocol/strings';
import { usualRatio, type Finding } from './diagnosis';
import { namesOf } from './names';

/** A finding in words. */
export interface Telling {
  /** What is so, a sentence. */
  readonly claim: string;
  /** What it means or what to try, a sentence or two; empty where all is well. */
  readonly advice: string;
}

type Of<Topic extends Finding['topic']> = Extract<Finding, { readonly topic: Topic }>;
type Network = PanelFacts['network'];

/** Puts a finding into words for who has never seen a gradient vanish. */
export function tell(
  finding: Finding,
  network: Network,
  strings: PanelStrings,
  format: Format,
): Telling {
  const name = namesOf(network, strings);
  switch (finding.topic) {
    case 'reach':
      return tellReach(finding, network, strings, format);
    case 'clipping':
      return tellClipping(finding, strings, format);
    case 'saturation':
      return tellSaturation(finding, name(finding.variable), strings, format);
    case 'updates':
      return tellUpdates(finding, name(finding.parameter), strings, format);
    case 'gradients':
      return tellBroken(finding, finding.parameters.map(name).join(', '), strings);
  }
}

/** A share from next to nothing to many times the whole: 1E-7, 0.5%, 12%, ×24K. */
export function shareText(share: number, strings: PanelStrings, format: Format): string {
  if (share < 1e-4) return format.value(share);
  if (share < 10) return format.percent(share);
  return fill(strings.gradientsTimes, share < 1e12 ? format.compact(share) : format.value(share));
}

function tellReach(
  { variable, reach, sequence, severity }: Of<'reach'>,
  network: Network,
  strings: PanelStrings,
  format: Format,
): Telling {
  const lag = format.count(reach.lag);
  const isOne = reach.lag === 1;
  const isGated = network.variables.some(({ activation }) => activation === 'sigmoid');
  const hasOne = network.variables.filter(({ isState }) => isState).length === 1;
  const named = (claim: string) =>
    hasOne ? claim : fill(strings.claimOfState, claim, namesOf(network, strings)(variable));
  switch (reach.kind) {
    case 'falls': {
      const claim = isOne ? strings.claimFallsOne : fill(strings.claimFalls, lag);
      const advice = isGated ? strings.adviceFallsGated : strings.adviceFalls;
      const wanted = severity === 'good' ? '' : fill(advice, format.count(sequence));
      return { claim: named(claim), advice: wanted };
    }
    case 'lasts': {
      const claim = fill(strings.claimLasts, lag, format.percent(reach.share));
      return { claim: named(claim), advice: reach.lag >= sequence - 1 ? strings.adviceLasts : '' };
    }
    case 'grows': {
      const claim = Number.isFinite(reach.factor)
        ? fill(strings.claimGrows, format.value(reach.factor), lag)
        : fill(strings.claimOverflows, lag);
      return { claim: named(claim), advice: strings.adviceGrows };
    }
  }
}

function tellClipping(
  { share, steps, peak, threshold, severity }: Of<'clipping'>,
  strings: PanelStrings,
  format: Format,
): Telling {
  if (threshold <= 0) {
    const claim = fill(strings.claimUnclipped, format.value(peak));
    return { claim, advice: severity === 'good' ? '' : strings.adviceUnclipped };
  }
  const count = format.count(steps);
  if (share === 0) return { claim: fill(strings.claimNoneClipped, count), advice: '' };
  const advices = {
    good: '',
    notice: strings.adviceClipped,
    warning: strings.adviceClippedMostly,
  };
  return {
    claim: fill(strings.claimClipped, format.percent(share), count),
    advice: advices[severity],
  };
}

function tellSaturation(
  { share, severity }: Of<'saturation'>,
  variable: string,
  strings: PanelStrings,
  format: Format,
): Telling {
  const advices = {
    good: '',
    notice: strings.adviceSaturated,
    warning: strings.adviceSaturatedMostly,
  };
  return {
    claim: fill(strings.claimSaturated, format.percent(share), variable),
    advice: advices[severity],
  };
}

function tellUpdates(
  { ratio, settled, severity }: Of<'updates'>,
  parameter: string,
  strings: PanelStrings,
  format: Format,
): Telling {
  const share = format.percent(ratio);
  if (settled) return { claim: fill(strings.claimSettled, parameter, share), advice: '' };
  const usual = format.percent(usualRatio);
  const advice = ratio > usualRatio ? strings.adviceUpdatesLarge : strings.adviceUpdatesSmall;
  return {
    claim: fill(strings.claimUpdates, parameter, share),
    advice: severity === 'good' ? '' : fill(advice, usual),
  };
}

function tellBroken({ problem }: Of<'gradients'>, names: string, strings: PanelStrings): Telling {
  return problem === 'zero'
    ? { claim: fill(strings.claimDead, names), advice: strings.adviceDead }
    : { claim: fill(strings.claimNotFinite, names), advice: strings.adviceNotFinite };
}
