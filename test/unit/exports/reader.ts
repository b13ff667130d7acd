/** A reader of safetensors that knows its description alone: huggingface.co/docs/safetensors. */
import assert from 'node:assert/strict';

export interface ReadTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

const types: Readonly<
  Record<string, { size: number; read: (view: DataView, at: number) => number }>
> = {
  F32: { size: 4, read: (view, at) => view.getFloat32(at, true) },
  F64: { size: 8, read: (view, at) => view.getFloat64(at, true) },
  I32: { size: 4, read: (view, at) => view.getInt32(at, true) },
};

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [begin: number, end: number];
}

/** The metadata, and an entry for each other name. */
interface Header {
  readonly __metadata__: Record<string, string>;
}

/** Reads a file, and fails where it is not as the description wants it. */
export function readByTheBook(file: Uint8Array): {
  metadata: Record<string, string>;
  tensors: Map<string, ReadTensor>;
} {
  const buffer = Buffer.from(file);
  const length = Number(buffer.readBigUInt64LE(0));
  assert.ok(length <= 100_000_000 && length % 8 === 0);
  assert.equal(buffer[8], '{'.charCodeAt(0));
  const { __metadata__: metadata, ...header } = JSON.parse(
    buffer.toString('utf8', 8, 8 + length),
  ) as Header;
  assert.ok(Object.values(metadata).every((value) => typeof value === 'string'));
  const data = buffer.subarray(8 + length);
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const entries = Object.entries(header as unknown as Record<string, Entry>).sort(
    ([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0],
  );
  const tensors = new Map<string, ReadTensor>();
  let end = 0;
  for (const [name, { dtype, shape, data_offsets: offsets }] of entries) {
    const { size, read } = types[dtype]!;
    const count = shape.reduce((product, extent) => product * extent, 1);
    assert.deepEqual(offsets, [end, end + count * size], name);
    assert.equal((8 + length + end) % size, 0, `${name} is not aligned`);
    const start = end;
    const values = Array.from({ length: count }, (_, i) => read(view, start + i * size));
    tensors.set(name, { dtype, shape, values });
    end += count * size;
  }
  assert.equal(end, data.length);
  return { metadata, tensors };
}
