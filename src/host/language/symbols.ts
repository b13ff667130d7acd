import {
  DocumentHighlight,
  DocumentHighlightKind,
  Location,
  Range,
  type Position,
  type TextDocument,
} from 'vscode';
import type { Occurrence } from '../../core/equations/occurrences';
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
