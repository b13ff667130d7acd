/** ONNX graphs of others with the standard operators LSTM, GRU and RNN (onnx.ai/onnx/operators). */
import { fromBinary } from '@bufbuild/protobuf';
import { Damage } from '../../formats/damage';
import { elementBytes, product, valuesOf, type NumberArray } from '../../formats/safetensors';
import { sentence } from '../../sentence';
import {
  ModelProtoSchema,
  TensorProto_DataLocation,
  TensorProto_DataType,
  type AttributeProto,
  type GraphProto,
  type NodeProto,
  type TensorProto,
} from '../onnx/onnx_pb';
import type { StandardCell } from '../standard';
import type { ForeignLayer, ForeignModel } from './model';
import { partOf, requireShape, someOf, type NamedTensor } from './tensors';

/** Gates as ONNX has them: i, o, f, c; z, r, h. And the functions that are meant where none are named. */
const kinds: Readonly<
  Record<
    string,
    { operator: StandardCell['operator']; order: string; functions: readonly string[] }
  >
> = {
  LSTM: { operator: 'LSTM', order: 'iofg', functions: ['Sigmoid', 'Tanh', 'Tanh'] },
  GRU: { operator: 'GRU', order: 'zrn', functions: ['Sigmoid', 'Tanh'] },
  RNN: { operator: 'RNN', order: 'h', functions: ['Tanh'] },
};

const functions: Readonly<Record<string, string>> = {
  ...{ tanh: 'tanh', sigmoid: 'sigmoid', relu: 'relu', softplus: 'softplus' },
};

/** Operators that move numbers about. */
const passing = new Set([
  ...['Cast', 'Concat', 'Constant', 'ConstantOfShape', 'Dropout', 'Expand', 'Flatten', 'Gather'],
  ...['Identity', 'OneHot', 'Reshape', 'Shape', 'Slice', 'Split', 'Squeeze', 'Transpose'],
  'Unsqueeze',
]);
/** Make probabilities of logits, at the end. */
const normalising = new Set(['LogSoftmax', 'Softmax']);

/** Both begin with a small number; that of safetensors is eight bytes long. */
export function isOnnx(bytes: Uint8Array): boolean {
  return bytes[0] === 8 && bytes.length > 16 && bytes.subarray(4, 8).some((byte) => byte !== 0);
}

/** A model, and the tokenizer of one that RNN Lab has written. */
export interface OnnxModel {
  readonly model: ForeignModel;
  readonly tokenizer?: string | undefined;
}

/** @throws Damage */
export function readOnnx(bytes: Uint8Array): OnnxModel {
  const { graph, metadataProps } = parsed(bytes);
  if (!graph) throw new Damage(sentence`its ONNX has no graph`);
  const tokenizer = metadataProps.find(({ key }) => key === 'tokenizer')?.value;
  return { model: modelOf(graph), tokenizer };
}

function parsed(bytes: Uint8Array) {
  try {
    return fromBinary(ModelProtoSchema, bytes);
  } catch {
    throw new Damage(sentence`its ONNX cannot be read`);
  }
}

function modelOf(graph: GraphProto): ForeignModel {
  const constants = constantsOf(graph);
  const layers: ForeignLayer[] = [];
  let embedding: NamedTensor | undefined;
  let head: ForeignModel['head'] | undefined;
  for (const node of graph.node) {
    const { opType, input } = node;
    const kind = Object.hasOwn(kinds, opType) ? kinds[opType] : undefined;
    const table = opType === 'Gather' ? constants.get(input[0] ?? '') : undefined;
    if (kind) layers.push(layerOf(node, constants));
    else if (table?.shape.length === 2 && layers.length === 0) embedding = table;
    else if ((opType === 'MatMul' || opType === 'Gemm') && layers.length > 0 && !head) {
      head = headOf(node, constants);
    } else if (opType === 'Add' && head && !head.bias) {
      head = { ...head, bias: constantAmong(node, constants) };
    } else if (!passing.has(opType) && !(head && normalising.has(opType))) {
      throw new Damage(
        sentence`its operator ${opType} (${[node.name, node.output[0], '–'].find(Boolean)!}) is none that is read here: a Gather, LSTM, GRU or RNN, then a MatMul with Add, or a Gemm`,
      );
    }
  }
  if (layers.length === 0 || !head) {
    const found = graph.node.map(({ opType }) => opType);
    throw new Damage(
      sentence`its graph is not an LSTM, GRU or RNN before a linear layer, but ${someOf(found)}`,
    );
  }
  return { embedding, layers, head };
}

type Constants = ReadonlyMap<string, NamedTensor>;

/** Numbers that are the same whatever goes in: initializers, the operator Constant, and copies of those. */
function constantsOf({ initializer, node: nodes }: GraphProto): Constants {
  const found = new Map<string, NamedTensor>();
  for (const tensor of initializer) found.set(tensor.name, tensorOf(tensor.name, tensor));
  for (const node of nodes) {
    const [name = ''] = node.output;
    const value = attributeOf(node, 'value')?.t;
    if (node.opType === 'Constant' && value) found.set(name, tensorOf(name, value));
    const copied = node.opType === 'Identity' ? found.get(node.input[0] ?? '') : undefined;
    if (copied) found.set(name, copied);
  }
  return found;
}

function attributeOf({ attribute }: NodeProto, name: string): AttributeProto | undefined {
  return attribute.find((each) => each.name === name);
}

function tensorOf(name: string, tensor: TensorProto): NamedTensor {
  const shape = tensor.dims.map(Number);
  return { name, shape, values: () => numbersOf(name, shape, tensor) };
}

