import * as l10n from '@vscode/l10n';
import type { Format } from '../../../src/protocol/format';
import { csv } from '../../../src/protocol/csv';
import type { TableContent } from '../figure';
import type { Picture } from './picture';

/** The window's tokens, a row each, for who cannot see the heatmap. */
export function tableOf({ slice, saturated, look }: Picture, format: Format): TableContent {
  const { tokens, loss, top } = slice;
  const header = [
    l10n.t('Token'),
    l10n.t('Loss'),
    ...(saturated ? [l10n.t('Saturated units')] : []),
    `${look.name}, ${l10n.t('mean')}`,
    l10n.t('Most likely next'),
  ];
  const rows = tokens.map((token, t) => {
    const units = unitsAfter(slice, t);
    const mean = units.reduce((sum, value) => sum + value, 0) / units.length;
    const likeliest = top[t]?.[0];
    return [
      token,
      Number.isNaN(loss[t]!) ? '' : format.loss(loss[t]!),
      ...(saturated ? [format.percent(saturated[t]!)] : []),
      format.value(mean),
      likeliest ? `${likeliest.token} ${format.percent(likeliest.probability)}` : '',
    ];
  });
  return { header, rows };
}

/** Every unit's value after each token, with all digits, in the units' own order. */
export function csvOf({ slice }: Picture): string {
  const { tokens, loss, variable, activations } = slice;
  const units = Array.from(
    { length: activations.width },
    (_, unit) => `${variable.name}[${String(unit + 1)}]`,
  );
  return csv(
    ['token', 'loss', ...units],
    tokens.map((token, t) => [
      token,
      Number.isNaN(loss[t]!) ? null : loss[t]!,
      ...unitsAfter(slice, t),
    ]),
  );
}

function unitsAfter({ activations: { width, values } }: Picture['slice'], token: number) {
  return values.subarray(token * width, (token + 1) * width);
}
