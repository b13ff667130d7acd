/** Draws what experiments of lab notebooks come to: a renderer of VS Code's notebooks. */
import * as l10n from '@vscode/l10n';
import { formatFor } from '../../src/protocol/format';
import type { ExperimentFigure, FromRenderer, ToRenderer } from '../../src/protocol/notebook';
import { onThemeChange } from '../theme';
import { createExperimentView, type ExperimentView } from './experiment';
import './renderer.css';

/** What VS Code gives a renderer, as far as it is used here. */
interface RendererContext {
  postMessage?(message: FromRenderer): void;
  onDidReceiveMessage?(listener: (message: ToRenderer) => void): void;
}

interface OutputItem {
  readonly id: string;
  json(): unknown;
}

interface Shown {
  readonly element: HTMLElement;
  readonly view: ExperimentView;
  figure: ExperimentFigure;
}

export function activate(context: RendererContext) {
  const shown = new Map<string, Shown>();
  const kept = new Map<string, unknown>();
  let format = formatFor('en');

  const host = {
    save(name: string, type: 'png' | 'svg' | 'csv' | 'html', content: Uint8Array) {
      if (type !== 'html') post({ type: 'save', name, format: type, content: encoded(content) });
    },
    report(error: unknown) {
      throw error;
    },
    memory: {
      get: (key: string) => kept.get(key),
      set: (key: string, value: unknown) => void kept.set(key, value),
    },
  };

  function post(message: FromRenderer) {
    context.postMessage?.(message);
  }

  function make(id: string, target: HTMLElement, figure: ExperimentFigure) {
    const openRun = (run: string) => post({ type: 'openRun', run });
    const view = createExperimentView(
      { id: `output-${id}`, host, format, openRun },
      {
        useSettings: (run) => post({ type: 'useSettings', run }),
        copy: (text) => post({ type: 'copy', text }),
      },
    );
    shown.set(id, { element: target, view, figure });
    target.replaceChildren(view.root);
    view.update(figure);
  }

  function remove(id: string) {
    shown.get(id)?.view.destroy();
    shown.delete(id);
  }

  context.onDidReceiveMessage?.((message) => {
    l10n.config({ contents: message.texts });
    format = formatFor(message.locale);
    // Words and numbers are written as a picture is made.
    for (const [id, { element: target, figure }] of [...shown]) {
      remove(id);
      make(id, target, figure);
    }
  });
  onThemeChange(() => shown.forEach(({ view }) => view.updateTheme()));
  post({ type: 'ready' });

  return {
    renderOutputItem(item: OutputItem, target: HTMLElement) {
      const figure = item.json() as ExperimentFigure;
      const known = shown.get(item.id);
      if (known?.element === target && known.view.root.isConnected) {
        known.figure = figure;
        known.view.update(figure);
      } else {
        remove(item.id);
        make(item.id, target, figure);
      }
    },
    disposeOutputItem(id?: string) {
      for (const each of id === undefined ? [...shown.keys()] : [id]) remove(each);
    },
  };
}

function encoded(content: Uint8Array): string {
  let text = '';
  for (const byte of content) text += String.fromCharCode(byte);
  return btoa(text);
}
