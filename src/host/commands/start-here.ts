import { commands, l10n, ProgressLocation, Uri, window, workspace } from 'vscode';
import { exists } from '../runs/folder';
import type { Lab } from '../lab';
import { back, choose } from './ask';

/** Opens the walkthrough: train, watch, sample. */
export async function openWalkthrough(): Promise<void> {
  await commands.executeCommand('workbench.action.openWalkthrough', 'rnn-lab.rnn-lab#start', false);
}

interface Sample {
  readonly file: string;
  readonly detail: string;
  /** What `rnn-lab generate` is asked for, where it is not shipped but made when it is opened first. */
  readonly generated?: { readonly task: string; readonly rows: number };
}

/** What comes with RNN Lab, and what can be learnt from it; in lists as they are here. */
function samples(): readonly Sample[] {
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
      generated: { task: 'scenes', rows: 800 },
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
      generated: { task: 'dates', rows: 6000 },
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
 * @param name which one, where a link of the walkthrough says so; else it is asked for
 */
export async function openSample(lab: Lab, name: unknown): Promise<void> {
  const all = samples();
  const chosen =
    all.find((sample) => sample.file === name) ??
    (await choose<Sample>({
      title: l10n.t('Open a sample'),
      placeholder: l10n.t('Texts and tables that come with RNN Lab'),
      choices: all.map((sample) => ({ label: sample.file, detail: sample.detail, value: sample })),
      isActive: (sample) => sample === all[0],
      canGoBack: false,
    }));
  if (chosen === undefined || chosen === back) return;
  const document = await workspace.openTextDocument(await placeOf(lab, chosen));
  await window.showTextDocument(document);
}

/** The sample's file, which is made where it is not there yet. */
async function placeOf(lab: Lab, { file, generated }: Sample): Promise<Uri> {
  const shipped = Uri.joinPath(lab.extension, 'media', 'samples');
  if (generated === undefined) return Uri.joinPath(shipped, file);
  const place = Uri.joinPath(lab.storage, 'samples', file);
  if (await exists(place.fsPath)) return place;
  const [whole = file] = file.split('/');
  const licence = `${whole}.license`;
  const made = Uri.joinPath(lab.storage, 'samples');
  await workspace.fs.copy(Uri.joinPath(shipped, licence), Uri.joinPath(made, licence), {
    overwrite: true,
  });
  const path = Uri.joinPath(made, whole).fsPath;
  const making = lab.engine.start({ kind: 'generate', ...generated, seed: 1, path }).result;
  const title = l10n.t('Making the sample, once…');
  try {
    await window.withProgress({ location: ProgressLocation.Notification, title }, () => making);
  } catch (error) {
    // It may have been asked for twice.
    if (!(await exists(place.fsPath))) throw error;
  }
  return place;
}
