import { l10n } from 'vscode';
import type { hiddenStringNames } from '../../../protocol/strings/hidden';

/** Texts of the view of hidden states. */
export function hiddenStrings(): Record<(typeof hiddenStringNames)[number], string> {
  const { t } = l10n;
  return {
    hiddenTab: t('Hidden states'),
  };
}
