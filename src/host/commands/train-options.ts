import { env, l10n, type Memento, type Uri } from 'vscode';
import type { Limit, SettingValues } from '../../protocol/engine';
import { formatFor } from '../../protocol/format';
import { allowed, effectiveSettings, problemOf, type Setting } from '../configuration';
import {
  askAll,
  back,
  choose,
  lastUsed,
  type Answer,
  type Choice,
  type Place,
  type Reading,
} from './ask';
import { lastPart } from '../runs/last-part';
import { parseLimit, unitsOf } from './limit';

/** Where the last answers are, for this workspace. */
const memory = 'trainOptions';

/** What is asked before a training. */
interface Answers {
  readonly cell: string;
  readonly hidden: number;
  readonly layers: number;
  readonly limit: Limit;
}

/** What the questions need to know. */
interface Sources {
  /** Above each question: what is trained on. */
  readonly title: string;
  readonly settings: readonly Setting[];
  /** What the settings say. */
  readonly configured: Answers;
  readonly remembered: Answers | undefined;
}

/**
 * Asks for cell, hidden size, layers and time; the last answers in this workspace are offered first.
 *
 * @returns settings to train with in place of the configured ones; undefined: cancelled
 */
export async function askTrainOptions(
  settings: readonly Setting[],
  memento: Memento,
  document: Uri,
): Promise<SettingValues | undefined> {
  const configured = configuredAnswers(document);
  const kept = memento.get<Partial<Answers>>(memory);
  const remembered = kept && { ...configured, ...kept };
  const title = l10n.t('Train RNN on {0}', lastPart(document.path));
  const sources = { title, settings, configured, remembered };
  const answers = await askAll<Answers>(remembered ?? configured, [
    (given, place) => askCell(given, place, sources),
    (given, place) => askNumber('hidden', given, place, sources),
    (given, place) => askNumber('layers', given, place, sources),
    (given, place) => askLimit(given, place, sources),
  ]);
  if (!answers) return undefined;
  await memento.update(memory, answers);
  const { cell, hidden, layers, limit } = answers;
  return {
    'model.cell': cell,
    'model.hidden': hidden,
    'model.layers': layers,
    [`training.${limit.kind}`]: limit.value,
  };
}

function configuredAnswers(document: Uri): Answers {
  const model = effectiveSettings('model', document);
  const { steps, epochs, seconds } = effectiveSettings('training', document);
  const limits: Limit[] = [
    { kind: 'steps', value: Number(steps) },
    { kind: 'epochs', value: Number(epochs) },
    { kind: 'seconds', value: Number(seconds) },
  ];
  return {
    cell: String(model['cell']),
    hidden: Number(model['hidden']),
    layers: Number(model['layers']),
    limit: limits.find(({ value }) => value > 0) ?? { kind: 'seconds', value: 60 },
  };
}

async function askCell(
  given: Answers,
  place: Required<Place>,
  sources: Sources,
): Promise<Answer<Answers>> {
  const { title, configured, remembered } = sources;
  const { browseForCell, cellChoices } = await import('./cells');
  // No cell is called so.
  const browse = '…';
  const notes = new Map([[configured.cell, l10n.t('setting')]]);
  if (remembered) notes.set(remembered.cell, lastUsed());
  const cell = await choose<string>({
    ...place,
    title,
    placeholder: l10n.t('Which cell? Type to search in names and equations.'),
    choices: cellChoices(notes).then((choices) => [
      ...choices,
      { label: `$(folder-opened) ${l10n.t('Browse…')}`, value: browse, alwaysShow: true },
    ]),
    isActive: (value) => value === given.cell,
  });
  if (cell === undefined || cell === back) return cell;
  if (cell !== browse) return { ...given, cell };
  const found = await browseForCell();
  return found === undefined ? askCell(given, place, sources) : { ...given, cell: found };
}

/** What is offered beside the configured and the last number. */
const presets = {
  hidden: () => [
    { value: 64, description: l10n.t('small: a first try in seconds') },
    { value: 128, description: '' },
    { value: 256, description: '' },
    { value: 512, description: l10n.t('large: learns more, and more slowly') },
    { value: 1024, description: '' },
  ],
  layers: () => [1, 2, 3, 4].map((value) => ({ value, description: '' })),
} as const;

