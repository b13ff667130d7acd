import { SemanticTokensBuilder, type SemanticTokens, type TextDocument } from 'vscode';
import { isState, mentionsOf, type Mentions } from '../../core/equations/names';
import type { Occurrence } from '../../core/equations/occurrences';
import { expressionsOf, inputName } from '../../core/equations/syntax';
import { placeRange } from './names';
import { read } from './reading';
import { semanticLegend, type SemanticType } from './semantic-legend';

/** What each name of a text without errors means; with errors the grammar's colours stay. */
export function semanticTokensOf(document: TextDocument): SemanticTokens {
  const builder = new SemanticTokensBuilder(semanticLegend);
  const { diagnosis, occurrences } = read(document);
  const { cell } = diagnosis;
  if (cell) {
    const mentions = mentionsOf(expressionsOf(cell));
    for (const occurrence of occurrences) {
      const modifiers = occurrence.defines ? ['declaration'] : [];
      builder.push(placeRange(document, occurrence), typeOf(occurrence, mentions), modifiers);
    }
  }
  return builder.build();
}

function typeOf({ meaning }: Occurrence, mentions: Mentions): SemanticType {
  switch (meaning.kind) {
    case 'variable':
      if (meaning.name === inputName) return 'input';
      return isState(mentions, meaning.name) ? 'state' : 'variable';
    case 'matrix':
    case 'bias':
    case 'function':
      return meaning.kind;
    case 'cell':
    case 'start':
      return 'function';
    case 'directive':
      return 'keyword';
  }
}
