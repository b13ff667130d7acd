import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { InputError } from '../../../src/core/input-error';
import {
  fileText,
  memoryText,
  type FileBytes,
  type SourceText,
} from '../../../src/core/data/source';
import { decodeText, prepareText, type TextChanges } from '../../../src/core/data/text';

/** A file that comes in pieces of these sizes, over and over, in one buffer that is used again. */
function fileOf(bytes: Uint8Array, sizes: readonly number[]): FileBytes {
  return {
    size: bytes.length,
    async *pieces() {
      const buffer = new Uint8Array(Math.max(...sizes));
      for (let at = 0, turn = 0; at < bytes.length; turn++) {
        const piece = bytes.subarray(at, at + sizes[turn % sizes.length]!);
        buffer.set(piece);
        yield await Promise.resolve(buffer.subarray(0, piece.length));
        at += piece.length;
      }
    },
  };
}

async function textOf(source: SourceText): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let text = '';
  // Without `stream`: each piece has to be whole characters.
  for await (const piece of source.pieces()) text += decoder.decode(piece);
  return text;
}

/** What becomes of a file: its text and what was changed, or the message that refuses it. */
async function outcome(read: () => Promise<unknown>): Promise<unknown> {
  try {
    return await read();
  } catch (error) {
    assert.ok(error instanceof InputError);
    return error.message;
  }
}

const whole = (bytes: Uint8Array) =>
  outcome(() => {
    const { text, changes } = decodeText(bytes, 'notes.txt');
    return Promise.resolve({ text, changes });
  });

const inPieces = (bytes: Uint8Array, sizes: readonly number[]) =>
  outcome(async () => {
    const source = fileText(fileOf(bytes, sizes), 'notes.txt');
    const text = await textOf(source);
    return { text, changes: source.changes() };
  });

const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });
const part = fc.constantFrom(
  'a',
  'grün',
  '世界',
  '😀',
  '\n',
  '\r',
  '\r\n',
  '\uFEFF',
  ' ',
  '\u00e9',
  // Half of a pair: alone, or joined to one by chance.
  '\uD83D',
  '\uDE00',
);
const document = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(''));

describe('a file read in pieces', () => {
  const same = async (bytes: Uint8Array, pieces: readonly number[]): Promise<void> => {
    assert.deepEqual(await inPieces(bytes, pieces), await whole(bytes));
  };

  it('is the text that it is as a whole: UTF-8 with all line ends, with and without a mark', () =>
    fc.assert(
      fc.asyncProperty(document, sizes, (text, pieces) => same(Buffer.from(text), pieces)),
      { numRuns: 500 },
    ));

  it('is so in UTF-16 of both byte orders', () =>
    fc.assert(
      fc.asyncProperty(document, sizes, fc.boolean(), async (text, pieces, isBig) => {
        const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le');
        await same(isBig ? bytes.swap16() : bytes, pieces);
        await same(bytes.subarray(0, -1), pieces);
      }),
      { numRuns: 300 },
    ));

  it('replaces unpaired surrogates in UTF-16 as TextDecoder does, and tells how many', () =>
    fc.assert(
      fc.asyncProperty(document, sizes, async (text, pieces) => {
        const file = Buffer.from(`\uFEFF${text}`, 'utf16le');
        const read = (await inPieces(file, pieces)) as { text: string; changes: TextChanges };
        const decoded = new TextDecoder('utf-16le').decode(file);
        assert.equal(read.text, decoded.replace(/\r\n?/g, '\n'));
        const broken = Array.from(text).filter((character) => {
          const point = character.codePointAt(0)!;
          return point >= 0xd800 && point <= 0xdfff;
        });
        assert.equal(read.changes.surrogates, broken.length);
      }),
    ));

  it('is refused with the same words where it is binary or not UTF-8', () => {
    const byte = fc.constantFrom(0, 10, 13, 0x41, 0x80, 0xc3, 0xa9, 0xe4, 0xb8, 0xed, 0xf0, 0xff);
    return fc.assert(
      fc.asyncProperty(fc.array(byte, { maxLength: 24 }), sizes, (bytes, pieces) =>
        same(Uint8Array.from(bytes), pieces),
      ),
      { numRuns: 2000 },
    );
  });

  it('tells the line of the first wrong byte, however far it is', async () => {
    const bytes = Buffer.concat([Buffer.from('line\n'.repeat(5000)), Buffer.from([0xfc, 0x0a])]);
    assert.match(String(await inPieces(bytes, [4096])), /byte 25000 \(0xFC, on line 5001\)/);
  });

  it('can be read again, and has at most the bytes that it tells', async () => {
    const source = fileText(fileOf(Buffer.from('\uFEFF世'.repeat(99), 'utf16le'), [7]), 'f');
    const first = await textOf(source);
    assert.equal(await textOf(source), first);
    assert.ok(Buffer.byteLength(first) <= source.bytes);
  });
});

describe('a text in memory', () => {
  it('is the prepared text, in pieces of whole characters', async () => {
    const original = `\uFEFFa\r\n${'😀'.repeat(200_000)}\uD83D`;
    const source = memoryText(original, 'a');
    const { text, changes } = prepareText(original);
    assert.equal(await textOf(source), text);
    assert.deepEqual(source.changes(), changes);
    assert.ok(Buffer.byteLength(text) <= source.bytes);
  });

  it('has the hash of its UTF-8, as `sha256sum` gives it', async () => {
    const { sha256 } = await import('../../../src/worker/sha256');
    const hash = sha256();
    for await (const piece of memoryText('abc', 'abc').pieces()) hash.update(piece);
    // FIPS 180-2, "abc"
    const expected = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    assert.equal(hash.hex(), expected);
    assert.equal(createHash('sha256').update('abc').digest('hex'), expected);
  });
});
