/** An `experiment` block: what is asked, as data. */
import { sentence, type Sentence } from '../sentence';
import { didYouMean } from '../suggest';
import {
  limitKeys,
  parseSettings,
  settingEntries,
  SettingsError,
  type SettingEntry,
} from '../settings/settings';
import { isVaried, type Axis, type Value } from './axes';
import { checkHalving, checkLimits, checkSize, mostConfigurations } from './checks';
import { isCondition, parseCondition, type Condition } from './expect';
import type { Block } from './markdown';
import type { Problem } from './problems';
import { leastP } from './statistics';
import { readSeconds } from './time';
import { readYaml, type Range, type YamlBlock, type YamlEntry, type YamlValue } from './yaml';

export interface Experiment {
  readonly name: string;
  /** Which of the notebook's parts it is. */
  readonly part: number;
  readonly block: Block;
  readonly axes: readonly Axis[];
  /** How many configurations are drawn; undefined: all that the lists make. */
  readonly random: number | undefined;
  readonly seeds: readonly number[];
  /** Training time of all runs together, s; undefined: the settings say when a run ends. */
  readonly total: number | undefined;
  /** The factor of successive halving. */
  readonly halving: number | undefined;
  readonly expect: readonly Condition[];
}

/** What is no setting. */
export const ownKeys = ['data', 'seeds', 'random', 'budget', 'total', 'halving', 'expect'] as const;
export type OwnKey = (typeof ownKeys)[number];

/** Settings whose values runs are scheduled by. */
const scheduled = ['training.threads'];

const trainingEntries = settingEntries.filter(({ group }) => group !== 'sampling');

/** By every way to write it: `weightDecay`, `weight-decay`, `training.weightDecay`. */
const entriesByName: ReadonlyMap<string, SettingEntry> = new Map(
  trainingEntries.flatMap((entry) =>
    [entry.name, entry.flag, entry.key].map((name) => [name, entry] as const),
  ),
);

/** The setting that a line of an experiment is about, however it is written; undefined: none. */
export function settingNamed(name: string): SettingEntry | undefined {
  const entry = entriesByName.get(name);
  return entry === undefined || scheduled.includes(entry.key) ? undefined : entry;
}

/** What can be said in an experiment, for completion: settings by their names, and what is no setting. */
export const experimentKeys: readonly string[] = [
  ...ownKeys,
  ...trainingEntries.filter(({ key }) => !scheduled.includes(key)).map(({ name }) => name),
];

const mostSeeds = 1000;

/** Reads an experiment; where there are problems, what it says is not to be run. */
export async function readExperiment(
  block: Block,
  part: number,
  name: string,
): Promise<{ readonly experiment: Experiment; readonly problems: readonly Problem[] }> {
  const yaml = await readYaml(block);
  const own = new Map<OwnKey, YamlEntry>();
  const axes: Axis[] = [];
  const isRandom = yaml.entries.some(({ key }) => key === 'random');
  for (const entry of yaml.entries) {
    const key = ownKeys.find((each) => each === entry.key);
    if (key !== undefined) own.set(key, entry);
    if (key === 'data') axes.push(dataAxis(yaml, entry));
    if (key !== undefined) continue;
    const setting = entriesByName.get(entry.key);
    if (setting === undefined) unknownKey(yaml, entry);
    else addAxis(yaml, axes, entry, setting, isRandom);
  }
  const seedAxis = axes.find(({ key }) => key === 'training.seed');
  const settled = axes.filter((axis) => axis !== seedAxis);
  const seeds = seedsOf(yaml, own.get('seeds'), seedAxis);
  addBudget(yaml, settled, own.get('budget'));
  const total = secondsOf(yaml, own.get('total'));
  checkLimits(yaml, settled, own.get('total'));
  if (yaml.entries.length > 0 && !own.has('data')) {
    const [{ keyRange } = { keyRange: [0, 1] as Range }] = yaml.entries;
    const hint = sentence`Add a line such as data: FILE, or the name of a text block.`;
    yaml.problem(keyRange, sentence`The experiment does not say what is learnt from.`, hint);
  }
  const random = wholeOf(yaml, own.get('random'), 1, mostConfigurations);
  checkSize(yaml, settled, random);
  const halving = wholeOf(yaml, own.get('halving'), 2, 100);
  checkHalving(yaml, settled, own.get('halving'));
  const expect = conditionsOf(yaml, own.get('expect'), settled, seeds.length);
  const experiment = { name, part, block, axes: settled, random, seeds, total, halving, expect };
  return { experiment, problems: yaml.problems };
}

function unknownKey({ problem }: YamlBlock, { key, keyRange }: YamlEntry): void {
  const near = didYouMean(key, [...ownKeys, ...entriesByName.keys()]);
  const hint = near ?? sentence`docs/settings.md lists all of them.`;
  problem(keyRange, sentence`An experiment has no setting ${key}.`, hint);
}

