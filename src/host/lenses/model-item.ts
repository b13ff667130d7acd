import { l10n, StatusBarAlignment, ThemeColor, window, type Event } from 'vscode';
import { createStatusItem, type StatusItem } from '../accessible';
import { textEditorInFront } from '../documents';
import { legendPriority } from './legend';
import type { Lens } from './lens';
import type { LensModel } from './model';

/** From this share on a text is told to be strange to a model. */
const mostlyUnread = 0.5;

/**
 * A status bar item that names the model that shades the text in front; a click lets the user choose another.
 *
 * @param options.changed a lens was turned on or off
 */
export function createModelItem({
  surprise,
  neuron,
  changed,
}: {
  readonly surprise: Lens;
  readonly neuron: Lens;
  readonly changed: Event<void>;
}): Pick<StatusItem, 'dispose'> {
  const name = l10n.t('Model of the lens');
  const item = createStatusItem(
    'rnnLab.lensModel',
    name,
    StatusBarAlignment.Right,
    legendPriority - 1,
  );

  function tell() {
    const document = textEditorInFront()?.document;
    const lens = [surprise, neuron].find((each) => each.isOn(document));
    if (!document || !lens) {
      item.hide();
      return;
    }
    const outlook = lens.outlook(document);
    const command = 'rnnLab.useRun';
    const change = l10n.t('Click to use another run for this document.');
    if (!outlook) {
      const text = l10n.t('no model');
      item.show({ text: `$(circle-slash) ${text}`, tooltip: change, command, details: [change] });
      return;
    }
    const isStrange = outlook.unread > mostlyUnread;
    const strange = l10n.t('Most characters here are unknown to this model and left out.');
    const details = [...(isStrange ? [strange] : []), reasonText(outlook.model.reason), change];
    item.show({
      text: `$(${isStrange ? 'warning' : 'circuit-board'}) ${outlook.model.name}`,
      tooltip: details.join('\n'),
      command,
      details,
      ...(isStrange && { backgroundColor: new ThemeColor('statusBarItem.warningBackground') }),
    });
  }

  const subscriptions = [
    changed,
    surprise.onDidLook,
    neuron.onDidLook,
    window.onDidChangeActiveTextEditor,
  ].map((event) => event(tell));
  return {
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
      item.dispose();
    },
  };
}

/** Why it is this model, a sentence. */
function reasonText(reason: LensModel['reason']): string {
  const texts: Readonly<Record<LensModel['reason'], string>> = {
    chosen: l10n.t('You chose this run for this document.'),
    own: l10n.t('This run was trained on this text.'),
    shown: l10n.t('This is the run in the panel: none was trained on this text.'),
    unit: l10n.t('The unit is one of this run’s.'),
  };
  return texts[reason];
}
