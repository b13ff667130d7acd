/** What a launch configuration stands for: equations, weights and a text. */
import * as path from 'node:path';
import { l10n, Uri, window, workspace, type TextDocument } from 'vscode';
import * as v from 'valibot';
import { builtinCells } from '../../core/cells';
import { responseOf } from '../../core/equations/model-shape';
import { parseCell } from '../../core/equations/parse';
import { isTextModel } from '../../core/equations/text-model';
import { sentence, type Sentence } from '../../core/sentence';
import type { CellSource, DebugRequest } from '../../protocol/engine';
import { openTexts } from '../commands/new-cell';
import { fileAddress } from '../configuration';
import { UserError } from '../notify';
import type { Opened } from './running';

const size = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

/** As `package.json` declares it. */
const configuration = v.object({
  program: v.optional(v.string()),
  text: v.optional(v.string()),
  textFile: v.optional(v.string()),
  /** Offsets into the text file. */
  range: v.optional(v.tuple([v.number(), v.number()])),
  run: v.optional(v.string()),
  input: v.optional(v.union([v.string(), v.array(v.string())])),
  target: v.optional(v.union([v.string(), v.array(v.string())])),
  /** Line of the data file, from 1. */
  row: v.optional(size),
  checkpoint: v.optional(v.union([v.picklist(['best', 'last', 'failed']), size])),
  hidden: v.optional(size, 8),
  layers: v.optional(size, 1),
  embedding: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0)), 0),
  seed: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0)), 1),
  precision: v.optional(v.picklist(['float64', 'float32'])),
  loss: v.optional(v.picklist(['last', 'mean']), 'last'),
});
type Configuration = v.InferOutput<typeof configuration>;

/** Where the text stands in a document, so that its tokens can be shown there. */
export interface TextPlace {
  readonly document: Uri;
  /** Where the text begins, UTF-16 units. */
  readonly offset: number;
}

/** Of a longer text the beginning is gone through: so much is quick. */
const mostUnits = 10_000;
/** Where no text is open. */
const exampleText = 'hello hello hello';

/**
 * @returns what is to be opened, and where its text stands
 * @throws UserError that says which part of it cannot be used
 */
export async function openLaunch(
  given: unknown,
): Promise<{ readonly opened: Opened; readonly place: TextPlace | undefined }> {
  const asked = decode(given);
  const program = await programOf(asked);
  const isFailed = asked.run !== undefined && asked.checkpoint === 'failed';
  const example =
    asked.run === undefined ? await freshExample(asked, program?.cell) : await exampleOf(asked);
  const { text, place, notes } = isFailed || example ? noText : await textOf(asked);
  // Float64 hides what fails in float32.
  const { precision = isFailed ? 'float32' : 'float64', loss } = asked;
  return {
    opened: {
      request: {
        ...{ kind: 'debug', model: modelOf(asked, program?.cell), text, precision, loss },
        ...(example && { example }),
      },
      path: program?.path,
      notes,
    },
    place,
  };
}

function decode(given: unknown): Configuration {
  const parsed = v.safeParse(configuration, given);
  if (parsed.success) return parsed.output;
  const key = v.getDotPath(parsed.issues[0]) ?? '';
  throw new UserError(
    l10n.t('{0} of the launch configuration cannot be used: {1}.', key, parsed.issues[0].message),
  );
}

function modelOf(asked: Configuration, cell: CellSource | undefined): DebugRequest['model'] {
  const { run, checkpoint, hidden, layers, embedding, seed } = asked;
  if (run !== undefined) {
    const folder = fileAddress(run, folderAddress()).fsPath;
    if (checkpoint === 'failed') return { kind: 'failed', run: folder, ...(cell && { cell }) };
    return {
      ...{ kind: 'run', run: folder },
      ...(checkpoint === undefined ? {} : { checkpoint }),
      ...(cell === undefined ? {} : { cell }),
    };
  }
  if (cell === undefined) {
    throw new UserError(
      l10n.t(
        'There is nothing to go through. Set program to a .rnn file or a built-in cell, or run to a run’s folder.',
      ),
    );
  }
  return { kind: 'fresh', cell, hidden, layers, embedding, seed };
}

function folderAddress(): Uri {
  return workspace.workspaceFolders?.[0]?.uri ?? Uri.file('/');
}

async function programOf({
  program,
}: Configuration): Promise<{ readonly cell: CellSource; readonly path?: string } | undefined> {
  if (program === undefined) return undefined;
  if (builtinCells.has(program)) return { cell: program };
  const document = await documentOf(program);
  const name = path.posix.basename(document.uri.path).replace(/\.rnn$/, '');
  return { cell: { name, source: document.getText() }, path: pathOf(document.uri) };
}

