import {
  Range,
  window,
  type TextDocument,
  type TextEditor,
  type TextEditorDecorationType,
} from 'vscode';

/** Red, green and blue, 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** The colours of the panel's pictures: above zero and below it, and of surprise. */
export const colours = {
  above: [229, 20, 0],
  below: [26, 133, 255],
  surprise: [255, 140, 0],
} as const satisfies Record<string, Colour>;

/** A part of a text, `[start, end)` in UTF-16 units, and how strongly it is shaded, 0 to 1. */
export interface Shade {
  readonly start: number;
  readonly end: number;
  readonly strength: number;
}

/** Shades texts in one colour. */
export interface Shades {
  /** Replaces what is shaded in an editor. */
  show(editor: TextEditor, shades: Iterable<Shade>): void;
  clear(editor: TextEditor): void;
  dispose(): void;
}

/** Shades that the eye can tell apart. */
const levels = 8;
/** How opaque the strongest one is: the text on it must still be read. */
const strongest = 0.6;
/** Of all shades, the faintest first. */
export const opacities: readonly number[] = Array.from(
  { length: levels },
  (_, level) => ((level + 1) / levels) * strongest,
);

export function createShades([red, green, blue]: Colour): Shades {
  /** Made when they are first needed: not while VS Code starts. */
  let made: readonly TextEditorDecorationType[] | undefined;
  const make = (opacity: number): TextEditorDecorationType => {
    const colour = `rgba(${red}, ${green}, ${blue}, ${opacity.toFixed(3)})`;
    return window.createTextEditorDecorationType({ backgroundColor: colour });
  };
  return {
    show(editor, shades) {
      const types = (made ??= opacities.map(make));
      const ranges = types.map((): Range[] => []);
      for (const { level, start, end } of merged(shades)) {
        ranges[level]!.push(rangeOf(editor.document, start, end));
      }
      types.forEach((type, level) => editor.setDecorations(type, ranges[level]!));
    },
    clear(editor) {
      for (const type of made ?? []) editor.setDecorations(type, []);
    },
    dispose() {
      for (const type of made ?? []) type.dispose();
    },
  };
}

/** Neighbours of one level as one range: fewer decorations are drawn faster. */
export function merged(
  shades: Iterable<Shade>,
): { readonly level: number; readonly start: number; readonly end: number }[] {
  const found: { level: number; start: number; end: number }[] = [];
  for (const { start, end, strength } of shades) {
    const level = levelOf(strength);
    if (level < 0 || end <= start) continue;
    const last = found.at(-1);
    if (last?.level === level && last.end === start) last.end = end;
    else found.push({ level, start, end });
  }
  return found;
}

/** -1: not shaded at all. */
export function levelOf(strength: number): number {
  return Number.isNaN(strength)
    ? -1
    : Math.max(-1, Math.min(levels, Math.floor(strength * (levels + 1))) - 1);
}

function rangeOf(document: TextDocument, start: number, end: number): Range {
  return new Range(document.positionAt(start), document.positionAt(end));
}