async function askNumber(
  name: 'hidden' | 'layers',
  given: Answers,
  place: Required<Place>,
  { title, settings, configured, remembered }: Sources,
): Promise<Answer<Answers>> {
  const setting = settings.find(({ key }) => key === `model.${name}`)!;
  const { count } = formatFor(env.language);
  const toChoice = (value: number, description: string): Choice<number> => ({
    label: count(value),
    description,
    value,
  });
  const note = noteOf(configured[name], remembered?.[name]);
  const offered = new Map(presets[name]().map(({ value, description }) => [value, description]));
  for (const value of [configured[name], given[name]]) {
    if (!offered.has(value) && problemOf(setting, value) === undefined) offered.set(value, '');
  }
  const choices = [...offered]
    .sort(([a], [b]) => a - b)
    .map(([value, description]) =>
      toChoice(value, [description, note(value)].filter(Boolean).join(' · ')),
    );
  const read = (typed: string): Reading<number> => {
    const value = Number(typed.replaceAll(',', ''));
    const isGood = problemOf(setting, value) === undefined;
    return isGood ? toChoice(value, '') : l10n.t('{0} is not {1}.', typed, allowed(setting));
  };
  const placeholder =
    name === 'hidden'
      ? l10n.t('How many hidden units in each layer? Choose, or type a number.')
      : l10n.t('How many stacked layers? Choose, or type a number.');
  const isActive = (value: number) => value === given[name];
  const value = await choose({ ...place, title, placeholder, choices, isActive, read });
  return typeof value === 'number' ? { ...given, [name]: value } : value;
}

async function askLimit(
  given: Answers,
  place: Required<Place>,
  { title, settings, configured, remembered }: Sources,
): Promise<Answer<Answers>> {
  const same = (a: Limit, b: Limit | undefined) => a.kind === b?.kind && a.value === b.value;
  const offered: Limit[] = [
    ...[30, 60, 300, 900, 3600].map((value): Limit => ({ kind: 'seconds', value })),
    { kind: 'epochs', value: 1 },
    { kind: 'epochs', value: 10 },
    { kind: 'steps', value: 1000 },
  ];
  for (const limit of [configured.limit, given.limit]) {
    if (!offered.some((other) => same(other, limit))) offered.unshift(limit);
  }
  const toChoice = (limit: Limit): Choice<Limit> => {
    const isLast = same(limit, remembered?.limit);
    const isSet = same(limit, configured.limit);
    const description = isLast ? lastUsed() : isSet ? l10n.t('setting') : '';
    return { label: limitText(limit), description, value: limit };
  };
  const read = (typed: string): Reading<Limit> => {
    const limit = parseLimit(typed);
    const setting = settings.find(({ key }) => key === `training.${limit?.kind ?? 'seconds'}`)!;
    if (!limit) {
      return l10n.t(
        '“{0}” is no length of a training: write 90 s, 5 min, 2000 steps or 3 epochs.',
        typed,
      );
    }
    return problemOf(setting, limit.value) === undefined
      ? toChoice(limit)
      : l10n.t('{0} is not {1}.', typed, allowed(setting));
  };
  const limit = await choose({
    ...place,
    title,
    placeholder: l10n.t(
      'How long? Choose, or type a length such as 90 s, 5 min, 2000 steps or 3 epochs.',
    ),
    choices: offered.map(toChoice),
    isActive: (value) => same(value, given.limit),
    read,
  });
  return limit === undefined || limit === back ? limit : { ...given, limit };
}

function noteOf<T>(configured: T, remembered: T | undefined): (value: T) => string {
  return (value) => {
    if (value === remembered) return lastUsed();
    return value === configured ? l10n.t('setting') : '';
  };
}

/** `5 minutes`, `1,000 steps`. */
export function limitText({ kind, value }: Limit): string {
  const format = formatFor(env.language);
  if (kind === 'steps') return l10n.t('{0} steps', format.count(value));
  if (kind === 'epochs') {
    return value === 1 ? l10n.t('1 epoch') : l10n.t('{0} epochs', String(value));
  }
  const { count, unit } = unitsOf(value);
  if (unit === 'hours') return count === 1 ? l10n.t('1 hour') : l10n.t('{0} hours', count);
  if (unit === 'minutes') return count === 1 ? l10n.t('1 minute') : l10n.t('{0} minutes', count);
  return l10n.t('{0} seconds', count);
}
