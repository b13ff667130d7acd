import { createCompleter } from '../reading/completer';
import type { ReadModel } from '../reading/reading';
import { createReading } from '../reading/reading';
import type { TextEnd } from '../reading/text-ends';
import { createTokenText } from '../reading/token-text';
import type { Suggester } from './suggestion';

/** States that are kept along the text: typing goes on at its end. */
const keptStates = 64;

/**
 * Suggests what the extension's completion would, from the same code, in a document that holds only what has been
 * typed.
 */
export function suggestByModel(
  model: ReadModel,
  limits: { readonly until: TextEnd; readonly maxTokens: number; readonly context: number },
): Suggester {
  const text = createTokenText(model.tokenizer, '');
  const reading = createReading(text, model, keptStates);
  const completer = createCompleter(reading);
  return {
    type(typed) {
      const changed = text.replace({ offset: text.length(), removed: 0, inserted: typed });
      reading.edited(changed);
      completer.edited(changed);
    },
    suggest(least) {
      const request = { offset: text.length(), prefix: '', alternatives: 1, next: 1 };
      const asked = completer.complete({ ...request, ...limits, confidence: least });
      for (;;) {
        const { done, value } = asked.next();
        if (done === true) return value.completions[0]?.tokens ?? [];
      }
    },
  };
}
