import { CommanderError } from 'commander';
import { InputError } from '../core/input-error';
import { toEnglish } from '../core/sentence';
import { SettingsError } from '../core/settings/settings';
import { EngineError, type Failure } from '../protocol/engine';
import { exitCode, Interrupted } from './engine';

/** Wrong usage: the command line itself cannot be understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** How a command that threw has ended. */
export interface Ending {
  /** What is said on standard error, one line; empty where it has been said. */
  readonly line: string;
  readonly code: number;
  /** The fields of the event `failed`, for programs that read JSON Lines. */
  readonly failed: object;
}

/** Puts whatever a command threw into words. */
export function explain(error: unknown): Ending {
  if (error instanceof Interrupted) {
    return { line: '', code: error.code, failed: failed('stopped', error.message) };
  }
  if (error instanceof CommanderError) {
    const message = usageLine(error.message);
    return { line: '', code: exitCode.input, failed: failed('input', message) };
  }
  if (error instanceof EngineError) {
    const { failure, message } = error;
    const code = failure.code === 'input' ? exitCode.input : exitCode.failure;
    const words = { message: toEnglish(failure.message), hint: toEnglish(failure.hint) };
    return { line: asLine(message), code, failed: { ...failure, ...words } };
  }
  if (error instanceof UsageError || error instanceof InputError) {
    const { message } = error;
    const setting = error instanceof SettingsError ? error.issues[0]?.key : undefined;
    const told = { ...failed('input', message), setting };
    return { line: asLine(message), code: exitCode.input, failed: told };
  }
  const reason = error instanceof Error ? error.message : String(error);
  const message = `${reason} (this is a defect of RNN Lab; please report it)`;
  return { line: asLine(message), code: exitCode.failure, failed: failed('failure', message) };
}

function failed(code: Failure['code'] | 'stopped', message: string): object {
  return { code, message: oneLine(message), hint: '' };
}

function asLine(message: string): string {
  return `rnn-lab: ${oneLine(message)}`;
}

/** Any text on one line. */
function oneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, ' ');
}

/** commander's message as a sentence: `unknown option '--hiden'. (Did you mean --hidden?) See rnn-lab --help.` */
export function usageLine(text: string): string {
  const sentence = oneLine(text.replace(/^error: /, '')).replace(/([^.?!)])$/, '$1.');
  return `${sentence} See rnn-lab --help.`;
}
