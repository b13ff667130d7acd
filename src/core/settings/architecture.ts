/** What a model can be made of beside its cells. */

/** How the states of all steps become one vector. */
export const poolings = ['last', 'mean', 'max', 'attention'] as const;
export type Pooling = (typeof poolings)[number];

/** How a decoder's state and an encoder's states make scores: `attend` in docs/equations.md. */
export const attentions = ['none', 'dot', 'bilinear', 'additive'] as const;
export type AttentionKind = (typeof attentions)[number];
