import { env, l10n, notebooks, window, type Disposable } from 'vscode';
import { decodeFromRenderer, rendererId, type ToRenderer } from '../../protocol/notebook';
import type { SaveRequest } from '../panel/save';

export interface PicturesNeeds {
  save(request: SaveRequest): void;
  openRun(run: string): void;
  useSettings(run: string): void;
}

/** Answers the pictures of notebooks: tells them the language, saves what they show, opens runs. */
export function answerPictures({ save, openRun, useSettings }: PicturesNeeds): Disposable {
  const messaging = notebooks.createRendererMessaging(rendererId);
  return messaging.onDidReceiveMessage(({ editor, message }) => {
    const told = decodeFromRenderer(message);
    switch (told.type) {
      case 'ready': {
        const words: ToRenderer = { type: 'words', locale: env.language, texts: l10n.bundle ?? {} };
        void messaging.postMessage(words, editor);
        break;
      }
      case 'save': {
        const { name, format, content } = told;
        save({ name, format, content: new Uint8Array(Buffer.from(content, 'base64')) });
        break;
      }
      case 'openRun':
        openRun(told.run);
        break;
      case 'useSettings':
        useSettings(told.run);
        break;
      case 'copy':
        void env.clipboard.writeText(told.text);
        window.setStatusBarMessage(l10n.t('Copied.'), 2000);
        break;
    }
  });
}
