/** Shades the rows of data files by what a model of examples makes of them. */
import {
  env,
  EventEmitter,
  Hover,
  l10n,
  languages,
  MarkdownString,
  Range,
  StatusBarAlignment,
  window,
  workspace,
  type Event,
  type TextDocument,
  type TextEditor,
} from 'vscode';
import type { RowShading, TaskFacts } from '../../protocol/engine';
import { formatFor } from '../../protocol/format';
import { createStatusItem } from '../accessible';
import { isText, textEditorInFront } from '../documents';
import type { Engine } from '../engine';
import { oneAtATime } from '../one-at-a-time';
import { placesOf } from '../rows/places';
import { knownRun } from '../runs/run';
import type { Runs } from '../runs/runs';
import { throttle } from '../throttle';
import { legendPriority } from './legend';
import { createRowReader, rowsIn, type ReadRows, type SeenRow } from './row-reader';
import { colours, createShades } from './shades';
import type { Shade } from './shading';

/** What a document is shaded by, with the model of a run. */
export interface RowLook {
  readonly run: string;
  readonly task: TaskFacts;
  readonly by: RowShading;
  /** Of a unit, as the panel has it. */
  readonly label?: string;
}

export interface RowLens {
  isOn(document: TextDocument | undefined): boolean;
  /** Undefined: it is off. */
  look(document: TextDocument | undefined): RowLook | undefined;
  /** @param look undefined: turns it off */
  set(document: TextDocument, look: RowLook | undefined): void;
  readonly onDidChange: Event<void>;
  dispose(): void;
}

export interface RowLensOptions {
  readonly engine: Pick<Engine, 'start'>;
  readonly runs: Pick<Runs, 'current' | 'trained' | 'onDidChange'>;
  /** It cannot look: it is off when this is called. */
  readonly failed: (error: unknown) => void;
}

/** Between what scrolling and typing ask, milliseconds. */
const interval = 60;
/** Lines above and below those in sight that are read, too. */
const margin = 20;

/** What turns it off. */
const commands = { score: 'scoreLens', loss: 'surpriseLens', unit: 'neuronLens' } as const;

interface Told {
  readonly version: number;
  readonly rows: readonly SeenRow[];
  readonly read: ReadRows;
}

