import type { Uri } from 'vscode';
import { l10n, QuickPickItemKind, RelativePattern, window, workspace } from 'vscode';
import { builtinCells } from '../../core/cells';
import { diagnoseCell } from '../../core/equations/parse';
import { printEquation } from '../../core/equations/print';
import { purposeOf } from '../language/purpose';
import { translated } from '../translate';
import type { Choice } from './ask';

/** More `.rnn` files than these are found by typing their path into the settings. */
const mostFiles = 100;

/**
 * The cells there are: those that come with RNN Lab, and the `.rnn` files of the workspace, each with its
 * equations, or with what is wrong with it. A cell's value is what the setting `model.cell` may be.
 *
 * @param notes what stands beside the cells that were used last, or are set
 */
export async function cellChoices(notes: ReadonlyMap<string, string>): Promise<Choice<string>[]> {
  const describe = (name: string) => {
    const note = notes.get(name);
    return note === undefined ? {} : { description: note };
  };
  const builtin = builtinChoices().map((choice) => ({ ...choice, ...describe(choice.label) }));
  const files = await Promise.all((await cellFiles()).map((uri) => fileChoice(uri, describe)));
  const separator = (label: string) => ({ label, kind: QuickPickItemKind.Separator });
  return [
    separator(l10n.t('Built-in cells')),
    ...builtin,
    ...(files.length > 0 ? [separator(l10n.t('In this workspace')), ...files] : []),
  ];
}

/** The cells that come with RNN Lab. */
export function builtinChoices(): (Choice<string> & { readonly value: string })[] {
  return [...builtinCells].map(([name, source]) => ({
    label: name,
    value: name,
    detail: `${purposeOf(name)} ${equationsOf(source)}`.trim(),
  }));
}

async function fileChoice(
  uri: Uri,
  describe: (name: string) => { description?: string },
): Promise<Choice<string>> {
  const path = settingFor(uri);
  const choice = { label: `$(file) ${path}`, ...describe(path) };
  try {
    const source = new TextDecoder().decode(await workspace.fs.readFile(uri));
    const [error] = diagnoseCell(source, path).problems;
    const detail = error ? translated(error.whole) : equationsOf(source);
    return { ...choice, value: path, detail };
  } catch {
    return { ...choice, value: path };
  }
}

async function cellFiles(): Promise<Uri[]> {
  const found = await Promise.all(
    (workspace.workspaceFolders ?? []).map((folder) =>
      workspace.findFiles(new RelativePattern(folder, '**/*.rnn'), undefined, mostFiles),
    ),
  );
  return found.flat().sort((a, b) => a.path.localeCompare(b.path));
}

/** On one line: `s[t] = tanh(…); …`. */
function equationsOf(source: string): string {
  const { cell } = diagnoseCell(source, 'cell');
  return cell?.equations.map(printEquation).join('; ') ?? '';
}

/** Asks for a `.rnn` file anywhere; its path as the setting takes it. */
export async function browseForCell(): Promise<string | undefined> {
  const [uri] =
    (await window.showOpenDialog({
      title: l10n.t('Equations of a cell'),
      openLabel: l10n.t('Use this cell'),
      filters: { [l10n.t('Cells')]: ['rnn'] },
    })) ?? [];
  return uri && settingFor(uri);
}

/** What `model.cell` is set to for a file: a path within the workspace's only folder, else the whole path. */
export function settingFor(uri: Uri): string {
  const folder = workspace.getWorkspaceFolder(uri);
  const isOnly = workspace.workspaceFolders?.length === 1;
  if (folder && isOnly) return workspace.asRelativePath(uri, false);
  return uri.scheme === 'file' ? uri.fsPath : uri.path;
}
