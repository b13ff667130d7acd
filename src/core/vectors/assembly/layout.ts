/*
 * Numbers that the module of word vectors (AssemblyScript) and its caller (TypeScript) must agree on. Both
 * compilers read this very file, so it may only hold enums.
 */

export enum Size {
  /** Bytes that a row is a multiple of. */
  row = 32,
  /** Steps of the table of σ in each unit. */
  sigmoidSteps = 256,
  /** Where the table ends on both sides: beyond it σ is taken for 0 or 1, to 0.0004. */
  sigmoidEnd = 8,
  /** Most words of a sentence, as in word2vec.c. */
  sentence = 1000,
}
