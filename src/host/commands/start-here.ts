import { commands, l10n, Uri, window, workspace } from 'vscode';
import { back, choose } from './ask';

/** Opens the walkthrough: train, watch, sample. */
export async function openWalkthrough(): Promise<void> {
  await commands.executeCommand('workbench.action.openWalkthrough', 'rnn-lab.rnn-lab#start', false);
}

/**
 * Open a sample text…: one of those that come with RNN Lab.
 *
 * @param extension folder of the extension
 * @param name which one, where a link of the walkthrough says so; else it is asked for
 */
export async function openSample(extension: Uri, name: unknown): Promise<void> {
  const samples = [
    { file: 'hamlet.txt', detail: l10n.t('Shakespeare’s play: characters, words, lines, verse') },
    {
      file: 'reber.txt',
      detail: l10n.t('Strings of Reber’s grammar: what may follow depends on all that came before'),
    },
    {
      file: 'tang-quatrains.txt',
      detail: l10n.t('Chinese poems of the Tang dynasty: few lines, many characters'),
    },
  ];
  const file =
    samples.find((sample) => sample.file === name)?.file ??
    (await choose<string>({
      title: l10n.t('Open a sample text'),
      placeholder: l10n.t('Texts that come with RNN Lab'),
      choices: samples.map((sample) => ({
        label: sample.file,
        detail: sample.detail,
        value: sample.file,
      })),
      isActive: (value) => value === 'hamlet.txt',
      canGoBack: false,
    }));
  if (file === undefined || file === back) return;
  const document = await workspace.openTextDocument(
    Uri.joinPath(extension, 'media', 'samples', file),
  );
  await window.showTextDocument(document);
}
