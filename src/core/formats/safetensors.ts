/**
 * Safetensors (huggingface.co/docs/safetensors): 8 bytes with the header's length as a little-endian
 * integer, a JSON header, then the tensors' bytes, little-endian, without gaps.
 */
import * as v from 'valibot';
import { sentence, type Sentence } from '../sentence';
import { Damage, DamagedFile } from './damage';

/** Bytes an element of each type takes. */
export const elementBytes = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E5M2: 1,
  F8_E4M3: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  F64: 8,
  I64: 8,
  U64: 8,
} as const;
export type ElementType = keyof typeof elementBytes;

/** Numbers of the types this writes. */
export type NumberArray = Float32Array | Float64Array | Int32Array;

/** A tensor to be written; row-major. */
export interface TensorToWrite {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: NumberArray;
}

/** A tensor as it lies in a file. */
export interface TensorInFile {
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

export interface Safetensors {
  readonly tensors: ReadonlyMap<string, TensorInFile>;
  readonly metadata: ReadonlyMap<string, string>;
}

const headerLimit = 100_000_000;

function typeOf(values: NumberArray): ElementType {
  if (values instanceof Float32Array) return 'F32';
  return values instanceof Float64Array ? 'F64' : 'I32';
}

/** Number of elements of a tensor. */
export function product(shape: readonly number[]): number {
  return shape.reduce((size, extent) => size * extent, 1);
}

/**
 * A file's bytes. Names are in the given order; data begins at a multiple of 8 and so do all tensors if
 * those of 8 bytes an element come first.
 *
 * @throws RangeError if a shape does not fit its values, or two tensors have one name
 */
export function writeSafetensors(
  tensors: readonly TensorToWrite[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const entries: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const { name, shape, values } of tensors) {
    if (product(shape) !== values.length || Object.hasOwn(entries, name)) {
      throw new RangeError(
        `Tensor ${name}: shape [${shape.join(', ')}], ${String(values.length)} values.`,
      );
    }
    entries[name] = { dtype: typeOf(values), shape, data_offsets: [end, end + values.byteLength] };
    end += values.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(entries));
  const headerLength = Math.ceil(json.length / 8) * 8;
  const file = new Uint8Array(8 + headerLength + end);
  const view = new DataView(file.buffer);
  view.setBigUint64(0, BigInt(headerLength), true);
  file.set(json, 8);
  file.fill(0x20, 8 + json.length, 8 + headerLength);
  let at = 8 + headerLength;
  for (const { values } of tensors) {
    writeValues(view, at, values);
    at += values.byteLength;
  }
  return file;
}

const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

function writeValues(view: DataView, at: number, values: NumberArray): void {
  if (littleEndian) {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    new Uint8Array(view.buffer).set(bytes, at);
    return;
  }
  const size = values.BYTES_PER_ELEMENT;
  values.forEach((value: number, i: number) => {
    if (values instanceof Float64Array) view.setFloat64(at + i * size, value, true);
    else if (values instanceof Float32Array) view.setFloat32(at + i * size, value, true);
    else view.setInt32(at + i * size, value, true);
  });
}

const size = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const tensorEntry = v.strictObject({
  dtype: v.picklist(Object.keys(elementBytes) as ElementType[]),
  shape: v.array(size),
  data_offsets: v.strictTuple([size, size]),
});
const metadataEntry = v.record(v.string(), v.string());

/** @param what is wrong with it, the end of a sentence */
function damaged(name: string, what: Sentence): DamagedFile {
  return new DamagedFile(
    sentence`${name} is damaged or is not a safetensors file: ${what}.`,
    sentence`Use another checkpoint of the run, or train again.`,
  );
}

/**
 * Reads a file's bytes; the tensors are views of them.
 *
 * @param name what messages call the file
 * @throws DamagedFile if anything is not as the format says: a header that is too long or is not JSON,
 * sizes that do not fit their shapes, overlaps, gaps, bytes missing or left over
 */
export function readSafetensors(file: Uint8Array, name: string): Safetensors {
  const { header, data } = readHeader(file, name);
  const tensors = new Map<string, TensorInFile>();
  let metadata = new Map<string, string>();
  const ranges: { name: string; begin: number; end: number }[] = [];
  for (const [key, value] of Object.entries(header)) {
    if (key === '__metadata__') {
      const parsed = v.safeParse(metadataEntry, value);
      if (!parsed.success) throw damaged(name, sentence`its metadata are not all text`);
      metadata = new Map(Object.entries(parsed.output));
      continue;
    }
    const parsed = v.safeParse(tensorEntry, value);
    if (!parsed.success) {
      const place = v.getDotPath(parsed.issues[0]);
      throw damaged(
        name,
        place === null
          ? sentence`the entry of ${key} is not an object`
          : sentence`the entry of ${key} is malformed (${place})`,
      );
    }
    const { dtype: type, shape } = parsed.output;
    const [begin, end] = parsed.output.data_offsets;
    if (end - begin !== product(shape) * elementBytes[type]) {
      throw damaged(
        name,
        sentence`${key} has ${end - begin} bytes, which do not fit ${type} [${shape.join(', ')}]`,
      );
    }
    tensors.set(key, { type, shape, bytes: data.subarray(begin, end) });
    ranges.push({ name: key, begin, end });
  }
  checkCoverage(ranges, data.length, name);
  return { tensors, metadata };
}

function readHeader(file: Uint8Array, name: string): { header: object; data: Uint8Array } {
  if (file.length < 8)
    throw damaged(name, sentence`it has ${file.length} bytes, fewer than any such file`);
  const length = Number(new DataView(file.buffer, file.byteOffset, 8).getBigUint64(0, true));
  if (length > headerLimit) throw damaged(name, sentence`its header would be longer than 100 MB`);
  if (8 + length > file.length) throw damaged(name, sentence`it ends within its header`);
  let header: unknown;
  try {
    header = JSON.parse(
      new TextDecoder('utf-8', { fatal: true }).decode(file.subarray(8, 8 + length)),
    );
  } catch {
    throw damaged(name, sentence`its header is not JSON`);
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) {
    throw damaged(name, sentence`its header is not a JSON object`);
  }
  return { header, data: file.subarray(8 + length) };
}

function checkCoverage(
  ranges: { readonly name: string; readonly begin: number; readonly end: number }[],
  length: number,
  name: string,
): void {
  ranges.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let at = 0;
  for (const range of ranges) {
    if (range.end > length)
      throw damaged(name, sentence`it ends within ${range.name}, so that a part of it is missing`);
    if (range.begin !== at)
      throw damaged(
        name,
        sentence`${range.name} overlaps another tensor or leaves a gap before it`,
      );
    at = range.end;
  }
  if (at !== length)
    throw damaged(name, sentence`${length - at} bytes at its end belong to no tensor`);
}

/**
 * As `valuesOf`, of floating-point numbers alone.
 * @throws Damage for others
 */
export function realValuesOf(name: string, tensor: TensorInFile): NumberArray {
  const values = tensor.type === 'I32' ? undefined : valuesOf(tensor);
  if (values !== undefined) return values;
  throw new Damage(
    sentence`${name} holds ${tensor.type} numbers; F32, F64, F16 and BF16 can be read`,
  );
}

/**
 * A tensor's numbers, copied; half precision (F16, BF16) as the float32 that is the same number.
 * @returns undefined for an element type other than F16, BF16, F32, F64 and I32
 */
export function valuesOf(tensor: TensorInFile): NumberArray | undefined {
  const { type, bytes } = tensor;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = elementBytes[type];
  const length = bytes.byteLength / size;
  const read = <A extends NumberArray>(values: A, get: (at: number) => number): A => {
    for (let i = 0; i < length; i++) values[i] = get(i * size);
    return values;
  };
  switch (type) {
    case 'F16':
      return read(new Float32Array(length), (at) => fromHalf(view.getUint16(at, true)));
    case 'BF16': {
      // The upper half of a float32.
      const upper = (at: number): number => view.getUint16(at, true) << 16;
      const bits = new DataView(new ArrayBuffer(4));
      return read(new Float32Array(length), (at) => {
        bits.setInt32(0, upper(at));
        return bits.getFloat32(0);
      });
    }
    case 'F32':
      return read(new Float32Array(length), (at) => view.getFloat32(at, true));
    case 'F64':
      return read(new Float64Array(length), (at) => view.getFloat64(at, true));
    case 'I32':
      return read(new Int32Array(length), (at) => view.getInt32(at, true));
    default:
      return undefined;
  }
}

/** IEEE 754 binary16: one bit of sign, five of exponent, ten of fraction. */
function fromHalf(bits: number): number {
  const sign = bits >> 15 === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0
    ? sign * fraction * 2 ** -24
    : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
