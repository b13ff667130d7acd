/** The five input/output shapes that recurrent networks are taught with. */
export const modelShapes = [
  'one to one',
  'one to many',
  'many to one',
  'many to many, delayed',
  'many to many, synced',
] as const;
export type ModelShape = (typeof modelShapes)[number];
