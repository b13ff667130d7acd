/** New notebooks: one to begin with, and one that asks for a run again. */
import { builtinCells } from '../cells';
import { settingEntries } from '../settings/settings';
import { writeCells, type NotebookCell } from './cells';

/** The words of a new notebook, in the reader's language. */
export interface Words {
  readonly title: string;
  readonly question: string;
  readonly sample: string;
}

const prose = (value: string): NotebookCell => ({ kind: 'prose', name: '', value });

function textOf(cells: readonly NotebookCell[]): string {
  return writeCells({ cells, head: '', end: '\n' }).text;
}

/** @param data the path of a text, from the notebook's folder */
export function newNotebookText({ title, question, sample }: Words, data: string): string {
  const lines = [
    `data: ${yamlText(data)}`,
    ...['cell: [vanilla, gru]', 'hidden: 64', 'budget: 20 s', 'seeds: 3'],
  ];
  return textOf([
    prose(`# ${title}\n\n${question}`),
    { kind: 'experiment', name: 'cells', value: lines.join('\n') },
    prose(sample),
    { kind: 'sample', name: '', value: 'run: cells\ntokens: 200' },
  ]);
}

/** A run as far as a notebook asks for it again. */
export interface AskedRun {
  readonly cell: { readonly name: string; readonly source: string };
  /** All of them, by their dotted keys. */
  readonly settings: Readonly<Record<string, string | number | boolean>>;
  /** The path of its text, from the notebook's folder. */
  readonly data: string;
  /** Whether it goes on with a text, which a sample can show. */
  readonly canSample: boolean;
}

const ends = { 'training.steps': 'steps', 'training.epochs': 'epochs' } as const;

/** A notebook whose experiment trains what a run was trained with: its equations, text, seed and settings. */
export function notebookOfRun(words: Words, { cell, settings, data, canSample }: AskedRun): string {
  const isBuiltin = builtinCells.get(cell.name) === cell.source;
  const name = isBuiltin
    ? cell.name
    : (/[\p{L}\p{N}_-]+(?=(?:\.rnn)?$)/u.exec(cell.name)?.[0] ?? 'cell');
  const end = Object.entries(ends).find(([key]) => Number(settings[key]) > 0);
  const seconds = Number(settings['training.seconds']);
  const limit =
    end !== undefined
      ? `${end[1]}: ${String(settings[end[0]])}`
      : `budget: ${String(seconds > 0 ? seconds : 60)} s`;
  const changed = settingEntries.flatMap(
    ({ key, group, name: setting, setting: { default: usual } }) => {
      const value = settings[key];
      const isOwn = group === 'model' || group === 'data' || group === 'training';
      const isElsewhere =
        key === 'model.cell' || key === 'training.threads' || key === 'training.seed';
      const isEnd = key in ends || key === 'training.seconds';
      if (!isOwn || isElsewhere || isEnd || value === undefined || value === usual) return [];
      return [`${setting}: ${typeof value === 'string' ? yamlText(value) : String(value)}`];
    },
  );
  const lines = [
    ...[`data: ${yamlText(data)}`, `cell: ${yamlText(name)}`],
    ...[...changed, limit, `seed: ${String(settings['training.seed'] ?? 1)}`],
  ];
  return textOf([
    prose(`# ${words.title}\n\n${words.question}`),
    ...(isBuiltin ? [] : [{ kind: 'rnn', name, value: cell.source.replace(/\n$/, '') } as const]),
    { kind: 'experiment', name: 'again', value: lines.join('\n') },
    ...(canSample
      ? [
          prose(words.sample),
          { kind: 'sample', name: '', value: 'run: again\ntokens: 200' } as const,
        ]
      : []),
  ]);
}

/** A text as YAML has it: plain where that means nothing else. */
function yamlText(text: string): string {
  return /^[\p{L}./][\p{L}\p{N}_./-]*$/u.test(text) &&
    !/^(?:true|false|null|yes|no|on|off|~)$/i.test(text)
    ? text
    : JSON.stringify(text);
}
