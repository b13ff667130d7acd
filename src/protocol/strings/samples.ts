/** Names of the texts of the view of samples. */
export const samplesStringNames = ['samplesTab'] as const;
