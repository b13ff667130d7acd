import {
  env,
  l10n,
  Uri,
  ViewColumn,
  window,
  type LogOutputChannel,
  type TextDocumentShowOptions,
  type WebviewPanel,
} from 'vscode';
import {
  decodeFromPanel,
  decodePanelMemory,
  type FromPanel,
  type PanelCommand,
  type RetrainSettings,
  type ToPanel,
} from '../../protocol/panel';
import type { Engine } from '../engine';
import type { RunChoice } from '../follow/choice';
import type { Reader } from '../follow/reader';
import type { Lenses } from '../lenses/lenses';
import type { Unit } from '../lenses/neuron';
import { isLearningRate, runName, type Run } from '../runs/run';
import type { Runs, RunsChange } from '../runs/runs';
import { throttle } from '../throttle';
import { panelHtml, webviewFolder } from './html';
import { createCursorWatch } from './cursor';
import { createCursorModels } from './cursor-model';
import { createFeed } from './feed';
import { createInspector } from './inspection';
import { packed } from './packed';
import { createExampleWatch } from './example';
import { createProjector, type DocumentPlace } from './projector';
import { createEvaluator } from './results';
import { createWorksheets } from './worksheet';
import type { SaveRequest } from './save';
import { viewCompared, viewRun, viewStatus } from './view';

const viewType = 'rnnLab.panel';

/** Compared runs go to the panel whole, so not often; milliseconds. */
const comparedInterval = 2000;

/** The panel beside the editor; there is one at most. It shows the current run, whichever that is. */
export interface Panel {
  /** Opens the panel beside the editor, or brings it to the front, without taking the focus. */
  show(): void;
  readonly isOpen: boolean;
  close(): void;
  /** Where a document opens so that it does not cover the panel. */
  otherColumn(): TextDocumentShowOptions;
  dispose(): void;
}

export interface PanelOptions {
  readonly engine: Engine;
  readonly reader: Reader;
  readonly lenses: Lenses;
  /** Whose model looks at a text. */
  readonly choice: Pick<RunChoice, 'modelOf' | 'onDidChange'>;
  readonly runs: Runs;
  readonly extension: Uri;
  readonly log: LogOutputChannel;
  readonly run: (command: PanelCommand) => void;
  /** Colours the text in front by a unit that was chosen in a picture. */
  readonly colourByUnit: (unit: Unit) => void;
  /** Shows a line, from 1, of the file that a run has learnt. */
  readonly openLine: (run: string, line: number) => void;
  /** Shows a part of what a run has learnt. */
  readonly openPlace: (place: DocumentPlace) => void;
  /** Tells what went wrong. */
  readonly failed: (error: unknown) => void;
  /** Saves a picture or its data where the user says. */
  readonly save: (request: SaveRequest) => void;
  /** Trains a new run as the one on show was, but for some settings. */
  readonly retrain: (settings: RetrainSettings) => void;
  /** Brings back the run that a panel showed before the window was reloaded. */
  readonly restore: (run: string | undefined) => void;
}

