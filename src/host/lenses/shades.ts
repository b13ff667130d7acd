import {
  Range,
  window,
  type TextDocument,
  type TextEditor,
  type TextEditorDecorationType,
} from 'vscode';
import { levels, merged, type Shade } from './shading';

/** Red, green and blue, 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** The colours of the panel's pictures: above zero and below it, and of surprise. */
export const colours = {
  above: [229, 20, 0],
  below: [26, 133, 255],
  surprise: [255, 140, 0],
} as const satisfies Record<string, Colour>;

/** Shades texts in one colour. */
export interface Shades {
  /** Replaces what is shaded in an editor. */
  show(editor: TextEditor, shades: Iterable<Shade>): void;
  clear(editor: TextEditor): void;
  dispose(): void;
}

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

function rangeOf(document: TextDocument, start: number, end: number): Range {
  return new Range(document.positionAt(start), document.positionAt(end));
}
