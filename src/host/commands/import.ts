import * as path from 'node:path';
import { env, l10n, ProgressLocation, Uri, window, workspace } from 'vscode';
import { EngineError, type ImportRequest, type ImportResult } from '../../protocol/engine';
import { formatFor } from '../../protocol/format';
import type { Lab } from '../lab';
import { UserError } from '../notify';
import { choose } from './ask';

/** What the open dialog offers. */
const extensions = ['safetensors', 'json', 'pt', 'pth', 'keras', 'h5', 'onnx'];
/** Of what is asked for beside a model. */
const vocabularies = ['json', 'txt'];

/** What a file of another program does not tell. */
type Told = Pick<ImportRequest, 'vocabulary' | 'nonlinearity'>;
type Need = NonNullable<EngineError['failure']['needs']>;

/** Import model…: a run of a file, which the panel then shows; the file is asked for, unless a menu says which. */
export async function importModel(lab: Lab, target: unknown): Promise<void> {
  const file = target instanceof Uri ? target : await askWhich();
  if (!file) return;
  const result = await importFile(lab, file);
  if (!result) return;
  await lab.runs.open(result.run);
  lab.panel.show();
  const format = formatFor(env.language);
  lab.notifier.info(
    l10n.t(
      'Imported {0}: {1}, {2} parameters.',
      result.name,
      result.cell,
      format.count(result.parameters),
    ),
    { title: l10n.t('Sample'), run: () => lab.run('sample') },
    { title: l10n.t('Train further'), run: () => lab.run('continue') },
  );
}

async function askWhich(): Promise<Uri | undefined> {
  const files = await window.showOpenDialog({
    title: l10n.t('Import model'),
    openLabel: l10n.t('Import'),
    filters: { [l10n.t('Models')]: extensions },
  });
  return files?.[0];
}

/** Makes a run of a file, asking for what the file does not tell; undefined: there was no answer. */
async function importFile(lab: Lab, file: Uri): Promise<ImportResult | undefined> {
  let told: Told = {};
  for (;;) {
    const result = await tryImport(lab, file, told);
    if (typeof result !== 'string') return result;
    const answer = await askFor[result](path.posix.basename(file.path));
    if (!answer) return undefined;
    told = { ...told, ...answer };
  }
}

/** The run, or what is missing. A file that the engine cannot read itself is read by VS Code. */
async function tryImport({ runs }: Lab, file: Uri, told: Told): Promise<ImportResult | Need> {
  const title = l10n.t('RNN Lab: importing');
  return window.withProgress({ location: ProgressLocation.Window, title }, async () => {
    try {
      return await runs.import(await sourceOf(file), told);
    } catch (error) {
      const need = error instanceof EngineError ? error.failure.needs : undefined;
      if (need === undefined || told[need] !== undefined) throw error;
      return need;
    }
  });
}

const askFor: Readonly<Record<Need, (name: string) => Promise<Told | undefined>>> = {
  async vocabulary(name) {
    const files = await window.showOpenDialog({
      title: l10n.t(
        'Vocabulary of {0}: JSON, a token a line, or the text that it was trained on',
        name,
      ),
      openLabel: l10n.t('Use as vocabulary'),
      filters: { [l10n.t('Vocabularies and texts')]: vocabularies, [l10n.t('All files')]: ['*'] },
    });
    return files?.[0] && { vocabulary: await sourceOf(files[0]) };
  },
  async nonlinearity(name) {
    const nonlinearity = await choose<'tanh' | 'relu'>({
      title: l10n.t('Import {0}', name),
      placeholder: l10n.t('Which function has its nn.RNN? The file does not tell.'),
      choices: [
        { label: 'tanh', description: l10n.t('the default of PyTorch'), value: 'tanh' },
        { label: 'relu', value: 'relu' },
      ],
      isActive: (value) => value === 'tanh',
      canGoBack: false,
    });
    return typeof nonlinearity === 'string' ? { nonlinearity } : undefined;
  },
};

async function sourceOf(file: Uri): Promise<ImportRequest['source']> {
  if (file.scheme === 'file') return { kind: 'file', path: file.fsPath };
  const name = path.posix.basename(file.path);
  try {
    return { kind: 'contents', name, contents: new Uint8Array(await workspace.fs.readFile(file)) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(l10n.t('{0} cannot be read: {1}', name, reason.replace(/\.?$/, '.')));
  }
}
