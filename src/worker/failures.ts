import { InputError } from '../core/input-error';
import { Needed } from '../core/exports/foreign/needs';
import { EquationError } from '../core/equations/errors';
import { sentence, toEnglish, type Sentence } from '../core/sentence';
import { SettingsError } from '../core/settings/settings';
import { WordedError } from '../core/worded-error';
import { blockDevice, codeOf, unread } from '../files/write';
import { EngineError, wholeOf, type Failure } from '../protocol/engine';

/** Ends a job with a failure that has already been put into words. */
export class JobError extends Error {
  override readonly name: string = 'JobError';

  constructor(readonly failure: Failure) {
    super(toEnglish(wholeOf(failure)));
  }
}

/** The disk has no room: whatever else is written fails too. */
export class FullDiskError extends JobError {
  override readonly name = 'FullDiskError';
}

/** The user can mend it: exit code 2. */
export function inputError(message: Sentence, hint?: Sentence): JobError {
  return new JobError({ code: 'input', message, hint });
}

/** Something broke on the way: exit code 1. */
export function brokenError(message: Sentence, hint?: Sentence): JobError {
  return new JobError({ code: 'failure', message, hint });
}

/** Puts whatever a job threw into words. */
export function failureOf(error: unknown): Failure {
  if (error instanceof JobError || error instanceof EngineError) return error.failure;
  if (error instanceof EquationError) {
    const { source, span, located, hint } = error;
    const place = { file: source, line: span.line, column: span.column };
    return { code: 'input', message: located, hint, place };
  }
  if (error instanceof WordedError) {
    const { problem: message, hint } = error;
    if (!(error instanceof InputError)) return { code: 'failure', message, hint };
    const setting = error instanceof SettingsError ? error.issues[0]?.key : undefined;
    const place = error.place && { ...error.place, column: 1 };
    const needs = error instanceof Needed ? error.need : undefined;
    return {
      code: 'input',
      message,
      hint,
      setting,
      ...(place && { place }),
      ...(needs && { needs }),
    };
  }
  if (isOutOfMemory(error)) {
    return {
      code: 'failure',
      message: sentence`There is not enough memory for this model.`,
      hint: sentence`Use a smaller hidden size, batch, sequence or vocabulary, or fewer layers.`,
    };
  }
  return {
    code: 'failure',
    message: sentence`The engine failed: ${reasonOf(error)}.`,
    hint: sentence`This is a defect of RNN Lab; please report it with the command and the text that led to it.`,
  };
}

/** WebAssembly and typed arrays report lack of memory as a RangeError. */
function isOutOfMemory(error: unknown): boolean {
  return (
    error instanceof RangeError &&
    /memory|allocation failed|array length|array buffer/i.test(error.message)
  );
}

const changePermissions = sentence`Change its permissions, or choose another place.`;
const freeSpace = sentence`Free some space, or choose another place.`;
const closePrograms = sentence`Close some programs and try again.`;

/** What is wrong, the end of a sentence, and what to do. */
const fileProblems: Readonly<
  Record<string, readonly [code: Failure['code'], problem: Sentence, hint: Sentence | undefined]>
> = {
  ENOENT: ['input', sentence`there is no such file or folder`, sentence`Check the path.`],
  ENOTDIR: [
    'input',
    sentence`a part of the path is a file, not a folder`,
    sentence`Check the path.`,
  ],
  EISDIR: ['input', sentence`it is a folder, not a file`, sentence`Give the path of a file.`],
  EACCES: ['input', sentence`permission denied`, changePermissions],
  EPERM: ['input', sentence`operation not permitted`, changePermissions],
  EROFS: ['input', sentence`the file system is read-only`, sentence`Choose another place.`],
  ENAMETOOLONG: ['input', sentence`the path is too long`, sentence`Choose a shorter name.`],
  ELOOP: ['input', sentence`its symbolic links lead in a circle`, sentence`Check the path.`],
  [blockDevice]: ['input', sentence`it is a disk`, sentence`Give the path of a file.`],
  [unread]: [
    'input',
    sentence`nothing reads from this pipe`,
    sentence`First start the program that does.`,
  ],
  EPIPE: ['failure', sentence`nothing reads from it any longer`, undefined],
  ENOSPC: ['failure', sentence`the disk is full`, freeSpace],
  EDQUOT: ['failure', sentence`the disk quota is used up`, freeSpace],
  EMFILE: ['failure', sentence`too many files are open`, closePrograms],
  ENFILE: ['failure', sentence`too many files are open`, closePrograms],
};

/**
 * Puts an error of the file system into words.
 * @param doing what was tried, with the path: `Cannot read /home/me/text.txt`
 */
export function fileError(error: unknown, doing: Sentence): JobError {
  if (error instanceof JobError) return error;
  const known = fileProblems[codeOf(error)];
  const [code, problem, hint] = known ?? ['failure' as const, reasonOf(error), undefined];
  const Thrown = hint === freeSpace ? FullDiskError : JobError;
  return new Thrown({ code, message: sentence`${doing}: ${problem}.`, hint });
}

/** What the error of another program says, to be the end of a sentence. */
function reasonOf(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return reason.replace(/\.$/, '');
}
