import * as fs from 'node:fs/promises';
import type { InspectWindow } from '../../protocol/panel';
import type { KeptDocument } from '../runs/folder';
import { fitWindow, splitsBytes, splitsText, type TextWindow } from './window';

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
  read(asked: InspectWindow, heldOut: number | null): Promise<ReadWindow>;
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
