/** The formats of tables by the names that settings and messages call them, but for what reads them. */

/** One line each on what a file of the format is. */
export const tableFormats = {
  fasttext: 'lines that begin with __label__NAME',
  conll: 'CoNLL: a token and its tags a line, an empty line between sentences',
  conllu: 'CoNLL-U: ten columns a token, an empty line between sentences',
  jsonl: 'a JSON object a line',
  json: 'a JSON array of objects',
  csv: 'values separated by commas or semicolons, with a header',
  tsv: 'values separated by tabs, with a header',
  po: 'a gettext catalogue: texts and their translations',
  siblings: 'two files or more, whose lines belong together',
  idx: 'images or numbers of MNIST’s kind',
  folder: 'a folder of images: one folder a class, or metadata.csv or .jsonl with file_name',
} as const satisfies Readonly<Record<string, string>>;

export type FormatName = keyof typeof tableFormats;
export const formatNames = Object.keys(tableFormats) as readonly FormatName[];
