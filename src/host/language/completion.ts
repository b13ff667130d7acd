import {
  CompletionItem,
  CompletionItemKind,
  l10n,
  MarkdownString,
  SnippetString,
  type Position,
  type TextDocument,
} from 'vscode';
import { builtinCells } from '../../core/cells';
import { appliedCells, isUppercase } from '../../core/equations/names';
import { functionNames, inputName, namedBeforeBrackets } from '../../core/equations/syntax';
import { purposeOf } from './purpose';
import { explainCell, explainDirective, explainFunction, explainStart } from './explain';

/** Names of a text, as far as they can be told while it is being written and wrong. */
interface Names {
  readonly variables: readonly string[];
  /** Variables that are read at an earlier step. */
  readonly states: readonly string[];
  readonly matrices: readonly string[];
  readonly biases: readonly string[];
}

const word = '[\\p{L}_][\\p{L}\\p{M}\\p{Nd}_.]*';

/** What may stand at a place of a `.rnn` document. */
export function completionsAt(document: TextDocument, position: Position): CompletionItem[] {
  const line = document.lineAt(position.line).text;
  const before = line.slice(0, position.character);
  if (before.includes('#')) return [];
  const names = namesIn(document.getText(), line);
  const wordStart = before.replace(new RegExp(`${word}$`, 'u'), '');
  const typed = wordStart.trimStart();
  if (/\[[^\]]*$/u.test(wordStart)) return times();
  if (/^init\s+$/u.test(typed)) {
    return [...names.matrices, ...names.biases, ...names.states].map(plain('init'));
  }
  if (/^size\s+$/u.test(typed)) return names.variables.map(plain('size'));
  if (/^output\s+$/u.test(typed)) return names.variables.map(plain('output'));
  if (/^init\s.*=\s*$/u.test(typed)) return starts();
  if (/^size\s.*=[\s\d./*]*$/u.test(typed)) return [keyword('hidden', l10n.t('The hidden size.'))];
  if (/^(?:init|size|output)\b/u.test(typed)) return [];
  if (typed === '' && isLineOfItsOwn(document, position.line))
    return [...(names.variables.length === 0 ? cells() : []), ...lines(), ...inValue(names)];
  return inValue(names);
}

/** A line that begins a statement: the one before does not end in an operator or an open bracket. */
function isLineOfItsOwn(document: TextDocument, line: number): boolean {
  for (let above = line - 1; above >= 0; above--) {
    const text = document.lineAt(above).text.replace(/#.*/u, '').trimEnd();
    if (text !== '') return !/[-+*/(=]$/u.test(text);
  }
  return true;
}

/** @param except the line that is being written: its unfinished word is no name yet */
function namesIn(text: string, except: string): Names {
  const variables = new Set<string>();
  const states = new Set<string>();
  const parameters = new Set<string>();
  for (const line of text.split(/\r\n|\n|\r/u)) {
    const bare = line.replace(/#.*/u, '');
    const left = new RegExp(`^\\s*(${word})\\s*(?:\\[\\s*[tu]\\s*\\]\\s*)?=`, 'u').exec(bare)?.[1];
    if (left !== undefined) variables.add(left);
    for (const [, name = ''] of bare.matchAll(new RegExp(`(${word})\\s*\\[\\s*[tu]\\s*[-+]`, 'gu')))
      states.add(name);
    if (line === except || /^\s*(?:init|size|output)\s/u.test(bare)) continue;
    for (const [name] of bare.matchAll(
      new RegExp(`${word}(?![\\p{L}\\p{M}\\p{Nd}_])(?!\\s*\\[)`, 'gu'),
    ))
      parameters.add(name);
  }
  for (const name of [...functionNames, ...namedBeforeBrackets, ...appliedCells.keys()]) {
    parameters.delete(name);
  }
  for (const name of [...variables, inputName, 't']) parameters.delete(name);
  return {
    variables: [...variables],
    states: [...variables].filter((name) => states.has(name)),
    matrices: [...parameters].filter(isUppercase),
    biases: [...parameters].filter((name) => !isUppercase(name)),
  };
}

function inValue({ variables, matrices, biases }: Names): CompletionItem[] {
  const now = [inputName, ...variables].map((name) => value(`${name}[t]`, 1));
  const last = variables.map((name) => value(`${name}[t-1]`, 0));
  return [
    ...last,
    ...now,
    ...matrices.map((name) => parameter(name, l10n.t('A learnt matrix.'))),
    ...biases.map((name) => parameter(name, l10n.t('A learnt bias.'))),
    ...[...functionNames, ...namedBeforeBrackets].map((name) =>
      called(name, `${name}($1)`, explainFunction(name)),
    ),
    ...[...appliedCells].map(([name, cell]) =>
      called(name, `${name}(\${1:x[t]}, \${2:h[t-1]})`, explainCell(cell)),
    ),
  ];
}

function called(name: string, snippet: string, text: MarkdownString): CompletionItem {
  const item = new CompletionItem(name, CompletionItemKind.Function);
  item.insertText = new SnippetString(snippet);
  item.documentation = text;
  item.sortText = `3${name}`;
  return item;
}

function value(label: string, order: number): CompletionItem {
  const item = new CompletionItem(label, CompletionItemKind.Variable);
  item.sortText = `${order}${label}`;
  return item;
}

function parameter(name: string, text: string): CompletionItem {
  const item = new CompletionItem(name, CompletionItemKind.Constant);
  item.detail = text;
  item.sortText = `2${name}`;
  return item;
}

function plain(context: string): (name: string) => CompletionItem {
  return (name) => {
    const item = new CompletionItem(name, CompletionItemKind.Variable);
    item.insertText = context === 'output' ? name : `${name} = `;
    return item;
  };
}

function times(): CompletionItem[] {
  return [
    keyword('t', l10n.t('This step.')),
    keyword('t-1', l10n.t('One step before, which makes it a state.')),
    keyword('t+1', l10n.t('One step after: the loop runs from right to left.')),
    keyword('u', l10n.t('This step of an answer with a length of its own.')),
    keyword('u-1', l10n.t('One step before in the answer.')),
    keyword('1', l10n.t('The first step of each example.')),
    keyword('T', l10n.t('The last step of each example.')),
  ];
}

function starts(): CompletionItem[] {
  const usages = { uniform: '0.08', normal: '0.01', orthogonal: '1', identity: '1' } as const;
  return Object.entries(usages).map(([name, usual]) => {
    const item = new CompletionItem(name, CompletionItemKind.Function);
    item.insertText = new SnippetString(`${name}(\${1:${usual}})`);
    item.documentation = explainStart(name as keyof typeof usages);
    return item;
  });
}

/** Whole cells, for a text that has no equation yet. */
function cells(): CompletionItem[] {
  return [...builtinCells].map(([name, source]) => {
    const item = new CompletionItem(name, CompletionItemKind.Snippet);
    item.insertText = new SnippetString().appendText(source);
    item.detail = purposeOf(name);
    item.documentation = new MarkdownString().appendCodeblock(source, 'rnn-cell');
    item.sortText = `0${name}`;
    return item;
  });
}

/** What a line may begin with. */
function lines(): CompletionItem[] {
  const directives = (['init', 'size', 'output'] as const).map((name) => {
    const item = new CompletionItem(name, CompletionItemKind.Keyword);
    item.insertText = `${name} `;
    item.documentation = explainDirective(name);
    item.command = { command: 'editor.action.triggerSuggest', title: '' };
    item.sortText = `4${name}`;
    return item;
  });
  const equation = new CompletionItem(l10n.t('equation'), CompletionItemKind.Snippet);
  equation.insertText = new SnippetString(
    '${1:h}[t] = ${2:tanh}(${3:U} x[t] + ${4:W} ${1:h}[t-1] + ${5:b})',
  );
  equation.documentation = new MarkdownString().appendCodeblock(
    'h[t] = tanh(U x[t] + W h[t-1] + b)',
    'rnn-cell',
  );
  equation.sortText = '0';
  return [equation, ...directives];
}

function keyword(label: string, detail: string): CompletionItem {
  const item = new CompletionItem(label, CompletionItemKind.Keyword);
  item.detail = detail;
  return item;
}
