/**
 * What `torch.save` writes of a `state_dict`: a ZIP archive with a pickle and a file for each storage (since PyTorch
 * 1.6), or pickles one behind the other and then the storages. Nothing in it is executed.
 */
import { Damage } from '../../formats/damage';
import {
  elementBytes,
  product,
  realValuesOf,
  type ElementType,
  type NumberArray,
} from '../../formats/safetensors';
import { sentence } from '../../sentence';
import {
  Global,
  Made,
  Outside,
  readPickle,
  type Callables,
  type Pickled,
  type PickleValue,
} from './pickle';
import { type NamedTensor, type NamedTensors } from './tensors';
import type { Archive } from './zip';

/** Element types by the storages' names. */
const storages: Readonly<Record<string, ElementType>> = {
  FloatStorage: 'F32',
  DoubleStorage: 'F64',
  HalfStorage: 'F16',
  BFloat16Storage: 'BF16',
  LongStorage: 'I64',
  IntStorage: 'I32',
  ShortStorage: 'I16',
  CharStorage: 'I8',
  ByteStorage: 'U8',
  BoolStorage: 'BOOL',
};

/** A tensor within a storage. */
interface View {
  readonly storage: { readonly type: ElementType; readonly key: string; readonly length: number };
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

const dictionary = 'collections.OrderedDict';

const callables: Callables = {
  calls: {
    [dictionary]: () => new Map(),
    'torch._utils._rebuild_tensor_v2': ([storage, offset, shape, strides]) =>
      new Made(viewOf(storage, offset, shape, strides)),
    // A parameter is its tensor.
    'torch._utils._rebuild_parameter': ([tensor]) => tensor ?? null,
    'torch.Size': ([sizes]) => sizes ?? null,
  },
  mentions: (name) => storageType(name) !== undefined,
};

function storageType(name: string): ElementType | undefined {
  const [module, member = ''] = name.split('.');
  return module === 'torch' && Object.hasOwn(storages, member) ? storages[member] : undefined;
}

function viewOf(
  storage: PickleValue | undefined,
  offset: PickleValue | undefined,
  shape: PickleValue | undefined,
  strides: PickleValue | undefined,
): View {
  const id = storage instanceof Outside && Array.isArray(storage.id) ? storage.id : [];
  const [kind, type, key, , length] = id;
  const element = type instanceof Global ? storageType(type.name) : undefined;
  if (
    kind !== 'storage' ||
    element === undefined ||
    typeof key !== 'string' ||
    !isCount(length) ||
    !isCount(offset) ||
    !isCounts(shape) ||
    !isCounts(strides) ||
    shape.length !== strides.length
  ) {
    throw new Damage(sentence`a tensor in its pickle is malformed`);
  }
  return { storage: { type: element, key, length }, offset, shape, strides };
}

function isCount(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
function isCounts(value: PickleValue | undefined): value is number[] {
  return Array.isArray(value) && value.every(isCount);
}

/** Whether an archive is of `torch.save`. */
export function isPytorchArchive({ names }: Archive): boolean {
  return names.some((name) => /(?:^|\/)data\.pkl$/.test(name));
}

/** Pickles, as PyTorch wrote them before 1.6: a number of ten bytes says what they are. */
export function isPytorchPickles(bytes: Uint8Array): boolean {
  return bytes[0] === 0x80 && bytes[2] === 0x8a && bytes[3] === 0x0a;
}

/** @throws Damage */
export function readPytorchArchive(archive: Archive): NamedTensors {
  const pickle = archive.names.find((name) => /(?:^|\/)data\.pkl$/.test(name))!;
  const folder = pickle.slice(0, -'data.pkl'.length);
  const order = archive.read(`${folder}byteorder`);
  if (order && new TextDecoder().decode(order).trim() !== 'little') {
    throw new Damage(sentence`its numbers are big-endian; save it on another machine`);
  }
  const { value } = readPickle(archive.read(pickle)!, 0, callables);
  return tensorsIn(value, ({ key }) => archive.read(`${folder}data/${key}`));
}

/** @throws Damage */
export function readPytorchPickles(bytes: Uint8Array): NamedTensors {
  const read = (at: number): Pickled => readPickle(bytes, at, callables);
  // The number, the version, the machine that wrote it.
  const before = read(read(read(0).end).end);
  const { value, end } = read(before.end);
  const keys = read(end);
  const places = new Map<string, number>();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const types = new Map([...viewsIn(value)].map(([, { storage }]) => [storage.key, storage.type]));
  let at = keys.end;
  for (const key of Array.isArray(keys.value) ? keys.value : []) {
    if (typeof key !== 'string' || at + 8 > bytes.length) {
      throw new Damage(sentence`a part of it is missing`);
    }
    places.set(key, at + 8);
    at += 8 + Number(view.getBigUint64(at, true)) * elementBytes[types.get(key) ?? 'U8'];
  }
  return tensorsIn(value, ({ key, length, type }) => {
    const from = places.get(key);
    return from === undefined
      ? undefined
      : bytes.subarray(from, from + length * elementBytes[type]);
  });
}

type Contents = (storage: View['storage']) => Uint8Array | undefined;

/** Dictionaries within dictionaries are looked through to this depth, as for `{'model': state_dict, 'epoch': 3}`. */
const deepest = 8;

function* viewsIn(
  value: PickleValue,
  prefix = '',
  seen = new Set<PickleValue>(),
): Generator<readonly [path: string, view: View, within: PickleValue]> {
  if (!(value instanceof Map) || seen.has(value) || prefix.split('.').length > deepest) return;
  seen.add(value);
  for (const [key, inner] of value) {
    if (typeof key !== 'string' && typeof key !== 'number') continue;
    const path = `${prefix}${String(key)}`;
    if (inner instanceof Made) yield [path, inner.thing as View, value];
    else yield* viewsIn(inner, `${path}.`, seen);
  }
}

function tensorsIn(value: PickleValue, contents: Contents): NamedTensors {
  const tensors = new Map<string, NamedTensor>();
  const found = [...viewsIn(value)];
  // Beside a model's there may be those of its optimiser.
  const [, , model] = found.find(([name]) => name.includes('weight_ih')) ?? [];
  for (const [name, view, within] of found) {
    if (model !== undefined && within !== model) continue;
    tensors.set(name, { name, shape: view.shape, values: () => numbersOf(name, view, contents) });
  }
  if (tensors.size === 0) throw new Damage(sentence`it holds no tensor`);
  return tensors;
}

function numbersOf(name: string, view: View, contents: Contents): NumberArray {
  const { storage, offset, shape, strides } = view;
  const elements = product(shape);
  const last = shape.reduce((at, extent, d) => at + (extent - 1) * strides[d]!, offset);
  const bytes = contents(storage);
  const size = elementBytes[storage.type];
  const isWithin = elements <= storage.length && (elements === 0 || last < storage.length);
  if (!bytes || !isWithin || bytes.length < storage.length * size) {
    throw new Damage(sentence`the numbers of ${name} are missing or are not all there`);
  }
  const isWhole = isRowMajor(shape, strides);
  const [from, length] = isWhole ? [offset, elements] : [0, storage.length];
  const { type } = storage;
  const own = bytes.subarray(from * size, (from + length) * size);
  const values = realValuesOf(name, { type, shape: [length], bytes: own });
  if (isWhole) return values;
  // One that was transposed lies by columns.
  return Float64Array.from({ length: elements }, (_, i) => {
    let at = offset;
    for (let d = shape.length - 1, rest = i; d >= 0; d--) {
      at += (rest % shape[d]!) * strides[d]!;
      rest = Math.floor(rest / shape[d]!);
    }
    return values[at]!;
  });
}

function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  let step = 1;
  for (let d = shape.length - 1; d >= 0; d--) {
    if (shape[d] !== 1 && strides[d] !== step) return false;
    step *= shape[d]!;
  }
  return true;
}
