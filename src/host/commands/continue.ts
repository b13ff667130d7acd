/** Training that goes on: as it was, for longer, with another learning rate. */
import { env, l10n, Uri, window } from 'vscode';
import type { Limit, SettingValues } from '../../protocol/engine';
import { formatFor } from '../../protocol/format';
import { allowed, effectiveSettings, problemOf } from '../configuration';
import type { Lab } from '../lab';
import { UserError } from '../notify';
import { readDocument } from '../runs/folder';
import {
  canContinue,
  doneOf,
  hasReachedLimit,
  isLearningRate,
  latest,
  type Run,
} from '../runs/run';
import { targetRuns } from '../runs/target';
import { textNotes } from '../runs/text-notes';
import { choose, lastUsed, type Choice, type Reading } from './ask';
import { settingsForImported } from './imported';
import { addressFor, readText } from './text';
import { parseLimit } from './limit';
import { rateJump } from './rate-jump';
import { limitText } from './train-options';
import { queued, refuseSecond } from './under-way';

/** Where the last answer is, for this workspace. */
const memory = 'continueLonger';

/** What is offered, in the unit of the run's limit. */
const amounts: Record<Limit['kind'], readonly number[]> = {
  seconds: [60, 300, 900, 3600],
  steps: [1000, 5000, 20_000, 100_000],
  epochs: [1, 5, 20],
};

/**
 * Continue training: the run that it is called on, that on show, or the newest, without asking anything; of several the
 * others wait in the queue.
 */
export async function continueTraining(
  lab: Lab,
  target?: unknown,
  targets?: unknown,
): Promise<void> {
  const folders = targetRuns(target, targets);
  refuseSecond(lab, {
    title: l10n.t('Stop it and continue'),
    instead: () => continueTraining(lab, target, targets),
    enqueue: () => enqueueAll(lab, folders),
  });
  const run = await runToContinue(lab, target);
  await goOn(lab, run, await asUsual(run));
  const others = folders.filter((folder) => folder !== run.folder);
  if (others.length > 0) await queued(lab, () => enqueueAll(lab, others));
}

/** What is to be changed so that a run goes on. */
async function asUsual(run: Run): Promise<SettingValues> {
  return hasReachedLimit(run) ? longer(run, await usualAmount(run)) : {};
}

/** Puts runs into the queue, to go on as usual; none: the one on show. */
async function enqueueAll(
  { runs }: Lab,
  folders: readonly string[],
  settings?: (run: Run) => SettingValues,
): Promise<void> {
  const wanted = folders.length > 0 || !runs.current ? folders : [runs.current.folder];
  for (const folder of wanted) {
    const run = await runs.read(folder);
    refuseUnlessContinuable(run);
    await runs.enqueueContinuation(run, settings?.(run) ?? (await asUsual(run)));
  }
}

/** Continue training for longer…: asks how much. */
export async function continueLonger(lab: Lab, target?: unknown): Promise<void> {
  const run = await runToContinue(lab, target);
  const amount = await askAmount(lab, run);
  if (amount === undefined) return;
  await lab.memento.update(memory, amount);
  refuseSecond(lab, {
    title: l10n.t('Stop it and continue'),
    instead: () => continueLonger(lab, target),
    enqueue: () => enqueueAll(lab, [run.folder], (now) => longer(now, amount)),
  });
  await goOn(lab, run, longer(run, amount));
}

/** Goes on with a run that has diverged, from its last checkpoint with half the learning rate. */
export async function continueWithHalfTheRate(lab: Lab, run: Run): Promise<void> {
  const settings = { 'training.learningRate': (run.fixedRate ?? run.facts.learningRate) / 2 };
  refuseSecond(lab, {
    title: l10n.t('Stop it and continue'),
    instead: () => continueWithHalfTheRate(lab, run),
    enqueue: () => enqueueAll(lab, [run.folder], () => settings),
  });
  await lab.runs.open(run.folder);
  await goOn(lab, run, settings);
}

async function goOn(lab: Lab, run: Run, settings: SettingValues): Promise<void> {
  const { runs, panel, notifier } = lab;
  const kept = await readDocument(run.folder);
  // A model from elsewhere brings no text: it learns the one in front of the user.
  const isWithout = kept === undefined && run.facts.tokens === 0;
  const document = isWithout ? await readText(addressFor(undefined), notifier) : undefined;
  const wanted = document
    ? await settingsForImported(lab, run.folder, document, settings)
    : settings;
  panel.show();
  const jump = run.fixedRate === undefined ? rateJump(run, wanted) : undefined;
  await runs.continue({ settings: wanted, notes: await textNotes(kept, 'begun'), document });
  if (!jump || runs.trained?.folder !== run.folder) return;
  const format = formatFor(env.language);
  notifier.info(
    l10n.t(
      'The end of the schedule is further away now, so the learning rate rises from {0} to {1}, and the loss may rise before it falls again.',
      format.rate(jump.from),
      format.rate(jump.to),
    ),
    {
      title: l10n.t('Continue with {0}', format.rate(jump.from)),
      run: () => {
        if (runs.trained?.folder === run.folder) runs.setLearningRate(jump.from);
      },
    },
  );
}

