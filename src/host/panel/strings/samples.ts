import { l10n } from 'vscode';
import type { samplesStringNames } from '../../../protocol/strings/samples';

/** Texts of the view of samples. */
export function samplesStrings(): Record<(typeof samplesStringNames)[number], string> {
  const { t } = l10n;
  return {
    samplesTab: t('Samples'),
  };
}