const types: Readonly<Record<number, 'F32' | 'F64' | 'F16' | 'BF16'>> = {
  [TensorProto_DataType.FLOAT]: 'F32',
  [TensorProto_DataType.DOUBLE]: 'F64',
  [TensorProto_DataType.FLOAT16]: 'F16',
  [TensorProto_DataType.BFLOAT16]: 'BF16',
};

function numbersOf(name: string, shape: readonly number[], tensor: TensorProto): NumberArray {
  const { dataType, dataLocation, rawData, floatData, doubleData } = tensor;
  if (dataLocation === TensorProto_DataLocation.EXTERNAL) {
    throw new Damage(
      sentence`the numbers of ${name} are in another file; save the model as one file`,
    );
  }
  const type = types[dataType];
  if (type === undefined) {
    throw new Damage(
      sentence`${name} holds ${TensorProto_DataType[dataType] ?? dataType} numbers; floating-point ones can be read`,
    );
  }
  const size = elementBytes[type];
  const listed = floatData.length > 0 ? floatData : doubleData;
  const values =
    rawData.length > 0 && rawData.length % size === 0
      ? valuesOf({ type, shape, bytes: rawData })!
      : Float64Array.from(listed);
  if (values.length !== product(shape)) {
    throw new Damage(sentence`the numbers of ${name} are missing or are not all there`);
  }
  return values;
}

/** The input of a node at a place, which has to be known. */
function constant(node: NodeProto, place: number, constants: Constants): NamedTensor {
  const name = node.input[place] ?? '';
  const found = constants.get(name);
  if (!found) {
    throw new Damage(
      sentence`the weights ${name || '–'} of its ${node.opType} are computed in the graph; export it with constants folded`,
    );
  }
  return found;
}

function constantAmong(node: NodeProto, constants: Constants): NamedTensor {
  const place = node.input.findIndex((name) => constants.has(name));
  return constant(node, Math.max(0, place), constants);
}

function headOf(node: NodeProto, constants: Constants): ForeignModel['head'] {
  if (node.opType === 'MatMul') return { tensor: constant(node, 1, constants), isTransposed: true };
  for (const [name, only] of [
    ['alpha', 1],
    ['beta', 1],
  ] as const) {
    if ((attributeOf(node, name)?.f ?? only) !== only) throw refusedAttribute(node, name);
  }
  const isTransposed = (attributeOf(node, 'transB')?.i ?? 0n) === 0n;
  const bias = (node.input[2] ?? '') === '' ? undefined : constant(node, 2, constants);
  return { tensor: constant(node, 1, constants), isTransposed, bias };
}

function refusedAttribute({ opType }: NodeProto, name: string): Damage {
  return new Damage(
    sentence`the attribute ${name} of its ${opType} has a value that no cell here has`,
  );
}

function layerOf(node: NodeProto, constants: Constants): ForeignLayer {
  const { operator, order, functions: usual } = kinds[node.opType]!;
  const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);
  const direction = attributeOf(node, 'direction')?.s ?? new Uint8Array();
  if (direction.length > 0 && text(direction) !== 'forward') {
    throw new Damage(
      sentence`its ${node.opType} reads from the end: such a model does not write texts`,
    );
  }
  for (const name of ['clip', 'activation_alpha', 'activation_beta']) {
    if (attributeOf(node, name)) throw refusedAttribute(node, name);
  }
  if ((attributeOf(node, 'input_forget')?.i ?? 0n) !== 0n)
    throw refusedAttribute(node, 'input_forget');
  const named = attributeOf(node, 'activations')?.strings.map(text) ?? usual;
  const own = named.map((name) => functions[name.toLowerCase()]);
  const last = own.at(-1);
  const isKnown = own.length === usual.length && !own.includes(undefined);
  if (!isKnown || last === undefined || (operator === 'LSTM' && own[1] !== last)) {
    throw refusedAttribute(node, 'activations');
  }
  // States that begin with anything but zeros would be another cell.
  for (const place of [5, 6]) {
    const start = constants.get(node.input[place] ?? '');
    if (start?.values().some((value: number) => value !== 0)) {
      throw new Damage(sentence`its ${node.opType} begins with ${start.name}, which is not zero`);
    }
  }
  const [input, state] = [constant(node, 1, constants), constant(node, 2, constants)];
  const gates = order.length * (state.shape[2] ?? 0);
  const bias = (node.input[3] ?? '') === '' ? undefined : constant(node, 3, constants);
  if (bias) requireShape(bias, [1, 2 * gates]);
  const seen = (node.input[7] ?? '') === '' ? undefined : constant(node, 7, constants);
  return {
    ...{ operator, order },
    functions: { gate: operator === 'RNN' ? 'sigmoid' : own[0]!, state: last },
    resetsFirst: operator === 'GRU' && (attributeOf(node, 'linear_before_reset')?.i ?? 0n) === 0n,
    input: { tensor: ofOneDirection(input) },
    state: { tensor: ofOneDirection(state) },
    inputBias: bias && partOf(bias, 0, gates),
    stateBias: bias && partOf(bias, gates, gates),
    ...(seen && { peepholes: { tensor: ofOneDirection(seen), order: 'iof' } }),
  };
}

/** Without the axis of directions, of which there is one. */
function ofOneDirection(tensor: NamedTensor): NamedTensor {
  const [directions, ...shape] = tensor.shape;
  if (directions !== 1) requireShape(tensor, [1, ...shape]);
  return { ...tensor, shape };
}
