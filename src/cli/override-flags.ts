/** Flags of what can be said of a table, from the schema of FILE.rnn.json. */
import { Option, type Command } from 'commander';
import { settingEntries } from '../core/settings/settings';
import {
  checkOverrides,
  overrideFields,
  readOverride,
  type Overrides,
} from '../core/task/overrides';

/** What no setting says already. */
const flags = overrideFields.filter(
  ({ name }) =>
    name !== '$schema' &&
    !settingEntries.some(({ group, name: setting }) => group === 'data' && setting === name),
);

const values = { text: '<text>', number: '<N>', record: '<name=value>' } as const;

/** Adds a flag for each. */
export function addOverrides(command: Command, heading: string): void {
  for (const { name, description, syntax } of flags) {
    const option = new Option(`--${name} ${values[syntax]}`, description.replace(/\.$/, ''));
    command.addOption(option.helpGroup(heading));
  }
}

/**
 * What the user says of a table.
 * @returns undefined: nothing
 * @throws InputError that names what cannot be used
 */
export function givenOverrides(options: Readonly<Record<string, unknown>>): Overrides | undefined {
  const given = flags.flatMap(({ name, syntax }) => {
    const value = options[name];
    return typeof value === 'string' ? [[name, readOverride(name, syntax, value)] as const] : [];
  });
  return given.length === 0 ? undefined : checkOverrides(Object.fromEntries(given), 'flags');
}
