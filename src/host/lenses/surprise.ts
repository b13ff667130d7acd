import {
  env,
  Hover,
  l10n,
  languages,
  MarkdownString,
  Range,
  StatusBarAlignment,
  window,
  workspace,
  type TextDocument,
  type TextEditor,
} from 'vscode';
import { formatFor } from '../../protocol/format';
import { createStatusItem } from '../accessible';
import { lengthOf, textEditorInFront } from '../documents';
import type { Reader } from '../follow/reader';
import { tokenTable } from '../token-table';
import { bitsPerCharacter, type Bits } from './bits';
import { coloured, legendPriority, modelLine, ramp, scale } from './legend';
import { createLens, type Lens, type Part } from './lens';
import type { LensModel } from './model';
import type { Reading } from './shading';
import { createMeasuring } from './measuring';
import { colours, createShades } from './shades';
import { surpriseShades } from './shading';

export interface SurpriseOptions {
  readonly reader: Reader;
  readonly modelFor: (document: TextDocument) => Promise<LensModel | undefined>;
  readonly failed: (error: unknown) => void;
}

/** Bits per character of a document, and of what is selected in it, as far as they are known. */
interface Figures {
  readonly document: TextDocument;
  whole?: Bits;
  part?: Bits;
}

/** How many expected tokens a hover names. */
const expected = 5;
/** A token that costs so many times ln C, what it costs a model that knows nothing of C tokens, has the strongest shade. */
const strongest = 1.5;
/** Of a longer part only so much is measured, UTF-16 units. */
const mostMeasured = 1_000_000;
/** After the last change, before the whole document is measured; milliseconds. */
const pause = 600;

