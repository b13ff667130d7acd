import { l10n, QuickPickItemKind } from 'vscode';
import { allowed, problemOf } from '../configuration';
import type { Lab } from '../lab';
import { askText, back, choose, type Choice } from './ask';
import type { SampleOptions } from './sampling';

/** Where the last answers are, for this workspace. */
const memory = 'sampleOptions';

/** How a text is sampled, and where it goes. */
export interface TargetedOptions extends SampleOptions {
  readonly into: 'document' | 'cursor';
}

type Name = keyof TargetedOptions;

/** Which line of the list is chosen. */
type Line = Name | 'sample';

/**
 * Shows all options in one list, each with its value: Enter samples with them as they are, choosing one
 * changes it. The last ones in this workspace are kept, but for a prime that was selected.
 *
 * @returns undefined: cancelled
 */
export async function askSampleOptions(
  lab: Lab,
  configured: SampleOptions,
  selected: string,
  hasCursor: boolean,
): Promise<TargetedOptions | undefined> {
  const { memento } = lab;
  const kept = memento.get<Partial<TargetedOptions>>(memory) ?? {};
  let options: TargetedOptions = { ...configured, into: 'document', ...kept };
  if (selected !== '') options = { ...options, prime: selected };
  if (!hasCursor) options = { ...options, into: 'document' };
  for (let line: Line = 'sample'; ;) {
    const chosen = await chooseLine(options, line, hasCursor);
    if (chosen === undefined) return undefined;
    if (chosen === 'sample') break;
    line = chosen;
    const changed =
      line === 'into' ? await askTarget(options) : await askOption(lab, options, line);
    if (changed === undefined) return undefined;
    options = changed;
  }
  const prime = options.prime === selected ? (kept.prime ?? configured.prime) : options.prime;
  await memento.update(memory, { ...options, prime });
  return options;
}

const title = () => l10n.t('Sample from the model');

function nameOf(name: Name): string {
  const names: Readonly<Record<Name, string>> = {
    prime: l10n.t('Prime'),
    length: l10n.t('Length'),
    temperature: l10n.t('Temperature'),
    topK: l10n.t('Top-k'),
    topP: l10n.t('Top-p'),
    seed: l10n.t('Seed'),
    into: l10n.t('Into'),
  };
  return names[name];
}

function targetText(target: TargetedOptions['into']): string {
  return target === 'cursor' ? l10n.t('the document at the cursor') : l10n.t('a new document');
}

/** A value as the list shows it. */
function valueText(options: TargetedOptions, name: Name): string {
  switch (name) {
    case 'prime':
      return options.prime === '' ? l10n.t('none') : `“${escaped(options.prime)}”`;
    case 'length':
      return l10n.t('{0} tokens', options.length);
    case 'topK':
      return options.topK === 0 ? l10n.t('all tokens') : l10n.t('{0} tokens', options.topK);
    case 'topP':
      return options.topP === 1 ? l10n.t('all tokens') : String(options.topP);
    case 'seed':
      return options.seed === 0 ? l10n.t('a different one each time') : String(options.seed);
    case 'into':
      return targetText(options.into);
    case 'temperature':
      return String(options.temperature);
  }
}

async function chooseLine(
  options: TargetedOptions,
  active: Line,
  hasCursor: boolean,
): Promise<Line | undefined> {
  const names: readonly Name[] = [
    ...(['prime', 'length', 'temperature', 'topK', 'topP', 'seed'] as const),
    ...(hasCursor ? (['into'] as const) : []),
  ];
  const choices: Choice<Line>[] = [
    { label: `$(sparkle) ${l10n.t('Sample')}`, value: 'sample' },
    { label: l10n.t('Options'), kind: QuickPickItemKind.Separator },
    ...names.map((name) => ({
      label: nameOf(name),
      description: valueText(options, name),
      value: name,
    })),
  ];
  const chosen = await choose<Line>({
    title: title(),
    placeholder: l10n.t('Sample, or choose an option to change it'),
    choices,
    isActive: (line) => line === active,
    canGoBack: false,
  });
  return chosen === back ? undefined : chosen;
}

async function askTarget(options: TargetedOptions): Promise<TargetedOptions | undefined> {
  const into = await choose<TargetedOptions['into']>({
    title: title(),
    placeholder: l10n.t('Where should the text go?'),
    choices: (['document', 'cursor'] as const).map((value) => ({
      label: targetText(value),
      value,
    })),
    isActive: (value) => value === options.into,
    canGoBack: true,
  });
  if (into === undefined) return undefined;
  return into === back ? options : { ...options, into };
}

async function askOption(
  { settings }: Lab,
  options: TargetedOptions,
  name: Exclude<Name, 'into'>,
): Promise<TargetedOptions | undefined> {
  const setting = settings.find(({ key }) => key === `sampling.${name}`)!;
  const isText = setting.type === 'string';
  const prompts: Readonly<Record<Exclude<Name, 'into'>, string>> = {
    prime: l10n.t('Text the model reads before it writes; \\n is a line break.'),
    length: l10n.t('How many tokens to write.'),
    temperature: l10n.t('Lower is safer, higher is bolder; 0 always takes the most likely token.'),
    topK: l10n.t('Sample from this many of the most likely tokens; 0 means all.'),
    topP: l10n.t(
      'Sample from the most likely tokens that together have this probability; 1 means all.',
    ),
    seed: l10n.t('The same seed writes the same text; 0 uses a different one each time.'),
  };
  const typed = await askText({
    title: `${title()}: ${nameOf(name)}`,
    prompt: prompts[name],
    value: isText ? escaped(options.prime) : String(options[name]),
    check(text) {
      if (isText) return undefined;
      const isGood = text.trim() !== '' && problemOf(setting, Number(text)) === undefined;
      return isGood ? undefined : l10n.t('This must be {0}.', allowed(setting));
    },
    canGoBack: true,
  });
  if (typed === undefined) return undefined;
  if (typed === back) return options;
  return { ...options, [name]: isText ? unescaped(typed) : Number(typed) };
}

/** A text in one line, as it can be typed. */
export function escaped(text: string): string {
  const signs: Readonly<Record<string, string>> = {
    '\\': '\\\\',
    '\n': '\\n',
    '\r': '',
    '\t': '\\t',
  };
  return text.replace(/[\\\n\r\t]/g, (sign) => signs[sign] ?? sign);
}

/** What was typed: `\n` is a line break, `\t` a tab, `\\` a backslash. */
export function unescaped(typed: string): string {
  const signs: Readonly<Record<string, string>> = { n: '\n', t: '\t', '\\': '\\' };
  return typed.replace(/\\([nt\\])/g, (_, sign: string) => signs[sign] ?? sign);
}
