import { Range, window, type TextEditor, type TextEditorDecorationType } from 'vscode';
import { blockLines, levels, merged, type Shade } from './shading';

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

/**
 * VS Code replaces all decorations of a type at once, so blocks of lines have types of their own, in turns: a text that
 * scrolls has only the block redrawn that comes into sight.
 */
const turns = 16;

/** Of an editor: its ranges by turn and level, and the document's version, after which VS Code may have moved them. */
interface Drawn {
  readonly version: number;
  readonly ranges: readonly (readonly Range[])[];
}

export function createShades([red, green, blue]: Colour): Shades {
  /** Made when they are first needed: not while VS Code starts. */
  let made: readonly TextEditorDecorationType[] | undefined;
  const drawn = new WeakMap<TextEditor, Drawn>();
  const make = (opacity: number): TextEditorDecorationType => {
    const colour = `rgba(${red}, ${green}, ${blue}, ${opacity.toFixed(3)})`;
    return window.createTextEditorDecorationType({ backgroundColor: colour });
  };
  const show = (editor: TextEditor, shades: Iterable<Shade>): void => {
    const { document } = editor;
    const types = (made ??= Array.from({ length: turns }, () => opacities.map(make)).flat());
    const ranges = types.map((): Range[] => []);
    for (const { level, start, end } of merged(shades)) {
      const range = new Range(document.positionAt(start), document.positionAt(end));
      const turn = Math.floor(range.start.line / blockLines) % turns;
      ranges[turn * levels + level]!.push(range);
    }
    const before = drawn.get(editor);
    const hasMoved = before?.version !== document.version;
    types.forEach((type, i) => {
      const [old, now] = [before?.ranges[i] ?? [], ranges[i]!];
      // What was bare has not moved.
      const isMoved = hasMoved && old.length > 0;
      if (isMoved || !areSame(old, now)) editor.setDecorations(type, now);
    });
    drawn.set(editor, { version: document.version, ranges });
  };
  return {
    show,
    clear(editor) {
      if (drawn.has(editor)) show(editor, []);
      drawn.delete(editor);
    },
    dispose() {
      for (const type of made ?? []) type.dispose();
    },
  };
}

function areSame(some: readonly Range[], others: readonly Range[]): boolean {
  return some.length === others.length && some.every((range, i) => range.isEqual(others[i]!));
}
