/** Help with the lines of `experiment` and `sample` cells: what a name means, and what may be written. */
import {
  CompletionItem,
  CompletionItemKind,
  FileType,
  Hover,
  l10n,
  MarkdownString,
  workspace,
  type NotebookCell,
  type Position,
  type TextDocument,
} from 'vscode';
import { builtinCells } from '../../core/cells';
import {
  experimentKeys,
  ownKeys,
  settingNamed,
  type OwnKey,
} from '../../core/notebooks/experiment';
import { overNames } from '../../core/notebooks/expect';
import { measureNames } from '../../core/notebooks/measures';
import { sampleKeys, samplingNamed } from '../../core/notebooks/sample';
import { allowed, type Setting } from '../configuration';
import { explainCell } from '../language/explain';
import { purposeOf } from '../language/purpose';
import { kindOfCell, languages, metadataOf } from './cells';

/** A line of a cell: `  key: value`, or an item of the list below a key. */
interface Line {
  readonly key: string;
  /** Whether a place of the line is in the key. */
  readonly isKey: boolean;
}

function lineAt(document: TextDocument, { line, character }: Position): Line | undefined {
  const text = document.lineAt(line).text;
  if (text.slice(0, character).includes('#')) return undefined;
  const [, indent = '', key = '', colon] = /^(\s*)([\w.-]*)\s*(:)?/.exec(text) ?? [];
  const isItem = /^\s*- /.test(text);
  if (!isItem && indent === '') {
    return { key, isKey: colon === undefined || character <= key.length };
  }
  for (let above = line - 1; above >= 0; above--) {
    const found = /^([\w.-]+)\s*:/.exec(document.lineAt(above).text);
    if (found) return { key: found[1]!, isKey: false };
  }
  return undefined;
}

function cellOf(document: TextDocument): NotebookCell | undefined {
  return workspace.notebookDocuments
    .flatMap((notebook) => notebook.getCells())
    .find((cell) => cell.document === document);
}

/** @param settings of the manifest, with their texts in the display language */
export function hoverIn(
  document: TextDocument,
  position: Position,
  settings: readonly Setting[],
): Hover | undefined {
  const range = document.getWordRangeAtPosition(position, /[\w.-]+/);
  const line = lineAt(document, position);
  if (range === undefined || line === undefined) return undefined;
  const word = document.getText(range);
  if (line.isKey) {
    const text = keyHelp(document, line.key, settings);
    return text && new Hover(text, range);
  }
  if (line.key === 'cell' && builtinCells.has(word)) return new Hover(explainCell(word), range);
  const setting = settingOf(document, line.key, settings);
  const value = setting?.enum?.indexOf(word) ?? -1;
  const told = setting?.markdownEnumDescriptions?.[value];
  return told === undefined ? undefined : new Hover(plainLinks(told), range);
}

/** What may stand at a place of a cell. */
export async function completionsIn(
  document: TextDocument,
  position: Position,
  settings: readonly Setting[],
): Promise<CompletionItem[]> {
  const line = lineAt(document, position);
  if (line === undefined) return [];
  if (line.isKey) return keys(document, position, settings);
  return await values(document, line.key, settings);
}

function keys(
  document: TextDocument,
  position: Position,
  settings: readonly Setting[],
): CompletionItem[] {
  const written = new Set(
    document
      .getText()
      .split('\n')
      .filter((_, line) => line !== position.line)
      .map((text) => /^([\w.-]+)\s*:/.exec(text)?.[1]),
  );
  const names = isSample(document) ? sampleKeys : experimentKeys;
  const range = document.getWordRangeAtPosition(position, /[\w.-]+/);
  return names
    .filter((name) => !written.has(name))
    .map((name, i) => {
      const item = new CompletionItem(name, CompletionItemKind.Property);
      item.insertText = `${name}: `;
      if (range) item.range = range;
      // In the order in which one writes them, and of the settings' table.
      item.sortText = String(i).padStart(4, '0');
      const text = keyHelp(document, name, settings);
      if (text) item.documentation = text;
      item.command = { command: 'editor.action.triggerSuggest', title: '' };
      return item;
    });
}

