/** The parts of ONNX's schema that an export is made of, as plain functions. */
import { create } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  TensorProto_DataType,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
  type AttributeProto,
  type GraphProto,
  type TensorProto,
  type ValueInfoProto,
} from './onnx_pb';

/** Of one axis: its size, or the name of a size that is known at run time. */
export type Axis = number | string;

/** What an operator's attribute can be here. */
export type Attribute = number | string | readonly number[] | GraphProto;

/** float32, little-endian as the format has it. `values` are row-major. */
export function floatTensor(
  name: string,
  dims: readonly number[],
  values: ArrayLike<number>,
): TensorProto {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) view.setFloat32(4 * i, values[i]!, true);
  return tensor(name, dims, TensorProto_DataType.FLOAT, bytes);
}

export function integerTensor(
  name: string,
  dims: readonly number[],
  values: readonly number[],
): TensorProto {
  const bytes = new Uint8Array(8 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    view.setBigInt64(8 * i, BigInt(value), true);
  });
  return tensor(name, dims, TensorProto_DataType.INT64, bytes);
}

function tensor(
  name: string,
  dims: readonly number[],
  dataType: TensorProto_DataType,
  rawData: Uint8Array<ArrayBuffer>,
): TensorProto {
  return create(TensorProtoSchema, { name, dims: dims.map(BigInt), dataType, rawData });
}

/** What a graph says of one of its inputs or outputs. */
export function valueInfo(
  name: string,
  axes: readonly Axis[],
  type: 'float' | 'integer',
): ValueInfoProto {
  const dim = axes.map((axis) =>
    create(TensorShapeProto_DimensionSchema, {
      value:
        typeof axis === 'number'
          ? { case: 'dimValue', value: BigInt(axis) }
          : { case: 'dimParam', value: axis },
    }),
  );
  const elemType = type === 'float' ? TensorProto_DataType.FLOAT : TensorProto_DataType.INT64;
  const value = create(TypeProto_TensorSchema, {
    elemType,
    shape: create(TensorShapeProtoSchema, { dim }),
  });
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, { value: { case: 'tensorType', value } }),
  });
}

/** Numbers are integers, lists of them too; an epsilon is a `floatAttribute`. */
export function attribute(name: string, value: Attribute): AttributeProto {
  if (typeof value === 'number') {
    return create(AttributeProtoSchema, {
      ...{ name, i: BigInt(value) },
      type: AttributeProto_AttributeType.INT,
    });
  }
  if (typeof value === 'string') {
    const s = new TextEncoder().encode(value);
    return create(AttributeProtoSchema, { name, s, type: AttributeProto_AttributeType.STRING });
  }
  if (isList(value)) {
    const ints = value.map(BigInt);
    return create(AttributeProtoSchema, { name, ints, type: AttributeProto_AttributeType.INTS });
  }
  return create(AttributeProtoSchema, { name, g: value, type: AttributeProto_AttributeType.GRAPH });
}

export function floatAttribute(name: string, f: number): AttributeProto {
  return create(AttributeProtoSchema, { name, f, type: AttributeProto_AttributeType.FLOAT });
}

function isList(value: Attribute): value is readonly number[] {
  return Array.isArray(value);
}
