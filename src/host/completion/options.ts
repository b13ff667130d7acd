import type { CompletionEnd } from '../../protocol/engine';
import { completionTable } from './settings-table';

/** `rnnLab.completion.*` of a document. */
export interface CompletionOptions {
  readonly mode: 'automatic' | 'onRequest' | 'off';
  readonly confidence: number;
  readonly until: CompletionEnd;
  /** Most tokens: several lines may be long. */
  readonly maxTokens: number;
  readonly alternatives: number;
}

const ends = { word: 'word', line: 'line', lines: 'text' } as const;
const mostTokens = { word: 24, line: 48, lines: 160 } as const;

/**
 * A value that cannot be used stands for the default: the settings editor says what is wrong with it.
 *
 * @param settings `rnnLab.completion` as VS Code has it, whatever is in it
 */
export function readOptions(settings: { get: (name: string) => unknown }): CompletionOptions {
  const { mode, confidence, stopAt, alternatives } = completionTable;
  const end = oneOf(stopAt, settings.get('stopAt'));
  const count = within(alternatives, settings.get('alternatives'));
  return {
    mode: oneOf(mode, settings.get('mode')),
    confidence: within(confidence, settings.get('confidence')),
    until: ends[end],
    maxTokens: mostTokens[end],
    alternatives: Math.floor(count),
  };
}

function oneOf<V extends string>(
  setting: { readonly default: V; readonly values: readonly V[] },
  value: unknown,
): V {
  return setting.values.find((known) => known === value) ?? setting.default;
}

function within(
  setting: { readonly default: number; readonly minimum: number; readonly maximum: number },
  value: unknown,
): number {
  const isAllowed =
    typeof value === 'number' && value >= setting.minimum && value <= setting.maximum;
  return isAllowed ? value : setting.default;
}