function addAxis(
  yaml: YamlBlock,
  axes: Axis[],
  entry: YamlEntry,
  setting: SettingEntry,
  isRandom: boolean,
): void {
  const { keyRange, value } = entry;
  if (scheduled.includes(setting.key)) {
    yaml.problem(
      keyRange,
      sentence`An experiment does not set ${setting.name}: runs share the cores, and the losses are the same.`,
      sentence`Leave it out; --jobs says how many run side by side.`,
    );
    return;
  }
  if (axes.some(({ key }) => key === setting.key)) {
    yaml.problem(keyRange, sentence`${setting.name} is there twice.`, sentence`Keep one of them.`);
    return;
  }
  const choice =
    value.kind === 'map'
      ? rangeChoice(yaml, value, setting, isRandom)
      : listChoice(yaml, value, (item) => settingValue(yaml, item, setting));
  if (choice) axes.push({ name: setting.name, key: setting.key, ...choice });
}

function dataAxis(yaml: YamlBlock, { value }: YamlEntry): Axis {
  const choice = listChoice(yaml, value, (item) => {
    if (item.kind === 'scalar' && typeof item.value === 'string' && item.value !== '') {
      return item.value;
    }
    yaml.problem(item.range, sentence`data is the path of a file, or the name of a text block.`);
    return undefined;
  });
  const nothing = { choice: { kind: 'list', values: [] } as const, ranges: [] };
  return { name: 'data', key: undefined, ...(choice ?? nothing) };
}

type Chosen = Pick<Axis, 'choice' | 'ranges'>;

function listChoice(
  yaml: YamlBlock,
  value: YamlValue,
  read: (item: YamlValue) => Value | undefined,
): Chosen | undefined {
  const items = value.kind === 'list' ? value.items : [value];
  if (items.length === 0) {
    yaml.problem(value.range, sentence`The list is empty.`, sentence`Give at least one value.`);
    return undefined;
  }
  const values: Value[] = [];
  const ranges: Range[] = [];
  for (const item of items) {
    const each = read(item);
    if (each === undefined) continue;
    if (values.includes(each)) {
      yaml.problem(item.range, sentence`${each} is there twice.`, sentence`Keep one of them.`);
      continue;
    }
    values.push(each);
    ranges.push(item.range);
  }
  return values.length === 0 ? undefined : { choice: { kind: 'list', values }, ranges };
}

/** One value of a setting, as its table allows. */
function settingValue(
  yaml: YamlBlock,
  item: YamlValue,
  { key, name, setting }: SettingEntry,
): Value | undefined {
  if (item.kind !== 'scalar' || item.value === null) {
    yaml.problem(item.range, sentence`${name} takes a value, or a list of values.`);
    return undefined;
  }
  let { value } = item;
  if (typeof value === 'boolean') value = value ? 'on' : 'off';
  if (setting.type === 'text') value = String(value);
  if (key === 'training.seconds' && typeof value === 'string') value = readSeconds(value) ?? value;
  if (value === 'auto' && 'automatic' in setting && setting.automatic) value = 0;
  const issue = issueOf(key, value);
  if (issue === undefined) return value;
  yaml.problem(item.range, issue);
  return undefined;
}

function issueOf(key: string, value: Value): Sentence | undefined {
  // That another limit holds is no mistake of this value.
  if (limitKeys.some((limit) => limit === key) && value === 0) {
    return sentence`A run needs an end above 0.`;
  }
  try {
    parseSettings({ [key]: value });
    return undefined;
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.whole;
  }
}

const rangeKinds = ['log', 'uniform', 'int'] as const;

/** `{log: [1e-4, 1e-2]}` */
function rangeChoice(
  yaml: YamlBlock,
  value: Extract<YamlValue, { kind: 'map' }>,
  entry: SettingEntry,
  isRandom: boolean,
): Chosen | undefined {
  const [first, second] = value.entries;
  const kind = rangeKinds.find((each) => each === first?.key);
  const ends = first?.value.kind === 'list' ? first.value.items : [];
  if (kind === undefined || second !== undefined || ends.length !== 2) {
    const hint = sentence`Write it as in: {log: [1e-4, 1e-2]}, {uniform: [0, 0.5]} or {int: [32, 256]}.`;
    yaml.problem(value.range, sentence`A range has a kind and two ends.`, hint);
    return undefined;
  }
  if (!isRandom) {
    const hint = sentence`Add a line such as random: 20, or give a list.`;
    yaml.problem(value.range, sentence`A range is drawn from, and nothing says how often.`, hint);
    return undefined;
  }
  const [from, to] = ends.map((end) => settingValue(yaml, end, entry));
  if (from === undefined || to === undefined) return undefined;
  const isInOrder = typeof from === 'number' && typeof to === 'number' && from < to;
  const isPositive = kind !== 'log' || Number(from) > 0;
  if (!isInOrder || !isPositive) {
    const message = isInOrder
      ? sentence`A logarithmic range begins above 0.`
      : sentence`A range goes from a number to a larger one.`;
    yaml.problem(first!.value.range, message);
    return undefined;
  }
  if (entry.setting.type === 'integer' && kind === 'uniform') {
    const message = sentence`${entry.name} is a whole number.`;
    yaml.problem(first!.keyRange, message, sentence`Draw it with int or log.`);
    return undefined;
  }
  return { choice: { kind, from, to }, ranges: [value.range] };
}

