/**
 * The formats to export to, but for what writes them: the host shows them and loads no engine. Each has its
 * writer in `writers.ts`.
 */
import { sentence, type Sentence } from '../sentence';

/** What is written: a model (of one checkpoint), or what a run has measured (no checkpoint needed). */
export type ExportSubject = 'model' | 'metrics';

/** A file format to export to. */
export interface ExportFormat {
  readonly of: ExportSubject;
  readonly label: string;
  /** One line for menus and help: what is in it, and what it is good for. */
  readonly description: Sentence;
  /** The usual end of such a file's name, without the dot. */
  readonly extension: string;
  /** Whether an editor can show such a file. */
  readonly isText: boolean;
  /** Whether only a model of texts can be written so. */
  readonly ofTexts?: boolean;
  /** Whether it is a folder, with the run in it, rather than a file. */
  readonly isFolder?: boolean;
}

/** All formats by the names that `rnn-lab export --format` takes. */
export const exportFormats = {
  safetensors: {
    of: 'model',
    label: 'safetensors',
    description: sentence`The parameters, with equations and tokenizer: for Python, and to import again`,
    extension: 'safetensors',
    isText: false,
  },
  json: {
    of: 'model',
    label: 'JSON',
    description: sentence`The same as text that any language can read; several times larger`,
    extension: 'json',
    isText: true,
  },
  js: {
    of: 'model',
    label: 'JavaScript',
    description: sentence`One file that writes texts or answers examples, without dependencies: for Node and browsers`,
    extension: 'js',
    isText: true,
  },
  ts: {
    of: 'model',
    label: 'TypeScript',
    description: sentence`The same with types: the equations as code that can be read`,
    extension: 'ts',
    isText: true,
  },
  onnx: {
    of: 'model',
    label: 'ONNX',
    description: sentence`A model of texts for ONNX Runtime and other programs, its states in and out`,
    extension: 'onnx',
    isText: false,
    ofTexts: true,
  },
  pytorch: {
    of: 'model',
    label: 'PyTorch',
    description: sentence`A folder that trains a model of texts further with PyTorch, on as many machines as there are`,
    extension: '',
    isText: false,
    ofTexts: true,
    isFolder: true,
  },
  huggingface: {
    of: 'model',
    label: 'Hugging Face',
    description: sentence`A folder with model, configuration and a model card: what it learnt from, how good it is`,
    extension: '',
    isText: false,
    ofTexts: true,
    isFolder: true,
  },
  csv: {
    of: 'metrics',
    label: 'CSV',
    description: sentence`Losses, gradient norms, speed and evaluations, a row each`,
    extension: 'csv',
    isText: true,
  },
  tensorboard: {
    of: 'metrics',
    label: 'TensorBoard',
    description: sentence`A folder with all that was measured and seen, and the embedding for the projector`,
    extension: '',
    isText: false,
    isFolder: true,
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

/** The formats that are folders. */
export type FolderFormat = {
  [Name in ExportFormatName]: (typeof exportFormats)[Name] extends { readonly isFolder: true }
    ? Name
    : never;
}[ExportFormatName];

export function isFolderFormat(name: ExportFormatName): name is FolderFormat {
  const { isFolder = false }: ExportFormat = exportFormats[name];
  return isFolder;
}

/** Whether it is a format of a model, for which a checkpoint is needed. */
export function isModelFormat(name: ExportFormatName): name is FormatOf<'model'> {
  return exportFormats[name].of === 'model';
}
