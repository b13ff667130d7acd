/** Most of each that fits on a sheet; `taken`: steps of gradient descent. */
export const sheetLimits = {
  hidden: 12,
  steps: 8,
  layers: 3,
  vocabulary: 128,
  taken: 1000,
} as const;
