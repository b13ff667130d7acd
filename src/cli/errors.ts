import { InputError } from '../core/input-error';
import { EngineError } from '../protocol/engine';
import { exitCode } from './engine';

/** Wrong usage: the command line itself cannot be understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What is said on standard error, one line, and the exit code. */
export function explain(error: unknown): { readonly line: string; readonly code: number } {
  const { message, code } = classify(error);
  return { line: `rnn-lab: ${oneLine(message)}`, code };
}

/** Any text on one line. */
export function oneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, ' ');
}

function classify(error: unknown): { message: string; code: number } {
  if (error instanceof EngineError) {
    return {
      message: error.message,
      code: error.failure.code === 'input' ? exitCode.input : exitCode.failure,
    };
  }
  if (error instanceof UsageError || error instanceof InputError) {
    return { message: error.message, code: exitCode.input };
  }
  return {
    message: `${error instanceof Error ? error.message : String(error)} (this is a defect of RNN Lab; please report it)`,
    code: exitCode.failure,
  };
}
