import * as v from 'valibot';
import { float32Problem } from '../float32';
import { describeAllowed } from '../allowed-values';
import { InputError } from '../input-error';
import { didYouMean, listed } from '../suggest';
import { joined, sentence, type Sentence } from '../sentence';
import type { EnumSetting, NumberSetting, Setting } from './setting';
import { settingsTable } from './table';

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

/** A setting that cannot be used. */
export interface SettingIssue {
  /** `model.hidden`; empty where there are no settings at all. */
  readonly key: string;
  readonly message: Sentence;
}

/** Settings that cannot be used; `problem` is complete, `issues` has one entry a wrong setting. */
export class SettingsError extends InputError {
  override readonly name = 'SettingsError';

  /** @param hint what to do about all of them, where their messages do not say it */
  constructor(
    readonly issues: readonly SettingIssue[],
    hint?: Sentence,
  ) {
    super(
      issues.map(({ message }) => message).reduce((told, message) => joined(told, message)),
      hint,
    );
  }
}

function show(value: unknown): string {
  const shown =
    typeof value === 'number' || value === undefined ? String(value) : JSON.stringify(value);
  return shown.length > 60 ? `${shown.slice(0, 57)}…` : shown;
}

function schemaOf({ setting }: SettingEntry) {
  switch (setting.type) {
    case 'text':
      return v.optional(v.string(), setting.default);
    case 'enum':
      return v.optional(v.picklist(setting.values), setting.default);
    case 'integer':
    case 'number':
      return v.optional(
        v.pipe(
          v.unknown(),
          v.transform((value) => (setting.automatic === true && value === 'auto' ? 0 : value)),
          v.number(),
          v.finite(),
          v.check((value) => setting.type === 'number' || Number.isSafeInteger(value)),
          v.check((value) => float32Problem(value) === undefined),
          v.minValue(setting.minimum),
          setting.exclusiveMaximum === true
            ? v.ltValue(setting.maximum)
            : v.maxValue(setting.maximum),
        ),
        setting.default,
      );
  }
}

const schema = v.object(
  Object.fromEntries(settingEntries.map((entry) => [entry.key, schemaOf(entry)])),
);

function wrongValue({ key, flag, setting }: SettingEntry, value: unknown): SettingIssue {
  const message = sentence`${key} (--${flag}) must be ${describeAllowed(setting)}; ${show(value)} was given.`;
  const hint = typeof value === 'number' ? float32Problem(value)?.hint : undefined;
  return { key, message: hint === undefined ? message : joined(message, hint) };
}

function unknownSetting(key: string): SettingIssue {
  const near = didYouMean(
    key,
    settingEntries.map((entry) => entry.key),
  );
  return { key, message: joined(sentence`There is no setting ${key}.`, near) };
}

/** `{ model: { hidden: 1 } }` and `{ 'model.hidden': 1 }` both become `model.hidden → 1`. */
function flatten(input: unknown): Map<string, unknown> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    const message = sentence`Settings must be an object; ${show(input)} was given.`;
    throw new SettingsError([{ key: '', message }]);
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
  const [, second] = positive;
  if (second !== undefined) {
    const given = listed(positive.map((key) => `${key} = ${show(flat.get(key))}`));
    const message = sentence`Only one limit can end a training, but ${given} were given. Keep one of them.`;
    throw new SettingsError([{ key: second, message }]);
  }
  if (positive.length === 1) {
    // One that is given and cannot be used stays, to be refused.
    for (const key of limitKeys) if (!flat.has(key)) flat.set(key, 0);
  } else if (flat.get('training.seconds') === 0) {
    const message = sentence`Training needs an end: give training.steps (--steps), training.epochs (--epochs) or training.seconds (--seconds) a value above 0.`;
    throw new SettingsError([{ key: 'training.seconds', message }]);
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
  if (unknown.length > 0) throw new SettingsError(unknown.map(unknownSetting));
  settleLimit(flat);
  const result = v.safeParse(schema, Object.fromEntries(flat), { abortPipeEarly: true });
  if (!result.success) {
    const wrong = new Set(result.issues.map((issue) => v.getDotPath(issue)));
    const entries = settingEntries.filter(({ key }) => wrong.has(key));
    throw new SettingsError(entries.map((entry) => wrongValue(entry, flat.get(entry.key))));
  }
  const nested: Record<string, Record<string, unknown>> = {};
  for (const { key, group, name } of settingEntries)
    (nested[group] ??= {})[name] = result.output[key];
  return nested as unknown as Settings;
}

/**
 * The settings of a saved run, which may be of an earlier version that allowed more.
 * @throws SettingsError if they are not settings
 */
export function parseSavedSettings(input: unknown): Settings {
  const flat = flatten(input);
  for (const { key, setting } of settingEntries) {
    if (!('formerMinimum' in setting)) continue;
    const value = flat.get(key);
    const isFormer =
      typeof value === 'number' && value >= setting.formerMinimum && value < setting.minimum;
    if (isFormer) flat.set(key, setting.minimum);
  }
  return parseSettings(Object.fromEntries(flat));
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
