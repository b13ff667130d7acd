import {
  decodeToPanel,
  type FromPanel,
  type PanelCommand,
  type ToPanel,
} from '../src/protocol/panel';

/** What VS Code gives every webview. */
interface VsCodeApi {
  postMessage(message: unknown): void;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** The line to the extension host. */
export interface Host {
  ready(): void;
  run(command: PanelCommand): void;
  report(error: unknown): void;
  /** Leaves with the editor what it gives back when the window is reloaded. */
  remember(run: string | undefined): void;
}

/** @param onMessage gets every message of the host, decoded */
export function connectHost(onMessage: (message: ToPanel) => void): Host {
  const api = acquireVsCodeApi();
  const post = (message: FromPanel) => {
    api.postMessage(message);
  };
  const report = (error: unknown) => {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    post({ type: 'error', message });
  };
  window.addEventListener('message', ({ data }) => {
    try {
      onMessage(decodeToPanel(data));
    } catch (error) {
      report(error);
    }
  });
  window.addEventListener('error', ({ error, message }) => {
    report(error ?? message);
  });
  window.addEventListener('unhandledrejection', ({ reason }) => {
    report(reason);
  });
  return {
    ready() {
      post({ type: 'ready' });
    },
    run(command) {
      post({ type: 'command', command });
    },
    report,
    remember(run) {
      api.setState({ run });
    },
  };
}
