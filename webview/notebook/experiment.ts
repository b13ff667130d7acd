import * as l10n from '@vscode/l10n';
import type { ExperimentFigure } from '../../src/protocol/notebook';
import { element, setText } from '../dom';
import { createFigure } from '../views/figure';
import type { ViewContext } from '../views/view';
import {
  createCurves,
  createGrid,
  createPoints,
  createShares,
  type PictureContext,
} from './pictures';
import { createParallelPicture } from './parallel';
import { createResultsTable, type TableActions } from './table';

export interface ExperimentView {
  readonly root: HTMLElement;
  update(figure: ExperimentFigure): void;
  updateTheme(): void;
  destroy(): void;
}

/** All that is shown of an experiment: how far it is, what holds, the table, and pictures of it. */
export function createExperimentView(
  context: PictureContext,
  actions: Omit<TableActions, 'changed' | 'openRun'>,
): ExperimentView {
  const text = element('span');
  const progress = element('progress', { 'aria-label': l10n.t('Runs that have ended') });
  const status = element('div', { class: 'status', role: 'status' }, progress, text);
  const verdicts = element('ul', { class: 'verdicts', 'aria-label': l10n.t('What was expected') });
  const { openRun } = context;
  const table = createResultsTable({
    ...{ ...actions, openRun },
    changed: () => shown && drawParallel(shown),
  });
  const parallel = createParallelPicture(context, table, openRun);
  let shown: ExperimentFigure | undefined;
  let name = '';
  const results = createFigure(
    { host: context.host as ViewContext['host'] },
    {
      id: `${context.id}-results`,
      title: l10n.t('Results'),
      picture: table,
      controls: table.controls,
      fileName: () => `${name} results`,
      csv: table.toCsv,
    },
  );
  const others = [createPoints, createGrid, createShares].map((create) => create(context));
  const pictures = [createCurves(context), parallel, ...others];
  const root = element(
    'div',
    { class: 'rnn-lab' },
    status,
    verdicts,
    results.root,
    element('div', { class: 'pictures' }, ...pictures.map((picture) => picture.root)),
  );

  function drawParallel(figure: ExperimentFigure) {
    if (parallel.isWorth(figure)) parallel.update(figure);
  }

  return {
    root,
    update(figure) {
      shown = figure;
      const { done, runs, experiment, rows } = figure;
      name = experiment;
      progress.max = runs;
      progress.value = done;
      progress.hidden = done === runs;
      setText(text, done === runs ? '' : l10n.t('{0} of {1} runs', done, runs));
      status.hidden = done === runs;
      verdicts.hidden = figure.verdicts.length === 0;
      verdicts.replaceChildren(
        ...figure.verdicts.map(({ holds, text: told }) =>
          element('li', { class: holds ? 'holds' : 'fails', text: told }),
        ),
      );
      results.root.hidden = rows.length === 0;
      table.update(figure);
      for (const picture of pictures) {
        const isWorth = picture.isWorth(figure);
        picture.root.hidden = !isWorth;
        if (isWorth) picture.update(figure);
      }
    },
    updateTheme() {
      for (const picture of pictures) picture.updateTheme?.();
    },
    destroy() {
      for (const picture of pictures) picture.destroy?.();
    },
  };
}