export function createRowLens({ engine, runs, failed }: RowLensOptions): RowLens {
  const above = createShades(colours.above);
  const below = createShades(colours.below);
  const surprise = createShades(colours.surprise);
  const reader = createRowReader(engine);
  const format = formatFor(env.language);
  const looks = new Map<string, RowLook>();
  const told = new WeakMap<TextEditor, Told>();
  const changes = new EventEmitter<void>();
  const name = l10n.t('Lens of rows');
  const legend = createStatusItem('rnnLab.rows', name, StatusBarAlignment.Right, legendPriority);
  /** The greatest absolute value seen of a document's unit. */
  const limits = new Map<string, number>();

  const lookOf = (document: TextDocument | undefined) =>
    document && looks.get(document.uri.toString());

  async function look(editor: TextEditor) {
    const { document } = editor;
    const wanted = lookOf(document);
    if (!wanted) return;
    const { run, task, by } = wanted;
    const { version } = document;
    const known = knownRun(runs, run);
    const lines = {
      first: Math.min(...editor.visibleRanges.map(({ start }) => start.line)) - margin,
      last: Math.max(...editor.visibleRanges.map(({ end }) => end.line)) + margin,
    };
    const rows = rowsIn(document, lines, task);
    try {
      const checkpoint = known?.traveled;
      const moment = checkpoint === undefined ? (known?.evaluations.length ?? 0) : 0;
      const read = await reader.read({ run, checkpoint, moment, by }, document, rows);
      if (document.version !== version || lookOf(document) !== wanted) return;
      told.set(editor, { version, rows, read });
      show(editor, wanted, { version, rows, read });
    } catch (error) {
      if (lookOf(document) !== wanted) return;
      set(document, undefined);
      failed(error);
    }
  }

  function show(editor: TextEditor, { by }: RowLook, { rows, read }: Told) {
    const { document } = editor;
    const each = rows.flatMap((row, i) => shadesOf(document, row, read.rows[i]));
    if (by.kind === 'unit') {
      const address = document.uri.toString();
      let limit = limits.get(address) ?? 1;
      for (const { strength } of each) {
        if (Number.isFinite(strength)) limit = Math.max(limit, Math.abs(strength));
      }
      limits.set(address, limit);
      above.show(editor, scaled(each, limit));
      below.show(editor, scaled(each, -limit));
    } else (by.kind === 'loss' ? surprise : above).show(editor, scaled(each, read.most));
    tell();
  }

  function bare(editor: TextEditor) {
    told.delete(editor);
    for (const shades of [above, below, surprise]) shades.clear(editor);
  }

  const lookAll = oneAtATime(async () => {
    for (const editor of window.visibleTextEditors) {
      if (lookOf(editor.document)) await look(editor);
    }
  });
  const update = throttle(lookAll, interval);

  function set(document: TextDocument, wanted: RowLook | undefined) {
    const address = document.uri.toString();
    limits.delete(address);
    for (const editor of window.visibleTextEditors) {
      if (editor.document === document) bare(editor);
    }
    if (wanted && isText(document)) looks.set(address, wanted);
    else looks.delete(address);
    changes.fire();
    tell();
    update();
  }

  /** In the status bar. */
  function tell() {
    const document = textEditorInFront()?.document;
    const wanted = lookOf(document);
    if (!wanted) {
      legend.hide();
      return;
    }
    const text = shadingName(wanted);
    const editor = window.visibleTextEditors.find((each) => each.document === document);
    const read = editor && told.get(editor)?.read;
    const model = read ? l10n.t('at step {0}', format.count(read.step)) : '…';
    legend.show({
      text: `$(eye) ${text}`,
      tooltip: new MarkdownString(
        [text, model, l10n.t('Click to turn the lens off.')].join('\n\n'),
      ),
      command: `rnnLab.${commands[wanted.by.kind]}`,
      details: [text, model],
    });
  }

  const subscriptions = [
    window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => {
      if (lookOf(textEditor.document)) update();
    }),
    window.onDidChangeVisibleTextEditors(() => update()),
    window.onDidChangeActiveTextEditor(tell),
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0 && lookOf(document)) update();
    }),
    workspace.onDidCloseTextDocument((document) => {
      if (document.isClosed && lookOf(document)) set(document, undefined);
    }),
    runs.onDidChange(({ kind }) => {
      if ((kind === 'status' || kind === 'current' || kind === 'rows') && looks.size > 0) update();
    }),
    languages.registerHoverProvider('*', {
      provideHover(document, position) {
        const wanted = lookOf(document);
        const editor = window.visibleTextEditors.find((each) => each.document === document);
        const found = editor && told.get(editor);
        if (!wanted || found?.version !== document.version) return undefined;
        return hoverOf(document, position.line, document.offsetAt(position), wanted, found);
      },
    }),
    ...[above, below, surprise, legend, update, changes],
  ];

  function hoverOf(
    document: TextDocument,
    line: number,
    offset: number,
    wanted: RowLook,
    { rows, read }: Told,
  ): Hover | undefined {
    const place = rows.findLastIndex((row) => row.line <= line);
    const [row, found] = [rows[place], read.rows[place]];
    if (!row || !found) return undefined;
    const at = shadesOf(document, row, found).find(
      ({ start, end }) => start <= offset && offset < end,
    );
    if (!at) return undefined;
    const sure = Number.isNaN(found.probability) ? '' : ` (${format.percent(found.probability)})`;
    const value =
      wanted.by.kind === 'score' ? format.percent(at.strength) : format.value(at.strength);
    const text = [
      `${shadingName(wanted)}: **${value}**`,
      `${l10n.t('answered')}: ${found.answer}${sure}`,
      ...(row.truth ? [`${l10n.t('true')}: ${row.truth.join(' · ')}`] : []),
    ];
    const markdown = new MarkdownString();
    // What the data says is no Markdown.
    text.forEach((each, i) =>
      i === 0 ? markdown.appendMarkdown(each) : markdown.appendText(`\n\n${each}`),
    );
    return new Hover(
      markdown,
      new Range(document.positionAt(at.start), document.positionAt(at.end)),
    );
  }

  return {
    isOn: (document) => lookOf(document) !== undefined,
    look: lookOf,
    set,
    onDidChange: changes.event,
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

export function shadingName({ by, label }: RowLook): string {
  switch (by.kind) {
    case 'score':
      return l10n.t('score after each token');
    case 'loss':
      return l10n.t('loss of the true answer');
    case 'unit':
      return l10n.t('{0}, unit {1}', label ?? by.variable, by.unit + 1);
  }
}

/** Each with its value in the place of a strength. */
function shadesOf(
  document: TextDocument,
  { line, cells }: SeenRow,
  row: ReadRows['rows'][number] | undefined,
): Shade[] {
  if (!row) return [];
  const { spans, values } = row;
  if (spans === null) {
    const [value = NaN] = values;
    const { range } = document.lineAt(line);
    const [start, end] = [range.start, range.end].map((place) => document.offsetAt(place));
    return values.length === 1 ? [{ start: start!, end: end!, strength: value }] : [];
  }
  if (cells.length !== 1) return [];
  return placesOf(document, line, cells[0]!, spans).map((span, i) => ({
    ...span,
    strength: values[i]!,
  }));
}

function scaled(shades: readonly Shade[], most: number): Shade[] {
  return shades.map((shade) => ({ ...shade, strength: shade.strength / most }));
}
