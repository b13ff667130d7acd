import * as l10n from '@vscode/l10n';
import type { LookBack } from '../../../src/protocol/engine';
import { createLineChart } from '../../charts/lineChart';
import { createChoice } from '../../controls';
import { createFigure } from '../figure';
import type { Writing } from '../gradients/contents';
import { inSight } from '../gradients/sight';
import { noTable } from '../gradients/tables';
import type { ViewContext } from '../view';
import { backContent, termContent } from './curves';
import { backCsv, backTable, termCsv, termTable } from './rows';

/** The gradient of the loss at the cursor by lag: by states and inputs, and its terms by matrix. */
export interface BackCharts {
  readonly roots: readonly HTMLElement[];
  update(back: LookBack, writing: Writing): void;
  updateTheme(): void;
  destroy(): void;
}

/** @param fileName of what is saved, without what it is */
export function createBackCharts(context: ViewContext, fileName: () => string): BackCharts {
  const { host } = context;
  let shown: { readonly back: LookBack; readonly writing: Writing } | undefined;
  let offered = '';

  const lags = createLineChart(context, {
    id: 'cursor-lags',
    label: l10n.t(
      'Norm of the gradient of the loss at the cursor with respect to states and inputs, by lag',
    ),
  });
  const lagFigure = createFigure(context, {
    id: 'cursor-lags',
    title: l10n.t('Gradient of this loss through time'),
    unit: '‖∂Eₜ/∂sₜ₋ₖ‖, ‖∂Eₜ/∂xₜ₋ₖ‖',
    picture: lags,
    fileName: () => `${fileName()} gradient by lag`,
    csv: () => (shown ? backCsv(shown.back) : ''),
    table: () => (shown ? backTable(shown.back, shown.writing) : noTable),
    help: l10n.t(
      'How much the loss of the token at the cursor depends on what the network held k tokens before, and on what it read there. The axis is logarithmic: a straight line down is a gradient that vanishes at a constant rate. It reaches through the whole window, wherever training truncates.',
    ),
  });

  const matrix = createChoice<string>('cursor-matrix', l10n.t('Matrix'), (name) => {
    host.memory.set('cursor.matrix', name);
    drawTerms();
  });
  const terms = createLineChart(context, {
    id: 'cursor-terms',
    label: l10n.t('Norm of what each lag adds to the gradient of a recurrent matrix'),
  });
  const termFigure = createFigure(context, {
    id: 'cursor-terms',
    title: l10n.t('Terms of the gradient by lag'),
    picture: terms,
    controls: [matrix.root],
    fileName: () => `${fileName()} gradient terms`,
    csv: () => (shown ? termCsv(shown.back) : ''),
    table: () => (shown ? termTable(shown.back, shown.writing) : noTable),
    help: l10n.t(
      'A recurrent matrix is used at every step, so its gradient is a sum with a term for every lag. The curve is the norm of each term; the dashed line is that of their sum, which is smaller where terms point in different directions.',
    ),
  });
  const lagSight = inSight(lagFigure.root, drawLags);
  const termSight = inSight(termFigure.root, drawTerms);

  function offerMatrices({ terms: all }: LookBack, { name }: Writing) {
    const names = all.map(({ parameter }) => parameter);
    if (names.join() === offered) return;
    offered = names.join();
    const kept = host.memory.get('cursor.matrix');
    const chosen = names.find((each) => each === kept) ?? names[0] ?? '';
    matrix.setOptions(
      names.map((each) => [each, name(each)]),
      chosen,
    );
    matrix.root.hidden = names.length < 2;
  }

  function drawLags() {
    if (shown) lags.draw(backContent(shown.back, shown.writing));
  }

  function drawTerms() {
    const chosen = shown?.back.terms.find(({ parameter }) => parameter === matrix.value);
    termFigure.root.hidden = chosen === undefined;
    if (!shown || !chosen) return;
    termFigure.setUnit(`‖∂Eₜ/∂${shown.writing.name(chosen.parameter)}‖`);
    terms.draw(termContent(chosen, shown.writing));
  }

  return {
    roots: [lagFigure.root, termFigure.root],
    update(back, writing) {
      shown = { back, writing };
      offerMatrices(back, writing);
      lagSight.redraw();
      termSight.redraw();
      lagFigure.update();
      termFigure.update();
    },
    updateTheme() {
      lags.updateTheme();
      terms.updateTheme();
    },
    destroy() {
      lagSight.destroy();
      termSight.destroy();
      lags.destroy();
      terms.destroy();
    },
  };
}
