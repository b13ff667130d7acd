import {
  env,
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
  type ToPanel,
} from '../../protocol/panel';
import type { PanelStrings } from '../../protocol/strings';
import type { Engine } from '../engine';
import type { Runs, RunsChange } from '../runs/runs';
import { panelHtml, webviewFolder } from './html';
import { createInspector } from './inspection';
import { panelStrings } from './strings';
import { viewRun, viewStatus } from './view';

const viewType = 'rnnLab.panel';

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
  readonly runs: Runs;
  readonly extension: Uri;
  readonly log: LogOutputChannel;
  readonly run: (command: PanelCommand) => void;
  /** Brings back the run that a panel showed before the window was reloaded. */
  readonly restore: (run: string | undefined) => void;
}

/** Also brings the panel back when the window is reloaded. */
export function registerPanel(options: PanelOptions): Panel {
  const { engine, runs, extension, log, run, restore } = options;
  let strings: PanelStrings | undefined;
  let panel: WebviewPanel | undefined;
  /** Whether the page listens: from its `ready` until it is hidden, which ends it. */
  let listening = false;
  /** What the page was last told of a run that is about to begin. */
  let preparing: string | null = null;
  const inspector = createInspector(engine, runs, post);

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
      if (!adopted.visible) listening = false;
    });
    adopted.onDidDispose(() => {
      receiving.dispose();
      hiding.dispose();
      if (panel === adopted) panel = undefined;
    });
    setTitle();
    webview.html = panelHtml(webview, extension, env.language, adopted.title);
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
      hydrate();
    } else if (message.type === 'command') run(message.command);
    else if (message.type === 'inspect') inspector.ask(message);
    else if (message.type === 'error') log.error(`Panel: ${message.message}`);
  }

  function post(message: ToPanel) {
    if (listening) void panel?.webview.postMessage(message);
  }

  function hydrate() {
    const { current } = runs;
    const shown = current ? viewRun(current) : null;
    strings ??= panelStrings();
    preparing = runs.preparing ?? null;
    post({ type: 'hydrate', locale: env.language, strings, run: shown, preparing, compared: [] });
  }

  function setTitle() {
    const name = runs.preparing ?? runs.current?.facts.name;
    if (panel) panel.title = name === undefined ? 'RNN Lab' : `RNN Lab: ${name}`;
  }

  function update(change: RunsChange) {
    const { current } = runs;
    const isNew = preparing !== (runs.preparing ?? null);
    if (change.kind === 'current' || isNew || !current) {
      setTitle();
      hydrate();
    } else if (change.kind === 'status') {
      post({ type: 'status', id: current.folder, status: viewStatus(current) });
    } else if (change.kind === 'observation') {
      post({ type: 'observation', id: current.folder, observation: change.observation });
    } else if (change.kind === 'sampled') {
      post({ type: 'sampled', id: current.folder, sample: change.sample });
    } else {
      const { metrics, evaluations } = change;
      post({ type: 'append', id: current.folder, metrics, evaluations });
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
      serializing.dispose();
      panel?.dispose();
    },
  };
}
