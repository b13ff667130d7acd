/** Command-line flags made from the one table of settings. */
import { Option, type Command } from 'commander';
import { describeAllowed } from '../core/allowed-values';
import { toEnglish } from '../core/sentence';
import { readFlag, settingEntries, type Group, type SettingEntry } from '../core/settings/settings';
import type { SettingValues } from '../protocol/engine';

/** Adds a flag for each setting of a group. */
export function addSettings(command: Command, group: Group, heading: string): void {
  for (const entry of settingEntries.filter((candidate) => candidate.group === group)) {
    command.addOption(settingOption(entry).helpGroup(heading));
  }
}

/** A flag for one setting; `description` replaces the table's where the setting means something narrower. */
export function settingOption(entry: SettingEntry, description = describe(entry)): Option {
  const value = isSwitch(entry) ? '[on]' : `<${placeholder(entry)}>`;
  return new Option(`--${entry.flag} ${value}`, description);
}

/** The entry of a key such as `model.hidden`. */
export function settingEntry(key: string): SettingEntry {
  const entry = settingEntries.find((candidate) => candidate.key === key);
  if (entry === undefined) throw new Error(`There is no setting ${key}.`);
  return entry;
}

/**
 * The settings that the user gave, by dotted key. Values are not checked here: `parseSettings` does.
 * @param options the command's options by their camel-cased flags
 */
export function givenSettings(
  options: Readonly<Record<string, unknown>>,
  groups: readonly Group[],
): SettingValues {
  const given: Record<string, string | number> = {};
  for (const entry of settingEntries) {
    if (!groups.includes(entry.group)) continue;
    const value = options[camelCase(entry.flag)];
    // A switch that is given without a value is on.
    if (value === true) given[entry.key] = 'on';
    if (typeof value === 'string') given[entry.key] = readFlag(entry.setting, value);
  }
  return given;
}

function camelCase(flag: string): string {
  return flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function isSwitch({ setting }: SettingEntry): boolean {
  return setting.type === 'enum' && setting.values.join() === 'off,on';
}

function placeholder({ name, setting }: SettingEntry): string {
  if (name === 'cell') return 'cell';
  switch (setting.type) {
    case 'integer':
      return 'N';
    case 'number':
      return setting.unit === 's' ? 'S' : 'X';
    case 'enum':
      return 'name';
    case 'text':
      return 'text';
  }
}

function describe(entry: SettingEntry): string {
  const { setting } = entry;
  const automatic = 'automatic' in setting && setting.automatic && setting.default === 0;
  const standard = automatic ? 'auto' : String(setting.default);
  const notes = [
    ...(setting.type === 'integer' || setting.type === 'number' ? [range(entry)] : []),
    ...(setting.type === 'enum' ? [setting.values.join(', ')] : []),
    ...(standard === '' ? [] : [`default ${standard}`]),
  ];
  const sentence = setting.description.replace(/\.$/, '');
  return notes.length === 0 ? sentence : `${sentence} (${notes.join('; ')})`;
}

/** `1 to 8192` */
function range({ setting }: SettingEntry): string {
  return toEnglish(describeAllowed(setting))
    .replace(/^a (whole )?number from /, '')
    .replace(/, or auto$/, '')
    .replace(/ to 1000000000$/, ' or more');
}
