import { l10n } from 'vscode';
import type { gradientsStringNames } from '../../../protocol/strings/gradients';

/** Texts of the view of gradients. */
export function gradientsStrings(): Record<(typeof gradientsStringNames)[number], string> {
  const { t } = l10n;
  return {
    gradientsTab: t('Gradients'),
  };
}
