import * as v from 'valibot';
import { InputError } from '../data/input-error';
import {
  settingsTable,
  type EnumSetting,
  type NumberSetting,
  type Setting,
} from './settings-table';

type Table = typeof settingsTable;
export type Group = keyof Table;

type ValueOf<S> = S extends NumberSetting
  ? number
  : S extends EnumSetting<infer Value>
    ? Value
    : string;

/** All settings of one group, e.g. `GroupSettings<'sampling'>`. */
export type GroupSettings<G extends Group> = {
  readonly [Name in keyof Table[G]]: ValueOf<Table[G][Name]>;
};

/** Complete settings of a run: `settings.model.hidden`. */
export type Settings = { readonly [G in Group]: GroupSettings<G> };

/** Some of the settings, as a user gives them. */
export type PartialSettings = { readonly [G in Group]?: Partial<GroupSettings<G>> };

/** A row of the table with its names. */
export interface SettingEntry {
  /** `model.hidden`: `rnnLab.model.hidden` in the editor. */
  readonly key: string;
  readonly group: Group;
  readonly name: string;
  /** `hidden`: `--hidden` on the command line. Unique within `train`, and within `sample`. */
  readonly flag: string;
  readonly setting: Setting;
}

/** Every setting, in the table's order. */
export const settingEntries: readonly SettingEntry[] = Object.entries(settingsTable).flatMap(
  ([group, settings]) =>
    Object.entries(settings as Record<string, Setting>).map(([name, setting]) => ({
      key: `${group}.${name}`,
      group: group as Group,
      name,
      flag: setting.flag ?? name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
      setting,
    })),
);

/** Settings that cannot be used; `message` is complete, `issues` has one entry a wrong setting. */
export class SettingsError extends InputError {
  override readonly name = 'SettingsError';
  readonly issues: readonly { readonly key: string; readonly message: string }[];

  constructor(issues: readonly { readonly key: string; readonly message: string }[]) {
    super(issues.map((issue) => issue.message).join(' '));
    this.issues = issues;
  }
}

/** What values a setting takes, for help and messages: `a whole number from 1 to 8192`. */
export function describeAllowed(setting: Setting): string {
  switch (setting.type) {
    case 'text':
      return 'a text';
    case 'enum':
      return `one of ${setting.values.join(', ')}`;
    case 'integer':
    case 'number': {
      const { minimum, maximum } = setting;
      const noun = setting.type === 'integer' ? 'a whole number' : 'a number';
      const auto = setting.automatic === true ? ', or auto' : '';
      return setting.exclusiveMaximum === true
        ? `${noun} from ${String(minimum)} to below ${String(maximum)}${auto}`
        : `${noun} from ${String(minimum)} to ${String(maximum)}${auto}`;
    }
  }
}

function label(entry: SettingEntry): string {
  return `${entry.key} (--${entry.flag})`;
}

function show(value: unknown): string {
  const shown =
    typeof value === 'number' || value === undefined ? String(value) : JSON.stringify(value);
  return shown.length > 60 ? `${shown.slice(0, 57)}…` : shown;
}

function schemaOf(entry: SettingEntry) {
  const { setting } = entry;
  const message = (issue: { readonly input: unknown }): string =>
    `${label(entry)} must be ${describeAllowed(setting)}; ${show(issue.input)} was given.`;
  switch (setting.type) {
    case 'text':
      return v.optional(v.string(message), setting.default);
    case 'enum':
      return v.optional(v.picklist(setting.values, message), setting.default);
    case 'integer':
    case 'number':
      return v.optional(
        v.pipe(
          v.unknown(),
          v.transform((value) => (setting.automatic === true && value === 'auto' ? 0 : value)),
          v.number(message),
          v.finite(message),
          v.check((value) => setting.type === 'number' || Number.isSafeInteger(value), message),
          v.minValue(setting.minimum, message),
          setting.exclusiveMaximum === true
            ? v.ltValue(setting.maximum, message)
            : v.maxValue(setting.maximum, message),
        ),
        setting.default,
      );
  }
}

