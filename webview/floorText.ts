import * as l10n from '@vscode/l10n';

/** What people call a way without states, by the engine's name; of one that is not known yet that name. */
export function floorText(name: string): string {
  switch (name) {
    case 'majority':
      return l10n.t('majority');
    case 'naive Bayes':
      return l10n.t('naive Bayes');
    case 'nearest class mean':
      return l10n.t('nearest class mean');
    case 'mean':
      return l10n.t('mean');
    case 'linear regression':
      return l10n.t('linear regression');
    case 'most frequent for the symbol':
      return l10n.t('most frequent for the symbol');
    case 'most frequent answer':
      return l10n.t('most frequent answer');
    case 'copying the input':
      return l10n.t('copying the input');
    case 'last value':
      return l10n.t('last value');
    case 'seasonal value':
      return l10n.t('seasonal value');
    case 'autoregression':
      return l10n.t('autoregression');
    default:
      return name;
  }
}