async function values(
  document: TextDocument,
  key: string,
  settings: readonly Setting[],
): Promise<CompletionItem[]> {
  const cell = cellOf(document);
  const named = (kind: string, before = Infinity): string[] =>
    (cell?.notebook.getCells() ?? []).flatMap((each) => {
      const { name } = metadataOf(each);
      return kindOfCell(each) === kind && name !== undefined && each.index < before ? [name] : [];
    });
  const plain = (name: string, kind: CompletionItemKind, detail?: string): CompletionItem => {
    const item = new CompletionItem(name, kind);
    if (detail !== undefined) item.detail = detail;
    return item;
  };
  if (key === 'run' && isSample(document)) {
    return named('experiment', cell?.index).map((name) =>
      plain(name, CompletionItemKind.Reference),
    );
  }
  if (key === 'data') {
    const files = (await filesBeside(cell)).map((name) => plain(name, CompletionItemKind.File));
    return [...named('text').map((name) => plain(name, CompletionItemKind.Reference)), ...files];
  }
  if (key === 'cell') {
    return [
      ...named('rnn').map((name) => plain(name, CompletionItemKind.Reference)),
      ...[...builtinCells.keys()].map((name) =>
        plain(name, CompletionItemKind.EnumMember, purposeOf(name)),
      ),
    ];
  }
  if (key === 'expect') {
    return [
      ...measureNames.map((name) => plain(name, CompletionItemKind.Variable)),
      ...overNames.map((name) => plain(name, CompletionItemKind.Function)),
      plain('by a paired test', CompletionItemKind.Keyword),
    ];
  }
  const setting = settingOf(document, key, settings);
  return (setting?.enum ?? []).map((name, i) => {
    const item = plain(name, CompletionItemKind.EnumMember);
    const told = setting?.markdownEnumDescriptions?.[i];
    if (told !== undefined) item.documentation = plainLinks(told);
    return item;
  });
}

/** Texts and tables beside the notebook, and cells. */
async function filesBeside(cell: NotebookCell | undefined): Promise<string[]> {
  if (cell?.notebook.uri.scheme !== 'file') return [];
  const { uri } = cell.notebook;
  const folder = uri.with({ path: uri.path.replace(/\/[^/]*$/, '') });
  try {
    const entries = await workspace.fs.readDirectory(folder);
    return entries
      .filter(
        ([name, type]) => type === FileType.File && /\.(txt|csv|tsv|jsonl?|conll|md)$/i.test(name),
      )
      .map(([name]) => name);
  } catch {
    return [];
  }
}

function isSample(document: TextDocument): boolean {
  return document.languageId === languages.sample;
}

function settingOf(
  document: TextDocument,
  key: string,
  settings: readonly Setting[],
): Setting | undefined {
  const entry = isSample(document) ? samplingNamed(key) : settingNamed(key);
  return settings.find((each) => each.key === entry?.key);
}

function keyHelp(
  document: TextDocument,
  key: string,
  settings: readonly Setting[],
): MarkdownString | undefined {
  if (isSample(document) && key === 'run') {
    return new MarkdownString(
      l10n.t('The name of an experiment above: the best seed of its best configuration writes.'),
    );
  }
  const own = ownKeys.find((name) => name === key);
  if (own !== undefined && !isSample(document)) return new MarkdownString(ownHelp()[own]);
  const setting = settingOf(document, key, settings);
  if (setting === undefined) return undefined;
  const text = plainLinks(setting.markdownDescription ?? '');
  return text.appendMarkdown(
    `\n\n${l10n.t('{0}; {1} unless another is given. A list is a sweep.', allowed(setting), `\`${String(setting.default)}\``)}`,
  );
}

/** Links to settings lead nowhere in a hover. */
function plainLinks(text: string): MarkdownString {
  return new MarkdownString(text.replace(/`#rnnLab\.([\w.]+)#`/g, '`$1`'));
}

function ownHelp(): Record<OwnKey, string> {
  return {
    data: l10n.t(
      'What is learnt from: a text or a table beside the notebook, or the name of a `text` block.',
    ),
    seeds: l10n.t(
      'With how many seeds each configuration is trained, from `seed` (1) on: `seeds: 5`.',
    ),
    random: l10n.t(
      'So many configurations are drawn, of lists and of ranges: {0}.',
      '`{log: [1e-4, 1e-2]}`, `{uniform: [0, 0.5]}`, `{int: [32, 256]}`',
    ),
    budget: l10n.t('The time of each run: `60 s`, `10 min`. It becomes a number of steps.'),
    total: l10n.t('The time of all runs together, in equal shares: `10 min`.'),
    halving: l10n.t(
      'Successive halving: of each round one in so many configurations goes on. `halving: 3`',
    ),
    expect: l10n.t(
      'What should come out, one condition or a list: `median(validationLoss) < 1.62`, `loss[hidden=64] < loss[hidden=32] by a paired test`.',
    ),
  };
}
