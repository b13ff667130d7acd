/** The formats of tables by the names that settings and messages call them, but for what reads them. */

import { sentence, type Sentence } from '../sentence';

/** One line each on what a file of the format is. */
export const tableFormats = {
  fasttext: sentence`lines that begin with __label__NAME`,
  conll: sentence`CoNLL: a token and its tags a line, an empty line between sentences`,
  conllu: sentence`CoNLL-U: ten columns a token, an empty line between sentences`,
  jsonl: sentence`a JSON object a line`,
  json: sentence`a JSON array of objects`,
  csv: sentence`values separated by commas or semicolons, with a header`,
  tsv: sentence`values separated by tabs, with a header`,
  po: sentence`a gettext catalogue: texts and their translations`,
  siblings: sentence`two files or more, whose lines belong together`,
  idx: sentence`images or numbers of MNIST’s kind`,
  folder: sentence`a folder of images or texts: one folder a class, or of images metadata.csv or .jsonl with file_name`,
} satisfies Readonly<Record<string, Sentence>>;

export type FormatName = keyof typeof tableFormats;
export const formatNames = Object.keys(tableFormats) as readonly FormatName[];

/** How rows can be dealt to the parts that are trained on, chosen by and tested with. */
export const splitKinds = ['stratified', 'random', 'chronological', 'given'] as const;
export type SplitKind = (typeof splitKinds)[number];
