import { l10n, Uri, window, workspace } from 'vscode';
import { cellFromFile, chosenSettings, effectiveSettings } from '../configuration';
import { readDocument } from '../runs/folder';
import { canContinue } from '../runs/run';
import { UserError } from '../notify';
import type { Lab } from '../lab';
import { documentFor, readText } from './document';

/** Train RNN on this file: `target` is the document's address where a menu or another program calls. */
export async function train(lab: Lab, target: unknown): Promise<void> {
  const { runs, notifier, panel } = lab;
  const document = await documentFor(target);
  const chosen = chosenSettings(lab.settingKeys, document.uri);
  const settings = Object.fromEntries(
    Object.entries(chosen).filter(([key]) => !key.startsWith('sampling.')),
  );
  const cell = await cellFromFile(settings, document.uri);
  // From here on nothing is waited for until the run is under way: two quick clicks start one.
  if (runs.busy) throw underWay(lab, document.uri);
  const kept = readText(document, notifier);
  const wasOpen = panel.isOpen;
  // The page loads while the engine prepares, before that takes all cores.
  panel.show();
  await runs.train({ document: kept, settings, cell });
  if (!wasOpen && !runs.current?.job) panel.close();
}

function underWay({ runs, panel, run }: Lab, document: Uri): UserError {
  const stopAndTrain = async () => {
    await runs.stop();
    await run('train', document);
  };
  return new UserError(
    l10n.t('A training is under way. Stop it to train on another text; it can be continued later.'),
    [
      { title: l10n.t('Stop it and train'), run: stopAndTrain },
      { title: l10n.t('Show panel'), run: () => panel.show() },
    ],
  );
}

/** Continue training: the run on show, or the newest of an earlier session. */
export async function continueTraining({ runs, panel }: Lab): Promise<void> {
  if (!(await runs.openNewest())) {
    throw new UserError(l10n.t('There is no run to continue. Train one first.'));
  }
  const { current } = runs;
  if (!current || !canContinue(current)) {
    throw new UserError(
      l10n.t('This run has no checkpoint to go on from. Train it anew: “Train RNN on this file”.'),
    );
  }
  panel.show();
  const document = await readDocument(current.folder);
  const { seconds, steps, epochs } = effectiveSettings(
    'training',
    document && Uri.parse(document.uri),
  );
  const configured = { seconds, steps, epochs };
  await runs.continue((limit) => Number(configured[limit]) || current.facts.limit.value);
}

/** Opens the text that the run on show has learnt: the document itself, or what the run has kept of it. */
export async function openText({ runs, panel }: Lab): Promise<void> {
  if (!runs.current) return;
  const kept = await readDocument(runs.current.folder);
  if (!kept) {
    throw new UserError(
      l10n.t('The run does not say where its text {0} is.', runs.current.facts.name),
    );
  }
  const options = panel.otherColumn();
  try {
    const document = await workspace.openTextDocument(Uri.parse(kept.uri));
    await window.showTextDocument(document, options);
  } catch {
    // It was untitled, or is gone.
    const document = await workspace.openTextDocument({ content: kept.text });
    await window.showTextDocument(document, options);
  }
}
