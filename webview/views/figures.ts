import * as l10n from '@vscode/l10n';
import { leadingScore } from '../../src/protocol/core';
import { meanSpeed, recentSpeed } from '../../src/protocol/history';
import type { PanelFacts } from '../../src/protocol/panel';
import { element, setAttribute, setText } from '../dom';
import { bestEvaluation, isLive, onShow, type Run } from '../state';
import '../styles/figures.css';
import { createRateControl } from './rateControl';
import type { View, ViewContext } from './view';
import { scoreText } from '../translate';

/** A number with its name, its unit, and a line of small print. */
interface Figure {
  readonly name: string;
  readonly unit: (facts: PanelFacts) => string;
  /** Of which runs it is shown; default: all. */
  readonly isOf?: (facts: PanelFacts) => boolean;
  /** Marks the series of the chart that it belongs to. */
  readonly series?: 'training' | 'validation';
  readonly read: (run: Run) => { readonly value: string; readonly note: string };
}

/** Examples have other losses: of an answer, or half the squared error of standardised numbers. */
function lossUnit({ task }: PanelFacts): string {
  return task === null ? l10n.t('nats/token') : '';
}

function noUnit(): string {
  return '';
}

function beforeImport(): string {
  return l10n.t('before the import');
}

/** The numbers at a glance: losses, speed, steps, time. */
export function createFigures(context: ViewContext): View {
  const { format } = context;
  const figures: readonly Figure[] = [
    {
      name: l10n.t('Training loss'),
      unit: lossUnit,
      series: 'training',
      read(run) {
        const loss = onShow(run, 'lossMean');
        if (Number.isNaN(loss) && run.metrics.length === 0) return { value: '–', note: '' };
        const isCounted =
          run.facts.task?.response !== 'none' && run.facts.task?.response !== 'sigmoid';
        const note = isCounted ? l10n.t('perplexity {0}', format.value(Math.exp(loss))) : '';
        return { value: format.loss(loss), note };
      },
    },
    {
      name: l10n.t('Best validation loss'),
      unit: lossUnit,
      series: 'validation',
      read(run) {
        const best = bestEvaluation(run, run.status.traveled ?? undefined);
        if (best !== undefined) {
          const note = l10n.t('at step {0}', format.count(best.step));
          return { value: format.loss(best.loss), note };
        }
        const { imported } = run.status;
        if (imported) {
          const loss = imported.bestValidationLoss;
          return loss === null
            ? { value: '–', note: '' }
            : { value: format.loss(loss), note: beforeImport() };
        }
        const none = run.facts.validationTokens === 0;
        if (!none) return { value: '–', note: l10n.t('not measured yet') };
        const note =
          run.facts.task === null ? l10n.t('no text held out') : l10n.t('no examples held out');
        return { value: '–', note };
      },
    },
    {
      name: l10n.t('Score'),
      unit: noUnit,
      isOf: ({ task }) => task !== null,
      read(run) {
        const best = bestEvaluation(run, run.status.traveled ?? undefined);
        const leading = best && leadingScore(best.scores);
        if (!leading) return { value: '–', note: '' };
        const { name, value } = leading;
        return { value: format.score(name, value), note: scoreText(name) };
      },
    },
    {
      name: l10n.t('Speed'),
      unit: () => l10n.t('tokens/s'),
      read(run) {
        const live = isLive(run.status.phase) && run.status.traveled === null;
        const speed = live ? recentSpeed(run.metrics) : meanSpeed(run.metrics);
        const note = live ? '' : l10n.t('mean');
        return { value: Number.isNaN(speed) ? '–' : format.count(speed), note };
      },
    },
    {
      name: l10n.t('Step'),
      unit: noUnit,
      read(run) {
        const { limit, imported } = run.status;
        if (imported?.step === 0) return { value: '–', note: '' };
        if (imported) return { value: format.count(imported.step), note: beforeImport() };
        const epoch = l10n.t('epoch {0}', format.decimal(onShow(run, 'epoch') || 0));
        const notes: Partial<Record<typeof limit.kind, string>> = {
          // Under its name: no unit, for which a narrow panel has no room.
          steps: `${l10n.t('of {0}', format.count(limit.value))} · ${epoch}`,
          epochs: `${epoch} ${
            limit.value === 1
              ? l10n.t('of 1 epoch')
              : l10n.t('of {0} epochs', format.value(limit.value))
          }`,
        };
        const value = format.count(onShow(run, 'step') || 0);
        return { value, note: notes[limit.kind] ?? epoch };
      },
    },
    {
      name: l10n.t('Time'),
      unit: noUnit,
      read(run) {
        const { limit, imported } = run.status;
        if (imported) return { value: '–', note: '' };
        const note = limit.kind === 'seconds' ? l10n.t('of {0}', format.duration(limit.value)) : '';
        return { value: format.duration(onShow(run, 'seconds') || 0), note };
      },
    },
  ];
  const root = element('dl', { class: 'figures', 'aria-label': l10n.t('Figures') });
  const shown = figures.map((figure) => {
    const value = element('span', { class: 'value' });
    const unit = element('span', { class: 'unit' });
    const more = element('span', { class: 'more' });
    const note = element('span', { class: 'note' }, unit, more);
    const name = element('dt', { text: figure.name });
    if (figure.series) name.dataset['series'] = figure.series;
    const place = element('div', { class: 'figure' }, name, element('dd', {}, value, note));
    root.append(place);
    return { figure, place, value, unit, more };
  });
  const rate = createRateControl(context);
  root.append(rate.root);
  return {
    root,
    update(run) {
      rate.update(run);
      const { traveled } = run.status;
      setAttribute(
        root,
        'aria-label',
        traveled === null
          ? l10n.t('Figures')
          : l10n.t('Figures as of step {0}', format.count(traveled)),
      );
      for (const { figure, place, value, unit, more } of shown) {
        place.hidden = figure.isOf?.(run.facts) === false;
        const now = figure.read(run);
        setText(value, now.value);
        setText(more, now.note);
        const told = figure.unit(run.facts);
        setText(unit, told !== '' && now.note !== '' ? `${told} · ` : told);
      }
    },
  };
}
