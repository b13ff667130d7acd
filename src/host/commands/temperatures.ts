import { randomInt } from 'node:crypto';
import { l10n, window, workspace } from 'vscode';
import { problemOf, type Setting } from '../configuration';
import type { Lab } from '../lab';
import { askText, back } from './ask';
import { insertInto, placeCursor } from './insertion';
import { escaped } from './sample-options';
import {
  configuredOptions,
  generate,
  runToSample,
  withProgress,
  type SampleOptions,
} from './sampling';

/** Where the last list is, for this workspace. */
const memory = 'temperatures';
const usual = [0.5, 0.8, 1, 1.2];
const most = 12;

/** Characters of the prime that the head shows: the samples have all of it. */
const longestPrime = 60;

/** Around each text: in Markdown that is trained on, backticks are far more common. */
const fence = '~~~~';

/**
 * Compare temperatures…: samples at several, all else alike, the seed too, one below the other in a new
 * Markdown document, whose outline lists them. One document can be read from top to bottom, folded,
 * searched, saved and closed; as many editors side by side would leave each a fraction of the window.
 */
export async function compareTemperatures(lab: Lab, target: unknown): Promise<void> {
  const run = await runToSample(lab, target);
  const active = window.activeTextEditor;
  const configured = configuredOptions(lab, active?.document.uri);
  const selected = active?.document.getText(active.selection) ?? '';
  const temperatures = await askTemperatures(lab);
  if (!temperatures) return;

  const options = {
    ...configured,
    prime: selected || configured.prime,
    seed: configured.seed || randomInt(1, 2 ** 32),
  };
  const content = headOf(lab, run, options);
  const document = await workspace.openTextDocument({ content, language: 'markdown' });
  const editor = await window.showTextDocument(document, lab.panel.otherColumn());
  await withProgress(async (control) => {
    const insertion = insertInto(document, document.getText().length, control.stop);
    placeCursor(editor, 0);
    try {
      for (const temperature of temperatures) {
        if (control.stopped) break;
        const name = l10n.t('Temperature {0}', temperature);
        insertion.write(`\n## ${name}\n\n${fence}text\n${options.prime}`);
        await generate(lab, run, { ...options, temperature }, control, insertion.write);
        insertion.write(`\n${fence}\n`);
      }
    } finally {
      await insertion.end().finally(insertion.dispose);
    }
  });
}

async function askTemperatures({ settings, memento }: Lab): Promise<number[] | undefined> {
  const setting = settings.find(({ key }) => key === 'sampling.temperature')!;
  const typed = await askText({
    title: l10n.t('Compare temperatures'),
    prompt: l10n.t('Temperatures, separated by commas; everything else is as the settings say.'),
    value: memento.get<readonly number[]>(memory, usual).join(', '),
    check: (text) => {
      const read = readTemperatures(text, setting);
      return typeof read === 'string' ? read : undefined;
    },
    canGoBack: false,
  });
  if (typed === undefined || typed === back) return undefined;
  const read = readTemperatures(typed, setting);
  if (typeof read === 'string') return undefined;
  await memento.update(memory, read);
  return read;
}

/** The numbers of a list, each once; or what is wrong with it. */
function readTemperatures(text: string, setting: Setting): number[] | string {
  const parts = text.split(/[\s,;，；、]+/u).filter((part) => part !== '');
  const wrong = parts.find((part) => problemOf(setting, Number(part)) !== undefined);
  if (wrong !== undefined) {
    return l10n.t(
      '{0} is not a temperature: write numbers from {1} to {2}.',
      wrong,
      setting.minimum ?? 0,
      setting.maximum ?? 0,
    );
  }
  if (parts.length === 0) return l10n.t('Write at least one temperature, such as 0.8.');
  if (parts.length > most) return l10n.t('At most {0} temperatures at a time.', most);
  return [...new Set(parts.map(Number))];
}

/** The end of a long prime, which the samples go on from. */
function shortened(prime: string): string {
  const characters = Array.from(new Intl.Segmenter().segment(prime), ({ segment }) => segment);
  return characters.length > longestPrime ? `… ${characters.slice(-longestPrime).join('')}` : prime;
}

/** What all samples have in common. */
function headOf(
  { runs }: Lab,
  run: string,
  { prime, length, topK, topP, seed }: SampleOptions,
): string {
  const current = runs.current?.folder === run ? runs.current : undefined;
  const facts = [
    ...(current ? [`${current.facts.name} · ${current.facts.cell.name}`] : []),
    l10n.t('{0} tokens', length),
    l10n.t('seed {0}', seed),
    ...(topK > 0 ? [`top-k ${topK}`] : []),
    ...(topP < 1 ? [`top-p ${topP}`] : []),
    ...(prime === '' ? [] : [l10n.t('prime “{0}”', shortened(escaped(prime)))]),
  ];
  return `# ${l10n.t('Samples by temperature')}\n\n${facts.join(' · ')}\n`;
}
