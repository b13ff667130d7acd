import * as path from 'node:path';
import {
  l10n,
  Uri,
  workspace,
  type ConfigurationScope,
  type Extension,
  type WorkspaceConfiguration,
} from 'vscode';
import { describeAllowed, type AllowedValues } from '../core/allowed-values';
import type { SettingValues } from '../protocol/engine';
import { openSetting, UserError } from './notify';
import { translated } from './translate';

/** Before every setting's key in the editor: `rnnLab.model.hidden` is the engine's `model.hidden`. */
const section = 'rnnLab';

/** A setting as the manifest describes it. */
export interface Setting {
  /** `model.hidden` */
  readonly key: string;
  readonly type: 'integer' | 'number' | 'string';
  readonly default: string | number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMaximum?: number;
  readonly enum?: readonly string[];
  /** In the display language. */
  readonly markdownDescription?: string;
  readonly markdownEnumDescriptions?: readonly string[];
}

/** All settings, as the manifest lists them. */
export function settingsOf(extension: Extension<unknown>): Setting[] {
  const { contributes } = extension.packageJSON as {
    readonly contributes: {
      readonly configuration: readonly {
        readonly properties: Readonly<Record<string, Omit<Setting, 'key'>>>;
      }[];
    };
  };
  return contributes.configuration
    .flatMap(({ properties }) => Object.entries(properties))
    .map(([key, setting]) => ({ ...setting, key: key.slice(section.length + 1) }));
}

/**
 * What the user has set, and nothing of what they left alone: some settings exclude one another, so
 * that a default must not stand against a choice.
 *
 * @param groups whose settings are wanted: `model`, `training`
 * @param scope the document the settings are for
 * @throws UserError that names the first setting whose value cannot be used
 */
export function chosenSettings(
  settings: readonly Setting[],
  groups: readonly string[],
  scope: ConfigurationScope | undefined,
): SettingValues {
  const configuration = workspace.getConfiguration(section, scope);
  const chosen: Record<string, string | number | boolean> = {};
  for (const setting of settings) {
    const { key } = setting;
    if (!groups.includes(key.split('.')[0] ?? '')) continue;
    const { value, inWorkspace } = setValue(configuration, key);
    if (value === undefined) continue;
    const problem = problemOf(setting, value);
    if (problem !== undefined) throw new UserError(problem, [openSetting(key, inWorkspace)]);
    chosen[key] = value as string | number;
  }
  return chosen;
}

function setValue(configuration: WorkspaceConfiguration, key: string) {
  const set = configuration.inspect(key);
  const inWorkspace = set?.workspaceFolderValue ?? set?.workspaceValue;
  return { value: inWorkspace ?? set?.globalValue, inWorkspace: inWorkspace !== undefined };
}

/** What is wrong with a value of a setting, a sentence; undefined: nothing. */
export function problemOf(setting: Setting, value: unknown): string | undefined {
  if (isAllowed(setting, value)) return undefined;
  const shown = JSON.stringify(value) as string | undefined;
  return l10n.t(
    'The setting {0} must be {1}, but it is {2}.',
    `${section}.${setting.key}`,
    allowed(setting),
    (shown ?? String(value)).slice(0, 60),
  );
}

function isAllowed(setting: Setting, value: unknown): boolean {
  const { type, minimum = -Infinity, maximum = Infinity, exclusiveMaximum = Infinity } = setting;
  if (type === 'string') {
    return typeof value === 'string' && (setting.enum?.includes(value) ?? true);
  }
  if (typeof value !== 'number' || (type === 'integer' && !Number.isSafeInteger(value)))
    return false;
  return value >= minimum && value <= maximum && value < exclusiveMaximum;
}

/** What values a setting takes, within a sentence: `a whole number from 1 to 8192`. */
export function allowed(setting: Setting): string {
  return translated(describeAllowed(allowedValues(setting)));
}

function allowedValues(setting: Setting): AllowedValues {
  const { type, enum: values, minimum = 0, exclusiveMaximum } = setting;
  if (values) return { type: 'enum', values };
  if (type === 'string') return { type: 'text' };
  const { maximum = exclusiveMaximum ?? Infinity } = setting;
  return { type, minimum, maximum, exclusiveMaximum: exclusiveMaximum !== undefined };
}

/** One group's settings with their defaults: `effectiveSettings('sampling', …).length`. */
export function effectiveSettings(
  group: string,
  scope: ConfigurationScope | undefined,
): Readonly<Record<string, unknown>> {
  return workspace.getConfiguration(section, scope).get<Record<string, unknown>>(group) ?? {};
}

/**
 * Where a file is that a setting names, such as `model.cell`. A relative path is one in the workspace
 * folder of the document, or beside the document.
 */
export function fileAddress(name: string, document: Uri): Uri {
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
