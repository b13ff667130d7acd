/** An experiment as the runs that it asks for. */
import { createRandom, type Random } from '../random/random';
import { parseSettings, settingEntries } from '../settings/settings';
import { isVaried, type Axis, type Value } from './axes';
import type { Experiment } from './experiment';
import { costOf, rungsOf, type Rung } from './halving';

/** A run that an experiment asks for. */
export interface Trial {
  /** Runs that differ by their seed alone have the same, from 0. */
  readonly configuration: number;
  readonly seed: number;
  /** What the experiment says of it, by the settings' names; `data` is one of them. */
  readonly values: Readonly<Record<string, Value>>;
  /** By their dotted keys, as `parseSettings` takes them; the cell and files as the notebook names them. */
  readonly settings: Readonly<Record<string, Value>>;
  /** What it is: the same data, equations, settings and seed have the same, wherever they stand. */
  readonly address: string;
  /** Runs whose steps take the same time have the same: data, equations and sizes. */
  readonly kind: string;
}

export interface Plan {
  readonly experiment: Experiment;
  /** By their seeds, then by their configurations: each seed is whole before the next. */
  readonly trials: readonly Trial[];
  readonly configurations: number;
  /** Those that differ between configurations, in the experiment's order. */
  readonly varied: readonly Axis[];
  /** Of successive halving; undefined: every run goes to its end. */
  readonly rungs: readonly Rung[] | undefined;
}

/** What a trial is made of beside its settings, as hashes. */
export interface Fingerprints {
  data(value: string): string;
  /** The equations of a cell as the notebook names it. */
  cell(value: string): string;
  /** A file that a setting names. */
  file(path: string): string;
  /** A hash of a text, in hexadecimal. */
  hash(text: string): string;
}

/** Changes where the same settings would no longer make the same run. */
const format = 1;

/** Settings that a step takes no longer for. */
const withoutCost: readonly string[] = [
  ...['seed', 'steps', 'epochs', 'seconds', 'learningRate', 'clip', 'clipValue', 'weightDecay'],
  ...['momentum', 'alpha', 'beta1', 'beta2', 'epsilon', 'schedule', 'warmup', 'decayFactor'],
  ...['decayEvery', 'minimumRatio', 'patience'],
].map((name) => `training.${name}`);

/** Whether a setting's value is the path of a file. */
export function isFile(key: string, value: Value): value is string {
  return (
    (key === 'model.vectors' && value !== '') ||
    (key === 'model.decoder' && String(value).endsWith('.rnn'))
  );
}

export function planOf(experiment: Experiment, fingerprints: Fingerprints): Plan {
  const points = experiment.random === undefined ? grid(experiment) : drawn(experiment);
  const { seeds, halving, total } = experiment;
  const rungs = halving === undefined ? undefined : rungsOf(points.length, halving);
  const runs = seeds.length * (rungs === undefined ? points.length : costOf(rungs));
  const budget = total === undefined ? {} : { 'training.seconds': total / runs };
  const trials = seeds.flatMap((seed) =>
    points.map((values, configuration): Trial => {
      const settings = { ...settingsOf(experiment, values), ...budget, 'training.seed': seed };
      const parts = { ...whatItIs(settings, values, fingerprints), halving: rungs?.[0]?.share };
      const costly = Object.entries(parts.settings).filter(([key]) => !withoutCost.includes(key));
      return {
        ...{ configuration, seed, values, settings },
        address: fingerprints.hash(JSON.stringify(parts)).slice(0, 16),
        kind: fingerprints.hash(JSON.stringify({ ...parts, settings: costly })).slice(0, 16),
      };
    }),
  );
  const varied = experiment.axes.filter(({ choice }) => isVaried(choice));
  return { experiment, trials, configurations: points.length, varied, rungs };
}

function settingsOf(
  { axes }: Experiment,
  values: Readonly<Record<string, Value>>,
): Record<string, Value> {
  return Object.fromEntries(
    axes.flatMap(({ name, key }) => (key === undefined ? [] : [[key, values[name]!] as const])),
  );
}

/** All that decides what a run learns and what is kept of it, in one order. */
function whatItIs(
  given: Readonly<Record<string, Value>>,
  values: Readonly<Record<string, Value>>,
  fingerprints: Fingerprints,
): { settings: Record<string, Value>; [part: string]: unknown } {
  const parsed = parseSettings(given);
  const settings: Record<string, Value> = {};
  for (const { key, group, name } of settingEntries) {
    // Any number of threads comes to the same bits.
    if (group === 'sampling' || key === 'training.threads' || key === 'model.cell') continue;
    const value = (parsed[group] as Readonly<Record<string, Value>>)[name]!;
    settings[key] = isFile(key, value) ? fingerprints.file(value) : value;
  }
  const data = fingerprints.data(String(values['data']));
  const cell = fingerprints.cell(parsed.model.cell);
  return { format, data, cell, settings };
}

/** All combinations, the last axis fastest. */
function grid({ axes }: Experiment): Record<string, Value>[] {
  let points: Record<string, Value>[] = [{}];
  for (const { name, choice } of axes) {
    const values = choice.kind === 'list' ? choice.values : [];
    points = points.flatMap((point) => values.map((value) => ({ ...point, [name]: value })));
  }
  return points;
}

/** Each axis draws from a sequence of its own: more draws, or another axis, leave those before as they were. */
function drawn({ axes, random = 0 }: Experiment): Record<string, Value>[] {
  const points = Array.from({ length: random }, (): Record<string, Value> => ({}));
  for (const axis of axes) {
    const generator = createRandom(seedOfName(axis.name));
    for (const point of points) point[axis.name] = draw(axis, generator);
  }
  return points;
}

/** Digits that are kept of what is drawn, so that tables and command lines can say it. */
const digits = 4;

function draw({ choice, key }: Axis, random: Random): Value {
  if (choice.kind === 'list') return choice.values[random.integer(choice.values.length)]!;
  const { kind, from, to } = choice;
  if (kind === 'int') return from + random.integer(to - from + 1);
  const share = random.uniform();
  const value =
    kind === 'log'
      ? Math.exp(Math.log(from) + share * (Math.log(to) - Math.log(from)))
      : from + share * (to - from);
  const isWhole = settingEntries.find((entry) => entry.key === key)?.setting.type === 'integer';
  return isWhole ? Math.round(value) : Number(value.toPrecision(digits));
}

/** FNV-1a, 32 bits. */
function seedOfName(name: string): number {
  let hash = 0x811c9dc5;
  for (const character of name) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  return hash >>> 0;
}

/** Whether the grid is whole: every combination of lists, none drawn, none stopped early. */
export function isGrid({ experiment, rungs }: Plan): boolean {
  return experiment.random === undefined && rungs === undefined;
}
