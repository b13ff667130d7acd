/** The shape of a `.rnn` document on the page: its outline, what folds, its layout, and its commands above it. */
import {
  CodeLens,
  DocumentSymbol,
  FoldingRange,
  FoldingRangeKind,
  InlayHint,
  l10n,
  Range,
  SymbolKind,
  TextEdit,
  workspace,
  type FormattingOptions,
  type TextDocument,
} from 'vscode';
import { formatCell } from '../../core/equations/format';
import { readableStatements } from '../../core/equations/lenient';
import type { RawName } from '../../core/equations/raw';
import { placeRange } from './names';
import { read, shapesOf } from './reading';
import { configuredSizes, shapeText } from './sizes';

/** The equations, for the outline: those that can be read, where others cannot. */
export function symbolsOf(document: TextDocument): DocumentSymbol[] {
  const source = document.getText();
  return readableStatements(source)
    .filter((statement) => statement.kind === 'equation')
    .map(({ target, value, start, end }) => {
      const text = source.slice(value.start, value.end).replace(/\s+/gu, ' ');
      return new DocumentSymbol(
        targetText(target),
        text,
        SymbolKind.Variable,
        placeRange(document, { start, end }),
        placeRange(document, target.name),
      );
    });
}

/** A left side as it is written: `h[t]`, `y`. */
function targetText({ name, index }: RawName): string {
  return index ? `${name.text}[${index.text.trim()}]` : name.text;
}

/** Statements of several lines, and comments of several lines. */
export function foldsOf(document: TextDocument): FoldingRange[] {
  const statements = readableStatements(document.getText())
    .map((place) => placeRange(document, place))
    .filter(({ isSingleLine }) => !isSingleLine)
    .map(({ start, end }) => new FoldingRange(start.line, end.line));
  const comments: FoldingRange[] = [];
  let first: number | undefined;
  for (let line = 0; line <= document.lineCount; line++) {
    const isComment =
      line < document.lineCount && document.lineAt(line).text.trimStart().startsWith('#');
    if (isComment) first ??= line;
    else {
      if (first !== undefined && line - first > 1) {
        comments.push(new FoldingRange(first, line - 1, FoldingRangeKind.Comment));
      }
      first = undefined;
    }
  }
  return [...statements, ...comments];
}

/** What makes the layout the usual one. */
export function formatEdits(
  document: TextDocument,
  { insertSpaces, tabSize }: FormattingOptions,
): TextEdit[] {
  const source = document.getText();
  const formatted = formatCell(source, insertSpaces ? ' '.repeat(tabSize) : '\t');
  if (formatted === undefined || formatted === source) return [];
  return [TextEdit.replace(placeRange(document, { start: 0, end: source.length }), formatted)];
}

/** Where the first equation stands; undefined: there is none that can be read. */
export function firstEquationOf(document: TextDocument): Range | undefined {
  const first = readableStatements(document.getText()).find(({ kind }) => kind === 'equation');
  return first && placeRange(document, first);
}

/** Commands over the first equation. */
export function codeLensesOf(document: TextDocument): CodeLens[] {
  const first = firstEquationOf(document);
  // What a debugger shows is no file.
  if (!first || document.uri.scheme === 'debug') return [];
  const range = new Range(first.start, first.start);
  const lens = (title: string, command: string) =>
    new CodeLens(range, { title, command, arguments: [document.uri] });
  return [
    lens(`$(play) ${l10n.t('Train')}`, 'rnnLab.trainCell'),
    lens(`$(check) ${l10n.t('Use')}`, 'rnnLab.useCell'),
    lens(`$(verified) ${l10n.t('Check gradients')}`, 'rnnLab.checkGradients'),
  ];
}

/** Of a document's variables, as it was last without an error. */
const lastWidths = new WeakMap<TextDocument, ReadonlyMap<string, number>>();

function widthsOf(document: TextDocument): ReadonlyMap<string, number> | undefined {
  const { cell } = read(document).diagnosis;
  const [first] = (cell && shapesOf(cell, configuredSizes(document.uri)).layers) ?? [];
  if (first) lastWidths.set(document, first.variables);
  return lastWidths.get(document);
}

/**
 * The shape of each left side with the settings as they are, behind it. Those that are known stay while one types what
 * cannot be read yet.
 */
export function shapeHints(document: TextDocument, { start, end }: Range): InlayHint[] {
  if (workspace.getConfiguration('rnnLab.cells', document).get('shapes') === 'off') return [];
  const widths = widthsOf(document);
  if (!widths) return [];
  const [from, to] = [start, end].map((position) => document.offsetAt(position));
  const targets = readableStatements(document.getText()).filter(({ kind }) => kind === 'equation');
  return targets.flatMap((statement) => {
    if (statement.kind !== 'equation' || statement.start < from! || statement.end > to!) return [];
    const { target } = statement;
    const width = widths.get(target.name.text);
    if (width === undefined) return [];
    const hint = new InlayHint(document.positionAt(target.end), shapeText([width]));
    hint.paddingLeft = true;
    hint.tooltip = l10n.t('The shape of {0}, with the settings as they are', targetText(target));
    return [hint];
  });
}
