import assert from 'node:assert/strict';
import fc from 'fast-check';
import { segmentsOf } from '../../../src/core/data/words';
import { often } from '../often';

const segmenter = new Intl.Segmenter('en', { granularity: 'word' });

/** The words of a line, by the runtime's ICU alone. */
function byIcu(line: string): string[] {
  return Array.from(segmenter.segment(line), ({ segment }) => segment);
}

describe('words', () => {
  const marks = fc.constantFrom(...Array.from('aZ09_.\'’:,;@- \t"('));
  const ascii = fc.string({
    unit: fc.oneof(
      marks,
      fc.integer({ min: 0, max: 0x7f }).map((code) => String.fromCharCode(code)),
    ),
    maxLength: 40,
  });
  const beyond = fc.constantFrom(
    ...[
      'é',
      'e\u0301',
      '\u0301',
      '\u200d',
      '你好',
      'ภาษาไทย',
      '😀',
      '👩‍🚀',
      '“',
      'ß',
      '٣',
      'カタ',
      'ש',
      '\u00a0',
      '\ud800',
    ],
  );
  const mixed = fc
    .array(fc.oneof(ascii, beyond, marks), { maxLength: 12 })
    .map((parts) => parts.join(''));

  for (const [name, texts] of [
    ['ASCII', ascii],
    ['any characters', mixed],
  ] as const) {
    it(`of ${name} are those of ICU`, () => {
      const lines = texts.map((text) => text.replaceAll('\n', ''));
      fc.assert(
        fc.property(lines, (line) => {
          assert.deepEqual([...segmentsOf(line)], byIcu(line));
        }),
        { numRuns: often(5000) },
      );
    });
  }
});