/** How a document's address stands in a source of the debug protocol. */
export function pathOf(uri: Uri): string {
  return uri.scheme === 'file' ? uri.fsPath : uri.toString();
}

function addressOf(name: string): Uri {
  const isAddress = /^[a-z][\w+.-]+:/i.test(name);
  return isAddress ? Uri.parse(name) : fileAddress(name, folderAddress());
}

async function documentOf(name: string): Promise<TextDocument> {
  try {
    return await workspace.openTextDocument(addressOf(name));
  } catch {
    throw new UserError(l10n.t('{0} cannot be opened.', name));
  }
}

/** The row that a whole model of examples is gone through with where its weights are new: that of the cursor. */
async function freshExample(
  asked: Configuration,
  cell: CellSource | undefined,
): Promise<DebugRequest['example']> {
  if (!isOfExamples(cell)) return undefined;
  const document = asked.textFile === undefined ? await openText() : undefined;
  const textFile = asked.textFile ?? (document && pathOf(document.uri));
  if (textFile === undefined) {
    throw new UserError(
      l10n.t(
        'This model answers examples. Open a data file, with the cursor on a row, and try again.',
      ),
    );
  }
  const editor = window.visibleTextEditors.find((each) => pathOf(each.document.uri) === textFile);
  // The first line of a table names its columns.
  const row = asked.row ?? Math.max(2, (editor?.selection.active.line ?? 1) + 1);
  return exampleOf({ ...asked, textFile, row });
}

/** Whether a file is a whole model of another shape than a text's; what is wrong with it is told when it is opened. */
function isOfExamples(cell: CellSource | undefined): boolean {
  if (typeof cell !== 'object' || !('source' in cell)) return false;
  try {
    const parsed = parseCell(cell.source, cell.name);
    return responseOf(parsed) !== undefined && !isTextModel(parsed);
  } catch {
    return false;
  }
}

/** What a model of examples is to be gone through with: what is written here, or a row of a data file. */
async function exampleOf(asked: Configuration): Promise<DebugRequest['example']> {
  const { input, target, row, textFile } = asked;
  if (input !== undefined) {
    const folder =
      textFile === undefined ? folderAddress() : Uri.joinPath(addressOf(textFile), '..');
    return {
      ...{ kind: 'cells', cells: [input].flat(), folder: folder.fsPath },
      ...(target === undefined ? {} : { truth: [target].flat() }),
    };
  }
  if (row === undefined) return undefined;
  if (textFile === undefined) {
    throw new UserError(l10n.t('Set textFile to the data file that the row is in.'));
  }
  const uri = addressOf(textFile);
  const name = path.posix.basename(uri.path);
  const open = workspace.textDocuments.find((each) => each.uri.toString() === uri.toString());
  if (open?.isDirty !== true && uri.scheme === 'file') {
    return { kind: 'row', source: { kind: 'file', path: uri.fsPath }, line: row };
  }
  const text = (open ?? (await documentOf(textFile))).getText();
  return { kind: 'row', source: { kind: 'text', name, text }, line: row };
}

interface OpenedText {
  readonly text: string;
  readonly place: TextPlace | undefined;
  readonly notes: readonly Sentence[];
}
/** The step brings its own. */
const noText: OpenedText = { text: '', place: undefined, notes: [] };

async function textOf({ text, textFile, range }: Configuration): Promise<OpenedText> {
  if (text !== undefined) return { text, place: undefined, notes: [] };
  const document = textFile === undefined ? await openText() : await documentOf(textFile);
  if (!document) {
    const notes = [sentence`No text is open, so this one is gone through: ${exampleText}`];
    return { text: exampleText, place: undefined, notes };
  }
  const [from, to] = range ?? selectionIn(document) ?? [0, Infinity];
  const whole = document.getText().slice(from, to);
  const name = workspace.asRelativePath(document.uri);
  const notes =
    whole.length > mostUnits
      ? [
          sentence`The first ${mostUnits} characters of ${name} are gone through. Select others to see those.`,
        ]
      : [];
  return {
    text: whole.slice(0, mostUnits),
    place: { document: document.uri, offset: from },
    notes,
  };
}

async function openText(): Promise<TextDocument | undefined> {
  const [first] = openTexts();
  return first && (await workspace.openTextDocument(first));
}

function selectionIn(document: TextDocument): [number, number] | undefined {
  const editor = window.visibleTextEditors.find((each) => each.document === document);
  if (!editor || editor.selection.isEmpty) return undefined;
  const { start, end } = editor.selection;
  return [document.offsetAt(start), document.offsetAt(end)];
}
