import * as l10n from '@vscode/l10n';
import { scoreLabels } from '../../../src/protocol/core';
import type { Format } from '../../../src/protocol/format';
import type { ComparedRun } from '../../../src/protocol/panel';
import type { ReadoutRow } from '../../charts/readout';
import { firstAtLeast } from '../../charts/reduce';
import { csv, type CsvValue } from '../../../src/protocol/csv';
import type { Run } from '../../state';
import type { TableContent } from '../figure';
import type { LossChoice } from './content';
import { onScale } from '../../charts/line';
import { isScore, lossUnitOf, perToken, scalePerCharacter, telling } from './units';
import { scoreText } from '../../translate';

/** How many rows of a run its table shows, evenly chosen. */
const rowsShown = 24;

/** What else is known at a place of the chart. */
export function momentAt(
  { metrics }: Run,
  { axis, smoothing }: LossChoice,
  x: number,
  told: (nats: number) => string,
  format: Format,
): readonly ReadoutRow[] {
  if (metrics.length === 0) return [];
  const row = Math.min(metrics.length - 1, firstAtLeast(metrics.view(axis), x));
  const raw =
    smoothing === 'none'
      ? []
      : [{ name: l10n.t('not smoothed'), value: told(metrics.at('lossMean', row)) }];
  const other =
    axis === 'step'
      ? { name: l10n.t('time'), value: format.duration(metrics.at('seconds', row)) }
      : { name: l10n.t('step'), value: format.count(metrics.at('step', row)) };
  return [
    ...raw,
    other,
    { name: l10n.t('learning rate'), value: format.rate(metrics.at('learningRate', row)) },
    { name: l10n.t('gradient norm'), value: format.value(metrics.at('gradientNormMean', row)) },
  ];
}

/** The loss of a run as a table: evenly chosen rows, with the last evaluation until each. */
export function lossTable(run: Run, { unit }: LossChoice, format: Format): TableContent {
  const { metrics, evaluations } = run;
  const { convert, perCharacter, write } = telling(
    lossUnitOf(unit),
    format,
    run.facts.task !== null,
  );
  const scale = perCharacter ? scalePerCharacter(run.facts.tokenizer, evaluations.view) : perToken;
  const told = (nats: number) => (Number.isNaN(nats) ? '' : write(convert(onScale(scale, nats))));
  const scoreAt = (value: number) =>
    isScore(unit) && !Number.isNaN(value) ? format.score(unit, value) : '';
  const evaluated = evaluations.view('step');
  const rows = chosenRows(metrics.length).map((row) => {
    const at = (column: Parameters<typeof metrics.at>[0]) => metrics.at(column, row);
    const [least, greatest] = [told(at('lossMin')), told(at('lossMax'))];
    const evaluation = firstAtLeast(evaluated, at('step') + 1) - 1;
    return [
      format.count(at('step')),
      format.duration(at('seconds')),
      told(at('lossMean')),
      least === greatest ? least : `${least} – ${greatest}`,
      isScore(unit)
        ? scoreAt(evaluations.at(unit, evaluation))
        : told(evaluations.at('validationLoss', evaluation)),
      format.rate(at('learningRate')),
    ];
  });
  return {
    header: [
      l10n.t('step'),
      l10n.t('time'),
      l10n.t('Training'),
      l10n.t('Min–max'),
      isScore(unit) ? scoreText(unit) : l10n.t('Validation'),
      l10n.t('learning rate'),
    ],
    rows,
  };
}

/** Evenly spaced places, the first and the last among them. */
function chosenRows(length: number): number[] {
  const count = Math.min(length, rowsShown);
  return Array.from({ length: count }, (_, i) =>
    Math.round((i * (length - 1)) / Math.max(1, count - 1)),
  );
}

/** Every row of the runs on show. The header is English in every language: programs read it. */
export function lossCsv(
  run: Run,
  compared: readonly ComparedRun[],
  { unit }: LossChoice,
  format: Format,
): string {
  const isOfExamples = run.facts.task !== null;
  const { convert, perCharacter } = telling(lossUnitOf(unit), format, isOfExamples);
  const names = {
    nats: isOfExamples ? 'loss' : 'nats/token',
    bits: 'bits/character',
    perplexity: 'perplexity',
  };
  const own = names[lossUnitOf(unit)];
  const header = [
    ...['run', 'step', 'epoch', 'seconds'],
    ...['training', 'training min', 'training max'].map((name) => `${name} (${own})`),
    `validation (${isScore(unit) ? scoreLabels[unit].text : own})`,
    ...['learning rate', 'gradient norm'],
  ];
  const shown = {
    label: run.status.label,
    metrics: run.metrics.columns(),
    evaluations: run.evaluations.columns(),
    tokenizer: run.facts.tokenizer,
  };
  const rows = [shown, ...compared.map((other) => ({ ...other, tokenizer: undefined }))].flatMap(
    ({ label, metrics, evaluations, tokenizer }) => {
      const scale = perCharacter
        ? scalePerCharacter(tokenizer, (name) => evaluations[name])
        : perToken;
      const told = (nats: number | undefined) => convert(onScale(scale, nats!));
      const trained = Array.from(metrics.step, (step, i): readonly CsvValue[] => [
        ...[label, step, metrics.epoch[i], metrics.seconds[i]],
        ...[told(metrics.lossMean[i]), told(metrics.lossMin[i]), told(metrics.lossMax[i])],
        ...[null, metrics.learningRate[i], metrics.gradientNormMean[i]],
      ]);
      const measured = Array.from(evaluations.step, (step, i): readonly CsvValue[] => [
        ...[label, step, evaluations.epoch[i], evaluations.seconds[i]],
        ...[null, null, null],
        isScore(unit) ? evaluations[unit][i] : told(evaluations.validationLoss[i]),
        ...[null, null],
      ]);
      return [...trained, ...measured].sort((a, b) => Number(a[1]) - Number(b[1]));
    },
  );
  return csv(header, rows);
}
