import { SemanticTokensBuilder, type SemanticTokens, type TextDocument } from 'vscode';
import { mentionsOf } from '../../core/equations/names';
import type { Occurrence } from '../../core/equations/occurrences';
import { inputName } from '../../core/equations/syntax';
import { placeRange } from './names';
import { read } from './reading';
import { semanticLegend, type SemanticType } from './semantic-legend';

/** What each name of a text without errors means; with errors the grammar's colours stay. */
export function semanticTokensOf(document: TextDocument): SemanticTokens {
  const builder = new SemanticTokensBuilder(semanticLegend);
  const { diagnosis, occurrences } = read(document);
  const { cell } = diagnosis;
  if (cell) {
    const { lags } = mentionsOf(cell.equations.map(({ expression }) => expression));
    for (const occurrence of occurrences) {
      const modifiers = occurrence.defines ? ['declaration'] : [];
      builder.push(placeRange(document, occurrence), typeOf(occurrence, lags), modifiers);
    }
  }
  return builder.build();
}

function typeOf({ meaning }: Occurrence, lags: ReadonlyMap<string, number>): SemanticType {
  switch (meaning.kind) {
    case 'variable':
      if (meaning.name === inputName) return 'input';
      return (lags.get(meaning.name) ?? 0) > 0 ? 'state' : 'variable';
    case 'matrix':
    case 'bias':
    case 'function':
      return meaning.kind;
    case 'start':
      return 'function';
    case 'directive':
      return 'keyword';
  }
}
