import { l10n, ProgressLocation, window, type Uri } from 'vscode';
import type { SampleResult } from '../../protocol/engine';
import { chosenSettings } from '../configuration';
import type { Lab } from '../lab';
import { UserError } from '../notify';
import { targetRuns } from '../runs/target';
import { answersExamples, isOfExamples } from './examples';

/** A sample that takes longer than this shows that it goes on, and how to cancel it; milliseconds. */
const patience = 1000;

/** How a text is sampled; `rnnLab.sampling.*` describes each. */
export interface SampleOptions {
  readonly prime: string;
  readonly length: number;
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
  /** 0: another one each time. */
  readonly seed: number;
}

/**
 * What the settings say.
 *
 * @throws UserError that names a setting whose value cannot be used
 */
export function configuredOptions({ settings }: Lab, scope: Uri | undefined): SampleOptions {
  const group = 'sampling.';
  const defaults = settings
    .filter(({ key }) => key.startsWith(group))
    .map((setting) => [setting.key, setting.default] as const);
  const chosen = chosenSettings(settings, ['sampling'], scope);
  const all = Object.entries({ ...Object.fromEntries(defaults), ...chosen });
  return Object.fromEntries(
    all.map(([key, value]) => [key.slice(group.length), value]),
  ) as unknown as SampleOptions;
}

/**
 * The folder of the run that samples come from: the one a menu was called on, else the one on show, else
 * the newest.
 *
 * @throws UserError where there is none
 */
export async function runToSample({ runs }: Lab, target?: unknown): Promise<string> {
  const [chosen] = targetRuns(target);
  if (chosen === undefined) await runs.openNewest();
  const run = chosen ?? runs.current?.folder;
  if (run !== undefined) {
    if (await isOfExamples(runs, run)) throw answersExamples(run);
    return run;
  }
  throw new UserError(l10n.t('There is no model to sample from. Train one first.'));
}

/**
 * Does something that samples: where it takes long, that is shown, with a button that stops it.
 *
 * @param work gets what stops it
 */
export async function withProgress<T>(work: (control: StopControl) => Promise<T>): Promise<T> {
  const control = createStopControl();
  const working = work(control);
  const slow = setTimeout(() => void show(), patience);
  const title = l10n.t('RNN Lab: sampling');
  const location = ProgressLocation.Notification;

  async function show() {
    await window.withProgress({ location, title, cancellable: true }, async (_, cancellation) => {
      cancellation.onCancellationRequested(control.stop);
      await working.catch(() => undefined);
    });
  }

  try {
    return await working;
  } finally {
    clearTimeout(slow);
  }
}

/** A way to stop what is under way. */
export interface StopControl {
  readonly stopped: boolean;
  stop(): void;
  /** What to do when it is stopped; one listener, the last. */
  onStop(listener: () => void): void;
}

function createStopControl(): StopControl {
  let stopped = false;
  let listener: () => void = () => undefined;
  return {
    get stopped() {
      return stopped;
    },
    stop() {
      stopped = true;
      listener();
    },
    onStop(wanted) {
      listener = wanted;
    },
  };
}

/**
 * Samples, piece by piece; what the model does not know of the prime is told, once.
 *
 * @param run its folder
 * @param write takes the text as it is made
 */
export async function generate(
  { engine, runs, notifier }: Lab,
  run: string,
  { seed, ...options }: SampleOptions,
  control: StopControl,
  write: (text: string) => void,
): Promise<SampleResult> {
  // As it is now: a training may have ended while options were asked for.
  const model = runs.model(run) ?? { kind: 'run', run };
  const job = engine.start(
    { kind: 'sample', model, ...options, ...(seed === 0 ? {} : { seed }) },
    (event) => write(event.text),
  );
  control.onStop(() => job.control({ action: 'stop' }));
  if (control.stopped) control.stop();
  const result = await job.result;
  if (result.unknown.length > 0) notifier.warn(unknownMessage(result.unknown));
  return result;
}

function unknownMessage(unknown: readonly string[]): string {
  const shown = unknown.slice(0, 8).map((token) => JSON.stringify(token));
  const list = unknown.length > shown.length ? `${shown.join(', ')} …` : shown.join(', ');
  return l10n.t(
    'The model has never seen {0}, so that part of the prime told it nothing. Prime it with words from its training text.',
    list,
  );
}
