import {
  Diagnostic,
  DiagnosticRelatedInformation,
  DiagnosticSeverity,
  DiagnosticTag,
  l10n,
  Location,
  Range,
  type TextDocument,
} from 'vscode';
import type { EquationError } from '../../core/equations/errors';
import { unreadEquations } from '../../core/equations/occurrences';
import { linesNamedIn } from '../../core/suggest';
import { responseOf } from '../../core/equations/model-shape';
import type { Cell, Span } from '../../core/equations/syntax';
import type { Sentence } from '../../core/sentence';
import { translated } from '../translate';
import { read, shapesOf } from './reading';
import { configuredSizes, mentionsVocabulary, withVocabulary } from './sizes';

/** Everything that is wrong with a `.rnn` document, and what is odd, each at its place; nothing while it is empty. */
export function diagnose(document: TextDocument): Diagnostic[] {
  if (document.getText() === '') return [];
  const { cell, problems } = read(document).diagnosis;
  if (!cell) return problems.map((problem) => toDiagnostic(document, problem));
  const shapes = shapesOf(cell, configuredSizes(document.uri));
  const misfit = shapes.error ? [misfitOf(document, shapes.error, shapes.layer)] : [];
  return [...misfit, ...unreadIn(document, cell)];
}

function toDiagnostic(document: TextDocument, error: EquationError): Diagnostic {
  const { problem, hint, span } = error;
  const lines = hint ? [problem, hint] : [problem];
  const message = withVocabulary(lines.map(translated).join('\n'));
  const diagnostic = new Diagnostic(rangeOf(document, span), message);
  diagnostic.source = 'RNN Lab';
  if (hint) diagnostic.relatedInformation = relatedTo(document, hint);
  return diagnostic;
}

/** Widths that disagree: an error, or a warning where a text with another vocabulary would fit. */
function misfitOf(document: TextDocument, error: EquationError, layer: number): Diagnostic {
  const diagnostic = toDiagnostic(document, error);
  if (layer > 0) {
    diagnostic.message = l10n.t('In the second layer and those above: {0}', diagnostic.message);
  }
  if (mentionsVocabulary(error.message)) {
    diagnostic.severity = DiagnosticSeverity.Warning;
    diagnostic.message += `\n${l10n.t('C is the number of tokens in the vocabulary of the text.')}`;
  }
  return diagnostic;
}

/** Lines that a hint speaks of, as places to go to. */
function relatedTo(document: TextDocument, hint: Sentence): DiagnosticRelatedInformation[] {
  return linesNamedIn(hint).map((number) => {
    const line = document.lineAt(number - 1);
    const start = line.firstNonWhitespaceCharacterIndex;
    const range = new Range(line.lineNumber, start, line.lineNumber, line.text.length);
    return new DiagnosticRelatedInformation(
      new Location(document.uri, range),
      line.text.slice(start),
    );
  });
}

function unreadIn(document: TextDocument, cell: Cell): Diagnostic[] {
  // A part of an applied cell is nobody's to leave out.
  const unread = unreadEquations(cell, responseOf(cell)?.equation).filter(
    ({ application }) => !application,
  );
  return unread.map(({ name, span }) => {
    const text = l10n.t('Nothing reads {0}, and it is not the output: it has no effect.', name);
    const diagnostic = new Diagnostic(rangeOf(document, span), text, DiagnosticSeverity.Hint);
    diagnostic.source = 'RNN Lab';
    diagnostic.tags = [DiagnosticTag.Unnecessary];
    return diagnostic;
  });
}

/** Where a span is; at least a word or a character of it can be seen. */
export function rangeOf(document: TextDocument, { start, end }: Span): Range {
  const from = document.positionAt(start);
  const to = document.positionAt(end);
  if (from.isBefore(to)) return new Range(from, to);
  const word = document.getWordRangeAtPosition(from);
  if (word) return word;
  const last = document.lineAt(from.line).range.end;
  return from.isBefore(last) || from.character === 0
    ? new Range(from, from.translate(0, 1))
    : new Range(from.translate(0, -1), from);
}
