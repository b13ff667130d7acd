/** An ONNX graph as it is written: nodes, numbers, names that nothing else has. */
import { create } from '@bufbuild/protobuf';
import {
  GraphProtoSchema,
  NodeProtoSchema,
  type AttributeProto,
  type GraphProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from './onnx_pb';
import { attribute, floatTensor, integerTensor, type Attribute } from './tensors';

export interface Builder {
  /** Adds an operator. @returns the names of its outputs */
  add(
    operator: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, Attribute>>,
    options?: {
      /** What the outputs are called; else a name for one. */
      readonly outputs?: readonly string[];
      /** Attributes that are no integers. */
      readonly more?: readonly AttributeProto[];
    },
  ): string;
  /** Numbers of the model, written once however often they are asked for. @returns their name */
  floats(name: string, dims: readonly number[], values: () => ArrayLike<number>): string;
  integers(values: readonly number[]): string;
  scalar(value: number): string;
  /** A graph within this one, which sees its numbers. */
  inner(): Builder;
  /** A name that is not taken. */
  fresh(stem: string): string;
  build(
    name: string,
    inputs: readonly ValueInfoProto[],
    outputs: readonly ValueInfoProto[],
  ): GraphProto;
}

/** What graphs within one another share: numbers stand in the outermost. */
interface Shared {
  readonly tensors: Map<string, TensorProto>;
  readonly taken: Map<string, number>;
}

export function createBuilder(
  shared: Shared = { tensors: new Map(), taken: new Map() },
  isOutermost = true,
): Builder {
  const nodes: NodeProto[] = [];

  function fresh(stem: string): string {
    const count = (shared.taken.get(stem) ?? 0) + 1;
    shared.taken.set(stem, count);
    return count === 1 ? stem : `${stem}_${String(count)}`;
  }

  function keep(name: string, make: () => TensorProto): string {
    if (!shared.tensors.has(name)) shared.tensors.set(name, make());
    return name;
  }

  return {
    fresh,
    add(operator, inputs, attributes = {}, { outputs, more = [] } = {}) {
      const output = outputs ?? [fresh(operator.toLowerCase())];
      nodes.push(
        create(NodeProtoSchema, {
          ...{ opType: operator, input: [...inputs], output: [...output] },
          name: fresh(`${operator}.node`),
          attribute: [
            ...Object.entries(attributes).map(([name, value]) => attribute(name, value)),
            ...more,
          ],
        }),
      );
      return output[0]!;
    },
    floats: (name, dims, values) => keep(name, () => floatTensor(name, dims, values())),
    integers(values) {
      const name = `integers ${values.join(' ')}`;
      return keep(name, () => integerTensor(name, [values.length], values));
    },
    scalar(value) {
      const name = `number ${String(value)}`;
      return keep(name, () => floatTensor(name, [], [value]));
    },
    inner: () => createBuilder(shared, false),
    build: (name, input, output) =>
      create(GraphProtoSchema, {
        ...{ name, node: nodes, input: [...input], output: [...output] },
        initializer: isOutermost ? [...shared.tensors.values()] : [],
      }),
  };
}
