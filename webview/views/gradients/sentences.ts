import * as l10n from '@vscode/l10n';
import type { Format } from '../../../src/protocol/format';
import type { PanelFacts } from '../../../src/protocol/panel';
import { nameIn } from '../names';
import { usualRatio, type Finding } from './diagnosis';
import { forgetGateOf, stepsKept } from './forget';

/** A finding in words. */
export interface Telling {
  /** What is so, a sentence. */
  readonly claim: string;
  /** What it means or what to try, a sentence or two; empty where all is well. */
  readonly advice: string;
}

type Of<Topic extends Finding['topic']> = Extract<Finding, { readonly topic: Topic }>;
type Facts = Pick<PanelFacts, 'network' | 'cell'>;

/** Puts a finding into words for who has never seen a gradient vanish. */
export function tell(finding: Finding, facts: Facts, format: Format): Telling {
  const { network } = facts;
  const name = nameIn(network);
  switch (finding.topic) {
    case 'reach':
      return tellReach(finding, facts, format);
    case 'clipping':
      return tellClipping(finding, format);
    case 'saturation':
      return tellSaturation(finding, name(finding.variable), format);
    case 'updates':
      return tellUpdates(finding, name(finding.parameter), format);
    case 'gradients':
      return tellBroken(finding, finding.parameters.map(name).join(', '));
  }
}

/** A share from next to nothing to many times the whole: 1E-7, 0.5%, 12%, ×24K. */
export function shareText(share: number, format: Format): string {
  if (share < 1e-4) return format.value(share);
  if (share < 10) return format.percent(share);
  return l10n.t('×{0}', share < 1e12 ? format.compact(share) : format.value(share));
}

function tellReach(
  { variable, reach, sequence, severity }: Of<'reach'>,
  facts: Facts,
  format: Format,
): Telling {
  const { network } = facts;
  const lag = format.count(reach.lag);
  const isOne = reach.lag === 1;
  const isGated = network.variables.some(({ activation }) => activation === 'sigmoid');
  const hasOne = network.variables.filter(({ isState }) => isState).length === 1;
  const named = (claim: string) =>
    hasOne ? claim : l10n.t('{1}: {0}', claim, nameIn(network)(variable));
  switch (reach.kind) {
    case 'falls': {
      const claim = isOne
        ? l10n.t('Gradients fall under 1% after a single step.')
        : l10n.t('Gradients fall under 1% after {0} steps.', lag);
      const back = format.count(sequence);
      if (sequence === 0) {
        const beyond = l10n.t(
          'Anything further back hardly changes the weights, although training goes back through the whole example.',
        );
        const more = isGated
          ? l10n.t('The gates may learn to remember for longer.')
          : l10n.t('A gated cell (gru, lstm) can learn to remember longer.');
        return { claim: named(claim), advice: severity === 'good' ? '' : `${beyond} ${more}` };
      }
      const advice = isGated
        ? `${l10n.t('Anything further back hardly changes the weights, although training goes back {0} steps.', back)} ${gatesAdvice(facts, format)}`
        : l10n.t(
            'Anything further back hardly changes the weights, although training goes back {0} steps. A gated cell (gru, lstm) can learn to remember longer; a shorter sequence would lose little and train faster.',
            back,
          );
      return { claim: named(claim), advice: severity === 'good' ? '' : advice };
    }
    case 'lasts': {
      const share = format.percent(reach.share);
      const claim = isOne
        ? l10n.t(
            'Gradients reach through the whole window: after a single step {0} of them is left.',
            share,
          )
        : l10n.t(
            'Gradients reach through the whole window: after {0} steps {1} of them is left.',
            lag,
            share,
          );
      return {
        claim: named(claim),
        advice:
          sequence > 0 && reach.lag >= sequence - 1
            ? l10n.t(
                'A longer sequence (rnnLab.training.sequence) would let the model learn longer dependencies.',
              )
            : '',
      };
    }
    case 'grows': {
      const within = isOne ? l10n.t('a single step') : l10n.t('{0} steps', lag);
      const claim = Number.isFinite(reach.factor)
        ? l10n.t(
            'Gradients grow {0}-fold within {1}: they explode.',
            format.value(reach.factor),
            within,
          )
        : l10n.t('Gradients overflow within {0}: they explode.', within);
      return {
        claim: named(claim),
        advice: l10n.t(
          'Start with smaller recurrent weights, or lower the learning rate; meanwhile clipping (rnnLab.training.clip) keeps the steps short.',
        ),
      };
    }
  }
}

