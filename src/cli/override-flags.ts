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

const values = { text: '<text>', list: '<text>', number: '<N>', record: '<name=value>' } as const;

/** Adds a flag for each. */
export function addOverrides(command: Command, heading: string): void {
  for (const { name, description, syntax } of flags) {
    const option = new Option(`--${name} ${values[syntax]}`, description.replace(/\.$/, ''));
    // As often as it is given, so that no value that follows is taken for another.
    if (syntax === 'list') option.argParser(appended);
    command.addOption(option.helpGroup(heading));
  }
}

/** A flag that is given as often as there are values. */
export function appended(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/**
 * What the user says of a table.
 * @returns undefined: nothing
 * @throws InputError that names what cannot be used
 */
export function givenOverrides(options: Readonly<Record<string, unknown>>): Overrides | undefined {
  const given = flags.flatMap(({ name, syntax }) => {
    const value = options[name];
    if (Array.isArray(value)) {
      const lists = (value as string[]).map((one) => readOverride(name, syntax, one));
      return [[name, lists.flat()] as const];
    }
    return typeof value === 'string' ? [[name, readOverride(name, syntax, value)] as const] : [];
  });
  return given.length === 0 ? undefined : checkOverrides(Object.fromEntries(given), 'flags');
}
