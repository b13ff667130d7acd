import { env, l10n, window, type QuickPickItem, type TextDocument } from 'vscode';
import { formatFor } from '../../protocol/format';
import { isDocumentScheme, textEditorInFront } from '../documents';
import type { Lab } from '../lab';
import { UserError } from '../notify';
import { runItems } from './pick-run';

interface ChoiceItem extends QuickPickItem {
  /** A folder; null: no run; undefined: that of the document itself. */
  readonly folder: string | null | undefined;
}

/**
 * Use a run for this document…: the model that suggests how the document goes on, and that lenses and the view at the cursor use.
 *
 * @throws UserError where there is no text, or no run with a model
 */
export async function useRun(lab: Lab): Promise<void> {
  const document = activeDocument();
  const { choice } = lab;
  const chosen = choice.chosen(document.uri);
  const runs = await runItems(lab, {
    fits: ({ canSample }) => canSample,
    none: l10n.t('No run has a model yet. Train on a text first.'),
  });
  const marked = (item: ChoiceItem): ChoiceItem =>
    item.folder === chosen ? { ...item, description: l10n.t('in use') } : item;
  const items: ChoiceItem[] = [
    {
      folder: undefined,
      label: `$(sparkle) ${l10n.t('The run trained on this text')}`,
      detail: l10n.t(
        'The one in training, otherwise the newest; none if no run was trained on it.',
      ),
    },
    { folder: null, label: `$(circle-slash) ${l10n.t('No run')}` },
    ...runs,
  ];
  const picked = await window.showQuickPick(items.map(marked), {
    title: l10n.t('Use a run for this document'),
    placeHolder: l10n.t('Which run should complete this document, and look at it?'),
    matchOnDetail: true,
  });
  if (picked) await choice.choose(document.uri, picked.folder);
}

function activeDocument(): TextDocument {
  // While the panel has the focus, the text beside it.
  const document = textEditorInFront()?.document;
  if (document && isDocumentScheme(document.uri.scheme)) return document;
  throw new UserError(l10n.t('There is no text here. Click into a text, then try again.'));
}

/** Completion figures: what was suggested and taken in this workspace. */
export function showFigures({ counter, notifier }: Lab): void {
  const { shown, accepted, characters } = counter.figures();
  const format = formatFor(env.language);
  notifier.info(
    shown === 0
      ? l10n.t('Nothing has been suggested in this workspace yet.')
      : l10n.t(
          '{0} suggestions shown, {1} accepted ({2}): {3} characters. These counts stay in this workspace.',
          format.count(shown),
          format.count(accepted),
          format.percent(accepted / shown),
          format.count(characters),
        ),
  );
}
