import * as l10n from '@vscode/l10n';
import type { MetricsColumns } from '../../../src/protocol/history';
import type { Observation } from '../../../src/protocol/panel';
import type { ChartGroup } from '../../charts/chartGroup';
import { createLineChart } from '../../charts/lineChart';
import { createChoice } from '../../controls';
import type { Run } from '../../state';
import { createFigure } from '../figure';
import type { ViewContext } from '../view';
import { normContent, ratioContent, weightContent, type Shown } from './contents';
import { entriesOf, groupsOf, parameterEntries, type Group, type ParameterEntry } from './groups';
import { stylesOf } from './styles';
import { inSight } from './sight';
import type { Look } from './look';
import { noTable, parameterTable } from './tables';

/** Norms over steps: of the parameters' gradients, of their updates beside their values, of their values. */
export interface ParameterPictures {
  readonly norms: HTMLElement;
  readonly ratios: HTMLElement;
  readonly weights: HTMLElement;
  update(look: Look): void;
  /** There are new rows of metrics, and nothing else. */
  updateMetrics(): void;
  /** Puts the parameters on show that this one is among. */
  reveal(parameter: string): void;
  updateTheme(): void;
  destroy(): void;
}

export function createParameterPictures(
  context: ViewContext,
  charts: ChartGroup,
): ParameterPictures {
  const { host } = context;
  let look: Look | undefined;
  let metrics: MetricsColumns | undefined;
  /** What `metrics` is a copy of. */
  let copied = '';
  let network: Run['facts']['network'] | undefined;
  let entries: readonly ParameterEntry[] = [];
  let groups: readonly Group[] = [];
  let shown: Shown = { entries: [], styles: [] };

  const group = createChoice<string>('gradients-group', l10n.t('Parameters'), chooseGroup);
  const picture = (
    id: string,
    texts: {
      readonly title: string;
      readonly unit: string;
      readonly label: string;
      readonly help: string;
    },
    file: string,
    read: (observation: Observation) => Float64Array,
  ) => {
    const chart = createLineChart(context, { id, label: texts.label, group: charts });
    const figure = createFigure(context, {
      id,
      ...texts,
      picture: chart,
      controls: id === 'gradient-norms' ? [group.root] : [],
      fileName: () => `${look?.run.facts.name ?? ''} ${file}`,
      csv: chart.toCsv,
      table: () =>
        look ? parameterTable(look.run.observations.items, shown, read, look.writing) : noTable,
    });
    return { chart, figure };
  };
  const norms = picture(
    'gradient-norms',
    {
      title: l10n.t('Gradient norms'),
      unit: l10n.t('‖∂E/∂θ‖ before clipping'),
      label: l10n.t('Norms of the gradients over steps'),
      help: l10n.t(
        'The norm of each parameter’s gradient, and that of all together with its spread. Steps whose total norm exceeded the clipping norm were scaled down to it: red ticks at the bottom, stronger where there are more of them.',
      ),
    },
    'gradient norms',
    ({ gradientNorm }) => gradientNorm,
  );
  const ratios = picture(
    'gradient-ratios',
    {
      title: l10n.t('Update-to-weight ratio'),
      unit: l10n.t('‖Δθ‖ / ‖θ‖'),
      label: l10n.t('Ratio of updates to weights over steps'),
      help: l10n.t(
        'How much one step changes a parameter, as a share of its size. About 0.1% is a good rule of thumb (Stanford CS231n); far less learns slowly, far more forgets what was learnt. Biases begin at 0, so theirs begin high.',
      ),
    },
    'update-to-weight ratios',
    ({ updateRatio }) => updateRatio,
  );
  const weights = picture(
    'weight-norms',
    {
      title: l10n.t('Weight norms'),
      unit: l10n.t('‖θ‖'),
      label: l10n.t('Norms of the weights over steps'),
      help: l10n.t(
        'The size of each parameter. Recurrent weights that keep growing drive units into saturation; weight decay (rnnLab.training.weightDecay) holds them back.',
      ),
    },
    'weight norms',
    ({ weightNorm }) => weightNorm,
  );
  const pictures = [norms, ratios, weights];
  const sights = [
    inSight(norms.figure.root, drawNorms),
    inSight(ratios.figure.root, drawRatios),
    inSight(weights.figure.root, drawWeights),
  ];

  function offerGroups({ facts }: Run) {
    if (facts.network === network) return;
    network = facts.network;
    entries = parameterEntries(network);
    groups = groupsOf(entries);
    group.root.hidden = groups.length < 2;
    const kept = host.memory.get('gradients.group');
    showGroup(groups.find((offered) => idOf(offered) === kept) ?? groups[0]!);
  }

  function showGroup(chosen: Group) {
    group.setOptions(
      groups.map((offered) => [idOf(offered), titleOf(offered)]),
      idOf(chosen),
    );
    const chosenEntries = entriesOf(entries, chosen);
    shown = { entries: chosenEntries, styles: stylesOf(chosenEntries, chosen) };
  }

  function chooseGroup(id: string) {
    host.memory.set('gradients.group', id);
    showGroup(groups.find((offered) => idOf(offered) === id) ?? groups[0]!);
    redraw();
  }

  /** The step of an observation that was chosen; undefined: the newest is on show. */
  function mark({ isNewest, step }: Look) {
    return isNewest ? undefined : step;
  }

  function drawNorms() {
    if (!look) return;
    const { run, writing } = look;
    const last = `${run.id} ${String(run.metrics.at('step', run.metrics.length - 1))}`;
    if (!metrics || copied !== last) metrics = run.metrics.columns();
    copied = last;
    const { items } = run.observations;
    norms.chart.draw(
      normContent(metrics, items, shown, run.facts.clip, mark(look), writing, context.compared),
    );
  }

  function drawRatios() {
    if (!look) return;
    const { items } = look.run.observations;
    ratios.chart.draw(ratioContent(items, shown, mark(look), look.writing));
  }

  function drawWeights() {
    if (!look) return;
    const { items } = look.run.observations;
    weights.chart.draw(weightContent(items, shown, mark(look), look.writing));
  }

  function redraw() {
    for (const sight of sights) sight.redraw();
    for (const { figure } of pictures) figure.update();
  }

  return {
    norms: norms.figure.root,
    ratios: ratios.figure.root,
    weights: weights.figure.root,
    update(now) {
      look = now;
      offerGroups(now.run);
      redraw();
    },
    updateMetrics() {
      sights[0]!.redraw();
    },
    reveal(parameter) {
      if (shown.entries.some(({ name }) => name === parameter)) return;
      const wanted = groups.find((offered) =>
        entriesOf(entries, offered).some(({ name }) => name === parameter),
      );
      if (wanted) chooseGroup(idOf(wanted));
    },
    updateTheme() {
      for (const { chart } of pictures) chart.updateTheme();
    },
    destroy() {
      for (const sight of sights) sight.destroy();
      for (const { chart } of pictures) chart.destroy();
    },
  };
}

function idOf(group: Group): string {
  if (group.kind === 'layer') return `layer${String(group.layer)}`;
  return group.kind === 'owner' ? `owner ${group.owner}` : group.kind;
}

function titleOf(group: Group): string {
  switch (group.kind) {
    case 'all':
      return l10n.t('all');
    case 'recurrent':
      return l10n.t('recurrent matrices');
    case 'layer':
      return l10n.t('layer {0}', String(group.layer));
    case 'owner':
      return group.owner;
    case 'output':
      return l10n.t('output and embedding');
    case 'others':
      return l10n.t('the others');
  }
}
