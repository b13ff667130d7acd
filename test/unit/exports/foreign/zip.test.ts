import assert from 'node:assert/strict';
import { zipSync, type Zippable } from 'fflate';
import { openZip } from '../../../../src/core/exports/foreign/zip';
import { importModel } from '../../../../src/core/exports/import-model';
import { InputError } from '../../../../src/core/input-error';
import { bytesOf } from './tools';

const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);
const hello = new TextEncoder().encode('hello '.repeat(30));

function zipped(entries: Zippable): Uint8Array {
  return zipSync(entries);
}

/** An archive with four bytes of its directory changed, at a place behind the signature of the entry. */
function withDirectory(archive: Uint8Array, offset: number, value: number): Uint8Array {
  const changed = Buffer.from(archive);
  changed.writeUInt32LE(value, changed.indexOf('PK\x01\x02', 0, 'latin1') + offset);
  return changed;
}

describe('an archive', () => {
  it('gives what was put in, packed or not', () => {
    const archive = openZip(zipped({ 'a/packed': hello, 'a/stored': [hello, { level: 0 }] }));
    assert.deepEqual(archive.names, ['a/packed', 'a/stored']);
    for (const name of archive.names) assert.equal(text(archive.read(name)), text(hello));
    assert.equal(archive.read('nothing'), undefined);
  });

  it('of PyTorch is read to the checksum', () => {
    const archive = openZip(bytesOf('lstm.pt'));
    assert.ok(archive.names.every((name) => archive.read(name)!.length > 0));
  });

  const packed = zipped({ entry: hello });
  const cases: readonly (readonly [what: string, bytes: Uint8Array, message: RegExp])[] = [
    [
      'a way up',
      zipped({ '../../etc/passwd': hello }),
      /its entry "\.\.\/.*passwd" leads out of it/,
    ],
    ['a path from the root', zipped({ '/etc/passwd': hello }), /leads out of it/],
    ['a drive', zipped({ 'C:\\a': hello }), /leads out of it/],
    [
      'a size that no memory holds',
      withDirectory(packed, 24, 0xfffffff0),
      /its \d+ bytes become 4294967280, which no model’s do/,
    ],
    ['a size that is not true', withDirectory(packed, 24, 5), /entry is not what was put in/],
    ['another checksum', withDirectory(packed, 16, 5), /entry is not what was put in/],
    ['a place beyond the end', withDirectory(packed, 42, 1e6), /a part of it is missing/],
    ['another place', withDirectory(packed, 42, 2), /entry is not where it should be/],
    ['a cut', packed.subarray(0, -20), /list of entries is missing/],
    [
      'the same name twice',
      Buffer.concat([zipped({ a1: hello, a2: hello })]).map((byte) =>
        byte === 0x32 ? 0x31 : byte,
      ),
      /two entries a1|not what was put in/,
    ],
  ];
  for (const [what, bytes, message] of cases) {
    it(`is refused in words: ${what}`, () => {
      const read = (): void => {
        const archive = openZip(bytes);
        for (const name of archive.names) archive.read(name);
      };
      assert.throws(read, message);
    });
  }

  it('that unpacks to gigabytes is refused before it does', () => {
    // 64 MB of zeros in 64 kB.
    const bomb = zipped({ 'a/data.pkl': new Uint8Array(2 ** 26) });
    assert.ok(bomb.length < 100_000);
    assert.throws(
      () => importModel(bomb, 'bomb.pt'),
      (error) =>
        error instanceof InputError &&
        /^bomb\.pt cannot be imported: it says that its \d+ bytes become 67108864/.test(
          error.message,
        ),
    );
  });
});
