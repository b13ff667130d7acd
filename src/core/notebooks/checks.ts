/** What an experiment says that does not go together. */
import { sentence } from '../sentence';
import { limitKeys } from '../settings/settings';
import type { Axis } from './axes';
import type { YamlBlock, YamlEntry } from './yaml';

export const mostConfigurations = 10_000;

export function checkLimits(
  yaml: YamlBlock,
  axes: readonly Axis[],
  total: YamlEntry | undefined,
): void {
  const limits = axes.filter(({ key }) => limitKeys.some((limit) => limit === key));
  const hint = sentence`Keep one of steps, epochs, budget and total.`;
  const [, second] = limits;
  if (second !== undefined) {
    yaml.problem(second.ranges[0]!, sentence`Only one limit can end a run.`, hint);
  } else if (total !== undefined && limits.length > 0) {
    yaml.problem(total.keyRange, sentence`Only one limit can end a run.`, hint);
  }
}

export function checkSize(
  yaml: YamlBlock,
  axes: readonly Axis[],
  random: number | undefined,
): void {
  const size = axes.reduce(
    (product, { choice }) => product * (choice.kind === 'list' ? choice.values.length : 1),
    1,
  );
  if (random !== undefined || size <= mostConfigurations) return;
  const [first] = yaml.entries;
  const message = sentence`The lists make ${size} configurations, more than ${mostConfigurations}.`;
  yaml.problem(first!.keyRange, message, sentence`Draw some of them with random: 100.`);
}

export function checkHalving(
  yaml: YamlBlock,
  axes: readonly Axis[],
  entry: YamlEntry | undefined,
): void {
  if (entry === undefined) return;
  const wrong = axes.find(({ key, choice }) => {
    if (key === 'training.epochs') return true;
    const isLimit = key === 'training.steps' || key === 'training.seconds';
    if (isLimit) return choice.kind !== 'list' || choice.values.length > 1;
    return (
      key === 'training.patience' ||
      key === 'training.evaluateEvery' ||
      (key === 'data.validation' && choice.kind === 'list' && choice.values.includes(0))
    );
  });
  if (wrong === undefined) return;
  const message = sentence`Halving compares validation losses after the same share of the same budget, which ${wrong.name} does not go with.`;
  const hint = sentence`Give one number of steps or one budget, and leave out ${wrong.name}.`;
  yaml.problem(entry.keyRange, message, hint);
}
