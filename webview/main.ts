import * as l10n from '@vscode/l10n';
import './locale';
import 'uplot/dist/uPlot.min.css';
import type { ToPanel } from '../src/protocol/panel';
import { registerControls } from './controls';
import { element } from './dom';
import { connectHost } from './host';
import { apply, type Run, type State } from './state';
import { createScrollMemory } from './scroll';
import './styles/base.css';
import { onThemeChange } from './theme';
import { createAnnouncer } from './views/announcer';
import { createCursor } from './views/cursor';
import { createExample } from './views/example';
import { createFigures } from './views/figures';
import { createHeader } from './views/header';
import { createLoss } from './views/loss';
import { createGradients } from './views/gradients';
import { createHidden } from './views/hidden';
import { createModel } from './views/model';
import { createSamples } from './views/samples';
import { createProjector } from './views/projector';
import { createResults } from './views/results';
import { createTabs, type Tab } from './views/tabs';
import { createTravel } from './views/travel';
import type { View, ViewContext } from './views/view';
import { createPreparing, createWelcome } from './views/welcome';
import { createWorksheet } from './views/worksheet';

registerControls();

const host = connectHost(receive);
const scrollMemory = createScrollMemory(host.memory);
let state: State | undefined;
let views: readonly View[] = [];
let scheduled = false;
/** Whether the host waits until what it has sent is drawn. */
let isAwaited = false;

function receive(message: ToPanel): void {
  if (message.type === 'hydrate') l10n.config({ contents: message.texts });
  const before = state;
  state = apply(state, message);
  // The same run hydrated again keeps its views, and with them the focus.
  if (state && !(before && showsTheSame(before, state))) build(state);
  isAwaited ||= message.type === 'hydrate' || message.type === 'append';
  schedule();
}

function showsTheSame(a: State, b: State): boolean {
  return a.run?.id === b.run?.id && a.preparing === b.preparing;
}

/** Makes the views of a run, once for each run on show. */
function build({ format, run, preparing }: State): void {
  for (const view of views) view.destroy?.();
  host.remember(run?.id);
  if (!run || preparing !== undefined) {
    views = [];
    const page = preparing === undefined ? createWelcome(host.run) : createPreparing(preparing);
    document.body.replaceChildren(page);
    return;
  }
  const context: ViewContext = {
    format,
    host,
    get compared() {
      return state?.compared ?? [];
    },
  };
  const header = createHeader(context);
  const figures = createFigures(context);
  const tabs = createTabs(context, [
    { id: 'loss', title: l10n.t('Loss'), create: createLoss },
    ...(run.facts.task === null ? textTabs() : exampleTabs()),
  ]);
  const travel = createTravel(context);
  const announcer = createAnnouncer(context);
  views = [header, figures, travel, tabs, announcer];
  const content = element('main', { class: 'content' }, figures.root, travel.root, tabs.root);
  const page = element('div', { class: 'page' }, header.root, content, announcer.root);
  document.body.replaceChildren(page);
  scrollMemory.restore(run.id);
}

/** What there is to see of a model that goes on with a text. */
function textTabs(): readonly Tab[] {
  return [
    { id: 'hidden', title: l10n.t('Hidden states'), create: createHidden },
    { id: 'cursor', title: l10n.t('At the cursor'), create: createCursor },
    { id: 'gradients', title: l10n.t('Gradients'), create: createGradients },
    projectorTab(),
    { id: 'samples', title: l10n.t('Samples'), create: createSamples },
    modelTab(),
    { id: 'worksheet', title: l10n.t('Worksheet'), create: createWorksheet },
  ];
}

function projectorTab(): Tab {
  return { id: 'projector', title: l10n.t('Projector'), create: createProjector };
}

function modelTab(): Tab {
  return { id: 'model', title: l10n.t('Model'), create: createModel };
}

/** What there is to see of a model that answers examples. */
function exampleTabs(): readonly Tab[] {
  return [
    { id: 'results', title: l10n.t('Results'), create: createResults },
    { id: 'cursor', title: l10n.t('At the cursor'), create: createExample },
    { id: 'gradients', title: l10n.t('Gradients'), create: createGradients },
    projectorTab(),
    modelTab(),
  ];
}

/** Draws in the next frame; a hidden page has no frames, so it costs nothing. */
function schedule(): void {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    if (state?.run) draw(state.run);
    if (!isAwaited) return;
    isAwaited = false;
    // Behind the painting of this frame, which takes longer than its drawing where there is no GPU.
    setTimeout(host.drawn);
  });
}

function draw(run: Run): void {
  for (const view of views) {
    try {
      view.update(run);
    } catch (error) {
      host.report(error);
    }
  }
}

onThemeChange(() => {
  for (const view of views) view.updateTheme?.();
});
host.ready();
