import { firstAtLeast } from '../../charts/reduce';
import { createChartGroup } from '../../charts/chartGroup';
import { createCheck, createChoice } from '../../controls';
import { element, setText } from '../../dom';
import { isLive, type Run } from '../../state';
import type { View, ViewContext } from '../view';
import type { Writing } from './contents';
import { diagnose, type Finding } from './diagnosis';
import { createFindings } from './findings';
import './gradients.css';
import { parameterEntries } from './groups';
import { createLagPictures } from './lags';
import { namesOf } from './names';
import { createParameterPictures } from './parameters';
import { createSaturationPicture } from './saturation';
import { createStepChooser } from './steps';
import { createValuePictures } from './values';

/** Gradients as they vanish and explode: a diagnosis in words, and the pictures it is read from. */
export function createGradients(context: ViewContext): View {
  const { strings, format, host } = context;
  let run: Run | undefined;
  let network: Run['facts']['network'] | undefined;
  let writing: Writing | undefined;
  /** Index of the observation that is looked at. */
  let chosen = 0;
  /** What the pictures were drawn from. */
  let drawnStep = NaN;
  let drawnObservations = '';

  const steps = createStepChooser(context, drawAll);
  const findings = createFindings(context, show);
  const charts = createChartGroup();
  const lags = createLagPictures(context, steps.choose);
  const parameters = createParameterPictures(context, charts);
  const saturation = createSaturationPicture(context, charts);
  const weights = createValuePictures(context, 'weights', steps.choose);
  const gradients = createValuePictures(context, 'gradients', steps.choose);
  const parts = [lags, parameters, saturation, weights, gradients, steps];

  const parameter = createChoice<string>(
    'gradients-parameter',
    strings.gradientsParameter,
    (name) => {
      host.memory.set('gradients.parameter', name);
      drawValues();
    },
  );
  const logCount = createCheck(
    'gradients-log-count',
    strings.gradientsLogCount,
    host.memory.get('gradients.logCount') !== false,
    (checked) => {
      host.memory.set('gradients.logCount', checked);
      drawValues();
    },
  );
  const valueControls = element(
    'div',
    { class: 'gradients-controls', role: 'group', 'aria-label': strings.valuesTitle },
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
  const label = { 'aria-label': strings.gradientsTab };
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

  function adopt({ facts }: Run) {
    if (facts.network === network) return;
    network = facts.network;
    const name = namesOf(network, strings);
    writing = { strings, format, name };
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
    chosen = steps.update(items.map(({ step }) => step));
    const { step } = items[chosen]!;
    const mark = chosen === items.length - 1 ? undefined : step;
    tell();
    lags.update(run, step, writing);
    parameters.update(run, mark, writing);
    saturation.update(run, mark, writing);
    drawValues();
  }

  function drawValues() {
    if (!run || !writing) return;
    const choice = {
      parameter: run.facts.network.parameters.findIndex(({ name }) => name === parameter.value),
      name: writing.name(parameter.value),
      observation: chosen,
      logCount: logCount.checked,
    };
    weights.update(run, choice, writing);
    gradients.update(run, choice, writing);
  }

  /** The diagnosis of the time that is looked at: until the chosen observation, or until now. */
  function tell() {
    if (!run) return;
    const { facts, metrics, observations } = run;
    const { items } = observations;
    const isNewest = chosen === items.length - 1;
    const rows = isNewest
      ? metrics.length
      : firstAtLeast(metrics.columns().step, items[chosen]!.step + 1);
    const until = { facts, metrics, rows, observations: items.slice(0, chosen + 1) };
    findings.update(diagnose(until), facts.network);
  }

  return {
    root,
    update(now) {
      run = now;
      const { items } = now.observations;
      body.hidden = items.length === 0;
      empty.hidden = items.length > 0;
      if (items.length === 0) {
        setText(empty, isLive(now.status.phase) ? strings.gradientsWaiting : strings.gradientsNone);
        return;
      }
      adopt(now);
      const observed = `${now.id} ${String(items.length)} ${String(items.at(-1)!.step)}`;
      const step = now.metrics.at('step', now.metrics.length - 1);
      if (observed !== drawnObservations) drawAll();
      else if (step !== drawnStep) {
        parameters.updateMetrics();
        tell();
      }
      drawnObservations = observed;
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

function pair(...children: readonly HTMLElement[]): HTMLElement {
  return element('div', { class: 'pair' }, ...children);
}

/** Whether nothing shall move by itself. */
function isStill(): boolean {
  const { classList } = document.body;
  return (
    classList.contains('vscode-reduce-motion') ||
    matchMedia('(prefers-reduced-motion: reduce)').matches
  );
}
