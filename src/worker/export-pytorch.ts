/** The folder for PyTorch: Python that trains a run further, the run itself, and its text. */
import { readText } from '../core/data/read-text';
import { limitStretches } from '../core/data/evaluation-batches';
import { createCorpus } from '../core/data/corpus';
import { textSplit } from '../core/data/split';
import type { TokenIds } from '../core/data/tokenizer';
import { writePyTorch, type ExportedText } from '../core/exports/pytorch/write';
import { sentence } from '../core/sentence';
import { isOfExamples, type Checkpoint } from '../core/training/checkpoint';
import { extentOf } from '../core/training/evaluate';
import {
  checkpointFileName,
  chooseCheckpoint,
  runFileNames,
  type RunInfo,
  type WhichCheckpoint,
} from '../core/training/run';
import type { ExportRequest, ExportResult } from '../protocol/engine';
import { inputError, JobError } from './failures';
import type { Files, Platform } from './platform';
import { checkpointLimit, readAnyCheckpoint, readRunInfo } from './run-folder';
import { openText, type NamedText } from './sources';

/** Of a run's files that are copied, but for checkpoints. */
const fileLimit = 2 ** 31;
/** What others than a trainer write of a run, and its measurements. */
const copied = [
  ...[runFileNames.info, runFileNames.cell, runFileNames.metrics],
  ...[runFileNames.observations, runFileNames.samples, runFileNames.note],
];

/** @throws JobError if the model is one of examples */
export async function exportForPyTorch(
  request: ExportRequest,
  path: string,
  platform: Platform,
): Promise<ExportResult> {
  const { run } = request;
  const { files } = platform;
  const info = await readRunInfo(files, run);
  const which = await checkpointFor(files, request);
  const checkpoint = await readAnyCheckpoint(files, run, which);
  if (isOfExamples(checkpoint)) {
    throw inputError(
      sentence`Only models of texts are written for PyTorch, and this one is of examples.`,
      sentence`Export it as safetensors, JSON, JavaScript or TypeScript.`,
    );
  }
  const ownFolder = files.join(path, 'run');
  await files.makeFolder(ownFolder);
  let bytes = 0;
  const write = async (name: string, contents: string | Uint8Array): Promise<void> => {
    bytes += contents.length;
    await files.write(files.join(path, name), contents);
  };
  const source = await textOf(files, request, info);
  const text = source && (await writeText(source, checkpoint, platform, write));
  for (const [name, contents] of Object.entries(writePyTorch(checkpoint, text)))
    await write(name, contents);
  for (const name of copied) {
    if ((await files.entry(files.join(run, name))) === undefined) continue;
    await write(files.join('run', name), await files.read(files.join(run, name), fileLimit));
  }
  const last = checkpointFileName('last');
  for (const [from, to] of [
    [which, last],
    ['best', checkpointFileName('best')],
  ] as const) {
    const name = files.join(run, checkpointFileName(from));
    if ((await files.entry(name)) === undefined) continue;
    await write(files.join('run', to), await files.read(name, checkpointLimit));
  }
  return { bytes, step: checkpoint.training.step, hasText: text !== undefined };
}

/** The one that is asked for, else the last: training goes on from it. */
async function checkpointFor(
  files: Files,
  { run, checkpoint: asked }: ExportRequest,
): Promise<WhichCheckpoint> {
  const names = await files.names(run);
  const hasLast = names.includes(checkpointFileName('last'));
  return chooseCheckpoint(names, run, asked ?? (hasLast ? 'last' : undefined));
}

/** The run's text; undefined where it is not to be found, which a folder can do without. */
async function textOf(
  files: Files,
  { text }: ExportRequest,
  { source }: RunInfo,
): Promise<NamedText | undefined> {
  const given = text ?? (source === null ? undefined : ({ kind: 'file', path: source } as const));
  if (given === undefined) return undefined;
  try {
    return await openText(files, given);
  } catch (error) {
    if (error instanceof JobError) return undefined;
    throw error;
  }
}

/** Writes a text as it is trained on and, where Python cannot cut it, its token ids. */
async function writeText(
  text: NamedText,
  { settings, tokenizer }: Checkpoint,
  { createHash }: Platform,
  write: (name: string, contents: Uint8Array) => Promise<void>,
): Promise<ExportedText> {
  const { data, training } = settings;
  const hash = createHash();
  const pieces: Uint8Array[] = [];
  const read = await readText(
    text,
    { kind: data.tokenizer, limit: data.vocabulary, tokenizer },
    (utf8) => {
      hash.update(utf8);
      pieces.push(utf8.slice());
    },
  );
  await write('text.txt', Buffer.concat(pieces));
  if (tokenizer.kind === 'word' || tokenizer.kind === 'bpe')
    await write('text.ids', idBytes(read.encoding.ids));
  const { split } = createCorpus(read, {
    batch: training.batch,
    sequence: training.sequence,
    validation: data.validation,
    kind: textSplit(data.split),
  });
  const stretches = limitStretches(split.validation, training.evaluationTokens);
  return {
    hash: hash.hex(),
    heldOut:
      stretches.length > 0 ? { stretches, ...extentOf(read.encoding, stretches) } : undefined,
  };
}

/** 32-bit little-endian integers. */
function idBytes(ids: TokenIds): Uint8Array {
  const bytes = new Uint8Array(4 * ids.length);
  const view = new DataView(bytes.buffer);
  ids.forEach((id, i) => {
    view.setInt32(4 * i, id, true);
  });
  return bytes;
}
