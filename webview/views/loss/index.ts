import * as l10n from '@vscode/l10n';
import { tokenizers } from '../../../src/protocol/core';
import { createChartGroup } from '../../charts/chartGroup';
import { createLineChart } from '../../charts/lineChart';
import { savedPicture } from '../../charts/savedPicture';
import { createButton } from '../../controls';
import { element, setText } from '../../dom';
import { insight } from '../../insight';
import type { Run } from '../../state';
import { createFigure } from '../figure';
import type { View, ViewContext } from '../view';
import { lossContents } from './content';
import { createLossControls } from './controls';
import { tellCourse } from './course';
import { createCourseLine } from './courseLine';
import { createDifferencesTable } from './differencesTable';
import './loss.css';
import { othersText } from './others';
import { lossCsv, lossTable, momentAt } from './rows';
import { onScale, type Scale } from '../../charts/line';
import { lossUnitOf, measuresOf, perToken, scalePerCharacter, telling } from './units';

/** The loss and, beneath, the learning rate: of the run on show, and of those it is compared with. */
export function createLoss(context: ViewContext): View {
  const { format, host } = context;
  let shown: Run | undefined;
  /** What was drawn last. */
  let drawn = '';

  const controls = createLossControls(context, draw);
  const clear = createButton({
    text: l10n.t('Clear comparison'),
    onClick: () => host.run('clearComparison'),
  });
  clear.hidden = true;
  const sentence = element('p', { class: 'insight' });
  const ratio = element('p', { class: 'insight', hidden: '' });
  const others = element('p', { class: 'insight', hidden: '' });
  const course = createCourseLine(host);

  const group = createChartGroup();
  const loss = createLineChart(context, {
    id: 'loss-chart',
    label: l10n.t('Loss over steps'),
    group,
    ticksBelow: false,
    describe: (x) => (shown ? momentAt(shown, controls.choice, x, told, format) : []),
  });
  const rate = createLineChart(context, {
    id: 'rate-chart',
    label: l10n.t('Learning rate over steps'),
    group,
    legend: false,
  });
  rate.root.classList.add('rate-chart');
  const figure = createFigure(context, {
    id: 'loss',
    title: l10n.t('Loss'),
    picture: {
      root: element('div', { class: 'loss-charts' }, loss.root, rate.root),
      ...savedPicture(() => [...loss.parts(), ...rate.parts()]),
    },
    controls: [clear, ...controls.elements],
    sentence: element('div', {}, course.root, sentence, others, ratio),
    fileName: () => l10n.t('{0} loss', shown?.facts.name ?? ''),
    csv: () => (shown ? lossCsv(shown, context.compared, controls.choice, format) : ''),
    table: () => (shown ? lossTable(shown, controls.choice, format) : { header: [], rows: [] }),
    help: l10n.t(
      'The training loss is the mean over the steps between two rows, with its range around it; the validation loss is measured on text that the model does not train on. The dashed lines are what can be reached without memory: guessing uniformly, knowing how often each token occurs, and knowing which token follows which. Smoothing is an exponential moving average over 1 % or 5 % of the run.',
    ),
  });
  const differences = createDifferencesTable(context);
  const root = element('div', { class: 'loss' }, figure.root, differences.root);

  function told(nats: number): string {
    const { convert, perCharacter, write } = telling(
      lossUnitOf(controls.choice.unit),
      format,
      shown?.facts.task !== null,
    );
    return write(convert(onScale(perCharacter ? scale() : perToken, nats)));
  }

  /** Per character. */
  function scale(): Scale {
    return shown
      ? scalePerCharacter(shown.facts.tokenizer, shown.evaluations.view)
      : { factor: NaN, offset: NaN };
  }

  function draw() {
    if (!shown) return;
    const { factor } = scale();
    controls.setMeasures(measuresOf(shown, Number.isFinite(factor)));
    const { choice } = controls;
    const { compared } = context;
    const contents = lossContents(shown, compared, choice, format);
    loss.draw(contents.loss);
    rate.draw(contents.rate);
    clear.hidden = compared.length === 0;
    setText(sentence, insight(shown, format));
    ratio.hidden = choice.unit !== 'bits' || tokenizers[shown.facts.tokenizer].isCharacter;
    setText(
      ratio,
      l10n.t(
        'Per character: the training loss and the dashed lines are converted at {0} characters per token, as in the held-out text; the validation loss is exact.',
        format.value(1 / factor),
      ),
    );
    const different = othersText(shown, compared);
    others.hidden = different.length === 0;
    setText(
      others,
      l10n.t(
        'Not the same text, or other tokens: {0}. Losses on different texts cannot be compared, so the dashed lines are left out.',
        different.map(({ label }) => label).join(', '),
      ),
    );
    course.update(tellCourse(shown, format));
    differences.update(shown);
    figure.update();
  }

  return {
    root,
    update(run) {
      const { metrics, evaluations } = run;
      const last = String(metrics.at('step', metrics.length - 1));
      const runs = context.compared
        .map(
          ({ id, label, slot, metrics: { step } }) =>
            `${id} ${label} ${String(slot)} ${String(step.at(-1))}`,
        )
        .join('\n');
      const { phase, slot, label, canContinue } = run.status;
      const status = `${phase} ${label} ${String(slot)} ${String(canContinue)}`;
      const now = `${last} ${String(evaluations.length)} ${status} ${runs}`;
      if (run === shown && now === drawn) return;
      shown = run;
      drawn = now;
      draw();
    },
    updateTheme() {
      loss.updateTheme();
      rate.updateTheme();
    },
    destroy() {
      loss.destroy();
      rate.destroy();
    },
  };
}
