/** A sheet as rows of a table: for a spreadsheet, and for who cannot see the boxes. */
import * as l10n from '@vscode/l10n';
import type { TableContent } from '../figure';
import { shortNumber } from './board';
import { gatesTable } from './gates';
import { atStep, type Sheet } from './shown';

/** What there is of a sheet, with all its digits. */
function* numbersOf(sheet: Sheet): Generator<readonly [name: string, values: ArrayLike<number>]> {
  const loss = `E[${String(sheet.t + 1)}]`;
  for (const { text, values } of sheet.rows) {
    for (const [t, each] of values.entries()) yield [atStep(text, t), each];
  }
  for (const [t, each] of sheet.losses.entries()) yield [`E[${String(t + 1)}]`, [each]];
  for (const { text, gradients } of sheet.rows) {
    for (const [t, each] of gradients.entries()) yield [`∂${loss}/∂(${atStep(text, t)})`, each];
  }
  for (const { step, matrix, product, norm, productNorm } of sheet.jacobians) {
    const [now, before] = [step + 1, step].map(String) as [string, string];
    yield [`∂S[${now}]/∂S[${before}]`, matrix.values];
    yield [`‖∂S[${now}]/∂S[${before}]‖`, [norm]];
    yield [`∂S[${String(sheet.t + 1)}]/∂S[${before}]`, product.values];
    yield [`‖∂S[${String(sheet.t + 1)}]/∂S[${before}]‖`, [productNorm]];
  }
  const { parameter, terms, numeric } = sheet.terms;
  for (const [t, each] of terms.entries()) {
    yield [`∂${loss}/∂${parameter}, ${l10n.t('step {0}', String(t + 1))}`, each];
  }
  yield [`∂${loss}/∂${parameter}, ${l10n.t('central differences')}`, numeric];
  for (const { name, values, gradient } of sheet.parameters) {
    yield [name, values];
    yield [`∂${loss}/∂${name}`, gradient];
  }
  yield [l10n.t('{0} after the step', loss), [sheet.lossAfter]];
}

export function tableOf(sheet: Sheet): TableContent {
  const rows = [...numbersOf(sheet)].map(([name, values]) => [
    name,
    Array.from(values, shortNumber).join(', '),
  ]);
  const edges = gatesTable(sheet).map(([name, ...numbers]) => [name!, numbers.join('; ')]);
  return { header: [l10n.t('Quantity'), l10n.t('Numbers')], rows: [...rows, ...edges] };
}

/** `quantity,entry,value`, entries from 1 row by row. */
export function csvOf(sheet: Sheet): string {
  const lines = ['quantity,entry,value'];
  for (const [name, values] of numbersOf(sheet)) {
    const quoted = `"${name.replaceAll('"', '""')}"`;
    Array.from(values).forEach((value, i) =>
      lines.push(`${quoted},${String(i + 1)},${String(value)}`),
    );
  }
  return `${lines.join('\n')}\n`;
}
