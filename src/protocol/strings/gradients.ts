/** Names of the texts of the view of gradients. */
export const gradientsStringNames = ['gradientsTab'] as const;
