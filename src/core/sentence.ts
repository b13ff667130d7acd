/**
 * What the engine has to say, as data: who shows it puts it into the language of the display. A text is its
 * own key in the bundle of translations (`l10n/`), as `vscode.l10n` has it.
 */
import * as v from 'valibot';

export interface Sentence {
  /** English, with a place `{0}`, `{1}` … for each value. */
  readonly text: string;
  /** Names and numbers, the same in every language; or sentences, or parts of one, with texts of their own. */
  readonly values: readonly (string | Sentence)[];
}

/** Decodes what has crossed a boundary or comes from a file. */
export const sentenceSchema: v.GenericSchema<unknown, Sentence> = v.pipe(
  v.strictObject({
    text: v.string(),
    values: v.pipe(v.array(v.union([v.string(), v.lazy(() => sentenceSchema)])), v.readonly()),
  }),
  v.readonly(),
);

/**
 * Tag of a template: `` sentence`${name} is empty.` ``. What stands between the values is what is translated,
 * so no value may be a word of English.
 */
export function sentence(
  parts: TemplateStringsArray,
  ...values: readonly (string | number | Sentence)[]
): Sentence {
  return {
    text: parts.reduce((text, part, i) => `${text}{${String(i - 1)}}${part}`),
    values: values.map((value) => (typeof value === 'number' ? String(value) : value)),
  };
}

const valueAlone = '{0}';

/** A text that is shown as it is: a name, or words that are not the engine's own. */
export function verbatim(text: string): Sentence {
  return { text: valueAlone, values: [text] };
}

/** One after the other; one of them may be missing. */
export function joined(first: Sentence | undefined, second: Sentence): Sentence;
export function joined(first: Sentence, second: Sentence | undefined): Sentence;
export function joined(first: Sentence | undefined, second: Sentence | undefined): Sentence {
  if (first !== undefined && second !== undefined) return sentence`${first} ${second}`;
  return first ?? second!;
}

/**
 * Puts a sentence into words.
 * @param phrase puts values at the places of a text, or of its translation
 */
export function render(
  { text, values }: Sentence,
  phrase: (text: string, values: readonly string[]) => string,
): string {
  const words = values.map((value) => (typeof value === 'string' ? value : render(value, phrase)));
  return text === valueAlone ? (words[0] ?? '') : phrase(text, words);
}

/** Puts values at the places of a text. */
export function fillPlaces(text: string, values: readonly string[]): string {
  return text.replace(/\{(\d+)\}/g, (place, index: string) => values[Number(index)] ?? place);
}

/** In English; nothing is an empty text. */
export function toEnglish(told: Sentence | undefined): string {
  return told === undefined ? '' : render(told, fillPlaces);
}

/** A sentence and all those within it, from the outermost to the innermost. */
export function* sentencesIn(told: Sentence): Generator<Sentence, void, undefined> {
  yield told;
  for (const value of told.values) if (typeof value !== 'string') yield* sentencesIn(value);
}
