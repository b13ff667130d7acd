import {
  l10n,
  InlineCompletionItem,
  InlineCompletionTriggerKind,
  Range,
  type CancellationToken,
  type InlineCompletionContext,
  type InlineCompletionItemProvider,
  type LogOutputChannel,
  type Position,
  type TextDocument,
} from 'vscode';
import { isDocumentScheme } from '../documents';
import type { RunChoice } from '../follow/choice';
import type { Reader } from '../follow/reader';
import { messageOf } from '../translate';
import type { RowAnswers } from './answers';
import type { Counter } from './figures';
import { completionOptions } from './configured';

export interface ProviderOptions {
  readonly reader: Pick<Reader, 'ask'>;
  readonly choice: Pick<RunChoice, 'runOf' | 'answererOf' | 'chosen'>;
  readonly answers: RowAnswers;
  readonly counter: Counter;
  readonly log: LogOutputChannel;
  /** Says why there is no suggestion to somebody who has asked for one. */
  readonly explain: (reason: string) => void;
}

/** Counts a suggestion that was taken; not for the palette. */
export const countCommand = '_rnnLab.countAccepted';

/** Suggests how the model of a document would go on, as ghost text. */
export function createProvider({
  reader,
  choice,
  answers,
  counter,
  log,
  explain,
}: ProviderOptions): InlineCompletionItemProvider {
  /** Runs whose failure has been told: it would be the same at every keystroke. */
  const failed = new Set<string>();

  async function suggest(
    document: TextDocument,
    position: Position,
    { triggerKind, selectedCompletionInfo: selected }: InlineCompletionContext,
    token: CancellationToken,
  ): Promise<InlineCompletionItem[]> {
    const isAsked = triggerKind === InlineCompletionTriggerKind.Invoke;
    const options = completionOptions(document);
    if (options.mode === 'off') {
      if (isAsked) explain(l10n.t('Completion is off: rnnLab.completion.mode.'));
      return [];
    }
    if (options.mode === 'onRequest' && !isAsked) return [];
    // Within a word a suggestion is for those who ask: it would stand between the word's halves.
    if (!isAsked && isBeforeWord(document, position)) return [];
    const run = await choice.runOf(document);
    if (token.isCancellationRequested) return [];
    if (run === undefined) {
      const answerer = await choice.answererOf(document);
      if (answerer !== undefined && !selected) {
        return await suggestTarget(document, position, answerer, isAsked, token);
      }
      if (isAsked && isDocumentScheme(document.uri.scheme)) explain(reasonFor(document));
      return [];
    }
    // An item of the suggest widget must stay as it is: the model goes on after it.
    const range = selected?.range ?? new Range(position, position);
    const prefix = selected?.text ?? '';
    const offset = document.offsetAt(range.start);
    try {
      const answer = await reader.ask(
        run,
        'complete',
        document,
        {
          offset,
          ...(prefix !== '' && { prefix }),
          confidence: options.confidence,
          until: options.until,
          maxTokens: options.maxTokens,
          // Improbable ones are for those who ask.
          alternatives: isAsked ? options.alternatives : 1,
          next: 1,
          quick: true,
        },
        token,
      );
      failed.delete(run);
      const items = answer?.completions ?? [];
      const there = document.offsetAt(position) - offset;
      const [first] = items;
      if (first) {
        const shown = { document: document.uri.toString(), offset: offset + there };
        counter.shown({ ...shown, text: first.text.slice(there) });
      }
      return items.map(({ text }) => toItem(text, range, there));
    } catch (error) {
      if (isAsked) explain(messageOf(error));
      if (failed.has(run)) return [];
      failed.add(run);
      log.warn(messageOf(error));
      return [];
    }
  }

  /** The target of the row that is typed in a file of examples. */
  async function suggestTarget(
    document: TextDocument,
    position: Position,
    run: string,
    isAsked: boolean,
    token: CancellationToken,
  ): Promise<InlineCompletionItem[]> {
    const { confidence, alternatives } = completionOptions(document);
    try {
      const [task, { typedRow }] = await Promise.all([answers.task(run), import('../rows/rows')]);
      const row = task && typedRow(document, position, task);
      if (!row) return [];
      const found = (await answers.ask(run, row)).filter(
        ({ text, probability }) =>
          text.length > row.typed.length &&
          text.startsWith(row.typed) &&
          // A number has no probability: nobody knows how sure it is.
          (isAsked || probability >= confidence),
      );
      failed.delete(run);
      if (token.isCancellationRequested) return [];
      const range = new Range(position.translate(0, -row.typed.length), position);
      const there = row.typed.length;
      const texts = found.slice(0, isAsked ? alternatives : 1).map(({ text }) => row.write(text));
      const offset = document.offsetAt(position);
      if (texts[0] !== undefined) {
        const shown = { document: document.uri.toString(), offset };
        counter.shown({ ...shown, text: texts[0].slice(there) });
      }
      return texts.map((text) => toItem(text, range, there));
    } catch (error) {
      if (isAsked) explain(messageOf(error));
      if (!failed.has(run)) log.warn(messageOf(error));
      failed.add(run);
      return [];
    }
  }

  /** Why a document has no model. */
  function reasonFor({ uri }: TextDocument): string {
    return choice.chosen(uri) === null
      ? l10n.t('You chose no run for this document: use another one to complete it.')
      : l10n.t('No run was trained on this text: train on it, or use a run for this document.');
  }

  return { provideInlineCompletionItems: suggest };
}

function isBeforeWord(document: TextDocument, position: Position): boolean {
  const next = document.getText(new Range(position, position.translate(0, 2)));
  return /^[\p{L}\p{M}\p{N}_]/u.test(next);
}

/** @param there UTF-16 units of the text that are in the document already */
function toItem(text: string, range: Range, there: number): InlineCompletionItem {
  const command = { command: countCommand, title: '', arguments: [text.slice(there)] };
  return new InlineCompletionItem(text, range, command);
}
