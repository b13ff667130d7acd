/** What is written: a model (of one checkpoint), or what a run has measured (no checkpoint needed). */
export type ExportSubject = 'model' | 'metrics';

/** A file format to export to. */
export interface ExportFormat {
  readonly of: ExportSubject;
  /** The usual end of such a file's name, without the dot. */
  readonly extension: string;
  /** One line for help texts. */
  readonly description: string;
}

/** All formats by the names that `rnn-lab export --format` takes. */
export const exportFormats = {
  safetensors: {
    of: 'model',
    extension: 'safetensors',
    description: 'the parameters alone, with equations and tokenizer in the metadata',
  },
  json: {
    of: 'model',
    extension: 'json',
    description: 'equations, tokenizer and parameters as text',
  },
  js: {
    of: 'model',
    extension: 'js',
    description: 'a JavaScript module that samples, with no dependency',
  },
  ts: {
    of: 'model',
    extension: 'ts',
    description: 'the same in TypeScript',
  },
  csv: {
    of: 'metrics',
    extension: 'csv',
    description: 'losses, gradient norms, speed and evaluations, a row each',
  },
} as const satisfies Readonly<Record<string, ExportFormat>>;

export type ExportFormatName = keyof typeof exportFormats;

/** The names of the formats of one subject. */
export type FormatOf<Subject extends ExportSubject> = {
  [Name in ExportFormatName]: (typeof exportFormats)[Name]['of'] extends Subject ? Name : never;
}[ExportFormatName];

export const exportFormatNames = Object.keys(exportFormats) as readonly ExportFormatName[];

export function isExportFormat(name: string): name is ExportFormatName {
  return Object.hasOwn(exportFormats, name);
}

/** Whether it is a format of a model, for which a checkpoint is needed. */
export function isModelFormat(name: ExportFormatName): name is FormatOf<'model'> {
  return exportFormats[name].of === 'model';
}
