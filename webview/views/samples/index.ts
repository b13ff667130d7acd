import * as l10n from '@vscode/l10n';
import type { TrainingSample } from '../../../src/protocol/panel';
import { createButton } from '../../controls';
import { csv } from '../../../src/protocol/csv';
import { element, setText } from '../../dom';
import { isLive, type Run } from '../../state';
import { createFigure } from '../figure';
import type { View, ViewContext } from '../view';
import { createEntry, type Entry } from './entry';
import { lossAt } from './loss';
import './samples.css';

/** What the model wrote while it learnt, the newest first. */
export function createSamples(context: ViewContext): View {
  const { format, host } = context;
  const list = element('ol', { class: 'sample-list', 'aria-label': l10n.t('Samples') });
  const empty = element('p', { class: 'quiet' });
  const news = element('div', { class: 'visually-hidden', role: 'status' });
  const button = createButton({
    text: l10n.t('Sample'),
    icon: 'sample',
    onClick: () => host.run('sample'),
  });
  let run: Run | undefined;
  let items: readonly TrainingSample[] = [];
  /** Those on the page, so that one that is unfolded or selected stays so when others come. */
  const entries = new Map<TrainingSample, Entry>();
  /** Those whose loss is not known yet. */
  const unsettled = new Map<TrainingSample, Entry>();

  const figure = createFigure(context, {
    id: 'samples',
    title: l10n.t('What the model wrote as it learnt'),
    picture: { root: element('div', {}, empty, list) },
    controls: [button],
    fileName: () => `${run?.facts.name ?? ''} ${l10n.t('Samples')}`,
    csv: () =>
      csv(
        ['step', 'seconds', 'temperature', 'loss', 'text'],
        items.map((sample) => {
          const { step, seconds, temperature, text } = sample;
          return [step, seconds, temperature, run && lossAt(run.metrics, step), text];
        }),
      ),
  });
  const root = element(
    'section',
    { class: 'samples', 'aria-label': l10n.t('Samples') },
    figure.root,
    news,
  );

  function emptyText({ facts, status }: Run): string {
    if (!isLive(status.phase)) {
      return l10n.t(
        'This run kept no texts from its training. “Sample” lets the model write one now.',
      );
    }
    const within = Math.ceil(facts.sampleEvery);
    if (within === 1) {
      return l10n.t(
        'The model writes its first text within a second of training, and more as it learns.',
      );
    }
    return within > 0
      ? l10n.t(
          'The model writes its first text within {0} seconds of training, and more as it learns.',
          format.count(within),
        )
      : l10n.t(
          'The model writes no texts while it learns, because rnnLab.inspection.sampleEvery is 0. “Sample” lets it write one now.',
        );
  }

  /** A text comes before the row of the steps that it was written in. */
  function tellLosses({ metrics }: Run) {
    for (const [sample, entry] of unsettled) {
      entry.setLoss(lossAt(metrics, sample.step));
      if (metrics.at('step', metrics.length - 1) >= sample.step) unsettled.delete(sample);
    }
  }

  function show() {
    for (const [sample, { root: old }] of entries) {
      if (items.includes(sample)) continue;
      old.remove();
      entries.delete(sample);
      unsettled.delete(sample);
    }
    let above: HTMLElement | undefined;
    for (const sample of items.toReversed()) {
      const known = entries.get(sample);
      const entry = known ?? createEntry(sample, context);
      entries.set(sample, entry);
      if (!known) {
        unsettled.set(sample, entry);
        if (above) above.after(entry.root);
        else list.prepend(entry.root);
      }
      above = entry.root;
    }
    figure.setUnit(
      items.length === 0
        ? ''
        : items.length === 1
          ? l10n.t('1 text')
          : l10n.t('{0} texts, newest first', format.count(items.length)),
    );
  }

  return {
    root,
    update(now) {
      const isOther = run !== now;
      if (isOther) {
        entries.clear();
        unsettled.clear();
        list.replaceChildren();
      }
      run = now;
      const kept = now.samples.items;
      if (isOther || items.length !== kept.length || kept.some((item, i) => item !== items[i])) {
        const isNews = !isOther && kept.at(-1) !== items.at(-1);
        items = [...kept];
        show();
        const last = items.at(-1);
        if (isNews && last) {
          setText(
            news,
            l10n.t('The model has written a text at step {0}.', format.count(last.step)),
          );
        }
      }
      tellLosses(now);
      setText(empty, items.length === 0 ? emptyText(now) : '');
      empty.hidden = items.length > 0;
      list.hidden = items.length === 0;
      button.hidden = !now.status.canSample;
    },
  };
}
