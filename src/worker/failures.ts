import { InputError } from '../core/data/input-error';
import { EquationError } from '../core/equations/errors';
import { MemoryError } from '../core/training/memory';
import { EngineError, type Failure } from '../protocol/engine';

/** Ends a job with a failure that has already been put into words. */
export class JobError extends Error {
  override readonly name = 'JobError';

  constructor(readonly failure: Failure) {
    super(failure.hint === '' ? failure.message : `${failure.message} ${failure.hint}`);
  }
}

/** The user can mend it: exit code 2. */
export function inputError(message: string, hint = ''): JobError {
  return new JobError({ code: 'input', message, hint });
}

/** Something broke on the way: exit code 1. */
export function brokenError(message: string, hint = ''): JobError {
  return new JobError({ code: 'failure', message, hint });
}

/** Puts whatever a job threw into words. */
export function failureOf(error: unknown): Failure {
  if (error instanceof JobError || error instanceof EngineError) return error.failure;
  if (error instanceof EquationError) {
    const { source, span, problem, hint } = error;
    return {
      code: 'input',
      message: `${source}:${String(span.line)}:${String(span.column)}: ${problem}`,
      hint,
      place: { file: source, line: span.line, column: span.column },
    };
  }
  if (error instanceof InputError) {
    return { code: 'input', message: error.problem, hint: error.hint };
  }
  if (isOutOfMemory(error)) {
    const sizes =
      error instanceof MemoryError
        ? `It needs ${gigabytes(error.needed)} GB, and there are ${gigabytes(error.available)} GB. `
        : '';
    return {
      code: 'failure',
      message: 'There is not enough memory for this model.',
      hint: `${sizes}Use a smaller hidden size, batch, sequence or vocabulary, or fewer layers.`,
    };
  }
  return {
    code: 'failure',
    message: `The engine failed: ${error instanceof Error ? error.message : String(error)}`,
    hint: 'This is a defect of RNN Lab; please report it with the command and the text that led to it.',
  };
}

function gigabytes(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1);
}

/** WebAssembly and typed arrays report lack of memory as a RangeError. */
function isOutOfMemory(error: unknown): boolean {
  return (
    error instanceof RangeError &&
    /memory|allocation failed|array length|array buffer/i.test(error.message)
  );
}

const fileProblems: Readonly<
  Record<string, readonly [code: Failure['code'], message: string, hint: string]>
> = {
  ENOENT: ['input', 'There is no such file or folder.', 'Check the path.'],
  ENOTDIR: ['input', 'A part of the path is a file, not a folder.', 'Check the path.'],
  EISDIR: ['input', 'It is a folder, not a file.', 'Give the path of a file.'],
  EACCES: ['input', 'Permission denied.', 'Change its permissions, or choose another place.'],
  EPERM: ['input', 'Operation not permitted.', 'Change its permissions, or choose another place.'],
  EROFS: ['input', 'The file system is read-only.', 'Choose another place.'],
  ENAMETOOLONG: ['input', 'The path is too long.', 'Choose a shorter name.'],
  ENOSPC: ['failure', 'The disk is full.', 'Free some space, or choose another place.'],
  EDQUOT: ['failure', 'The disk quota is used up.', 'Free some space, or choose another place.'],
  EMFILE: ['failure', 'Too many files are open.', 'Close some programs and try again.'],
  ENFILE: ['failure', 'Too many files are open.', 'Close some programs and try again.'],
};

/**
 * Puts an error of the file system into words.
 * @param doing what was tried, with the path: `Cannot read /home/me/text.txt`
 */
export function fileError(error: unknown, doing: string): JobError {
  if (error instanceof JobError) return error;
  const systemCode = error instanceof Error && 'code' in error ? String(error.code) : '';
  const [code, problem, hint] = fileProblems[systemCode] ?? [
    'failure' as const,
    error instanceof Error ? error.message : String(error),
    '',
  ];
  const sentence = problem.charAt(0).toLowerCase() + problem.slice(1);
  return new JobError({ code, message: `${doing}: ${sentence}`, hint });
}
