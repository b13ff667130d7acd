/** What the view shows, as tables and as comma-separated values. */
import * as l10n from '@vscode/l10n';
import type { LookBack } from '../../../src/protocol/engine';
import type { Format } from '../../../src/protocol/format';
import { csv } from '../../../src/protocol/csv';
import type { TableContent } from '../figure';
import type { Writing } from '../gradients/contents';
import { shareText } from '../gradients/sentences';
import { shares } from './curves';
import type { CursorSlice } from './slice';

/** A row a token: its loss, and how strongly the loss at the cursor depends on it. */
export function tokenTable({ tokens, loss, saliency }: CursorSlice, format: Format): TableContent {
  return {
    header: [l10n.t('Token'), l10n.t('Loss'), l10n.t('∂E/∂x')],
    rows: tokens.map((token, t) => [
      token,
      Number.isNaN(loss[t]!) ? '' : format.loss(loss[t]!),
      Number.isNaN(saliency[t]!) ? '' : shareText(saliency[t]!, format),
    ]),
  };
}

/** The same with all digits, and every unit's value. */
export function tokenCsv(slice: CursorSlice): string {
  const { tokens, loss, saliency, starts, ends, variable, activations } = slice;
  const { width, values } = activations;
  const units = Array.from({ length: width }, (_, u) => `${variable.name}[${String(u + 1)}]`);
  return csv(
    ['token', 'start', 'end', 'loss', 'share of greatest saliency', ...units],
    tokens.map((token, t) => [
      ...[token, starts[t], ends[t], known(loss[t]!), known(saliency[t]!)],
      ...values.subarray(t * width, (t + 1) * width),
    ]),
  );
}

function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/** A row a lag, a column a state and the input, as shares of the greatest. */
export function backTable(back: LookBack, writing: Writing): TableContent {
  const { format, name } = writing;
  const columns = columnsOf(back).map((norms) => shares(norms));
  return {
    header: [
      l10n.t('lag k'),
      ...back.states.map(({ variable }) => name(variable)),
      l10n.t('input x'),
    ],
    rows: Array.from(back.saliency.norms, (_, lag) => [
      format.count(lag),
      ...columns.map((column) =>
        Number.isNaN(column[lag]!) ? '' : shareText(column[lag]!, format),
      ),
    ]),
  };
}

/** Norms by lag with all digits. */
export function backCsv(back: LookBack): string {
  const columns = columnsOf(back);
  return csv(
    ['lag', ...back.states.map(({ variable }) => variable), 'x', 'gradient times input'],
    Array.from(back.saliency.norms, (_, lag) => [
      lag,
      ...columns.map((norms) => norms[lag]),
      back.gradientTimesInput.values[lag],
    ]),
  );
}

function columnsOf({ states, saliency }: LookBack): Float64Array[] {
  return [...states.map(({ norms }) => norms), saliency.norms];
}

/** A row a lag, a column a matrix. */
export function termTable({ terms }: LookBack, { format, name }: Writing): TableContent {
  return {
    header: [l10n.t('lag k'), ...terms.map(({ parameter }) => name(parameter))],
    rows: Array.from(terms[0]?.norms ?? [], (_, lag) => [
      format.count(lag),
      ...terms.map(({ norms }) => format.value(norms[lag]!)),
    ]),
  };
}

/** Norms by lag with all digits, and that of their sum in the last row. */
export function termCsv({ terms }: LookBack): string {
  return csv(
    ['lag', ...terms.map(({ parameter }) => parameter)],
    [
      ...Array.from(terms[0]?.norms ?? [], (_, lag) => [lag, ...terms.map((t) => t.norms[lag])]),
      ['sum', ...terms.map(({ sum }) => sum)],
    ],
  );
}
