/** The pictures of the view as tables for who cannot see them, and as files with all digits. */
import * as l10n from '@vscode/l10n';
import type { Histogram } from '../../../src/protocol/jobs/observation';
import type { Observation } from '../../../src/protocol/panel';
import { binStart } from '../../charts/histogram';
import { csv } from '../../../src/protocol/csv';
import type { TableContent } from '../figure';
import type { Shown, Writing } from './contents';
import { shareAt, type LagCurve } from './data';
import { reachOf } from './reach';
import { shareText } from './sentences';

/** Before there is anything to show. */
export const noTable: TableContent = { header: [], rows: [] };

/** A row a lag: the norm and its share of that at lag 0. */
export function lagTable({ norms }: LagCurve, { format }: Writing): TableContent {
  return {
    header: [l10n.t('lag k'), l10n.t('norm'), l10n.t('share of lag 0')],
    rows: Array.from(norms, (norm, lag) => [
      format.count(lag),
      format.value(norm),
      shareText(shareAt(norms, lag), format),
    ]),
  };
}

/** A row an observation: how far gradients reach, and what is left at some lags. */
export function lagMatrixTable(curves: readonly LagCurve[], writing: Writing): TableContent {
  const { format } = writing;
  const longest = Math.max(0, ...curves.map(({ norms }) => norms.length - 1));
  const lags: number[] = [];
  for (let lag = 1; lag <= longest; lag *= 2) lags.push(lag);
  return {
    header: [
      l10n.t('Step'),
      l10n.t('under 1% from lag'),
      ...lags.map((lag) => l10n.t('lag {0}', format.count(lag))),
    ],
    rows: curves.map(({ step, norms }) => {
      const reach = reachOf(norms);
      return [
        format.count(step),
        reach?.kind === 'falls' ? format.count(reach.lag) : '–',
        ...lags.map((lag) => shareText(shareAt(norms, lag), format)),
      ];
    }),
  };
}

/** ‖∂E_t/∂s_{t−k}‖: a row an observation, a column a lag. */
export function lagCsv(curves: readonly LagCurve[]): string {
  const longest = Math.max(0, ...curves.map(({ norms }) => norms.length));
  const lags = Array.from({ length: longest }, (_, lag) => lag);
  return csv(
    ['step', ...lags.map((lag) => `lag ${String(lag)}`)],
    curves.map(({ step, norms }) => [step, ...lags.map((lag) => norms[lag])]),
  );
}

/** A row an observation, a column a parameter. */
export function parameterTable(
  observations: readonly Observation[],
  { entries }: Shown,
  read: (observation: Observation) => Float64Array,
  { format, name }: Writing,
): TableContent {
  return {
    header: [l10n.t('Step'), ...entries.map((entry) => name(entry.name))],
    rows: observations.map((observation) => [
      format.count(observation.step),
      ...entries.map(({ index }) => written(read(observation)[index], format.value)),
    ]),
  };
}

/** A row an observation, a column a variable. */
export function saturationTable(
  observations: readonly Observation[],
  { format, name }: Writing,
): TableContent {
  const variables = observations.at(-1)?.saturation.map(({ variable }) => variable) ?? [];
  return {
    header: [l10n.t('Step'), ...variables.map(name)],
    rows: observations.map(({ step, saturation }) => [
      format.count(step),
      ...variables.map((variable) =>
        written(saturation.find((other) => other.variable === variable)?.share, format.percent),
      ),
    ]),
  };
}

/** A row a bin that has values. */
export function histogramTable(bins: Histogram, { format }: Writing): TableContent {
  const rows = Array.from(bins.counts, (count, bin) => [
    format.value(binStart(bins, bin)),
    format.value(binStart(bins, bin + 1)),
    format.count(count),
  ]);
  return {
    header: [l10n.t('From'), l10n.t('To'), l10n.t('number of values')],
    rows: rows.filter((_, bin) => bins.counts[bin]! > 0),
  };
}

export function histogramCsv(bins: Histogram): string {
  return csv(
    ['from', 'to', 'count'],
    Array.from(bins.counts, (count, bin) => [binStart(bins, bin), binStart(bins, bin + 1), count]),
  );
}

/** A row an observation: the least and the greatest value, and the norm of all. */
export function spreadTable(
  steps: readonly number[],
  histograms: readonly Histogram[],
  norms: readonly (number | undefined)[],
  { format }: Writing,
): TableContent {
  return {
    header: [l10n.t('Step'), l10n.t('minimum'), l10n.t('maximum'), l10n.t('norm')],
    rows: steps.map((step, i) => [
      format.count(step),
      ...[histograms[i]!.least, histograms[i]!.greatest, norms[i]].map((value) =>
        written(value, format.value),
      ),
    ]),
  };
}

/** All histograms, a row a bin. */
export function spreadCsv(steps: readonly number[], histograms: readonly Histogram[]): string {
  return csv(
    ['step', 'from', 'to', 'count'],
    histograms.flatMap((bins, i) =>
      Array.from(bins.counts, (count, bin) => [
        steps[i]!,
        binStart(bins, bin),
        binStart(bins, bin + 1),
        count,
      ]),
    ),
  );
}

/** There is no ratio to weights that are all zero. */
function written(value: number | undefined, write: (value: number) => string): string {
  return value === undefined || Number.isNaN(value) ? '–' : write(value);
}
