/**
 * The names of all texts the panel shows. The host gives them in the editor's display language
 * (`src/host/panel/strings.ts`); `{0}`, `{1}` in a text stand for values.
 */
export const panelStringNames = [
  'phasePreparing',
  'phaseTraining',
  'phasePaused',
  'phaseStopping',
  'phaseFinished',
  'phaseStopped',
  'phaseInterrupted',
  'phaseFailed',
  'phaseElsewhere',

  'train',
  'stop',
  'pause',
  'resume',
  'continue',
  'sample',
  'showLog',
  'openText',
  'controls',

  'preparing',
  'welcomeTitle',
  'welcomeText',

  'figures',
  'trainingLoss',
  'bestValidationLoss',
  'speed',
  'step',
  'time',
  'natsPerToken',
  'tokensPerSecond',
  'perplexity',
  'onAverage',
  'atStep',
  'epoch',
  'timeLimit',
  'stepLimit',
  'epochLimit',
  'notYet',
  'noValidation',
  'progress',

  'lossTitle',
  'lossUnit',
  'legendTraining',
  'legendSpread',
  'legendValidation',
  'uniform',
  'unigram',
  'bigram',
  'chartLabel',
  'chartHelp',
  'pointTraining',
  'pointSpread',
  'pointValidation',
  'pointElapsed',
  'pointLearningRate',
  'pointGradientNorm',
  'noRows',

  'insightUniform',
  'insightUnigram',
  'insightBigram',
  'insightBeyond',

  'table',
  'tableTraining',
  'tableSpread',
  'tableValidation',

  'model',
  'equations',
  'parameters',
  'hidden',
  'layers',
  'vocabulary',
  'vocabularyChar',
  'vocabularyByte',
  'vocabularyWord',
  'text',
  'textTokens',
  'heldOut',
  'optimizer',
  'batches',
  'batchesValue',
  'engine',
  'engineRelaxed',
  'engineStrict',
  'engineReference',
  'seed',

  'announceStep',
  'announceValidation',
  'announcePhase',
] as const;
export type PanelStringName = (typeof panelStringNames)[number];
export type PanelStrings = Readonly<Record<PanelStringName, string>>;

/** Puts values for `{0}`, `{1}` … into a text. */
export function fill(text: string, ...values: readonly string[]): string {
  return text.replace(/\{(\d+)\}/g, (placeholder, index: string) => {
    return values[Number(index)] ?? placeholder;
  });
}
