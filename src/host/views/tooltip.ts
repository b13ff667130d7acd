import { env, l10n, MarkdownString } from 'vscode';
import { beginning } from '../../core/beginning';
import type { Format } from '../../protocol/format';
import type { RunLine } from '../runs/line';
import { translated } from '../translate';
import { age } from './age';
import { lastPart } from '../runs/last-part';
import { notebookOf } from '../runs/notebook-of';
import { phaseOf } from './looks';
import { asMarkdown, tableOf } from './markdown';
import { scoreTexts } from './scores';

/** Of a note, in UTF-8. */
const longestNote = 400;

/** What there is to know of a run at a glance. */
export function runTooltip(line: RunLine, format: Format, now: number): MarkdownString {
  const { summary, phase } = line;
  const text = new MarkdownString('', true);
  text.appendMarkdown(`**${asMarkdown(line.name)}**\n\n${asMarkdown(phaseOf(line))}\n\n`);
  if (summary.failure !== null && phase === 'failed') {
    text.appendMarkdown(`${asMarkdown(translated(summary.failure))}\n\n`);
  }
  if (summary.note !== '') text.appendMarkdown(`${asMarkdown(shortened(summary.note))}\n\n`);
  text.appendMarkdown(tableOf(rows(line, format, now)));
  return text;
}

type Row = readonly [name: string, value: string];

function rows(line: RunLine, format: Format, now: number): readonly Row[] {
  const { summary, step, seconds } = line;
  const { hidden, layers } = summary;
  const count = format.count;
  return [
    ...about(line, format),
    ...asked(line),
    [l10n.t('Cell'), summary.cell],
    [l10n.t('Hidden units'), layers > 1 ? `${count(layers)} × ${count(hidden)}` : count(hidden)],
    [l10n.t('Parameters'), count(summary.parameters)],
    ...losses(line, format),
    [l10n.t('Steps'), l10n.t('{0} in {1}', count(step), format.duration(seconds))],
    [l10n.t('Limit'), limitText(line, format)],
    [l10n.t('Started'), dateText(summary.created, now)],
    [l10n.t('Changed'), dateText(summary.changed, now)],
    ...(summary.tags.length > 0 ? [[l10n.t('Tags'), summary.tags.join(', ')] as const] : []),
    ...gitRows(summary),
    ...Object.entries(summary.settings).map(([key, value]): Row => [key, String(value)]),
  ];
}

/** Of which commit the text was, and whether it was changed since. */
function gitRows({ git }: RunLine['summary']): readonly Row[] {
  if (git === null) return [];
  const texts = {
    same: l10n.t('the text as it is there'),
    changed: l10n.t('the text changed since'),
    untracked: l10n.t('the text not in it'),
    unknown: '',
  };
  const said = [git.commit.slice(0, 10), texts[git.text]].filter((text) => text !== '');
  return [[l10n.t('Git commit'), said.join(', ')]];
}

/** By which notebook it was asked for. */
function asked({ folder, summary: { experiment } }: RunLine): readonly Row[] {
  const notebook = notebookOf(folder);
  if (notebook === undefined) return [];
  return [
    [l10n.t('Notebook'), lastPart(notebook)],
    ...(experiment === null ? [] : [[l10n.t('Experiment'), experiment] as const]),
  ];
}

/** What is learnt, and how well. */
function about({ summary, scores }: RunLine, format: Format): readonly Row[] {
  const { name, task, tokens, vocabulary } = summary;
  if (task === null) {
    return [
      [l10n.t('Text'), l10n.t('{0}, {1} tokens', name, format.count(tokens))],
      [l10n.t('Vocabulary'), format.count(vocabulary)],
    ];
  }
  const told = scoreTexts(scores, format);
  return [
    [l10n.t('Data'), `${name}: ${translated(task.line)}`],
    ...(told.length > 0 ? [[l10n.t('Scores'), told.join(', ')] as const] : []),
  ];
}

function losses({ best, loss, summary }: RunLine, format: Format): readonly Row[] {
  const written = (value: number) =>
    summary.task === null ? l10n.t('{0} nats/token', format.loss(value)) : format.loss(value);
  const row = (name: string, value: number | undefined): Row[] =>
    value === undefined ? [] : [[name, written(value)]];
  return [...row(l10n.t('Best validation loss'), best), ...row(l10n.t('Training loss'), loss)];
}

function limitText({ summary: { limit } }: RunLine, format: Format): string {
  switch (limit.kind) {
    case 'steps':
      return l10n.t('{0} steps', format.count(limit.value));
    case 'epochs':
      return l10n.t('{0} epochs', format.value(limit.value));
    case 'seconds':
      return format.duration(limit.value);
  }
}

function dateText(time: number, now: number): string {
  const date = new Date(time).toLocaleString(env.language, {
    dateStyle: 'medium',
    timeStyle: 'short',
  });
  return `${date} (${age(time, now, env.language, 'long')})`;
}

/** The beginning of a note. */
function shortened(note: string): string {
  return note.length > longestNote ? `${beginning(note, longestNote)}…` : note;
}
