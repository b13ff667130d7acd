import { commands, l10n, Uri, window, workspace } from 'vscode';
import { back, choose } from './ask';

/** Opens the walkthrough: train, watch, sample. */
export async function openWalkthrough(): Promise<void> {
  await commands.executeCommand('workbench.action.openWalkthrough', 'rnn-lab.rnn-lab#start', false);
}

/** What comes with RNN Lab, and what can be learnt from it; in lists as they are here. */
function samples(): readonly { readonly file: string; readonly detail: string }[] {
  return [
    { file: 'hamlet.txt', detail: l10n.t('Shakespeare’s play: characters, words, lines, verse') },
    {
      file: 'reber.txt',
      detail: l10n.t('Strings of Reber’s grammar: what may follow depends on all that came before'),
    },
    {
      file: 'tang-quatrains.txt',
      detail: l10n.t('Chinese poems of the Tang dynasty: few lines, many characters'),
    },
    {
      file: 'seattle-weather.csv',
      detail: l10n.t('One to one: what kind of day it was, from four measurements'),
    },
    {
      file: 'scenes/metadata.csv',
      detail: l10n.t(
        'One to many: pictures of two shapes, and what stands left of what or above it',
      ),
    },
    {
      file: 'first-names.csv',
      detail: l10n.t('Many to one: first names, female or male'),
    },
    {
      file: 'us-births.csv',
      detail: l10n.t('Many to many, synced: births a day; the next day is forecast'),
    },
    {
      file: 'dates.csv',
      detail: l10n.t('Many to many, delayed: dates in twenty forms become ISO 8601'),
    },
    {
      file: 'cmu-words.csv',
      detail: l10n.t('Many to many, delayed: English words, and how they are pronounced'),
    },
    {
      file: 'emoji-names.csv',
      detail: l10n.t('Many to many, delayed: what emoji are called in English and in Chinese'),
    },
  ];
}

/**
 * Open a sample…: one of those that come with RNN Lab.
 *
 * @param extension folder of the extension
 * @param name which one, where a link of the walkthrough says so; else it is asked for
 */
export async function openSample(extension: Uri, name: unknown): Promise<void> {
  const file =
    samples().find((sample) => sample.file === name)?.file ??
    (await choose<string>({
      title: l10n.t('Open a sample'),
      placeholder: l10n.t('Texts and tables that come with RNN Lab'),
      choices: samples().map((sample) => ({
        label: sample.file,
        detail: sample.detail,
        value: sample.file,
      })),
      isActive: (value) => value === 'hamlet.txt',
      canGoBack: false,
    }));
  if (file === undefined || file === back) return;
  const document = await workspace.openTextDocument(
    Uri.joinPath(extension, 'media', 'samples', ...file.split('/')),
  );
  await window.showTextDocument(document);
}
