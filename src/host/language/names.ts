/** Names across a `.rnn` document: where they are used, and another one for all of them; also in a text with errors. */
import { l10n, Location, Range, WorkspaceEdit, type Position, type TextDocument } from 'vscode';
import { namePlaces, readableStatements, type NamePlace } from '../../core/equations/lenient';
import type { Place } from '../../core/equations/raw';
import { fixedNameProblem, renameProblem } from '../../core/equations/rename';
import { translated } from '../translate';

/** All places of the name that stands there. */
export function referencesAt(
  document: TextDocument,
  position: Position,
  { includeDeclaration }: { readonly includeDeclaration: boolean },
): Location[] {
  return placesAt(document, position)
    .filter(({ defines }) => includeDeclaration || !defines)
    .map((place) => new Location(document.uri, placeRange(document, place)));
}

/** @throws Error that says why there is nothing to rename */
export function renamedAt(document: TextDocument, position: Position): Range {
  const offset = document.offsetAt(position);
  const place = placesAt(document, position).find((each) => isAt(each, offset));
  if (!place) throw new Error(l10n.t('Only variables, matrices and biases can be renamed.'));
  const problem = fixedNameProblem(place.name);
  if (problem) throw new Error(translated(problem));
  return placeRange(document, place);
}

/** @throws Error that says what is wrong with the new name */
export function renameAt(document: TextDocument, position: Position, to: string): WorkspaceEdit {
  const places = placesAt(document, position);
  const name = to.normalize();
  const problem = renameProblem(document.getText(), places[0]?.name ?? '', name);
  if (problem) throw new Error(translated(problem));
  const edit = new WorkspaceEdit();
  for (const place of places) edit.replace(document.uri, placeRange(document, place), name);
  return edit;
}

function placesAt(document: TextDocument, position: Position): NamePlace[] {
  const places = namePlaces(readableStatements(document.getText()));
  const offset = document.offsetAt(position);
  const name = places.find((place) => isAt(place, offset))?.name;
  return places.filter((place) => place.name === name);
}

function isAt({ start, end }: Place, offset: number): boolean {
  return start <= offset && offset <= end;
}

export function placeRange(document: TextDocument, { start, end }: Place): Range {
  return new Range(document.positionAt(start), document.positionAt(end));
}