const schema = v.object(
  Object.fromEntries(settingEntries.map((entry) => [entry.key, schemaOf(entry)])),
);

function unknownMessage(key: string): string {
  const near = settingEntries.find((entry) => editDistance(entry.key, key) <= 2);
  return `There is no setting ${key}.${near === undefined ? '' : ` Did you mean ${near.key}?`}`;
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}

/** `{ model: { hidden: 1 } }` and `{ 'model.hidden': 1 }` both become `model.hidden → 1`. */
function flatten(input: unknown): Map<string, unknown> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new SettingsError([
      { key: '', message: `Settings must be an object; ${show(input)} was given.` },
    ]);
  }
  const flat = new Map<string, unknown>();
  for (const [key, value] of Object.entries(input)) {
    if (key in settingsTable && typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value as Record<string, unknown>)) {
        flat.set(`${key}.${name}`, inner);
      }
    } else {
      flat.set(key, value);
    }
  }
  for (const [key, value] of flat) if (value === undefined) flat.delete(key);
  return flat;
}

/** The settings of which one ends a training. */
export const limitKeys = ['training.steps', 'training.epochs', 'training.seconds'] as const;

/** Exactly one limit holds: one that is given puts the others' defaults out of force. */
function settleLimit(flat: Map<string, unknown>): void {
  const positive = limitKeys.filter(
    (key) => typeof flat.get(key) === 'number' && Number(flat.get(key)) > 0,
  );
  if (positive.length > 1) {
    const given = positive.map((key) => `${key} = ${show(flat.get(key))}`).join(' and ');
    throw new SettingsError([
      {
        key: positive[1]!,
        message: `Only one limit can end a training, but ${given} were given. Keep one of them.`,
      },
    ]);
  }
  if (positive.length === 1) {
    for (const key of limitKeys) if (key !== positive[0]) flat.set(key, 0);
  } else if (flat.get('training.seconds') === 0) {
    throw new SettingsError([
      {
        key: 'training.seconds',
        message:
          'Training needs an end: give training.steps (--steps), training.epochs (--epochs) or training.seconds (--seconds) a value above 0.',
      },
    ]);
  }
}

/**
 * Checks settings and fills in the defaults. `steps`, `epochs` and `seconds` exclude one another: give
 * only what the user set, not the defaults of what they left alone.
 *
 * @param input nested (`{ model: { hidden: 128 } }`) or dotted (`{ 'model.hidden': 128 }`)
 * @throws SettingsError naming each wrong setting, what was given and what is allowed
 */
export function parseSettings(input: unknown): Settings {
  const flat = flatten(input);
  const unknown = [...flat.keys()].filter(
    (key) => !settingEntries.some((entry) => entry.key === key),
  );
  if (unknown.length > 0) {
    throw new SettingsError(unknown.map((key) => ({ key, message: unknownMessage(key) })));
  }
  settleLimit(flat);
  const result = v.safeParse(schema, Object.fromEntries(flat));
  if (!result.success) {
    throw new SettingsError(
      result.issues.map((issue) => ({ key: v.getDotPath(issue) ?? '', message: issue.message })),
    );
  }
  const nested: Record<string, Record<string, unknown>> = {};
  for (const { key, group, name } of settingEntries)
    (nested[group] ??= {})[name] = result.output[key];
  return nested as unknown as Settings;
}

/** What a flag's text means for `parseSettings`; what is no number stays text, so that the message can show it. */
export function readFlag(setting: Setting, value: string): string | number {
  if (setting.type === 'text' || setting.type === 'enum' || value.trim() === '') return value;
  const parsed = Number(value);
  return Number.isNaN(parsed) ? value : parsed;
}

/** What ends a training. */
export interface Limit {
  readonly kind: 'steps' | 'epochs' | 'seconds';
  readonly value: number;
}

/** The one limit in force. */
export function limitOf({ steps, epochs, seconds }: GroupSettings<'training'>): Limit {
  if (steps > 0) return { kind: 'steps', value: steps };
  if (epochs > 0) return { kind: 'epochs', value: epochs };
  return { kind: 'seconds', value: seconds };
}
