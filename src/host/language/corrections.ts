import {
  CodeAction,
  CodeActionKind,
  l10n,
  WorkspaceEdit,
  type Diagnostic,
  type TextDocument,
} from 'vscode';
import { suggestedBy } from '../../core/suggest';
import { rangeOf } from './diagnostics';
import { read } from './reading';

/** The name that the hint of an error suggests, in place of the one that stands there. */
export function corrections(document: TextDocument, diagnostic: Diagnostic): CodeAction[] {
  const { problems } = read(document).diagnosis;
  const error = problems.find(({ span }) => rangeOf(document, span).isEqual(diagnostic.range));
  const meant = error?.hint && suggestedBy(error.hint);
  const range = document.getWordRangeAtPosition(diagnostic.range.start);
  if (meant === undefined || !range) return [];
  const action = new CodeAction(l10n.t('Change to {0}', meant), CodeActionKind.QuickFix);
  action.edit = new WorkspaceEdit();
  action.edit.replace(document.uri, range, meant);
  action.diagnostics = [diagnostic];
  action.isPreferred = true;
  return [action];
}
