import * as path from 'node:path';
import { l10n, Uri, workspace, type ConfigurationScope, type Extension } from 'vscode';
import type { CellSource, SettingValues } from '../protocol/engine';

/** Before every setting's key in the editor: `rnnLab.model.hidden` is the engine's `model.hidden`. */
const section = 'rnnLab';

/** The keys of all settings, as the manifest lists them: `model.hidden`. */
export function settingKeys(extension: Extension<unknown>): string[] {
  const { contributes } = extension.packageJSON as {
    readonly contributes: {
      readonly configuration: readonly { readonly properties: Readonly<Record<string, unknown>> }[];
    };
  };
  return contributes.configuration
    .flatMap(({ properties }) => Object.keys(properties))
    .map((key) => key.slice(section.length + 1));
}

/**
 * What the user has set, and nothing of what they left alone: some settings exclude one another, so
 * that a default must not stand against a choice.
 *
 * @param keys as `settingKeys` gives them
 * @param scope the document the settings are for
 */
export function chosenSettings(
  keys: readonly string[],
  scope: ConfigurationScope | undefined,
): SettingValues {
  const configuration = workspace.getConfiguration(section, scope);
  const chosen: Record<string, string | number | boolean> = {};
  for (const key of keys) {
    const set = configuration.inspect<string | number | boolean>(key);
    const value = set?.workspaceFolderValue ?? set?.workspaceValue ?? set?.globalValue;
    if (value !== undefined) chosen[key] = value;
  }
  return chosen;
}

/** One group's settings with their defaults: `effectiveSettings('sampling', …).length`. */
export function effectiveSettings(
  group: string,
  scope: ConfigurationScope | undefined,
): Readonly<Record<string, unknown>> {
  return workspace.getConfiguration(section, scope).get<Record<string, unknown>>(group) ?? {};
}

/**
 * A cell that is a `.rnn` file, read as the editor has it, unsaved changes included; undefined: it is
 * the name of a built-in cell, which the engine knows. A relative path is one in the workspace folder
 * of the document, or beside the document.
 *
 * @throws Error that says which file cannot be read
 */
export async function cellFromFile(
  settings: SettingValues,
  document: Uri,
): Promise<CellSource | undefined> {
  const name = settings['model.cell'];
  if (typeof name !== 'string' || !name.endsWith('.rnn')) return undefined;
  const uri = resolve(name, document);
  try {
    const opened = await workspace.openTextDocument(uri);
    return { name: uri.scheme === 'file' ? uri.fsPath : uri.path, source: opened.getText() };
  } catch (error) {
    const place = uri.scheme === 'file' ? uri.fsPath : uri.toString();
    throw new Error(
      l10n.t(
        'The cell file {0} cannot be opened. Set rnnLab.model.cell to a built-in cell or to the path of a .rnn file.',
        place,
      ),
      { cause: error },
    );
  }
}

function resolve(name: string, document: Uri): Uri {
  const isSaved = document.scheme !== 'untitled';
  const folder = isSaved ? workspace.getWorkspaceFolder(document) : workspace.workspaceFolders?.[0];
  if (path.isAbsolute(name)) {
    return folder && folder.uri.scheme !== 'file'
      ? folder.uri.with({ path: name })
      : Uri.file(name);
  }
  if (folder) return Uri.joinPath(folder.uri, name);
  return isSaved ? Uri.joinPath(document, '..', name) : Uri.file(path.resolve(name));
}