/** @throws UserError where there is none, or it failed before its first checkpoint, or another window has it */
async function runToContinue({ runs }: Lab, target: unknown): Promise<Run> {
  const [folder] = targetRuns(target);
  if (folder !== undefined && folder !== runs.current?.folder) await runs.open(folder);
  if (!(await runs.openNewest())) {
    throw new UserError(l10n.t('There is no run to continue. Train one first.'));
  }
  refuseUnlessContinuable(runs.current!);
  return runs.current!;
}

/** @throws UserError that says why a run cannot go on */
function refuseUnlessContinuable(run: Run): void {
  if (run.phase === 'elsewhere') {
    throw new UserError(
      l10n.t('{0} is being trained in another window. Stop it there first.', run.facts.name),
    );
  }
  if (!canContinue(run)) {
    throw new UserError(
      l10n.t(
        'This run has no checkpoint to continue from. Train it again: “Train RNN on this file”.',
      ),
    );
  }
}

/** As long as a new run would be trained; where that is in another unit, as long again. */
async function usualAmount({ folder, facts }: Run): Promise<Limit> {
  const document = await readDocument(folder);
  const { kind, value } = facts.limit;
  const configured = effectiveSettings('training', document && Uri.parse(document.uri))[kind];
  return { kind, value: Number(configured) || value };
}

/** The limit that a run has when it goes on for so much longer. */
function longer(run: Run, { kind, value }: Limit): SettingValues {
  const { limit } = run.facts;
  const done = hasReachedLimit(run) && limit.kind === kind ? limit.value : doneOf(run, kind);
  const rounded = kind === 'epochs' ? Math.round(done * 100) / 100 : Math.round(done);
  return { [`training.${kind}`]: rounded + value };
}

function askAmount(lab: Lab, run: Run): Promise<Limit | undefined> {
  const { limit } = run.facts;
  const last = lab.memento.get<Limit>(memory);
  const same = (a: Limit | undefined, b: Limit) => a?.kind === b.kind && a.value === b.value;
  const usual: readonly Limit[] = amounts[limit.kind].map((value) => ({ kind: limit.kind, value }));
  const offered = [...(last ? [last] : []), limit, ...usual].filter(
    (amount, i, all) => all.findIndex((other) => same(other, amount)) === i,
  );
  const toChoice = (amount: Limit): Choice<Limit> => {
    const notes = [
      ...(same(last, amount) ? [lastUsed()] : []),
      ...(same(limit, amount) ? [l10n.t('as long as its limit')] : []),
    ];
    return { label: limitText(amount), description: notes.join(', '), value: amount };
  };
  const read = (typed: string): Reading<Limit> => {
    const amount = parseLimit(typed);
    if (!amount) {
      return l10n.t(
        '“{0}” is no length of a training: write 90 s, 5 min, 2000 steps or 3 epochs.',
        typed,
      );
    }
    const key = `training.${amount.kind}`;
    const setting = lab.settings.find((candidate) => candidate.key === key)!;
    const sum = Number(longer(run, amount)[key]);
    return problemOf(setting, sum) === undefined
      ? toChoice(amount)
      : l10n.t('{0} is not {1}.', typed, allowed(setting));
  };
  return choose({
    title: l10n.t('Continue training {0} for longer', run.title ?? run.facts.name),
    placeholder: l10n.t(
      'How much longer? Choose, or type a length such as 90 s, 5 min or 2000 steps.',
    ),
    choices: offered.map(toChoice),
    isActive: (amount) => same(last ?? limit, amount),
    read,
    canGoBack: false,
  }).then((answer) => (typeof answer === 'symbol' ? undefined : answer));
}

/** Set learning rate…: of the training under way, from its next step on. */
export async function setLearningRate({ runs }: Lab): Promise<void> {
  const { trained } = runs;
  if (!trained) throw new UserError(l10n.t('Nothing is training.'));
  const format = formatFor(env.language);
  const now = latest(trained, 'learningRate') || trained.facts.learningRate;
  const typed = await window.showInputBox({
    title: l10n.t('Learning rate of {0}', trained.title ?? trained.facts.name),
    prompt:
      trained.fixedRate === undefined
        ? l10n.t('It is {0} now, as the schedule says.', format.rate(now))
        : l10n.t(
            'It was set to {0}. Leave it empty to follow the schedule again.',
            format.rate(trained.fixedRate),
          ),
    value: String(Number(now.toPrecision(3))),
    // One may look at the plots first; only Esc cancels.
    ignoreFocusOut: true,
    validateInput: (text) =>
      text.trim() === '' || isLearningRate(Number(text))
        ? undefined
        : l10n.t('A learning rate is a number above 0 and at most 1000, such as 0.001 or 1e-4.'),
  });
  if (typed === undefined) return;
  runs.setLearningRate(typed.trim() === '' ? undefined : Number(typed));
}
