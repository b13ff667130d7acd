import * as l10n from '@vscode/l10n';
import type { Format } from '../src/protocol/format';

/** `1 example`, `1,000 examples`. */
export function examplesText(count: number, format: Format): string {
  return count === 1 ? l10n.t('1 example') : l10n.t('{0} examples', format.count(count));
}
