import {
  commands,
  ConfigurationTarget,
  l10n,
  Uri,
  window,
  workspace,
  type TextDocument,
} from 'vscode';
import { builtinCells } from '../../core/cells';
import { diagnoseCell } from '../../core/equations/parse';
import { cellLanguage } from '../language/language';
import { UserError } from '../notify';
import { translated } from '../translate';
import { choose } from './ask';
import { goToError } from './cell-file';
import { builtinChoices, settingFor } from './cells';

/** New cell…: opens an untitled copy of a built-in cell's equations, to be changed. */
export async function newCell(): Promise<void> {
  const name = await choose<string>({
    title: l10n.t('New cell'),
    placeholder: l10n.t('Which cell should it start from?'),
    choices: builtinChoices(),
    isActive: (value) => value === 'vanilla',
    canGoBack: false,
  });
  if (typeof name !== 'string') return;
  const content = builtinCells.get(name) ?? '';
  const document = await workspace.openTextDocument({ content, language: cellLanguage });
  await window.showTextDocument(document);
}

/**
 * Use this cell: the setting `model.cell` names the file from now on, in the workspace where it lies.
 *
 * @throws UserError where it has an error, which is not used
 */
export async function useCell(target: unknown): Promise<void> {
  const document = await cellDocument(target);
  const [error] = diagnoseCell(document.getText(), settingFor(document.uri)).problems;
  if (error) throw new UserError(translated(error.whole), [goToError(document, error)]);
  if (document.isUntitled || document.isDirty) {
    const saved = await workspace.save(document.uri);
    if (!saved) return;
    await setCell(saved);
  } else await setCell(document.uri);
}

async function cellDocument(target: unknown): Promise<TextDocument> {
  const active = window.activeTextEditor?.document;
  const uri = target instanceof Uri ? target : active?.uri;
  if (uri?.path.endsWith('.rnn') === true || active?.languageId === cellLanguage) {
    return workspace.openTextDocument(uri!);
  }
  throw new UserError(l10n.t('This is not a cell. Open a .rnn file, or make one: “New cell…”.'), [
    { title: l10n.t('New cell…'), run: () => commands.executeCommand('rnnLab.newCell') },
  ]);
}

async function setCell(uri: Uri): Promise<void> {
  const value = settingFor(uri);
  // In Restricted Mode a workspace's own setting of a file is passed over.
  const isShared = workspace.getWorkspaceFolder(uri) !== undefined && workspace.isTrusted;
  const isOnly = workspace.workspaceFolders?.length === 1;
  const target = isShared && isOnly ? ConfigurationTarget.Workspace : ConfigurationTarget.Global;
  const path = target === ConfigurationTarget.Global && uri.scheme === 'file' ? uri.fsPath : value;
  await workspace.getConfiguration('rnnLab').update('model.cell', path, target);
  const text = l10n.t('RNN Lab trains with {0} from now on', value);
  window.setStatusBarMessage(`$(check) ${text}`, 6000);
}
