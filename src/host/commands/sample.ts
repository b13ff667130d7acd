import {
  l10n,
  ProgressLocation,
  Range,
  window,
  workspace,
  WorkspaceEdit,
  type TextDocument,
} from 'vscode';
import type { Job } from '../../protocol/client';
import { effectiveSettings } from '../configuration';
import { UserError } from '../notify';
import type { Lab } from '../lab';

/** A sample that takes longer than this shows that it goes on, and how to cancel it; milliseconds. */
const patience = 2000;

/**
 * Sample from the model: streams text into an untitled document, after the selection if there is one,
 * else after the setting `rnnLab.sampling.prime`. Closing the document ends it.
 */
export async function sample(lab: Lab): Promise<void> {
  const { runs, engine, panel, notifier } = lab;
  if (!(await runs.openNewest())) {
    throw new UserError(l10n.t('There is no model to sample from. Train one first.'));
  }
  const model = runs.model();
  if (!model) return;
  const editor = window.activeTextEditor;
  const settings = effectiveSettings('sampling', editor?.document.uri);
  const selected = editor?.document.getText(editor.selection) ?? '';
  const prime = selected === '' ? primeOf(settings) : selected;
  const document = await workspace.openTextDocument({ content: prime, language: 'plaintext' });
  await window.showTextDocument(document, panel.otherColumn());

  const writer = createWriter(document);
  const seed = Number(settings['seed']);
  const job = engine.start(
    {
      kind: 'sample',
      model,
      prime,
      length: Number(settings['length']),
      temperature: Number(settings['temperature']),
      topK: Number(settings['topK']),
      topP: Number(settings['topP']),
      ...(seed === 0 ? {} : { seed }),
    },
    (event) => writer.write(event.text),
  );
  const closing = workspace.onDidCloseTextDocument((closed) => {
    if (closed === document) job.control({ action: 'stop' });
  });
  const slow = setTimeout(() => void showProgress(job), patience);
  try {
    const { unknown } = await job.result;
    await writer.end();
    if (unknown.length > 0) notifier.warn(unknownMessage(unknown));
  } finally {
    clearTimeout(slow);
    closing.dispose();
  }
}

function primeOf({ prime }: Readonly<Record<string, unknown>>): string {
  return typeof prime === 'string' ? prime : '';
}

/** Appends to a document, one edit at a time: what comes meanwhile waits and goes in together. */
function createWriter(document: TextDocument) {
  let waiting = '';
  let writing: Promise<void> | undefined;

  async function flush() {
    while (waiting !== '' && !document.isClosed) {
      const text = waiting;
      waiting = '';
      const end = document.lineAt(document.lineCount - 1).range.end;
      const edit = new WorkspaceEdit();
      edit.replace(document.uri, new Range(end, end), text);
      await workspace.applyEdit(edit);
    }
    writing = undefined;
  }

  return {
    write(text: string) {
      waiting += text;
      writing ??= flush();
    },
    async end() {
      await writing;
    },
  };
}

async function showProgress(job: Job<'sample'>): Promise<void> {
  const title = l10n.t('RNN Lab: sampling');
  await window.withProgress(
    { location: ProgressLocation.Notification, title, cancellable: true },
    async (_, cancellation) => {
      cancellation.onCancellationRequested(() => job.control({ action: 'stop' }));
      await job.result.catch(() => undefined);
    },
  );
}

function unknownMessage(unknown: readonly string[]): string {
  const shown = unknown.slice(0, 8).map((token) => JSON.stringify(token));
  const list = unknown.length > shown.length ? `${shown.join(', ')} …` : shown.join(', ');
  return l10n.t(
    'The model has never seen {0}, so that part of the prime told it nothing. Prime it with words of its own text.',
    list,
  );
}
