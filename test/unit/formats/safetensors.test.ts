import assert from 'node:assert/strict';
import fc from 'fast-check';
import { InputError } from '../../../src/core/input-error';
import { readSafetensors, valuesOf, writeSafetensors } from '../../../src/core/formats/safetensors';
import { readByTheBook } from '../exports/reader';

function entry(dtype: string, shape: number[], begin: number, end: number): object {
  return { dtype, shape, data_offsets: [begin, end] };
}

function file(header: unknown, data: number, length?: number): Uint8Array {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const head = Buffer.alloc(8);
  head.writeBigUInt64LE(BigInt(length ?? json.length));
  return Buffer.concat([head, json, Buffer.alloc(data)]);
}

describe('safetensors', () => {
  const tensors = [
    { name: 'layer1.W', shape: [2, 3], values: Float64Array.of(1, -2, 0.1, 1e-300, 5, 6) },
    { name: 'layer1.b', shape: [3], values: Float32Array.of(0.5, -1.25, 3) },
    { name: 'steps', shape: [2], values: Int32Array.of(-7, 2_000_000_000) },
    { name: 'nothing', shape: [0, 4], values: new Float32Array(0) },
    { name: 'scalar', shape: [], values: Float32Array.of(7) },
  ];
  const metadata = { equations: 's[t] = tanh(U x[t])\n# “é” 😀', format: 'rnn-lab' };

  it('gives back what was written', () => {
    const read = readSafetensors(writeSafetensors(tensors, metadata), 'a');
    assert.deepEqual(Object.fromEntries(read.metadata), metadata);
    assert.deepEqual(
      [...read.tensors.keys()],
      tensors.map(({ name }) => name),
    );
    for (const { name, shape, values } of tensors) {
      assert.deepEqual(read.tensors.get(name)!.shape, shape);
      assert.deepEqual(valuesOf(read.tensors.get(name)!), values);
    }
  });

  it('is read alike by a reader written from the format’s description', () => {
    const { metadata: meta, tensors: read } = readByTheBook(writeSafetensors(tensors, metadata));
    assert.deepEqual(meta, metadata);
    const types = { Float64Array: 'F64', Float32Array: 'F32', Int32Array: 'I32' };
    for (const { name, shape, values } of tensors) {
      const dtype = types[values.constructor.name as keyof typeof types];
      assert.deepEqual(read.get(name), { dtype, shape, values: [...values] });
    }
  });

  it('reads half precision as the float32 that is the same number', () => {
    // Examples of IEEE 754-2019 (binary16), and of the BF16 that is the upper half of a float32.
    const halves = [0x3c00, 0xc000, 0x7bff, 0x0400, 0x03ff, 0x0001, 0x8000, 0x3555, 0x7c00, 0xfc00];
    const expected = [1, -2, 65504, 2 ** -14, 1023 / 2 ** 24, 2 ** -24, -0, 1365 / 4096];
    const brain = [0x3f80, 0x4049, 0xff80, 0x0080, 0x8000];
    const bytes = Buffer.alloc(2 * (halves.length + brain.length));
    [...halves, ...brain].forEach((bits, i) => bytes.writeUInt16LE(bits, 2 * i));
    const header = {
      a: entry('F16', [halves.length], 0, 20),
      b: entry('BF16', [brain.length], 20, 30),
    };
    const whole = Buffer.concat([file(header, 0), bytes]);
    const { tensors: read } = readSafetensors(whole, 'half');
    assert.deepEqual(
      valuesOf(read.get('a')!),
      Float32Array.from([...expected, Infinity, -Infinity]),
    );
    assert.deepEqual(
      valuesOf(read.get('b')!),
      Float32Array.of(1, 3.140625, -Infinity, 2 ** -126, -0),
    );
  });

  it('reads tensors that begin at odd places, and only the bytes of types it does not know', () => {
    const odd = file(
      { a: entry('U8', [1], 0, 1), b: entry('F32', [1], 1, 5), c: entry('I16', [2], 5, 9) },
      9,
    );
    const { tensors: read } = readSafetensors(odd, 'odd');
    assert.deepEqual(valuesOf(read.get('b')!), Float32Array.of(0));
    assert.equal(valuesOf(read.get('c')!), undefined);
    assert.equal(read.get('c')!.bytes.length, 4);
  });

  const damages: [string, Uint8Array, RegExp][] = [
    ['too short', new Uint8Array(5), /5 bytes, fewer/],
    ['a header that is a bomb', file('{}', 0, 2 ** 40), /longer than 100 MB/],
    ['a header longer than the file', file('{}', 0, 50), /ends within its header/],
    ['no JSON', file('{"a":', 0), /not JSON/],
    ['a header that is a list', file('[]', 0), /not a JSON object/],
    ['metadata that are no text', file({ __metadata__: { a: 1 } }, 0), /metadata are not all text/],
    [
      'an unknown type',
      file({ a: entry('F12', [1], 0, 4) }, 4),
      /entry of a is malformed \(dtype\)/,
    ],
    ['a negative extent', file({ a: entry('F32', [-1], 0, 4) }, 4), /malformed \(shape\.0\)/],
    [
      'a size that does not fit',
      file({ a: entry('F32', [2], 0, 4) }, 4),
      /4 bytes, which do not fit F32 \[2\]/,
    ],
    [
      'a tensor cut off',
      file({ a: entry('F32', [2], 0, 8) }, 7),
      /ends within a, so that a part of it is missing/,
    ],
    [
      'an overlap',
      file({ a: entry('F32', [2], 0, 8), b: entry('F32', [2], 4, 12) }, 12),
      /b overlaps another tensor/,
    ],
    ['a gap', file({ a: entry('F32', [1], 4, 8) }, 8), /leaves a gap/],
    ['bytes left over', file({ a: entry('F32', [1], 0, 4) }, 6), /2 bytes at its end/],
  ];
  for (const [what, bytes, message] of damages) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => readSafetensors(bytes, 'm.safetensors'),
        (error) =>
          error instanceof InputError && message.test(error.message) && error.hint !== undefined,
      );
    });
  }

  it('never does worse than refuse, whatever byte is wrong', () => {
    const whole = writeSafetensors(tensors, metadata);
    fc.assert(
      fc.property(
        fc.nat(whole.length - 1),
        fc.nat(255),
        fc.nat(whole.length),
        (at, byte, length) => {
          const broken = whole.slice(0, length);
          if (at < length) broken[at] = byte;
          try {
            readSafetensors(broken, 'm');
          } catch (error) {
            assert.ok(error instanceof InputError);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('does not write what would be damaged', () => {
    assert.throws(
      () => writeSafetensors([{ name: 'a', shape: [2], values: new Float32Array(3) }], {}),
      RangeError,
    );
    const twice = { name: 'a', shape: [1], values: new Float32Array(1) };
    assert.throws(() => writeSafetensors([twice, twice], {}), RangeError);
  });
});
