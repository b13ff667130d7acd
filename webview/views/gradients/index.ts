import * as l10n from '@vscode/l10n';
import { createChartGroup } from '../../charts/chartGroup';
import { createCheck, createChoice } from '../../controls';
import { element, setText } from '../../dom';
import { isLive, type Run } from '../../state';
import { nameIn } from '../names';
import type { View, ViewContext } from '../view';
import type { Writing } from './contents';
import { rowsUntil } from './data';
import { diagnose, type Finding } from './diagnosis';
import { createFindings } from './findings';
import './gradients.css';
import { parameterEntries } from './groups';
import { createLagPictures } from './lags';
import type { Look } from './look';
import { createParameterPictures } from './parameters';
import { createSaturationPicture } from './saturation';
import { createStepChooser } from './steps';
import { createValuePictures } from './values';

/** Gradients as they vanish and explode: a diagnosis in words, and the pictures it is read from. */
export function createGradients(context: ViewContext): View {
  const { format, host } = context;
  let run: Run | undefined;
  let network: Run['facts']['network'] | undefined;
  let writing: Writing | undefined;
  let look: Look | undefined;
  /** The last row of metrics that was drawn. */
  let drawnStep = NaN;
  /** The run and the kept step at which its model is looked at. */
  let traveled = '';

  const steps = createStepChooser(context, drawAll);
  const findings = createFindings(context, show);
  const charts = createChartGroup();
  const lags = createLagPictures(context, steps.choose);
  const parameters = createParameterPictures(context, charts);
  const saturation = createSaturationPicture(context, charts);
  const weights = createValuePictures(context, 'weights', steps.choose);
  const gradients = createValuePictures(context, 'gradients', steps.choose);
  const parts = [lags, parameters, saturation, weights, gradients, steps];

  const parameter = createChoice<string>('gradients-parameter', l10n.t('Parameter'), (name) => {
    host.memory.set('gradients.parameter', name);
    drawValues();
  });
  const logCount = createCheck(
    'gradients-log-count',
    l10n.t('Log counts'),
    host.memory.get('gradients.logCount') !== false,
    (checked) => {
      host.memory.set('gradients.logCount', checked);
      drawValues();
    },
  );
  const valueControls = element(
    'div',
    {
      class: 'gradients-controls',
      role: 'group',
      'aria-label': l10n.t('Weights and gradients of a parameter'),
    },
    parameter.root,
    logCount.root,
  );

  const body = element(
    'div',
    { class: 'gradients-body' },
    steps.root,
    findings.root,
    pair(lags.curve, lags.matrix),
    pair(parameters.norms, parameters.ratios),
    pair(saturation.root, parameters.weights),
    valueControls,
    pair(weights.histogram, gradients.histogram),
    pair(weights.matrix, gradients.matrix),
  );
  const empty = element('p', { class: 'gradients-empty', role: 'status' });
  const label = { 'aria-label': l10n.t('Gradients') };
  const root = element('section', { class: 'gradients', ...label }, empty, body);
  body.hidden = true;

  /** Brings the picture that shows what a finding says into sight. */
  function show(finding: Finding) {
    const picture = pictureOf(finding);
    picture.scrollIntoView({ block: 'nearest', behavior: isStill() ? 'auto' : 'smooth' });
    picture.querySelector<HTMLElement>('[role="slider"]')?.focus({ preventScroll: true });
  }

  function pictureOf(finding: Finding): HTMLElement {
    switch (finding.topic) {
      case 'reach':
        lags.reveal(finding.variable);
        return lags.curve;
      case 'clipping':
        return parameters.norms;
      case 'saturation':
        return saturation.root;
      case 'updates':
        parameters.reveal(finding.parameter);
        return parameters.ratios;
      case 'gradients':
        parameters.reveal(finding.parameters[0]!);
        return parameters.norms;
    }
  }

  /** Why there is nothing to see. */
  function emptyText({ facts, status }: Run): string {
    if (!facts.isObserved) {
      return l10n.t(
        'This run does not measure its gradients. Set rnnLab.inspection.observeEvery above 0, then continue it or train again.',
      );
    }
    return isLive(status.phase)
      ? l10n.t('Waiting for the first gradient measurement, a few seconds into training.')
      : l10n.t('Training ended before gradients were first measured. Continue it to see them.');
  }

  function adopt({ facts }: Run) {
    if (facts.network === network) return;
    network = facts.network;
    const name = nameIn(network);
    writing = { format, name };
    const entries = parameterEntries(network);
    const kept = host.memory.get('gradients.parameter');
    parameter.setOptions(
      entries.map((entry) => [entry.name, name(entry.name)]),
      (entries.find((entry) => entry.name === kept) ?? entries[0])?.name ?? '',
    );
  }

  function drawAll() {
    if (!run || !writing) return;
    const { items } = run.observations;
    const index = steps.update(items.map(({ step }) => step));
    look = {
      run,
      index,
      step: items[index]!.step,
      isNewest: index === items.length - 1,
      version: versionOf(run, context),
      writing,
    };
    tell();
    lags.update(look);
    parameters.update(look);
    saturation.update(look);
    drawValues();
  }

  function drawValues() {
    if (!look) return;
    const { run: shown, writing: by } = look;
    const choice = {
      parameter: shown.facts.network.parameters.findIndex(({ name }) => name === parameter.value),
      name: by.name(parameter.value),
      logCount: logCount.checked,
    };
    weights.update(look, choice);
    gradients.update(look, choice);
  }

  /** The diagnosis of the time that is looked at: until the chosen observation, or until now. */
  function tell() {
    if (!look) return;
    const { run: shown, index, step, isNewest } = look;
    const { facts, metrics } = shown;
    const rows = isNewest ? metrics.length : rowsUntil(metrics, step);
    const observations = shown.observations.items.slice(0, index + 1);
    findings.update(diagnose({ facts, metrics, rows, observations }), facts);
    holdPlace();
  }

  /** Once the diagnosis has been so high, it keeps the room: what is below does not move while one plays the training. */
  function holdPlace() {
    const { root: told } = findings;
    const { memory } = host;
    const width = told.offsetWidth;
    const kept = memory.get('gradients.toldHeight');
    const isKept = typeof kept === 'number' && memory.get('gradients.toldWidth') === width;
    const held = isKept ? kept : 0;
    told.style.minHeight = `${String(held)}px`;
    const height = told.offsetHeight;
    if (height === held) return;
    memory.set('gradients.toldWidth', width);
    memory.set('gradients.toldHeight', height);
  }

  return {
    root,
    update(now) {
      run = now;
      const { items } = now.observations;
      body.hidden = items.length === 0;
      empty.hidden = items.length > 0;
      if (items.length === 0) {
        setText(empty, emptyText(now));
        return;
      }
      adopt(now);
      const place = `${now.id} ${String(now.status.traveled)}`;
      if (place !== traveled) {
        traveled = place;
        steps.travel(place, now.status.traveled);
      }
      const step = now.metrics.at('step', now.metrics.length - 1);
      if (look?.run !== now || look.version !== versionOf(now, context)) drawAll();
      else if (step !== drawnStep) {
        parameters.updateMetrics();
        tell();
      }
      drawnStep = step;
    },
    updateTheme() {
      for (const part of [lags, parameters, saturation, weights, gradients]) part.updateTheme();
    },
    destroy() {
      for (const part of parts) part.destroy();
    },
  };
}

/** Tells the observations of a run, and of those that it is compared with, from others. */
function versionOf(
  { id, status, observations: { items } }: Run,
  { compared }: Pick<ViewContext, 'compared'>,
): string {
  const others = compared.map(
    ({ id: other, label, slot, lags }) => `${other} ${label} ${String(slot)} ${String(lags?.step)}`,
  );
  return [id, items.length, items.at(-1)?.step, status.slot, ...others].join(' ');
}

function pair(...children: readonly HTMLElement[]): HTMLElement {
  return element('div', { class: 'pair' }, ...children);
}

/** Whether nothing should move by itself. */
function isStill(): boolean {
  const { classList } = document.body;
  return (
    classList.contains('vscode-reduce-motion') ||
    matchMedia('(prefers-reduced-motion: reduce)').matches
  );
}
