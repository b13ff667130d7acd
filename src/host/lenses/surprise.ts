import { setTimeout as sleep } from 'node:timers/promises';
import {
  env,
  Hover,
  l10n,
  languages,
  MarkdownString,
  Range,
  window,
  workspace,
  type TextDocument,
  type TextEditor,
} from 'vscode';
import { formatFor } from '../../protocol/format';
import { lengthOf, textEditorInFront } from '../documents';
import type { Reader } from '../follow/reader';
import { oneAtATime } from '../one-at-a-time';
import { tokenTable } from '../token-table';
import { coloured, createLegend, ramp, scale } from './legend';
import { createLens, type Lens, type Reading } from './lens';
import { colours, createShades } from './shades';
import { surpriseShades } from './shading';

export interface SurpriseOptions {
  readonly reader: Reader;
  readonly run: () => string | undefined;
  /** ln C of the run's C tokens, nats: what a token costs whose model knows nothing. */
  readonly uniform: () => number;
  readonly failed: (error: unknown) => void;
}

/** How many expected tokens a hover names. */
const expected = 5;
/** A token that costs so many times ln C has the strongest shade. */
const strongest = 1.5;
/** Characters that are read at once, and at most, for bits per character. */
const chunk = 8192;
const mostMeasured = 1_000_000;
/** After the last change, before the whole document is measured; milliseconds. */
const pause = 600;
/** Measuring waits until nothing has scrolled for so many milliseconds: both want the processor. */
const stillness = 200;

/** Shades text by −log p of each token: where it departs from what the model expects. */
export function createSurpriseLens({ reader, run, uniform, failed }: SurpriseOptions): Lens {
  const shades = createShades(colours.surprise);
  const format = formatFor(env.language);
  const lens = createLens({
    reader,
    run,
    failed,
    asked: () => ({ top: expected }),
    show(editor, reading) {
      shades.show(editor, surpriseShades(reading, strongest * uniform()));
    },
    clear: shades.clear,
  });
  const legend = createLegend('surprise', l10n.t('Surprise lens'), 'rnnLab.surpriseLens');
  /** Bits per character of the document in front, and of what is selected in it, as far as they are known. */
  let told: { readonly document: TextDocument; whole?: number; part?: number } | undefined;
  let timer: NodeJS.Timeout | undefined;

  let scrolledAt = -Infinity;
  async function untilStill() {
    for (;;) {
      const wait = scrolledAt + stillness - performance.now();
      if (wait <= 0) return;
      await sleep(wait);
    }
  }

  /** Of a part of a document; undefined where it cannot be had just now. */
  async function bits(document: TextDocument, from: number, to: number) {
    let [loss, characters] = [0, 0];
    const folder = run();
    const { version } = document;
    for (let start = from; start < to && folder !== undefined; start += chunk) {
      await untilStill();
      const part = { from: start, to: Math.min(to, start + chunk) };
      const reading = await reader.ask(folder, 'read', document, part);
      if (!reading || document.version !== version || !lens.isOn(document)) return undefined;
      // A token that spans two parts is counted in the first.
      reading.loss.forEach((nats, token) => {
        if (Number.isNaN(nats) || (start > from && reading.starts[token]! < start)) return;
        loss += nats;
      });
      characters += reading.characters;
    }
    return characters === 0 ? undefined : loss / Math.LN2 / characters;
  }

  /** Measures what `found` takes, unless the lens is off; a failure turns it off, and is told. */
  function measuring(
    part: (editor: TextEditor) => readonly [from: number, to: number],
    found: (figures: NonNullable<typeof told>, bits: number | undefined) => void,
  ) {
    return oneAtATime(async () => {
      const editor = textEditorInFront();
      if (!editor || !lens.isOn(editor.document)) return;
      const { document } = editor;
      try {
        const value = await bits(document, ...part(editor));
        if (told?.document !== document) told = { document };
        found(told, value);
        tell();
      } catch (error) {
        lens.set(document, false);
        failed(error);
      }
    });
  }

  const measureWhole = measuring(
    ({ document }) => [0, Math.min(lengthOf(document), mostMeasured)],
    (figures, value) => {
      // A figure that is a moment old is better than none while it is measured anew.
      if (value !== undefined) figures.whole = value;
    },
  );
  const measurePart = measuring(
    ({ document, selection: { start, end } }) => [document.offsetAt(start), document.offsetAt(end)],
    (figures, value) => {
      if (value === undefined) delete figures.part;
      else figures.part = value;
    },
  );

  /** In the status bar. */
  function tell() {
    const document = textEditorInFront()?.document;
    if (!document || !lens.isOn(document)) {
      legend.hide();
      return;
    }
    const { whole, part } = told?.document === document ? told : {};
    const figure = whole === undefined ? '…' : format.value(whole);
    legend.text =
      part === undefined
        ? `$(eye) ${l10n.t('{0} bits/character', figure)}`
        : `$(eye) ${l10n.t('{0} bits/character, selection {1}', figure, format.value(part))}`;
    legend.tooltip = coloured(
      l10n.t('**Surprise lens**: each token is shaded by −log p, what it costs the model.'),
      scale(l10n.t('expected'), ramp(colours.surprise), l10n.t('surprising')),
      l10n.t('Point at the text to see what was expected. Click to turn the lens off.'),
    );
    legend.show();
  }

  function measureSoon() {
    tell();
    measurePart();
    clearTimeout(timer);
    timer = setTimeout(measureWhole, pause);
  }

  const subscriptions = [
    lens.onDidChange(measureSoon),
    reader.onDidChange(({ run: changed }) => {
      if (changed === run()) measureSoon();
    }),
    window.onDidChangeActiveTextEditor(measureSoon),
    window.onDidChangeTextEditorVisibleRanges(() => {
      scrolledAt = performance.now();
    }),
    window.onDidChangeTextEditorSelection(measurePart),
    workspace.onDidChangeTextDocument(({ document }) => {
      if (lens.isOn(document)) measureSoon();
    }),
    languages.registerHoverProvider('*', {
      provideHover(document, position) {
        const offset = document.offsetAt(position);
        const reading = lens.isOn(document) ? lens.readingAt(document, offset) : undefined;
        return reading && hoverOf(document, reading, offset);
      },
    }),
    shades,
    legend,
  ];

  return {
    ...lens,
    dispose() {
      clearTimeout(timer);
      for (const subscription of subscriptions) subscription.dispose();
      lens.dispose();
    },
  };
}

/** Probability, rank, and what was expected instead. */
function hoverOf(document: TextDocument, reading: Reading, offset: number): Hover | undefined {
  const { starts, ends, loss, rank, expected: all } = reading;
  const token = starts.findIndex((start, i) => start <= offset && offset < ends[i]!);
  if (token < 0 || Number.isNaN(loss[token]!)) return undefined;
  const format = formatFor(env.language);
  const nats = loss[token]!;
  const each = all.index.length / Math.max(1, loss.length);
  const candidates = Array.from({ length: each }, (_, i) => {
    const at = token * each + i;
    return { name: all.names[all.index[at]!] ?? '', probability: all.probability[at]! };
  });
  const figures = l10n.t(
    'p = {0}, {1} bits, the model’s choice number {2}',
    format.percent(Math.exp(-nats)),
    format.value(nats / Math.LN2),
    format.count(rank[token]!),
  );
  const table = tokenTable([l10n.t('Expected'), 'p'], candidates);
  const markdown = new MarkdownString(`${figures}\n\n${table}`);
  const range = new Range(document.positionAt(starts[token]!), document.positionAt(ends[token]!));
  return new Hover(markdown, range);
}
