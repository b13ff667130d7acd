import assert from 'node:assert/strict';
import zlib from 'node:zlib';
import { encode as encodeJpeg } from 'jpeg-js';
import { toEnglish } from '../../../src/core/sentence';
import { decodeImage, scaled } from '../../../src/core/tables/images';
import { recognise } from '../../../src/core/tables/recognise';
import type { Table } from '../../../src/core/tables/table';
import { cells, disk, plain } from './tools';

interface Png {
  readonly width: number;
  readonly height: number;
  readonly depth?: number;
  /** 0 grey, 2 colour, 3 palette, 4 grey and opacity, 6 colour and opacity. */
  readonly type: number;
  /** Bytes of each row, as they are packed. */
  readonly rows: readonly (readonly number[])[];
  readonly palette?: readonly number[];
  readonly opacities?: readonly number[];
}

/** A PNG by its specification (ISO 15948), no row filtered. */
function png({ width, height, depth = 8, type, rows, palette, opacities }: Png): Uint8Array {
  const chunk = (name: string, data: Uint8Array): Buffer => {
    const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(zlib.crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, type, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    ...(palette ? [chunk('PLTE', Uint8Array.from(palette))] : []),
    ...(opacities ? [chunk('tRNS', Uint8Array.from(opacities))] : []),
    chunk('IDAT', zlib.deflateSync(Uint8Array.from(rows.flatMap((row) => [0, ...row])))),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

/** Grey pixels, a byte each. */
const grey = (rows: readonly (readonly number[])[]): Uint8Array =>
  png({ width: rows[0]!.length, height: rows.length, type: 0, rows });

const pixelsOf = (bytes: Uint8Array): number[] | undefined => {
  const picture = decodeImage(bytes);
  return picture && [...picture.pixels];
};

/** `[height, width, depth, rows]` big-endian, as the files of MNIST begin. */
function idx(sizes: readonly number[], values: readonly number[], type = 8): Uint8Array {
  const head = Buffer.alloc(4 + 4 * sizes.length);
  head.set([0, 0, type, sizes.length]);
  sizes.forEach((size, d) => head.writeUInt32BE(size, 4 + 4 * d));
  return Buffer.concat([head, Uint8Array.from(values)]);
}

async function readPath(
  files: Readonly<Record<string, string | Uint8Array>>,
  path: string,
  image = {},
): Promise<Table> {
  const found = await recognise(disk(files), { kind: 'file', path });
  return await found!.read({ image });
}

describe('images', () => {
  it('of every kind of PNG are the colours that are seen over white', () => {
    assert.deepEqual(
      pixelsOf(
        grey([
          [0, 100],
          [200, 255],
        ]),
      ),
      [0, 0, 0, 100, 100, 100, 200, 200, 200, 255, 255, 255],
    );
    assert.deepEqual(
      pixelsOf(
        png({
          width: 1,
          height: 2,
          type: 2,
          rows: [
            [1, 2, 3],
            [4, 5, 6],
          ],
        }),
      ),
      [1, 2, 3, 4, 5, 6],
    );
    // A half of black over white; nothing of red.
    const opaque = png({ width: 2, height: 1, type: 6, rows: [[0, 0, 0, 51, 255, 0, 0, 0]] });
    assert.deepEqual(pixelsOf(opaque), [204, 204, 204, 255, 255, 255]);
    assert.deepEqual(
      pixelsOf(png({ width: 1, height: 1, type: 4, rows: [[0, 102]] })),
      [153, 153, 153],
    );
    // Ten pixels of one bit: two bytes a row.
    const bits = png({
      width: 10,
      height: 2,
      depth: 1,
      type: 0,
      rows: [
        [0b10000001, 0b01000000],
        [0, 0b10000000],
      ],
    });
    const ones = pixelsOf(bits)!.flatMap((value, i) =>
      i % 3 === 0 && value === 255 ? [i / 3] : [],
    );
    assert.deepEqual(ones, [0, 7, 9, 18]);
    assert.deepEqual(
      pixelsOf(png({ width: 2, height: 1, depth: 16, type: 0, rows: [[0x80, 0x80, 0xff, 0xff]] })),
      [128, 128, 128, 255, 255, 255],
    );
    for (const depth of [2, 4, 8]) {
      const packed = depth === 8 ? [2, 1] : [(2 << (8 - depth)) | (1 << (8 - 2 * depth))];
      const painted = png({
        width: 2,
        height: 1,
        depth,
        type: 3,
        rows: [packed],
        palette: [9, 9, 9, 10, 20, 30, 40, 50, 60],
        opacities: [255, 255, 0],
      });
      assert.deepEqual(pixelsOf(painted), [255, 255, 255, 10, 20, 30], String(depth));
    }
  });

  it('of JPEG are what they were made of, but for its loss', () => {
    const data = new Uint8Array(4 * 256).fill(255);
    for (let i = 0; i < 256; i++) data.set([200, 100, 50], 4 * i);
    const pixels = pixelsOf(encodeJpeg({ width: 16, height: 16, data }, 95).data)!;
    for (const [c, value] of [200, 100, 50].entries())
      assert.ok(Math.abs(pixels[c]! - value) <= 3, String(pixels.slice(0, 3)));
  });

  it('that are damaged, or claim to be very large, are none', () => {
    const whole = grey([
      [1, 2],
      [3, 4],
    ]);
    assert.equal(decodeImage(whole.subarray(0, 40)), undefined);
    assert.equal(decodeImage(Uint8Array.from([0xff, 0xd8, 0xff, 1, 2])), undefined);
    assert.equal(decodeImage(new TextEncoder().encode('GIF89a')), undefined);
    const huge = png({ width: 60_000, height: 60_000, type: 0, rows: [[0]] });
    assert.equal(decodeImage(huge), undefined);
  });

  it('in another size have the mean of each area: nothing is lost but detail', () => {
    const picture = decodeImage(
      grey([
        [0, 60, 120],
        [60, 120, 180],
        [120, 180, 240],
      ]),
    )!;
    const half = scaled(picture, { width: 1, height: 1, channels: 1 });
    assert.deepEqual([...half], [120]);
    const wider = scaled(picture, { width: 6, height: 3, channels: 1 });
    assert.deepEqual([...wider.subarray(0, 6)], [0, 0, 60, 60, 120, 120]);
    // 3 → 2: each covers one pixel and a half.
    const two = scaled(picture, { width: 2, height: 1, channels: 3 });
    assert.deepEqual([...two], [80, 80, 80, 160, 160, 160]);
    // ITU-R BT.601.
    const red = decodeImage(png({ width: 1, height: 1, type: 2, rows: [[255, 0, 0]] }))!;
    assert.deepEqual([...scaled(red, { width: 1, height: 1, channels: 1 })], [76]);
  });

  it('are read from a folder a class; grey where all are, scaled to the commonest size, broken ones told', async () => {
    const table = await readPath(
      {
        '/d/cat/1.png': grey([
          [1, 2],
          [3, 4],
        ]),
        '/d/cat/2.png': grey([
          [5, 6],
          [7, 8],
        ]),
        '/d/cat/notes.txt': 'no picture',
        '/d/dog/a.png': grey([
          [10, 10, 30, 30],
          [10, 10, 30, 30],
          [50, 50, 70, 70],
          [50, 50, 70, 70],
        ]),
        '/d/dog/b.png': grey([
          [5, 6],
          [7, 8],
        ]).subarray(0, 30),
      },
      '/d',
    );
    assert.equal(table.format, 'folder');
    assert.deepEqual(plain(table), {
      image: [
        [1, 2, 3, 4],
        [5, 6, 7, 8],
        [10, 30, 50, 70],
      ],
      label: ['cat', 'cat', 'dog'],
    });
    assert.deepEqual(table.notes.map(toEnglish), [
      'Images of other sizes (1 of 3) are scaled to 2 × 2.',
      'Images that cannot be read are left out (1 of 4), the first is /d/dog/b.png: replace or remove it.',
    ]);
  });

  it('are read from folders of parts, and from metadata that names them, in a size that was asked for', async () => {
    const parts = await readPath(
      {
        '/d/train/a/1.png': grey([[1]]),
        '/d/test/a/1.png': grey([[2]]),
        '/d/train/b/2.png': grey([[3]]),
      },
      '/d',
    );
    assert.deepEqual(plain(parts), {
      image: [[2], [1], [3]],
      label: ['a', 'a', 'b'],
      part: ['test', 'train', 'train'],
    });
    const listed = await readPath(
      {
        '/d/metadata.csv': 'file_name,caption\nx/1.png,"one, two"\n2.png,three\n',
        '/d/x/1.png': grey([[1]]),
        '/d/2.png': grey([[2]]),
      },
      '/d',
      { width: 2, height: 1, channels: 3 },
    );
    assert.deepEqual(plain(listed), {
      image: [
        [1, 1, 1, 1, 1, 1],
        [2, 2, 2, 2, 2, 2],
      ],
      caption: ['one, two', 'three'],
    });
    // The list itself is the same table, and its rows have lines; one that names no images is a table like any other.
    const files = {
      '/d/metadata.csv': 'file_name,caption\nx/1.png,"one,\ntwo"\n2.png,three\n',
      '/d/x/1.png': grey([[1]]),
      '/d/2.png': grey([[2]]),
    };
    const list = await readPath(files, '/d/metadata.csv');
    assert.equal(list.format, 'folder');
    assert.deepEqual(plain(list), { image: [[1], [2]], caption: ['one,\ntwo', 'three'] });
    assert.deepEqual([...list.lines!], [2, 4]);
    const other = await readPath({ '/d/metadata.csv': 'name,size\nx,1\n' }, '/d/metadata.csv');
    assert.equal(other.format, 'csv');
    await assert.rejects(
      readPath({ '/d/metadata.csv': 'name\nx\n', '/d/x.png': grey([[1]]) }, '/d'),
      /InputError: metadata\.csv has no column file_name\. Name the image/,
    );
    assert.equal(
      await recognise(disk({ '/d/a.txt': 'x' }), { kind: 'file', path: '/d' }),
      undefined,
    );
  });

  it('are read from idx, training and test part, packed or not', async () => {
    const files = {
      '/d/train-images-idx3-ubyte.gz': zlib.gzipSync(idx([2, 1, 2], [0, 1, 254, 255])),
      '/d/train-labels-idx1-ubyte': idx([2], [7, 3]),
      '/d/t10k-images-idx3-ubyte': idx([1, 1, 2], [9, 8]),
      '/d/t10k-labels-idx1-ubyte.gz': zlib.gzipSync(idx([1], [7])),
    };
    for (const path of ['/d', '/d/train-images-idx3-ubyte.gz', '/d/train-labels-idx1-ubyte']) {
      const table = await readPath(files, path);
      assert.equal(table.format, 'idx');
      assert.deepEqual(
        plain(table),
        {
          image: [
            [0, 1],
            [254, 255],
            [9, 8],
          ],
          label: ['7', '3', '7'],
          part: ['train', 'train', 'test'],
        },
        path,
      );
    }
    const one = await readPath(
      {
        '/d/images.idx3-ubyte': files['/d/t10k-images-idx3-ubyte'],
        '/d/labels.idx1-ubyte': idx([1], [7]),
      },
      '/d/images.idx3-ubyte',
    );
    assert.deepEqual(
      one.columns.map((column) => cells(column)),
      [[[9, 8]], ['7']],
    );
  });

  const wrong: readonly (readonly [
    what: string,
    images: Uint8Array,
    labels: Uint8Array | undefined,
    said: RegExp,
  ])[] = [
    [
      'has fewer values than it says',
      idx([2, 1, 2], [0, 1, 2]),
      idx([2], [1, 2]),
      /is damaged: it has not as many values as its header says\. Get it again/,
    ],
    [
      'has other numbers of images and labels',
      idx([2, 1, 1], [0, 1]),
      idx([3], [1, 2, 3]),
      /has 2 images and .* 3 labels\. Give two files/,
    ],
    [
      'has values of another type',
      idx([1, 1, 1], [0, 0, 0, 0], 0x0c),
      idx([1], [1]),
      /values of a kind that is not read\. Write it/,
    ],
    [
      'has no labels',
      idx([1, 1, 1], [0]),
      undefined,
      /the other is not beside it\. Put images and labels into a folder/,
    ],
  ];
  for (const [what, images, labels, said] of wrong) {
    it(`of idx that ${what} are refused in words`, async () => {
      const path = '/d/train-images-idx3-ubyte';
      const files = { [path]: images, ...(labels && { '/d/train-labels-idx1-ubyte': labels }) };
      await assert.rejects(readPath(files, path), (error: Error) => {
        assert.equal(error.name, 'InputError');
        assert.match(error.message, said);
        return true;
      });
    });
  }
});
