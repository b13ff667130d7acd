import { fill } from '../../../src/protocol/strings';
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
import './loss.css';
import { lossCsv, lossTable, momentAt } from './rows';
import { telling, tokensPerCharacter } from './units';

/** The loss and, beneath, the learning rate: of the run on show, and of those it is compared with. */
export function createLoss(context: ViewContext): View {
  const { strings, format, host } = context;
  let shown: Run | undefined;
  /** What was drawn last. */
  let drawn = '';

  const controls = createLossControls(context, draw);
  const clear = createButton({
    text: strings.clearComparison,
    onClick: () => host.run('clearComparison'),
  });
  clear.hidden = true;
  const sentence = element('p', { class: 'insight' });
  const ratio = element('p', { class: 'insight', hidden: '' });

  const group = createChartGroup();
  const loss = createLineChart(context, {
    id: 'loss-chart',
    label: strings.chartLabel,
    group,
    ticksBelow: false,
    describe: (x) => (shown ? momentAt(shown, controls.choice, x, told, strings, format) : []),
  });
  const rate = createLineChart(context, {
    id: 'rate-chart',
    label: strings.rateLabel,
    group,
    legend: false,
  });
  rate.root.classList.add('rate-chart');
  const figure = createFigure(context, {
    id: 'loss',
    title: strings.lossTitle,
    picture: {
      root: element('div', { class: 'loss-charts' }, loss.root, rate.root),
      ...savedPicture(() => [...loss.parts(), ...rate.parts()]),
    },
    controls: [clear, ...controls.elements],
    sentence: element('div', {}, sentence, ratio),
    fileName: () => fill(strings.lossFile, shown?.facts.name ?? ''),
    csv: () => (shown ? lossCsv(shown, context.compared, controls.choice, strings, format) : ''),
    table: () =>
      shown ? lossTable(shown, controls.choice, strings, format) : { header: [], rows: [] },
    help: strings.lossHelp,
  });
  const root = element('div', { class: 'loss' }, figure.root);

  function told(nats: number): string {
    const { convert, perCharacter, write } = telling(controls.choice.unit, strings, format);
    return write(convert((perCharacter ? perToken() : 1) * nats));
  }

  function perToken(): number {
    return shown ? tokensPerCharacter(shown.facts.tokenizer, shown.evaluations) : NaN;
  }

  function draw() {
    if (!shown) return;
    const perCharacter = perToken();
    controls.setPerCharacter(Number.isFinite(perCharacter));
    const { choice } = controls;
    const { compared } = context;
    const contents = lossContents(shown, compared, choice, strings, format);
    loss.draw(contents.loss);
    rate.draw(contents.rate);
    clear.hidden = compared.length === 0;
    setText(sentence, insight(shown, strings, format));
    ratio.hidden = choice.unit !== 'bits' || shown.facts.tokenizer === 'char';
    setText(ratio, fill(strings.perCharacterNote, format.value(1 / perCharacter)));
    figure.update();
  }

  return {
    root,
    update(run) {
      const { metrics, evaluations } = run;
      const last = String(metrics.at('step', metrics.length - 1));
      const runs = context.compared
        .map(({ id, label, metrics: { step } }) => `${id} ${label} ${String(step.at(-1))}`)
        .join('\n');
      const now = `${last} ${String(evaluations.length)} ${runs}`;
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