/** The least start of a gate that is advised: a state falls to 1 % in 95 steps. */
const openStart = 3;

function gatesAdvice(facts: Facts, format: Format): string {
  const found = forgetGateOf(facts);
  if (!found || found.start >= openStart) {
    return l10n.t('The gates may learn to remember for longer.');
  }
  const { gate, state, bias, start } = found;
  return l10n.t(
    'The gate {0} starts with {1} = {2}, which keeps 1% of {3} for {4} steps; init {1} = {5} would keep it for {6}.',
    ...[gate, bias, format.value(start), state, format.count(stepsKept(start))],
    ...[format.value(openStart), format.count(stepsKept(openStart))],
  );
}

function tellClipping(
  { share, steps, peak, threshold, severity }: Of<'clipping'>,
  format: Format,
): Telling {
  if (threshold <= 0) {
    const claim = l10n.t(
      'Gradients are not clipped; the largest recent norm was {0} times the mean.',
      format.value(peak),
    );
    return {
      claim,
      advice:
        severity === 'good'
          ? ''
          : l10n.t(
              'One such step can undo many others: clip at a few times the mean norm (rnnLab.training.clip).',
            ),
    };
  }
  const count = format.count(steps);
  if (share === 0) {
    return { claim: l10n.t('None of the last {0} steps was clipped.', count), advice: '' };
  }
  const advices = {
    good: '',
    notice: l10n.t('Clipping is meant for rare peaks: a lower learning rate makes fewer of them.'),
    warning: l10n.t(
      'Nearly every step has the same length, however large its gradient was: clip at a larger norm (rnnLab.training.clip), or lower the learning rate.',
    ),
  };
  return {
    claim: l10n.t('{0} of the last {1} steps were clipped.', format.percent(share), count),
    advice: advices[severity],
  };
}

function tellSaturation(
  { share, severity }: Of<'saturation'>,
  variable: string,
  format: Format,
): Telling {
  const advices = {
    good: '',
    notice: l10n.t(
      'Hardly any gradient passes where tanh is flat. Some units act as switches in every trained network; make sure it does not become the rule.',
    ),
    warning: l10n.t(
      'Hardly any gradient passes where tanh is flat, so few units still learn: lower the learning rate, or start with smaller weights.',
    ),
  };
  return {
    claim: l10n.t('{0} of the values of {1} are saturated.', format.percent(share), variable),
    advice: advices[severity],
  };
}

function tellUpdates(
  { ratio, settled, severity }: Of<'updates'>,
  parameter: string,
  format: Format,
): Telling {
  const share = format.percent(ratio);
  if (settled) {
    return {
      claim: l10n.t(
        'A step changes {0} most, by {1}, now that the schedule has lowered the learning rate.',
        parameter,
        share,
      ),
      advice: '',
    };
  }
  const usual = format.percent(usualRatio);
  const advice =
    ratio > usualRatio
      ? l10n.t(
          'Far more than the usual {0}: lower the learning rate, or warm it up for longer.',
          usual,
        )
      : l10n.t(
          'Far less than the usual {0}: raise the learning rate, or check whether any gradient arrives.',
          usual,
        );
  return {
    claim: l10n.t('A step changes {0} most, by {1}.', parameter, share),
    advice: severity === 'good' ? '' : advice,
  };
}

function tellBroken({ problem }: Of<'gradients'>, names: string): Telling {
  return problem === 'zero'
    ? {
        claim: l10n.t('No gradient reaches {0}.', names),
        advice: l10n.t(
          'It does not learn: look for units that are always 0, or for a parameter that no prediction depends on.',
        ),
      }
    : {
        claim: l10n.t('The gradient of {0} is not a finite number.', names),
        advice: l10n.t('Lower the learning rate, or clip the gradients (rnnLab.training.clip).'),
      };
}