function wholeOf(
  yaml: YamlBlock,
  entry: YamlEntry | undefined,
  least: number,
  most: number,
): number | undefined {
  if (entry === undefined) return undefined;
  const { key, value } = entry;
  const given = value.kind === 'scalar' ? value.value : undefined;
  if (Number.isSafeInteger(given) && Number(given) >= least && Number(given) <= most) {
    return Number(given);
  }
  yaml.problem(value.range, sentence`${key} must be a whole number from ${least} to ${most}.`);
  return undefined;
}

function seedsOf(
  yaml: YamlBlock,
  entry: YamlEntry | undefined,
  axis: Axis | undefined,
): readonly number[] {
  const given = axis?.choice.kind === 'list' ? axis.choice.values.map(Number) : [1];
  if (entry === undefined) return given;
  if (given.length > 1) {
    const message = sentence`seed is a list, and seeds counts them.`;
    yaml.problem(entry.keyRange, message, sentence`Keep one of them.`);
  }
  const count = wholeOf(yaml, entry, 1, mostSeeds) ?? 1;
  return Array.from({ length: count }, (_, i) => given[0]! + i);
}

function secondsOf(yaml: YamlBlock, entry: YamlEntry | undefined): number | undefined {
  if (entry === undefined) return undefined;
  const { value } = entry;
  const given = value.kind === 'scalar' ? value.value : null;
  const seconds = typeof given === 'number' ? given : readSeconds(String(given));
  if (seconds !== undefined && seconds > 0) return seconds;
  yaml.problem(value.range, sentence`${entry.key} is a time, such as 60 s, 10 min or 2 h.`);
  return undefined;
}

/** A time for each run is the setting `seconds`. */
function addBudget(yaml: YamlBlock, axes: Axis[], entry: YamlEntry | undefined): void {
  const seconds = secondsOf(yaml, entry);
  if (entry === undefined || seconds === undefined) return;
  if (axes.some(({ key }) => key === 'training.seconds')) {
    const message = sentence`budget and seconds say the same.`;
    yaml.problem(entry.keyRange, message, sentence`Keep one of them.`);
    return;
  }
  const choice = { kind: 'list', values: [seconds] } as const;
  axes.push({ name: 'seconds', key: 'training.seconds', choice, ranges: [entry.value.range] });
}

function conditionsOf(
  yaml: YamlBlock,
  entry: YamlEntry | undefined,
  axes: readonly Axis[],
  seeds: number,
): Condition[] {
  if (entry === undefined) return [];
  const names = new Map(axes.flatMap((axis) => namesOf(axis).map((name) => [name, axis.name])));
  const items = entry.value.kind === 'list' ? entry.value.items : [entry.value];
  return items.flatMap((item) => {
    if (item.kind !== 'scalar' || typeof item.value !== 'string' || item.value === '') {
      yaml.problem(
        item.range,
        sentence`A condition is a text.`,
        sentence`Write it as in: median(validationLoss) < 1.62.`,
      );
      return [];
    }
    const condition = parseCondition(item.value, names);
    if (isCondition(condition)) {
      checkPairs(yaml, item.range, condition, axes, seeds);
      return [condition];
    }
    // A quoted text begins behind its quote.
    const quote = item.range[1] - item.range[0] > item.value.length ? 1 : 0;
    const from = item.range[0] + quote + condition.offset;
    yaml.problem([from, Math.max(from + 1, item.range[1] - quote)], condition.message);
    return [];
  });
}

/** So few pairs that no result could ever hold are a mistake of the experiment. */
function checkPairs(
  yaml: YamlBlock,
  range: Range,
  { level }: Condition,
  axes: readonly Axis[],
  seeds: number,
): void {
  const isAlone = axes.filter(({ choice }) => isVaried(choice)).length <= 1;
  if (level === null || !isAlone || leastP(seeds) <= level) return;
  const needed = Math.ceil(Math.log2(1 / level));
  const message = sentence`With ${seeds} pairs the p of a paired test cannot be less than ${leastP(seeds)}.`;
  yaml.problem(range, message, sentence`Give at least seeds: ${needed}.`);
}

function namesOf({ name, key }: Axis): string[] {
  const entry = trainingEntries.find((each) => each.key === key);
  return entry === undefined ? [name] : [entry.name, entry.flag, entry.key];
}
