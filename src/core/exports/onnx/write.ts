/**
 * A language model as ONNX: `tokens` `[T, B]` and the states before them in, `logits` `[T, B, C]` and the states after them
 * out, for whole texts and token by token alike.
 */
import { create, toBinary } from '@bufbuild/protobuf';
import { printCell } from '../../equations/print';
import { ownPredictionOf } from '../../equations/syntax';
import { buildStepGraph } from '../../graph/step-graph';
import { InputError } from '../../input-error';
import { sentence } from '../../sentence';
import { isOfExamples, type AnyCheckpoint, type Checkpoint } from '../../training/checkpoint';
import { standardOf } from '../standard';
import { createBuilder } from './builder';
import {
  ModelProtoSchema,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
} from './onnx_pb';
import { writeSequence } from './sequence';
import { stateNames, type Sources, type StateInfo } from './sources';
import { writeStandard } from './standard';
import { valueInfo } from './tensors';

/** The first with LayerNormalization; what reads it is of 2022 or later. */
export const opset = 17;
/** The version of the format that came with it. */
const irVersion = 8n;

/**
 * @throws EquationError if the model's shapes do not fit
 * @throws InputError if it is a model of examples
 */
export function writeOnnx(checkpoint: AnyCheckpoint): Uint8Array<ArrayBuffer> {
  if (isOfExamples(checkpoint)) {
    throw new InputError(
      sentence`Only models of texts are written as ONNX, and this one is of examples.`,
      sentence`Export it as safetensors, JSON, JavaScript or TypeScript.`,
    );
  }
  const builder = createBuilder();
  const sources = sourcesOf(checkpoint, builder);
  const { logits, states } = writeModel(checkpoint, sources);
  const { vocabulary } = checkpoint.model.spec;
  builder.add('Identity', [logits], {}, { outputs: ['logits'] });
  const shape = ({ lag, width }: StateInfo) => [lag, 'batch', width];
  const graph = builder.build(
    'model',
    [
      valueInfo(sources.tokens, ['time', 'batch'], 'integer'),
      ...states.map((state) => valueInfo(stateNames(state.name).past, shape(state), 'float')),
    ],
    [
      valueInfo('logits', ['time', 'batch', vocabulary], 'float'),
      ...states.map((state) => valueInfo(stateNames(state.name).present, shape(state), 'float')),
    ],
  );
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      ...{ irVersion, producerName: 'RNN Lab', graph },
      opsetImport: [create(OperatorSetIdProtoSchema, { domain: '', version: BigInt(opset) })],
      metadataProps: Object.entries(metadataOf(checkpoint, states)).map(([key, value]) =>
        create(StringStringEntryProtoSchema, { key, value }),
      ),
    }),
  );
}

function sourcesOf({ model, tensors }: Checkpoint, builder: Sources['builder']): Sources {
  const parameters = new Map(model.parameters.map((parameter) => [parameter.name, parameter]));
  const found = (name: string) => ({ ...parameters.get(name)!, values: tensors.get(name)! });
  return {
    builder,
    tokens: 'tokens',
    transposed(name) {
      const { rows, columns, values } = found(name);
      return builder.floats(`${name}.T`, [columns, rows], () => transpose(values, rows, columns));
    },
    vector(name) {
      const { rows, values } = found(name);
      return builder.floats(name, [rows], () => values);
    },
  };
}

/** Row-major in, row-major out. */
function transpose(values: ArrayLike<number>, rows: number, columns: number): Float32Array {
  const turned = new Float32Array(rows * columns);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) turned[c * rows + r] = values[r * columns + c]!;
  }
  return turned;
}

function writeModel(
  { model: { spec }, tensors }: Checkpoint,
  sources: Sources,
): { readonly logits: string; readonly states: readonly StateInfo[] } {
  const standard = ownPredictionOf(spec.cell.equations) ? undefined : standardOf(spec.cell);
  if (!standard) return writeSequence(buildStepGraph(spec, false), sources);
  const { builder, transposed, vector } = sources;
  const weights = (name: string) => tensors.get(name)!;
  const { output, states } = writeStandard(standard, spec, sources, weights);
  const product = builder.add('MatMul', [output, transposed('output.V')]);
  return { logits: builder.add('Add', [product, vector('output.c')]), states };
}

/** What a reader needs beside the graph, as text. */
function metadataOf(
  { model, tokenizer }: Checkpoint,
  states: readonly StateInfo[],
): Record<string, string> {
  const { cell, hidden, layers, vocabulary, embedding } = model.spec;
  return {
    cell: cell.name,
    equations: printCell(cell),
    sizes: JSON.stringify({ hidden, layers, vocabulary, embedding }),
    tokenizer: JSON.stringify(tokenizer.toJSON()),
    initial: JSON.stringify(Object.fromEntries(states.map(({ name, initial }) => [name, initial]))),
  };
}
