import assert from 'node:assert/strict';
import fc from 'fast-check';
import { InputError } from '../../../src/core/input-error';
import { decodeText, describeChanges, prepareText } from '../../../src/core/data/text';
import { firstInvalidUtf8 } from '../../../src/core/data/utf8';
import { toEnglish } from '../../../src/core/sentence';

function bytes(...values: number[]): Uint8Array {
  return Uint8Array.from(values);
}

function problem(data: Uint8Array): string {
  try {
    decodeText(data, 'notes.txt');
  } catch (error) {
    assert.ok(error instanceof InputError);
    assert.ok(error.hint);
    return error.message;
  }
  return assert.fail('it was decoded');
}

describe('text of a file', () => {
  it('reads UTF-8 with and without a byte order mark', () => {
    assert.deepEqual(decodeText(Buffer.from('grün 😀'), 'f').text, 'grün 😀');
    const marked = decodeText(Buffer.from('\uFEFFgrün'), 'f');
    assert.equal(marked.text, 'grün');
    assert.equal(marked.changes.byteOrderMark, true);
  });

  it('reads UTF-16 of both byte orders when it is marked', () => {
    const little = Buffer.from('\uFEFFgrün 😀\n', 'utf16le');
    assert.equal(decodeText(little, 'f').text, 'grün 😀\n');
    assert.equal(decodeText(Buffer.from(little).swap16(), 'f').text, 'grün 😀\n');
  });

  it('makes CRLF and lone CR to LF, and says so', () => {
    const { text, changes } = decodeText(Buffer.from('a\r\nb\rc\n'), 'f');
    assert.equal(text, 'a\nb\nc\n');
    assert.deepEqual([changes.lineEnds, changes.carriageReturns], [1, 1]);
    assert.equal(
      toEnglish(describeChanges(changes)),
      'In the text, 1 Windows line end (CRLF) became LF, 1 lone carriage return (CR) became LF.',
    );
    const old = toEnglish(describeChanges(decodeText(Buffer.from('a\rb\r'), 'f').changes));
    assert.equal(old, 'In the text, 2 lone carriage returns (CR) became LF.');
    assert.equal(describeChanges(prepareText('a\n').changes), undefined);
  });

  it('tells of unpaired surrogates in a UTF-16 file, and of a last byte that is half a unit', () => {
    const marked = Buffer.from('\uFEFFa\uD83D b\uDE00 😀', 'utf16le');
    for (const [file, text, surrogates] of [
      [marked, 'a\uFFFD b\uFFFD 😀', 2],
      [Buffer.from(marked).swap16(), 'a\uFFFD b\uFFFD 😀', 2],
      [marked.subarray(0, -1), 'a\uFFFD b\uFFFD \uFFFD\uFFFD', 4],
    ] as const) {
      const read = decodeText(file, 'f');
      assert.equal(read.text, text);
      assert.equal(read.changes.surrogates, surrogates);
    }
    assert.match(
      toEnglish(describeChanges(decodeText(marked, 'f').changes)),
      /2 broken characters became U\+FFFD/,
    );
  });

  it('replaces unpaired surrogates of a document, not paired ones', () => {
    const { text, changes } = prepareText('a\uD83D b\uDE00 😀');
    assert.equal(text, 'a\uFFFD b\uFFFD 😀');
    assert.equal(changes.surrogates, 2);
  });

  it('refuses empty and binary files and says what to do', () => {
    assert.match(problem(bytes()), /^notes\.txt is empty\. Give a file/);
    assert.match(
      problem(bytes(0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13)),
      /is not text: byte 4 is zero\. Give a text/,
    );
    assert.match(
      problem(Buffer.from('hello there, how are you', 'utf16le')),
      /looks like UTF-16 without/,
    );
    assert.match(problem(bytes(0xff, 0xfe, 0x61, 0, 0, 0)), /is not text: byte 3|byte 4/);
  });

  it('names the first byte that is not UTF-8, and its line', () => {
    const latin1 = Buffer.from('one\ntwo\ngr\xfcn', 'latin1');
    assert.match(problem(latin1), /UTF-8: byte 10 \(0xFC, on line 3\) is wrong\. Open it/);
    assert.match(problem(Buffer.from('cut off \xe2\x82', 'latin1')), /byte 8 \(0xE2, on line 1\)/);
  });

  it('says how many bytes are wrong', () => {
    const many = Buffer.from('\xfc grün ist \xe4\xf6 wahr', 'latin1');
    assert.match(
      problem(Buffer.concat([many, Buffer.from(' 😀')])),
      /UTF-8: 4 bytes are wrong, the first is byte 0 \(0xFC, on line 1\)\. Open it/,
    );
  });

  it('finds invalid bytes just where TextDecoder does', () => {
    const interesting = fc.constantFrom(
      0x00,
      0x41,
      0x7f,
      0x80,
      0x8f,
      0x90,
      0x9f,
      0xa0,
      0xbf,
      0xc0,
      0xc1,
      0xc2,
      0xdf,
      0xe0,
      0xe1,
      0xed,
      0xef,
      0xf0,
      0xf1,
      0xf4,
      0xf5,
      0xff,
    );
    fc.assert(
      fc.property(fc.array(interesting, { maxLength: 8 }), (values) => {
        const data = Uint8Array.from(values);
        const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
        const at = firstInvalidUtf8(data);
        assert.doesNotThrow(() => decoder.decode(data.subarray(0, at)));
        if (at < data.length) assert.throws(() => decoder.decode(data.subarray(0, data.length)));
      }),
      { numRuns: 3000 },
    );
  });
});
