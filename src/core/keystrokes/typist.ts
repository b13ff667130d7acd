/**
 * A typist who never errs and takes what is right of what is shown. At each place something may be shown: if all of it
 * goes on as the text does, one key takes it; else if its first word does (as Accept Next Word of Inline Suggestion
 * cuts it), one key takes that; else, and where a single character would be won, the next character is typed.
 * After each key the suggestion is made again. Measured as in Trnka & McCoy 2008: keystroke savings are
 * 1 − keystrokes / characters.
 */
import { nextWordLength } from '../reading/text-ends';
import { shownAt, type Suggester } from './suggestion';

/** What came of one confidence. */
export interface TypistRow {
  readonly threshold: number;
  /** Characters typed and suggestions taken. */
  readonly keystrokes: number;
  readonly saved: number;
  /** Share of the places typed at where something was shown. */
  readonly shown: number;
  /** Of what was shown: the share of suggestions that were right to their end; NaN if nothing was shown. */
  readonly rightSuggestions: number;
  /** Of what was shown: the share of characters that were right, up to the first that is not. */
  readonly rightCharacters: number;
}

interface Typist {
  readonly threshold: number;
  /** Where typing goes on, UTF-16 units. */
  place: number;
  keystrokes: number;
  places: number;
  shown: number;
  right: number;
  shownCharacters: number;
  rightCharacters: number;
}

/**
 * Lets one typist for each threshold type a text, all side by side, so that what is suggested at a place is worked out
 * once.
 *
 * @yields share done, 0 to 1, after each character
 */
export function* typeText(
  text: string,
  suggester: Suggester,
  thresholds: readonly number[],
): Generator<number, readonly TypistRow[], undefined> {
  const least = Math.min(...thresholds);
  const typists = thresholds.map(newTypist);
  let characters = 0;
  let place = 0;
  for (const character of text) {
    const here = typists.filter((typist) => typist.place === place);
    const parts = here.length === 0 ? [] : suggester.suggest(least);
    for (const typist of here) press(typist, text, shownAt(parts, typist.threshold), character);
    suggester.type(character);
    place += character.length;
    characters++;
    yield place / text.length;
  }
  return typists.map((typist) => rowOf(typist, characters));
}

function newTypist(threshold: number): Typist {
  return {
    threshold,
    ...{ place: 0, keystrokes: 0, places: 0 },
    ...{ shown: 0, right: 0, shownCharacters: 0, rightCharacters: 0 },
  };
}

function press(typist: Typist, text: string, shown: string, character: string): void {
  typist.keystrokes++;
  typist.places++;
  if (shown !== '') note(typist, text, shown);
  const taken = [shown, shown.slice(0, nextWordLength(shown))].find(
    (part) => part.length > character.length && text.startsWith(part, typist.place),
  );
  typist.place += (taken ?? character).length;
}

function note(typist: Typist, text: string, shown: string): void {
  const { place } = typist;
  let right = 0;
  let all = 0;
  let isRight = true;
  let offset = place;
  for (const character of shown) {
    isRight &&= text.startsWith(character, offset);
    if (isRight) right++;
    all++;
    offset += character.length;
  }
  typist.shown++;
  typist.right += Number(isRight);
  typist.shownCharacters += all;
  typist.rightCharacters += right;
}

function rowOf(typist: Typist, characters: number): TypistRow {
  const { threshold, keystrokes, places, shown } = typist;
  return {
    threshold,
    keystrokes,
    saved: characters === 0 ? 0 : 1 - keystrokes / characters,
    shown: places === 0 ? 0 : shown / places,
    rightSuggestions: typist.right / shown,
    rightCharacters: typist.rightCharacters / typist.shownCharacters,
  };
}
