/** What moves, scopes and troubles are called, by whoever asks for them. */

/**
 * Over an equation, into its parts, out to the end of the time step, on; one back, all the way back; on to the first
 * number that is not finite, whatever else would stop, from the forward pass into the backward pass.
 */
export const moves = ['over', 'into', 'out', 'continue', 'back', 'reverse', 'find'] as const;
export type Move = (typeof moves)[number];
export type SingleMove = Exclude<Move, 'find'>;

export const scopeNames = ['step', 'parameters', 'gradients', 'jacobian'] as const;
export type ScopeName = (typeof scopeNames)[number];

/** What can go wrong with numbers. */
export const troubleNames = ['notFinite', 'overflow', 'vanished', 'exploded', 'saturated'] as const;
export type TroubleName = (typeof troubleNames)[number];

/** Names that only expressions know, beside the model's own. */
export const askedNames = ['t', 'token', 'target', 'loss', 'pass'] as const;
/** Functions that only expressions know, beside the language's own. */
export const askedFunctions = [
  ...(['norm', 'max', 'min', 'mean', 'sum', 'saturated', 'unit', 'p', 'grad'] as const),
] as const;
