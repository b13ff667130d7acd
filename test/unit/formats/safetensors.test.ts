import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { InputError } from '../../../src/core/data/input-error';
import { readSafetensors, valuesOf, writeSafetensors } from '../../../src/core/formats/safetensors';

/** The format's description once more, in another language and from scratch. */
const pythonReader = `
import json, struct, sys
raw = open(sys.argv[1], 'rb').read()
(n,) = struct.unpack('<Q', raw[:8])
assert n <= 100_000_000 and raw[8:9] == b'{' and n % 8 == 0
header = json.loads(raw[8:8 + n].decode('utf-8'))
meta = header.pop('__metadata__', {})
assert all(type(k) is str and type(v) is str for k, v in meta.items())
data = raw[8 + n:]
out, end = {}, 0
for name, t in sorted(header.items(), key=lambda item: item[1]['data_offsets']):
    begin, stop = t['data_offsets']
    code, size = {'F32': ('f', 4), 'F64': ('d', 8), 'I32': ('i', 4)}[t['dtype']]
    count = 1
    for extent in t['shape']: count *= extent
    assert begin == end and stop - begin == count * size and (8 + n + begin) % size == 0
    end = stop
    out[name] = [t['dtype'], t['shape'], list(struct.unpack('<%d%s' % (count, code), data[begin:stop]))]
assert end == len(data)
print(json.dumps([meta, out]))
`;

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

  it('is read alike by a reader written from the format’s description in Python', function () {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'safetensors-'));
    try {
      const target = path.join(folder, 'model.safetensors');
      fs.writeFileSync(target, writeSafetensors(tensors, metadata));
      const python = process.platform === 'win32' ? 'python' : 'python3';
      const { status, stdout, stderr } = spawnSync(python, ['-c', pythonReader, target], {
        encoding: 'utf8',
      });
      assert.equal(status, 0, stderr);
      const [meta, read] = JSON.parse(stdout) as [unknown, Record<string, unknown>];
      assert.deepEqual(meta, metadata);
      const types = { Float64Array: 'F64', Float32Array: 'F32', Int32Array: 'I32' };
      for (const { name, shape, values } of tensors) {
        const type = types[values.constructor.name as keyof typeof types];
        assert.deepEqual(read[name], [type, shape, [...values]]);
      }
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });

  it('reads tensors that begin at odd places, and only the bytes of types it does not know', () => {
    const odd = file(
      { a: entry('U8', [1], 0, 1), b: entry('F32', [1], 1, 5), c: entry('BF16', [2], 5, 9) },
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
    ['a header that is a list', file('[]', 0), /no JSON object/],
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
    ['a tensor cut off', file({ a: entry('F32', [2], 0, 8) }, 7), /ends within a; was it copied/],
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
        (error) => error instanceof InputError && message.test(error.message) && error.hint !== '',
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
