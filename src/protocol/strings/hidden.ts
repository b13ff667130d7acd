/** Names of the texts of the view of hidden states. */
export const hiddenStringNames = ['hiddenTab'] as const;