/** Also brings the panel back when the window is reloaded. */
export function registerPanel(options: PanelOptions): Panel {
  const { engine, reader, lenses, choice, runs, extension, log, run } = options;
  const { colourByUnit, openLine, openPlace, failed, save, retrain, restore } = options;
  let panel: WebviewPanel | undefined;
  /** Whether the page listens: from its `ready` until it is hidden, which ends it. */
  let listening = false;
  /** What the page was last told of a run that is about to begin. */
  let preparing: string | null = null;
  const feed = createFeed({
    post(message) {
      void panel?.webview.postMessage(packed(message));
    },
    restart: hydrate,
    now: () => performance.now(),
    later(action, milliseconds) {
      const timer = setTimeout(action, milliseconds);
      return () => {
        clearTimeout(timer);
      };
    },
  });
  const inspector = createInspector(engine, runs, post);
  const evaluator = createEvaluator(engine, runs, post);
  const worksheets = createWorksheets(engine, runs, post);
  const projector = createProjector(engine, runs, post);
  const example = createExampleWatch({ engine, runs, lenses, post });
  const cursor = createCursorWatch({
    ...{ reader, runs, lenses, post },
    modelFor: createCursorModels(engine, runs, choice),
    onDidChoose: choice.onDidChange,
  });

  function adopt(adopted: WebviewPanel) {
    panel?.dispose();
    panel = adopted;
    listening = false;
    const { webview } = adopted;
    const icon = (theme: string) => Uri.joinPath(extension, 'media', `panel-${theme}.svg`);
    adopted.iconPath = { light: icon('light'), dark: icon('dark') };
    webview.options = { enableScripts: true, localResourceRoots: [webviewFolder(extension)] };
    const receiving = webview.onDidReceiveMessage(receive);
    const hiding = adopted.onDidChangeViewState(() => {
      if (!adopted.visible) silence();
    });
    adopted.onDidDispose(() => {
      receiving.dispose();
      hiding.dispose();
      if (panel !== adopted) return;
      panel = undefined;
      silence();
    });
    setTitle();
    webview.html = panelHtml(webview, extension, env.language, adopted.title);
  }

  /** Nobody looks any more. */
  function silence() {
    listening = false;
    feed.clear();
    cursor.watch(undefined);
    example.watch(null, undefined);
  }

  function receive(raw: unknown) {
    let message: FromPanel;
    try {
      message = decodeFromPanel(raw);
    } catch (error) {
      log.error('The panel sent what is no message.', error);
      return;
    }
    if (message.type === 'ready') {
      listening = true;
      cursor.watch(undefined);
      example.watch(null, undefined);
      hydrate();
    } else answer(message);
  }

  function answer(message: Exclude<FromPanel, { readonly type: 'ready' }>) {
    switch (message.type) {
      case 'drawn':
        feed.drawn();
        break;
      case 'command':
        run(message.command);
        break;
      case 'inspect':
        inspector.ask(message);
        break;
      case 'evaluate':
        evaluator.ask(message);
        break;
      case 'worksheet':
        worksheets.ask(message);
        break;
      case 'project':
        projector.ask(message);
        break;
      case 'openPlace':
        projector.find(message).then((place) => place && openPlace(place), failed);
        break;
      case 'openLine':
        openLine(message.id, message.line);
        break;
      case 'watchExample':
        example.watch(message.id, message.question);
        break;
      case 'watchCursor':
        cursor.watch(watchedBy(message));
        break;
      case 'travel':
        runs.travel(message.step ?? undefined);
        break;
      case 'pinCursor':
        cursor.pin(message.pinned);
        break;
      case 'selectToken':
        cursor.select(message.start, message.end);
        break;
      case 'colourByUnit':
        colourByUnit(message);
        break;
      case 'setLearningRate':
        setLearningRate(message.learningRate);
        break;
      case 'retrain':
        retrain(message.settings);
        break;
      case 'save':
        save(message);
        break;
      case 'error':
        log.error(`Panel: ${message.message}`);
        break;
    }
  }

  function post(message: ToPanel) {
    if (listening) feed.send(message);
  }

  function hydrate() {
    const { current } = runs;
    const shown = current ? viewRun(current, runs.slotOf(current)) : null;
    preparing = runs.preparing ?? null;
    const compared = viewComparison();
    const texts = l10n.bundle ?? {};
    post({ type: 'hydrate', locale: env.language, texts, run: shown, preparing, compared });
  }

  /** A run that is compared and trained meanwhile is brought up to date now and then. */
  const postCompared = throttle(() => {
    const { current } = runs;
    // It has a colour among them.
    if (current) post({ type: 'status', id: current.folder, status: viewNow(current) });
    post({ type: 'compared', compared: viewComparison() });
  }, comparedInterval);

  function viewNow(of: Run) {
    return viewStatus(of, runs.slotOf(of));
  }

  function viewComparison() {
    return runs.compared.map((other) => viewCompared(other, runs.slotOf(other)));
  }

  function setLearningRate(rate: number | null) {
    if (rate === null || isLearningRate(rate)) runs.setLearningRate(rate ?? undefined);
    else log.error(`The panel sent what is no learning rate: ${rate}.`);
  }

  function setTitle() {
    const name = runs.preparing ?? (runs.current && runName(runs.current));
    if (panel) panel.title = name === undefined ? 'RNN Lab' : `RNN Lab: ${name}`;
  }

  function update(change: RunsChange) {
    const { current } = runs;
    const isNew = preparing !== (runs.preparing ?? null);
    if (change.kind === 'current' || isNew || !current) {
      setTitle();
      hydrate();
      return;
    }
    const id = current.folder;
    switch (change.kind) {
      case 'status':
        setTitle();
        post({ type: 'status', id, status: viewNow(current) });
        break;
      case 'rows':
      case 'observation':
      case 'sampled':
        if (listening) feed.add(id, change);
        break;
      case 'compared':
        postCompared();
        break;
      case 'background':
        if (runs.compared.some((run) => run === runs.trained)) postCompared();
        break;
      case 'list':
        break;
    }
  }

  const following = runs.onDidChange(update);
  const serializing = window.registerWebviewPanelSerializer(viewType, {
    deserializeWebviewPanel(restored, memory) {
      adopt(restored);
      restore(decodePanelMemory(memory));
      return Promise.resolve();
    },
  });

  return {
    get isOpen() {
      return panel !== undefined;
    },
    close() {
      panel?.dispose();
    },
    otherColumn() {
      const own = panel?.viewColumn;
      if (!panel?.active || own === undefined) return { preview: false };
      const viewColumn = own === ViewColumn.One ? ViewColumn.Beside : ViewColumn.One;
      return { viewColumn, preview: false };
    },
    show() {
      if (panel) {
        panel.reveal(undefined, true);
        return;
      }
      const column = { viewColumn: ViewColumn.Beside, preserveFocus: true };
      adopt(window.createWebviewPanel(viewType, 'RNN Lab', column, { enableScripts: true }));
    },
    dispose() {
      following.dispose();
      postCompared.dispose();
      serializing.dispose();
      cursor.dispose();
      example.dispose();
      panel?.dispose();
    },
  };
}

/** What the panel wants to be told of the cursor; undefined: nothing. */
function watchedBy({ id, variable }: Extract<FromPanel, { readonly type: 'watchCursor' }>) {
  return variable === null ? undefined : { id, variable };
}
