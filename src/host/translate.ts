import { l10n } from 'vscode';
import { render, type Sentence } from '../core/sentence';
import { WordedError } from '../core/worded-error';
import { EngineError, wholeOf } from '../protocol/engine';

/** What the engine says, in the display language. */
export function translated(told: Sentence): string {
  return render(told, (text, values) => l10n.t(text, ...values));
}

/** What an error says: in the display language, where it is of the engine or the host. */
export function messageOf(error: unknown): string {
  if (error instanceof EngineError) return translated(wholeOf(error.failure));
  if (error instanceof WordedError) return translated(error.whole);
  return error instanceof Error ? error.message : String(error);
}
