import {
  DocumentHighlight,
  DocumentHighlightKind,
  DocumentSymbol,
  Location,
  Range,
  SymbolKind,
  type Position,
  type TextDocument,
} from 'vscode';
import type { Occurrence } from '../../core/equations/occurrences';
import { printExpression } from '../../core/equations/print';
import type { Span } from '../../core/equations/syntax';
import { read } from './reading';

/** The equation that defines the variable there. */
export function definitionAt(document: TextDocument, position: Position): Location | undefined {
  const name = nameAt(document, position);
  const place = read(document).occurrences.find(
    ({ meaning, defines }) => defines && meaning.name === name,
  );
  return place && new Location(document.uri, rangeOf(document, place));
}

/** Everything in the text that means the same as what stands there. */
export function highlightsAt(document: TextDocument, position: Position): DocumentHighlight[] {
  const name = nameAt(document, position);
  if (name === undefined) return [];
  return read(document)
    .occurrences.filter(({ meaning }) => meaning.name === name)
    .map(
      (place) =>
        new DocumentHighlight(
          rangeOf(document, place),
          place.defines ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
        ),
    );
}

/** The equations, for the outline. */
export function symbolsOf(document: TextDocument): DocumentSymbol[] {
  const { equations = [] } = read(document).diagnosis.cell ?? {};
  return equations.map(
    ({ name, nameSpan, expression, span }) =>
      new DocumentSymbol(
        `${name}[t]`,
        printExpression(expression),
        SymbolKind.Variable,
        rangeOf(document, span),
        rangeOf(document, nameSpan),
      ),
  );
}

function nameAt(document: TextDocument, position: Position): string | undefined {
  const offset = document.offsetAt(position);
  const at = read(document).occurrences.find(({ start, end }) => start <= offset && offset <= end);
  return at?.meaning.name;
}

function rangeOf(
  document: TextDocument,
  { start, end }: Pick<Occurrence | Span, 'start' | 'end'>,
): Range {
  return new Range(document.positionAt(start), document.positionAt(end));
}
