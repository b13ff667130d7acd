import { l10n, Range, window, workspace, type TextDocument, type Uri } from 'vscode';
import type { EquationError } from '../../core/equations/errors';
import type { CellSource } from '../../protocol/engine';
import { fileAddress } from '../configuration';
import { openSetting, UserError, type Action } from '../notify';
import { translated } from '../translate';

/**
 * The cell that a setting names where that is a `.rnn` file, read as the editor has it, unsaved changes
 * included; undefined: it is the name of a built-in cell, which the engine knows.
 *
 * @param name the value of `model.cell`
 * @param document the text that is trained on
 * @throws UserError that says which file cannot be read, or what is wrong in it and where
 */
export async function cellFromFile(name: unknown, document: Uri): Promise<CellSource | undefined> {
  if (typeof name !== 'string' || !name.endsWith('.rnn')) return undefined;
  const opened = await openCell(fileAddress(name, document));
  const source = opened.getText();
  // The engine finds its errors itself; only here is it known which document to go to.
  const { diagnoseCell } = await import('../../core/equations/parse');
  const shown = workspace.asRelativePath(opened.uri);
  const [error] = diagnoseCell(source, shown).problems;
  if (error) throw new UserError(translated(error.whole), [goToError(opened, error)]);
  return { name: shown, source };
}

async function openCell(uri: Uri): Promise<TextDocument> {
  try {
    return await workspace.openTextDocument(uri);
  } catch {
    const place = uri.scheme === 'file' ? uri.fsPath : uri.toString();
    throw new UserError(
      l10n.t(
        'The cell file {0} cannot be opened. Set rnnLab.model.cell to a built-in cell or to the path of a .rnn file.',
        place,
      ),
      [openSetting('model.cell')],
    );
  }
}

/** A button that shows where the error is. */
export function goToError(document: TextDocument, { span }: EquationError): Action {
  const selection = new Range(document.positionAt(span.start), document.positionAt(span.end));
  return {
    title: l10n.t('Go to error'),
    run: () => window.showTextDocument(document, { selection }),
  };
}
