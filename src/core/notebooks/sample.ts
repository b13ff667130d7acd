/** A `sample` block: which run writes, and how. */
import { sentence } from '../sentence';
import {
  parseSettings,
  settingEntries,
  SettingsError,
  type SettingEntry,
} from '../settings/settings';
import { didYouMean, listed } from '../suggest';
import type { Block } from './markdown';
import type { Problem } from './problems';
import { readYaml } from './yaml';

export interface Sample {
  readonly part: number;
  readonly block: Block;
  /** The experiment whose best run writes. */
  readonly run: string;
  /** By their dotted keys: `sampling.prime`. */
  readonly settings: Readonly<Record<string, string | number>>;
}

const samplingEntries = settingEntries.filter(({ group }) => group === 'sampling');
/** What people call the number of tokens too. */
const otherNames: Readonly<Record<string, string>> = { tokens: 'length' };

/** What can be said in a `sample` block. */
export const sampleKeys: readonly string[] = [
  'run',
  ...samplingEntries.map(({ name }) => name),
  ...Object.keys(otherNames),
];

/** The setting of sampling that a line is about; undefined: none. */
export function samplingNamed(name: string): SettingEntry | undefined {
  const known = otherNames[name] ?? name;
  return samplingEntries.find((entry) => [entry.name, entry.flag, entry.key].includes(known));
}

/** @param experiments the names of those that stand above it */
export async function readSample(
  block: Block,
  part: number,
  experiments: readonly string[],
): Promise<{ readonly sample: Sample; readonly problems: readonly Problem[] }> {
  const { entries, problem, problems } = await readYaml(block);
  const settings: Record<string, string | number> = {};
  let run = '';
  for (const { key, keyRange, value } of entries) {
    const given = value.kind === 'scalar' ? value.value : null;
    const entry = samplingNamed(key);
    if (key === 'run') {
      run = String(given);
      if (experiments.includes(run)) continue;
      const known = sentence`Above it are ${listed([...experiments])}.`;
      const hint =
        experiments.length === 0
          ? sentence`Put one above it.`
          : (didYouMean(run, experiments) ?? known);
      problem(value.range, sentence`There is no experiment ${run} above this block.`, hint);
    } else if (entry === undefined) {
      const hint = didYouMean(key, sampleKeys) ?? sentence`Known are ${listed([...sampleKeys])}.`;
      problem(keyRange, sentence`A sample has no setting ${key}.`, hint);
    } else {
      const text = entry.setting.type === 'text';
      settings[entry.key] = text || typeof given !== 'number' ? String(given ?? '') : given;
      try {
        parseSettings({ [entry.key]: settings[entry.key] });
      } catch (error) {
        if (!(error instanceof SettingsError)) throw error;
        problem(value.range, error.whole);
      }
    }
  }
  if (run === '' && entries.length > 0) {
    const hint = sentence`Add a line such as run: NAME, with the name of an experiment above it.`;
    problem(entries[0]!.keyRange, sentence`The sample does not say which run writes.`, hint);
  }
  // The same each time, unless it is said otherwise.
  return { sample: { part, block, run, settings: { 'sampling.seed': 1, ...settings } }, problems };
}
