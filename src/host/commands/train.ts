import { l10n, Uri } from 'vscode';
import { settingsTable } from '../../core/settings/table';
import type { CellSource, SettingValues } from '../../protocol/engine';
import { chosenSettings, fileAddress } from '../configuration';
import type { Lab } from '../lab';
import type { KeptDocument } from '../runs/folder';
import type { TrainOptions } from '../runs/waiting';
import { cellFromFile } from './cell-file';
import { corpusOf } from './corpus';
import { addressFor, readSelection, readText } from './text';
import { queued, refuseSecond } from './under-way';

/**
 * Train RNN on this file: `target` is its address where a menu or another program calls. Of several files that are
 * selected in the Explorer the others wait in the queue.
 */
export async function train(lab: Lab, target: unknown, targets?: unknown): Promise<void> {
  await start(lab, await readTexts(lab, target, targets));
}

/** Train one RNN on these files: each that is selected in the Explorer, or is in a folder that is, is a document of one text. */
export async function trainTogether(lab: Lab, target: unknown, targets: unknown): Promise<void> {
  const selected = Array.isArray(targets) ? targets.filter((each) => each instanceof Uri) : [];
  await start(lab, [corpusOf(selected.length > 0 ? selected : [addressFor(target)])]);
}

/** Train RNN on this selection. */
export async function trainOnSelection(lab: Lab): Promise<void> {
  await start(lab, [await readSelection(lab.notifier)]);
}

/** Train RNN on this file with options…: as `train`, with what is asked for in place of the settings. */
export async function trainWithOptions(
  lab: Lab,
  target: unknown,
  targets?: unknown,
): Promise<void> {
  // First, so that nothing is asked in vain.
  const texts = await readTexts(lab, target, targets);
  const { askTrainOptions } = await import('./train-options');
  const options = await askTrainOptions(lab.settings, lab.memento, Uri.parse(texts[0].uri));
  if (options) await start(lab, texts, options);
}

/**
 * The texts that a menu calls a command on: all that are selected, if the one that was clicked is among them.
 *
 * @throws UserError where the first cannot be learnt; of others that cannot, the user is told
 */
async function readTexts(
  { notifier }: Lab,
  target: unknown,
  targets: unknown,
): Promise<readonly [KeptDocument, ...KeptDocument[]]> {
  const selected = Array.isArray(targets) ? targets.filter((each) => each instanceof Uri) : [];
  const [address, ...others] = selected.length > 1 ? selected : [addressFor(target)];
  const texts: [KeptDocument, ...KeptDocument[]] = [await readText(address!, notifier)];
  for (const other of others) {
    try {
      texts.push(await readText(other, notifier));
    } catch (error) {
      notifier.error(error);
    }
  }
  return texts;
}

/**
 * Train with this cell: on the text beside it, or on the one that the user picks of those that are open. The settings keep
 * the cell they name.
 *
 * @throws UserError where it has an error, and where no text is open
 */
export async function trainCell(lab: Lab, target: unknown): Promise<void> {
  const { usableCell, textFor } = await import('./new-cell');
  const cell = await usableCell(target);
  const address = await textFor();
  if (address) await start(lab, [await readText(address, lab.notifier)], {}, cell);
}

/**
 * Trains on the first text, and on the others when it is done.
 *
 * @param options settings in place of the configured ones
 * @param given a cell in place of the one that the settings name
 */
async function start(
  lab: Lab,
  texts: readonly KeptDocument[],
  options: SettingValues = {},
  given?: CellSource,
): Promise<void> {
  const { runs, panel } = lab;
  const [first, ...others] = await Promise.all(
    texts.map((text) => wantedOf(lab, text, options, given)),
  );
  if (!first) return;
  const enqueue = async (all: readonly TrainOptions[]) => {
    for (const wanted of all) await runs.enqueue(wanted);
  };
  // From here on nothing is waited for until the run is under way: two quick clicks start one.
  refuseSecond(lab, {
    title: l10n.t('Stop it and train'),
    instead: () => start(lab, texts, options, given),
    enqueue: () => enqueue([first, ...others]),
  });
  const wasOpen = panel.isOpen;
  // The page loads while the engine prepares, before that takes all cores.
  panel.show();
  await runs.train(first);
  if (!wasOpen && !runs.current?.job) panel.close();
  if (others.length > 0) await queued(lab, () => enqueue(others));
}

async function wantedOf(
  lab: Lab,
  text: KeptDocument,
  options: SettingValues,
  given: CellSource | undefined,
): Promise<TrainOptions> {
  const document = Uri.parse(text.uri);
  const settings = withVectorsOf(document, {
    ...trainingSettings(lab, document, options),
    ...options,
  });
  const cell = given ?? (await cellFromFile(settings['model.cell'], document));
  return { document: text, settings, cell };
}

/** With the whole path of a file of word vectors, which may be given as one in the workspace folder. */
function withVectorsOf(document: Uri, settings: SettingValues): SettingValues {
  const vectors = settings['model.vectors'];
  if (typeof vectors !== 'string' || vectors === '') return settings;
  return { ...settings, 'model.vectors': fileAddress(vectors, document).fsPath };
}

/** What the user has set; of limits none that another one takes the place of. */
function trainingSettings(lab: Lab, document: Uri, options: SettingValues): SettingValues {
  const wanted = Object.keys(settingsTable).filter((group) => group !== 'sampling');
  const chosen = chosenSettings(lab.settings, wanted, document);
  return Object.keys(options).some(isLimit) ? withoutLimits(chosen) : chosen;
}

/** Settings without those that say when a training ends. */
export function withoutLimits(settings: SettingValues): SettingValues {
  return Object.fromEntries(Object.entries(settings).filter(([key]) => !isLimit(key)));
}

function isLimit(key: string): boolean {
  return /^training\.(?:steps|epochs|seconds)$/.test(key);
}
