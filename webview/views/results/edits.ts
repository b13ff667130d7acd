import { diffChars, diffWordsWithSpace } from 'diff';
import { element } from '../../dom';

/** Of longer texts whole words are compared. */
const shortText = 40;

/** An answer, with what makes it another one than the target: struck out what is missing, underlined what is too much. */
export function markedEdits(target: string, answer: string): readonly (string | Node)[] {
  const isShort = Math.max(target.length, answer.length) <= shortText;
  const changes = isShort ? diffChars(target, answer) : diffWordsWithSpace(target, answer);
  return changes.map(({ value, added, removed }) => {
    if (added) return element('ins', { text: value });
    return removed ? element('del', { text: value }) : value;
  });
}
