import { l10n } from 'vscode';
import type { gradientsStringNames } from '../../../protocol/strings/gradients';

/** Texts of the view of gradients. */
export function gradientsStrings(): Record<(typeof gradientsStringNames)[number], string> {
  const { t } = l10n;
  return {
    gradientsTab: t('Gradients'),
    gradientsWaiting: t(
      'Waiting for the first look at the gradients. It comes within the first seconds of training.',
    ),
    gradientsNone: t(
      'Training ended before the first look at its gradients. Continue it to see them.',
    ),
    gradientsOff: t(
      'The gradients of this run are not looked at. Set rnnLab.inspection.observeEvery above 0, then continue it or train again.',
    ),
    gradientsOfLayer: t('{0}, layer {1}', '{0}', '{1}'),
    gradientsState: t('State'),
    lagsTitle: t('Gradient through time'),
    lagsUnit: t('‖∂Eₜ/∂{0}ₜ₋ₖ‖', '{0}'),
    lagsLabel: t('Gradient through time against the lag, at the chosen step and at some before'),
    lagsHelp: t(
      'How much the loss of one prediction changes with the state k steps before it. A straight line downwards is a gradient that vanishes by the same factor a step; one upwards explodes. Beyond the line of 1% the past hardly teaches anything; beyond the dotted line training does not look.',
    ),
    lagMatrixTitle: t('Vanishing and exploding'),
    lagMatrixLabel: t('Gradient through time: lags by training steps'),
    lagMatrixHelp: t(
      'Each column is one look during training, each row a lag. Blue: the gradient has fallen below that at lag 0, the stronger the more; red: it has grown above it. The line runs where 1% is left. Click a column, or press Enter, to see its curve.',
    ),
    matrixKeys: t(
      'Arrow keys move through the cells, Home and End go to the first and last column, Enter shows that step in the other pictures, Escape leaves.',
    ),
    gradientsNorm: t('norm'),
    underOnePercent: t('under 1% from lag'),
    gradientsAtLag: t('lag {0}', '{0}'),
    gradientsParameter: t('Parameter'),
    normsTitle: t('Gradient norms'),
    normsUnit: t('‖∂E/∂θ‖ before clipping'),
    normsLabel: t('Norms of the gradients over steps'),
    normsHelp: t(
      'The length of the gradient of each parameter, and of all together with its spread. Steps where all together were longer than the clipping norm were scaled down to it: red ticks at the bottom, the stronger the more of them.',
    ),
    ratiosTitle: t('Update-to-weight ratio'),
    ratiosUnit: t('‖Δθ‖ / ‖θ‖'),
    ratiosLabel: t('Ratio of updates to weights over steps'),
    ratiosHelp: t(
      'How much one step changes a parameter, as a share of its size. About 0.1% is a good rule of thumb (Stanford CS231n); far less learns slowly, far more forgets what was learnt. Biases begin at 0, so theirs begin high.',
    ),
    weightNormsTitle: t('Weight norms'),
    weightNormsUnit: t('‖θ‖'),
    weightNormsLabel: t('Norms of the weights over steps'),
    weightNormsHelp: t(
      'The size of each parameter. Recurrent weights that keep growing drive units into saturation; weight decay (rnnLab.training.weightDecay) holds them back.',
    ),
    saturationTitle: t('Saturation'),
    saturationUnit: t('share of flat values'),
    saturationLabel: t('Share of saturated values over steps'),
    saturationHelp: t(
      'Where an activation is flat, its derivative is next to nothing and the gradient stops: tanh with 1 − s² < 0.05, a gate below 0.1 or above 0.9. Gates that are shut or open do their work; units of tanh that stay flat no longer learn.',
    ),
    gradientsSaturated: t('saturated'),
    gradientsPlay: t('Play the training'),
    gradientsPausePlaying: t('Pause playing'),
    groupAll: t('all'),
    groupRecurrent: t('recurrent matrices'),
    groupLayer: t('layer {0}', '{0}'),
    groupOutput: t('output and embedding'),
    valuesTitle: t('Weights and gradients of a parameter'),
    gradientsLogCount: t('Log counts'),
    weightHistogramTitle: t('Weights'),
    weightHistogramLabel: t('Histogram of the weights'),
    gradientHistogramTitle: t('Gradient'),
    gradientHistogramLabel: t('Histogram of the gradient'),
    histogramHelp: t(
      'How many values of the parameter lie in each of equally wide bins, at the chosen step. The yellow outline is that of the first look, for comparison.',
    ),
    histogramKeys: t(
      'Arrow keys move through the bins, Page Up and Page Down move further, Home and End go to the first and last bin, Escape leaves.',
    ),
    weightMatrixTitle: t('Weights over training'),
    weightMatrixLabel: t('Histograms of the weights by training steps'),
    gradientMatrixTitle: t('Gradient over training'),
    gradientMatrixLabel: t('Histograms of the gradient by training steps'),
    valueMatrixHelp: t(
      'Each column is the histogram of one look during training, the more values the stronger the colour. Values beyond the axis are counted in its outermost rows.',
    ),
    gradientOf: t('∂E/∂{0}', '{0}'),
    gradientsValues: t('Values'),
    gradientsFromTo: t('{0} to {1}', '{0}', '{1}'),
    binFrom: t('From'),
    binTo: t('To'),
    binCount: t('number of values'),
    gradientsLeast: t('least'),
    gradientsGreatest: t('greatest'),
    gradientsObservedAt: t('Step that is looked at'),
    gradientsStepNewest: t('step {0}, the newest', '{0}'),
    gradientsStepChosen: t('step {0}', '{0}'),
    gradientsTimes: t('×{0}', '{0}'),
    globalNorm: t('all parameters'),
    clippedAt: t('clipped at {0}', '{0}'),
    clippedSteps: t('clipped steps'),
    ruleOfThumb: t('0.1%, a rule of thumb'),
    gradientsLag: t('lag k'),
    shareOfLag0: t('share of lag 0'),
    gradientsOnePercent: t('1% of lag 0'),
    truncatedAt: t('training truncates at {0}', '{0}'),
    gradientsDiagnosis: t('Diagnosis'),
    severityGood: t('All is well'),
    severityNotice: t('Worth knowing'),
    severityWarning: t('Learning suffers'),
    gradientsShowPicture: t('Go to the picture that shows it'),
    claimFallsOne: t('Gradients fall under 1% after a single step.'),
    claimFalls: t('Gradients fall under 1% after {0} steps.', '{0}'),
    claimLasts: t(
      'Gradients reach through the whole window: after {0} steps {1} of them is left.',
      '{0}',
      '{1}',
    ),
    claimGrows: t('Gradients grow {0}-fold within {1} steps: they explode.', '{0}', '{1}'),
    claimOverflows: t('Gradients grow beyond all numbers within {0} steps: they explode.', '{0}'),
    claimOfState: t('{1}: {0}', '{0}', '{1}'),
    adviceFalls: t(
      'What lies further back hardly changes the weights, though training goes back {0} steps. A gated cell (gru, lstm) remembers longer; a shorter sequence would lose little and train faster.',
      '{0}',
    ),
    adviceFallsGated: t(
      'What lies further back hardly changes the weights, though training goes back {0} steps. Gates may learn to hold on for longer; a forget gate that starts open (init bf = 1) helps.',
      '{0}',
    ),
    adviceLasts: t(
      'A longer sequence (rnnLab.training.sequence) would let it learn longer dependencies.',
    ),
    adviceGrows: t(
      'Start with smaller recurrent weights, or lower the learning rate; meanwhile clipping (rnnLab.training.clip) keeps the steps short.',
    ),
    claimNoneClipped: t('None of the last {0} steps was clipped.', '{0}'),
    claimClipped: t('{0} of the last {1} steps were clipped.', '{0}', '{1}'),
    claimUnclipped: t(
      'Gradients are not clipped; the largest norm of late was {0} times the mean.',
      '{0}',
    ),
    adviceClipped: t(
      'Clipping is meant for rare peaks: a lower learning rate makes fewer of them.',
    ),
    adviceClippedMostly: t(
      'Nearly every step has the same length, however large its gradient was: clip at a larger norm (rnnLab.training.clip), or lower the learning rate.',
    ),
    adviceUnclipped: t(
      'One such step can undo many others: clip at a few times the mean norm (rnnLab.training.clip).',
    ),
    claimSaturated: t('{0} of the values of {1} are saturated.', '{0}', '{1}'),
    adviceSaturated: t(
      'Hardly any gradient passes where tanh is flat. Some units act as switches in every trained network; watch that it does not become the rule.',
    ),
    adviceSaturatedMostly: t(
      'Hardly any gradient passes where tanh is flat, so few units still learn: lower the learning rate, or start with smaller weights.',
    ),
    claimUpdates: t('A step changes {0} most, by {1}.', '{0}', '{1}'),
    claimSettled: t(
      'A step changes {0} most, by {1}, now that the schedule has lowered the learning rate.',
      '{0}',
      '{1}',
    ),
    adviceUpdatesLarge: t(
      'Far more than the usual {0}: lower the learning rate, or warm it up for longer.',
      '{0}',
    ),
    adviceUpdatesSmall: t(
      'Far less than the usual {0}: raise the learning rate, or look whether any gradient arrives.',
      '{0}',
    ),
    claimDead: t('No gradient reaches {0}.', '{0}'),
    adviceDead: t(
      'It does not learn: look for units that are always 0, or for a parameter that no prediction depends on.',
    ),
    claimNotFinite: t('The gradient of {0} is not a finite number.', '{0}'),
    adviceNotFinite: t('Lower the learning rate, or clip the gradients (rnnLab.training.clip).'),
  };
}
