import * as fs from 'node:fs/promises';
import { tokenizerNamed } from '../../core/data/kinds';
import type { NetworkFacts } from '../../protocol/engine';
import type { KeptDocument } from '../runs/folder';
import {
  countTokens,
  fitWindow,
  splitsBytes,
  splitsText,
  type AskedWindow,
  type SplitFacts,
  type TextWindow,
} from './window';

/** A part of a text that was asked for, and what comes before it. */
export interface ReadWindow extends TextWindow {
  readonly textBefore: string;
  readonly text: string;
}

/** A text of which parts are looked at. */
export interface ReadableText {
  /** In UTF-16 units; of a file, in bytes. */
  readonly length: number;
  readonly isFile: boolean;
  read(asked: AskedWindow, heldOut: number | null): Promise<ReadWindow>;
}

/**
 * The text that a run learns. Of a large one, which only its file has, no more is read than is asked for.
 * @throws Error where the file cannot be read
 */
export async function readableText(document: KeptDocument): Promise<ReadableText> {
  return 'path' in document ? fileText(document.path) : memoryText(document.text);
}

function memoryText(text: string): ReadableText {
  return {
    length: text.length,
    isFile: false,
    read(asked, heldOut) {
      const found = fitWindow(asked, text.length, heldOut, splitsText(text));
      const { context, window } = found;
      return Promise.resolve({
        ...found,
        textBefore: text.slice(context.from, context.to),
        text: text.slice(window.from, window.to),
      });
    },
  };
}

/** A border moves by so many bytes at most to come between characters. */
const reach = 4;

async function fileText(path: string): Promise<ReadableText> {
  const { size } = await fs.stat(path);
  return {
    length: size,
    isFile: true,
    async read(asked, heldOut) {
      const rough = fitWindow(asked, size, heldOut, () => false);
      const from = Math.max(0, rough.context.from - reach);
      const bytes = await readPart(path, from, Math.min(size, rough.window.to + reach));
      const found = fitWindow(
        asked,
        size,
        heldOut,
        splitsBytes((place) => bytes[place - from] ?? 0),
      );
      const { context, window } = found;
      const decode = (start: number, end: number) =>
        new TextDecoder('utf-8', { ignoreBOM: true }).decode(
          bytes.subarray(start - from, end - from),
        );
      return {
        ...found,
        textBefore: decode(context.from, context.to),
        text: decode(window.from, window.to),
      };
    },
  };
}

async function readPart(path: string, from: number, to: number): Promise<Uint8Array> {
  const file = await fs.open(path);
  try {
    const bytes = new Uint8Array(to - from);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Tokens that the model reads before a window, at least. */
const contextTokens = 128;

/**
 * Reads a window with enough before it: some tokens, as many as the lags of the equations reach, or all that there is.
 */
export async function readEnough(
  text: ReadableText,
  { start, length }: Pick<AskedWindow, 'start' | 'length'>,
  heldOut: number | null,
  {
    tokens,
    validationTokens,
    settings,
    network,
  }: SplitFacts & { readonly network: Pick<NetworkFacts, 'reach'> },
): Promise<ReadWindow> {
  const kind = tokenizerNamed(settings['data.tokenizer']);
  // One more predicts the window's first token, and the first word may have been cut in two.
  const fewest = Math.max(contextTokens, network.reach + 2);
  const each = text.length / Math.max(1, tokens + validationTokens);
  for (let context = Math.ceil(fewest * each); ; context *= 2) {
    const read = await text.read({ start, length, context }, heldOut);
    if (read.context.from === 0 || countTokens(kind, read.textBefore) >= fewest) return read;
  }
}
