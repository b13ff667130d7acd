import {
  commands,
  ConfigurationTarget,
  l10n,
  Position,
  Uri,
  window,
  workspace,
  WorkspaceEdit,
  type TextDocument,
} from 'vscode';
import { builtinCells } from '../../core/cells';
import { diagnoseCell } from '../../core/equations/parse';
import { cellLanguage } from '../language/language';
import type { CellSource } from '../../protocol/engine';
import { isDocumentScheme } from '../documents';
import type { Lab } from '../lab';
import { openSetting, UserError } from '../notify';
import { isInTab } from '../tabs';
import { translated } from '../translate';
import { choose } from './ask';
import { goToError } from './cell-file';
import { builtinChoices, settingFor } from './cells';

/** What a copy of a built-in cell is called: the simplest one is Elman's (1990). */
const proposedNames: Readonly<Record<string, string>> = {
  vanilla: 'elman',
  'vanilla-nobias': 'elman-nobias',
};

/** New cell…: opens an unsaved copy of a built-in cell's equations, to be changed, under the name of a new file. */
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
  const document = await workspace.openTextDocument(
    await newFile(proposedNames[name] ?? `my-${name}`),
  );
  // Before it is in sight: who types at once types after it.
  const written = new WorkspaceEdit();
  written.insert(document.uri, new Position(0, 0), content);
  await workspace.applyEdit(written);
  await window.showTextDocument(document);
}

/** An unsaved document that is saved as `NAME.rnn`, or with a number where there is such a file. */
async function newFile(name: string): Promise<Uri> {
  const [folder] = workspace.workspaceFolders ?? [];
  for (let number = 1; ; number++) {
    const file = `${name}${number === 1 ? '' : `-${number}`}.rnn`;
    const uri = folder && Uri.joinPath(folder.uri, file);
    const untitled = uri?.with({ scheme: 'untitled' }) ?? Uri.parse(`untitled:${file}`);
    const isOpen = workspace.textDocuments.some(
      (each) => each.uri.toString() === untitled.toString(),
    );
    if (!isOpen && !(uri && (await exists(uri)))) return untitled;
  }
}

async function exists(uri: Uri): Promise<boolean> {
  try {
    await workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}

/**
 * Use this cell: the setting `model.cell` names the file from now on, in the workspace where it lies.
 *
 * @throws UserError where it has an error, which is not used
 */
export async function useCell(lab: Lab, target: unknown): Promise<void> {
  const document = await cellDocument(target);
  refuseErrors(document);
  if (document.isUntitled || document.isDirty) {
    const saved = await workspace.save(document.uri);
    if (!saved) return;
    await setCell(lab, saved);
  } else await setCell(lab, document.uri);
}

/**
 * The cell of a document as it stands there, saved or not.
 *
 * @throws UserError where it has an error
 */
export async function usableCell(target: unknown): Promise<CellSource> {
  const document = await cellDocument(target);
  refuseErrors(document);
  return { name: workspace.asRelativePath(document.uri), source: document.getText() };
}

function refuseErrors(document: TextDocument): void {
  const [error] = diagnoseCell(document.getText(), settingFor(document.uri)).problems;
  if (error) throw new UserError(translated(error.whole), [goToError(document, error)]);
}

/** Texts that a cell could be trained on: those in sight, or else all that have a tab. */
export function openTexts(): readonly Uri[] {
  const visible = window.visibleTextEditors.map(({ document }) => document);
  const tabbed = workspace.textDocuments.filter(({ uri }) => isInTab(uri));
  for (const documents of [visible, tabbed]) {
    const own = documents.filter(
      ({ languageId, uri }) => languageId !== cellLanguage && isDocumentScheme(uri.scheme),
    );
    if (own.length > 0) return [...new Map(own.map(({ uri }) => [uri.toString(), uri])).values()];
  }
  return [];
}

/**
 * The text to train a cell on: the one in sight, or the one that is picked of all that are open.
 *
 * @throws UserError where none is
 */
export async function textFor(): Promise<Uri | undefined> {
  const addresses = openTexts();
  if (addresses.length === 0) {
    throw new UserError(l10n.t('There is no text to train on. Open a text file, then try again.'), [
      {
        title: l10n.t('Open a sample…'),
        run: () => commands.executeCommand('rnnLab.openSample'),
      },
    ]);
  }
  if (addresses.length === 1) return addresses[0];
  const picked = await window.showQuickPick(
    addresses.map((uri) => ({ label: workspace.asRelativePath(uri), uri })),
    { title: l10n.t('Train'), placeHolder: l10n.t('Which text should the cell be trained on?') },
  );
  return picked?.uri;
}

/**
 * The cell that a command is called on, or that is in front.
 *
 * @throws UserError where it is no cell
 */
export async function cellDocument(target: unknown): Promise<TextDocument> {
  const active = window.activeTextEditor?.document;
  const uri = target instanceof Uri ? target : active?.uri;
  if (uri?.path.endsWith('.rnn') === true || active?.languageId === cellLanguage) {
    return workspace.openTextDocument(uri!);
  }
  throw new UserError(l10n.t('This is not a cell. Open a .rnn file, or make one: “New cell…”.'), [
    { title: l10n.t('New cell…'), run: () => commands.executeCommand('rnnLab.newCell') },
  ]);
}

/** What the setting names, and how to take it back, is told until it is read. */
async function setCell({ notifier }: Lab, uri: Uri): Promise<void> {
  const value = settingFor(uri);
  // In Restricted Mode a workspace's own setting of a file is passed over.
  const isShared = workspace.getWorkspaceFolder(uri) !== undefined && workspace.isTrusted;
  const isOnly = workspace.workspaceFolders?.length === 1;
  const target = isShared && isOnly ? ConfigurationTarget.Workspace : ConfigurationTarget.Global;
  const path = target === ConfigurationTarget.Global && uri.scheme === 'file' ? uri.fsPath : value;
  const configuration = () => workspace.getConfiguration('rnnLab');
  const known = configuration().inspect<string>('model.cell');
  const before =
    target === ConfigurationTarget.Workspace ? known?.workspaceValue : known?.globalValue;
  const name = configuration().get<string>('model.cell') ?? '';
  await configuration().update('model.cell', path, target);
  const text =
    target === ConfigurationTarget.Workspace
      ? l10n.t('RNN Lab trains with {0} from now on, in this workspace.', value)
      : l10n.t('RNN Lab trains with {0} from now on, in every workspace.', value);
  notifier.info(
    text,
    ...(name === path
      ? []
      : [
          {
            title: l10n.t('Go back to {0}', name),
            run: () => configuration().update('model.cell', before, target),
          },
        ]),
    openSetting('model.cell'),
  );
}
