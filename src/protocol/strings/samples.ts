/** Names of the texts of the view of samples. */
export const samplesStringNames = [
  'samplesTab',
  'samplesTitle',
  'samplesCount',
  'samplesStep',
  'samplesTemperature',
  'samplesLoss',
  'samplesCopy',
  'samplesMore',
  'samplesLess',
  'samplesSoon',
  'samplesOff',
  'samplesNone',
  'samplesNews',
] as const;