/** Shades text by −log p of each token: where it departs from what the model expects. */
export function createSurpriseLens({ reader, modelFor, failed }: SurpriseOptions): Lens {
  const shades = createShades(colours.surprise);
  const format = formatFor(env.language);
  const lens = createLens({
    reader,
    modelFor,
    failed,
    asked: () => ({ top: expected }),
    show(editor, readings, { vocabulary }) {
      const most = strongest * Math.log(vocabulary);
      shades.show(
        editor,
        readings.flatMap((reading) => [...surpriseShades(reading, most)]),
      );
      tell();
    },
    clear: shades.clear,
  });
  const name = l10n.t('Surprise lens');
  const legend = createStatusItem(
    'rnnLab.surprise',
    name,
    StatusBarAlignment.Right,
    legendPriority,
  );
  /** Of the document in front. */
  let known: Figures | undefined;
  let scrolledAt = -Infinity;

  /** Measures what `found` takes, unless the lens is off; a failure turns it off, and is told. */
  function measuring(
    partOf: (editor: TextEditor) => Part,
    found: (figures: Figures, bits: Bits | undefined) => void,
  ) {
    return createMeasuring(async (isOvertaken) => {
      const editor = textEditorInFront();
      if (!editor || !lens.isOn(editor.document)) return;
      const { document } = editor;
      const model = await modelFor(document);
      if (!model || isOvertaken()) return;
      const { version } = document;
      const { from, to } = partOf(editor);
      const part = { from, to: Math.min(to, from + mostMeasured) };
      const isUseless = () => isOvertaken() || document.version !== version || !lens.isOn(document);
      const read = async (asked: Part) => {
        if (isUseless()) return undefined;
        const reading = await reader.ask(model.folder, 'read', document, asked);
        return isUseless() ? undefined : reading;
      };
      try {
        const bits = await bitsPerCharacter(part, read, () => scrolledAt);
        if (isUseless()) return;
        if (known?.document !== document) known = { document };
        found(known, bits);
        tell();
      } catch (error) {
        lens.set(document, false);
        failed(error);
      }
    });
  }

  const whole = measuring(
    ({ document }) => ({ from: 0, to: lengthOf(document) }),
    (figures, bits) => {
      // A figure that is a moment old is better than none while it is measured again.
      if (bits) figures.whole = bits;
    },
  );
  const part = measuring(
    ({ document, selection: { start, end } }) => ({
      from: document.offsetAt(start),
      to: document.offsetAt(end),
    }),
    (figures, bits) => {
      if (bits) figures.part = bits;
      else delete figures.part;
    },
  );

  /** In the status bar. */
  function tell() {
    const document = textEditorInFront()?.document;
    if (!document || !lens.isOn(document)) {
      legend.hide();
      return;
    }
    const figures = known?.document === document ? known : undefined;
    const all = figures?.whole ? written(figures.whole) : '…';
    const told = figures?.part
      ? l10n.t('{0} bits/character, selection {1}', all, written(figures.part))
      : l10n.t('{0} bits/character', all);
    const isMixed = figures?.whole?.isMixed === true || figures?.part?.isMixed === true;
    const model = modelLine(lens.outlook(document));
    const mixed = isMixed ? [l10n.t('≈: the weights changed while this was measured.')] : [];
    legend.show({
      text: `$(eye) ${told}`,
      tooltip: coloured(
        l10n.t('**Surprise lens**: each token is shaded by −log p, what it costs the model.'),
        scale(l10n.t('expected'), ramp(colours.surprise), l10n.t('surprising')),
        model,
        ...mixed,
        l10n.t('Point at the text to see what was expected. Click to turn the lens off.'),
      ),
      command: 'rnnLab.surpriseLens',
      details: [model, ...mixed],
    });
  }

  function written({ value, isMixed }: Bits): string {
    return `${isMixed ? '≈ ' : ''}${format.value(value)}`;
  }

  /** Another text is in front, or another model looks at it. */
  function restart() {
    tell();
    part.restart(0);
    whole.restart(pause);
  }

  const subscriptions = [
    lens.onDidChange(restart),
    reader.onDidChange(({ run: changed }) => {
      const document = textEditorInFront()?.document;
      if (!document || lens.outlook(document)?.model.folder !== changed) return;
      part.again();
      whole.again();
    }),
    window.onDidChangeActiveTextEditor(restart),
    window.onDidChangeTextEditorVisibleRanges(() => {
      scrolledAt = performance.now();
    }),
    window.onDidChangeTextEditorSelection(() => {
      part.restart(0);
    }),
    workspace.onDidChangeTextDocument(({ document }) => {
      if (lens.isOn(document)) restart();
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
    part,
    whole,
  ];

  return {
    ...lens,
    update() {
      known = undefined;
      lens.update();
      restart();
    },
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
      lens.dispose();
    },
  };
}

/** Of each token there: probability, rank, and what was expected instead. */
function hoverOf(document: TextDocument, reading: Reading, offset: number): Hover | undefined {
  const { starts, ends, loss } = reading;
  // More than one where a character is several bytes.
  const tokens = [...starts.keys()].filter((i) => starts[i]! <= offset && offset < ends[i]!);
  const known = tokens.filter((token) => !Number.isNaN(loss[token]!));
  const [first] = known;
  if (first === undefined) return undefined;
  const markdown = new MarkdownString(known.map((token) => figuresOf(reading, token)).join('\n\n'));
  return new Hover(
    markdown,
    new Range(document.positionAt(starts[first]!), document.positionAt(ends[first]!)),
  );
}

function figuresOf({ loss, rank, expected: all }: Reading, token: number): string {
  const format = formatFor(env.language);
  const nats = loss[token]!;
  const each = all.index.length / loss.length;
  const candidates = Array.from({ length: each }, (_, i) => {
    const at = token * each + i;
    return { name: all.names[all.index[at]!] ?? '', probability: all.probability[at]! };
  });
  const figures = l10n.t(
    'E = {0} nats (p = {1}), rank {2} of the model’s predictions',
    format.loss(nats),
    format.percent(Math.exp(-nats)),
    format.count(rank[token]!),
  );
  return `${figures}\n\n${tokenTable([l10n.t('Expected'), 'p'], candidates)}`;
}
