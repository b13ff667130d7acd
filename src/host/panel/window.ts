import { unitsOf } from '../../core/data/bpe';
import { byteTokenizer } from '../../core/data/bytes';
import type { TokenizerName } from '../../core/data/kinds';
import { prepareText } from '../../core/data/text';
import { wordTokenizer } from '../../core/data/words';

/** A part of a text, `[from, to)`. */
export interface Part {
  readonly from: number;
  readonly to: number;
}

/** The window that is looked at, and what the model reads before it. */
export interface TextWindow {
  readonly context: Part;
  readonly window: Part;
}

/** What is asked for, in the text's units. */
export interface AskedWindow {
  /** Null: where the part begins that is held out for validation. */
  readonly start: number | null;
  readonly length: number;
  /** So much before the window, so that the model's state is not that of a beginning. */
  readonly context: number;
}

/** What a run's facts say of how its text was split. */
export interface SplitFacts {
  readonly tokens: number;
  readonly validationTokens: number;
  readonly batch: number;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Of a folder of texts, of which one is looked at. */
  readonly documents?: unknown;
}

/**
 * Where the held-out part of a text begins, or null where nothing is held out: as much of the text as the
 * tokens before it are of all tokens. That is exact where each token is one UTF-16 unit. Of a text that was
 * split by streams it is the end of the first of them.
 */
export function heldOutStart(textLength: number, facts: SplitFacts): number | null {
  const { tokens, validationTokens, batch, settings, documents } = facts;
  if (validationTokens === 0) return null;
  // Whole documents are held out, and the one that is shown is.
  if (documents !== undefined) return 0;
  const trained = (textLength * tokens) / (tokens + validationTokens);
  const streams = settings['data.split'] === 'streams' ? batch : 1;
  return Math.min(textLength, Math.round(trained / streams));
}

/** Whether a border at a place would cut a character or a line end in two. */
export type Splits = (place: number) => boolean;

/**
 * Fits a window that is asked for to a text: within it, moved forward from its end rather than cut short,
 * and with borders that cut nothing in two.
 */
export function fitWindow(
  asked: AskedWindow,
  textLength: number,
  heldOut: number | null,
  splits: Splits,
): TextWindow {
  const whole = (place: number, direction: 1 | -1) => {
    let border = place;
    while (border > 0 && border < textLength && splits(border)) border += direction;
    return border;
  };
  const wanted = asked.start ?? heldOut ?? 0;
  const from = Math.max(0, Math.min(wanted, textLength - asked.length));
  const start = whole(from, -1);
  const end = whole(Math.min(textLength, from + asked.length), 1);
  const context = whole(Math.max(0, start - asked.context), -1);
  return { context: { from: context, to: start }, window: { from: start, to: end } };
}

/** Of a text in memory: between surrogates, and between a carriage return and its line feed. */
export function splitsText(text: string): Splits {
  return (place) => {
    const before = text.charCodeAt(place - 1);
    const after = text.charCodeAt(place);
    const surrogates = (before & 0xfc00) === 0xd800 && (after & 0xfc00) === 0xdc00;
    return surrogates || (before === 0x0d && after === 0x0a);
  };
}

/** Of UTF-8: before a byte that continues a character, and within a line end. */
export function splitsBytes(byteAt: (place: number) => number): Splits {
  return (place) =>
    (byteAt(place) & 0xc0) === 0x80 || (byteAt(place - 1) === 0x0d && byteAt(place) === 0x0a);
}

/**
 * How many tokens a text has that the run was trained on: its vocabulary is then known to hold all of it, or
 * to have an UNKNOWN that counts as one. Of byte pairs as many as it has at least: one for each word.
 */
export function countTokens(kind: TokenizerName, text: string): number {
  const prepared = prepareText(text).text;
  switch (kind) {
    case 'char':
      return Array.from(prepared).length;
    case 'byte':
      return byteTokenizer().encode(prepared).ids.length;
    case 'word':
      return wordTokenizer([]).encode(prepared).ids.length;
    case 'bpe':
      return [...unitsOf(prepared)].length;
  }
}
