import { env, l10n, window, type QuickPickItem } from 'vscode';
import { formatFor } from '../../protocol/format';
import type { Lab } from '../lab';
import { UserError } from '../notify';
import type { RunLine } from '../runs/line';
import { targetRuns } from '../runs/target';
import { age } from '../views/age';
import { phaseIcons, phaseText } from '../views/looks';
import { leadingText } from '../views/scores';

export interface RunItem extends QuickPickItem {
  readonly folder: string;
}

/** What the palette asks for, which calls commands on nothing. */
export interface RunQuestion {
  readonly title: string;
  readonly placeholder: string;
  /** Runs that make no sense here are not offered. */
  readonly fits?: (line: RunLine) => boolean;
  /** Where several may be picked: which are from the start. */
  readonly picked?: (folder: string) => boolean;
  /** What to do where none is offered, a sentence. */
  readonly none: string;
}

/**
 * The run that a command is about: the one that a menu called it on, else the one that the user picks;
 * undefined: they do not.
 *
 * @throws UserError where there is none to pick
 */
export async function runFor(
  lab: Lab,
  target: unknown,
  question: RunQuestion,
): Promise<string | undefined> {
  const [folder] = targetRuns(target);
  if (folder !== undefined) return folder;
  const items = await runItems(lab, question);
  const { title, placeholder } = question;
  const options = { title, placeHolder: placeholder, matchOnDetail: true };
  return (await window.showQuickPick(items, options))?.folder;
}

/** As `runFor`, of several runs. */
export async function runsFor(
  lab: Lab,
  target: unknown,
  targets: unknown,
  question: RunQuestion,
): Promise<readonly string[]> {
  const folders = targetRuns(target, targets);
  if (folders.length > 0) return folders;
  const items = await runItems(lab, question);
  const { title, placeholder, picked: isPicked } = question;
  const marked = items.map((item) => ({ ...item, picked: isPicked?.(item.folder) ?? false }));
  const picked = await window.showQuickPick(marked, {
    title,
    placeHolder: placeholder,
    matchOnDetail: true,
    canPickMany: true,
  });
  return (picked ?? []).map(({ folder }) => folder);
}

/**
 * The runs that may be picked; the one on show comes first.
 * @throws UserError where there is none
 */
export async function runItems(
  { runs }: Lab,
  { fits, none }: Pick<RunQuestion, 'fits' | 'none'>,
): Promise<RunItem[]> {
  await runs.list.load();
  const lines = runs.lines.filter((line) => fits?.(line) ?? true);
  if (lines.length === 0) throw new UserError(none);
  const isShown = ({ folder }: RunLine) => folder === runs.current?.folder;
  return [...lines.filter(isShown), ...lines.filter((line) => !isShown(line))].map((line) =>
    toItem(line, isShown(line)),
  );
}

function toItem(line: RunLine, isShown: boolean): RunItem {
  const { folder, name, phase, step, best, loss, summary } = line;
  const format = formatFor(env.language);
  const value = best ?? loss;
  const details = [
    phaseText(phase),
    l10n.t('step {0}', format.count(step)),
    ...(value === undefined || summary.task !== null
      ? []
      : [l10n.t('{0} nats/token', format.loss(value))]),
    leadingText(line.scores, format),
    age(summary.changed, Date.now(), env.language),
    ...summary.tags.map((tag) => `#${tag}`),
  ];
  return {
    folder,
    label: `$(${phaseIcons[phase]}) ${name}`,
    description: isShown ? l10n.t('shown') : '',
    detail: details.filter((detail) => detail !== '').join(' · '),
  };
}
