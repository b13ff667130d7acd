/**
 * Models that Keras has saved: an archive with a configuration and its weights in HDF5 (`.keras`, version 3), or HDF5
 * with the configuration as an attribute (`.h5`, version 2).
 */
import * as v from 'valibot';
import { Damage } from '../../formats/damage';
import { decoded } from '../../formats/model-description';
import { sentence } from '../../sentence';
import type { StandardCell } from '../standard';
import { openHdf5 } from './hdf5';
import type { ForeignLayer, ForeignModel } from './model';
import { partOf, requireShape, someOf, type NamedTensor } from './tensors';
import type { Archive } from './zip';

const configuration = v.object({
  config: v.object({
    layers: v.array(
      v.object({ class_name: v.string(), config: v.record(v.string(), v.unknown()) }),
    ),
  }),
});
type LayerConfig = v.InferOutput<typeof configuration>['config']['layers'][number];

/** A layer with its weights in the order in which Keras makes them. */
interface Layer extends LayerConfig {
  readonly weights: readonly NamedTensor[];
}

/** Gates as Keras has them side by side: i, f, c, o; z, r, h. */
const kinds: Readonly<Record<string, { operator: StandardCell['operator']; order: string }>> = {
  LSTM: { operator: 'LSTM', order: 'ifgo' },
  GRU: { operator: 'GRU', order: 'zrn' },
  SimpleRNN: { operator: 'RNN', order: 'h' },
};

/** Layers that change nothing once a model is trained. */
const passing = new Set(['InputLayer', 'Dropout', 'SpatialDropout1D']);

/** Keras' functions by the names of the equations; a linear one is none. */
const functions: Readonly<Record<string, string>> = {
  tanh: 'tanh',
  sigmoid: 'sigmoid',
  relu: 'relu',
  softplus: 'softplus',
  linear: '',
};

export function isKerasArchive({ names }: Archive): boolean {
  return names.includes('config.json') && names.includes('model.weights.h5');
}

/** @throws Damage */
export function readKerasArchive(archive: Archive): ForeignModel {
  const config = new TextDecoder().decode(archive.read('config.json'));
  const weights = openHdf5(archive.read('model.weights.h5')!);
  const used = new Map<string, number>();
  return modelOf(config, (layer) => {
    // Not by its name, which may be another each time, but by its kind and how many of it there are.
    const kind = snakeCase(layer.class_name);
    const count = used.get(kind) ?? 0;
    used.set(kind, count + 1);
    const group = `layers/${kind}${count === 0 ? '' : `_${String(count)}`}`;
    const inOrder = weights
      .tensorsIn(group)
      .filter(({ name }) => !name.includes('/seed_generator/'));
    return [...inOrder].sort((a, b) => numberOf(a) - numberOf(b));
  });
}

/** Where Keras 3 has only numbers. */
function numberOf({ name }: NamedTensor): number {
  return Number(/\d+$/.exec(name)?.[0]);
}

/** As `keras.src.utils.naming.to_snake_case`. */
function snakeCase(name: string): string {
  return name
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

/** The names of weights in the order in which Keras makes them. */
const variables = ['embeddings', 'kernel', 'recurrent_kernel', 'bias'];

/** @throws Damage */
export function readKerasHdf5(bytes: Uint8Array): ForeignModel {
  const file = openHdf5(bytes);
  const config = file.attribute('model_config');
  if (typeof config !== 'string') {
    throw new Damage(
      sentence`its HDF5 has no model_config: Keras’ file of weights alone does not say which layers they are of`,
    );
  }
  return modelOf(config, ({ config: { name } }) =>
    [...file.tensorsIn(`model_weights/${String(name)}`)].sort(
      (a, b) => variableOf(a) - variableOf(b),
    ),
  );
}

function variableOf({ name }: NamedTensor): number {
  return variables.indexOf(/([^/]+?)(?::\d+)?$/.exec(name)?.[1] ?? '');
}

function modelOf(
  json: string,
  weightsOf: (layer: LayerConfig) => readonly NamedTensor[],
): ForeignModel {
  const { config } = decoded(
    configuration,
    JSON.parse(json),
    sentence`its configuration is malformed`,
  );
  const layers = config.layers.map((layer): Layer => ({ ...layer, weights: weightsOf(layer) }));
  const recurrent: ForeignLayer[] = [];
  let embedding: NamedTensor | undefined;
  let head: ForeignModel['head'] | undefined;
  for (const layer of layers) {
    const kind = layer.class_name;
    if (passing.has(kind) || isPassed(layer, head !== undefined)) continue;
    if (head)
      throw new Damage(sentence`its layer ${told(layer)} comes behind the last that can be read`);
    if (kind === 'Embedding' && recurrent.length === 0) embedding = weight(layer, 0);
    else if (kind === 'Dense' && recurrent.length > 0) head = headOf(layer);
    else if (kind === 'TimeDistributed' && recurrent.length > 0) head = headOf(innerOf(layer));
    else if (Object.hasOwn(kinds, kind)) recurrent.push(recurrentOf(layer));
    else {
      throw new Damage(
        sentence`its layer ${told(layer)} is none of Embedding, LSTM, GRU, SimpleRNN, Dense in this order`,
      );
    }
  }
  if (recurrent.length === 0 || !head) {
    const names = layers.map(({ class_name }) => class_name);
    throw new Damage(
      sentence`it is not a recurrent layer before a Dense layer, but ${someOf(names)}`,
    );
  }
  return { embedding, layers: recurrent, head };
}

/** Whether a layer of a function alone changes no logits: one that is linear, or makes probabilities of them at the end. */
function isPassed(layer: Layer, isBehindHead: boolean): boolean {
  if (layer.class_name === 'Softmax') return isBehindHead;
  if (layer.class_name !== 'Activation') return false;
  const { activation } = layer.config;
  if (activation === 'linear' || (activation === 'softmax' && isBehindHead)) return true;
  throw unknownFunction(layer, 'activation');
}

/** `my_lstm (LSTM)` */
function told({ class_name, config }: LayerConfig): string {
  return `${String(config['name'])} (${class_name})`;
}

/** The layer that another is a shell of, with its weights. */
function innerOf(layer: Layer): Layer {
  const inner = decoded(
    v.object({ class_name: v.literal('Dense'), config: v.record(v.string(), v.unknown()) }),
    layer.config['layer'],
    sentence`its layer ${told(layer)} is malformed`,
  );
  return { ...inner, weights: layer.weights };
}

function weight(layer: Layer, index: number): NamedTensor {
  const found = layer.weights[index];
  if (!found) throw new Damage(sentence`a weight of its layer ${told(layer)} is missing`);
  return found;
}

function headOf(layer: Layer): ForeignModel['head'] {
  const activation = layer.config['activation'];
  if (activation !== 'softmax' && activation !== 'linear') {
    throw unknownFunction(layer, 'activation');
  }
  const hasBias = layer.config['use_bias'] !== false;
  const bias = hasBias ? weight(layer, 1) : undefined;
  return { tensor: weight(layer, 0), isTransposed: true, bias };
}

function recurrentOf(layer: Layer): ForeignLayer {
  const { config, class_name: name } = layer;
  const kind = kinds[name]!;
  if (config['go_backwards'] === true) {
    throw new Damage(
      sentence`its layer ${told(layer)} reads from the end: such a model does not write texts`,
    );
  }
  const gate = name === 'SimpleRNN' ? 'sigmoid' : functionOf(layer, 'recurrent_activation');
  const bias = config['use_bias'] === false ? undefined : weight(layer, 2);
  const both = name === 'GRU' && config['reset_after'] !== false;
  const [input, state] = [weight(layer, 0), weight(layer, 1)];
  const gates = (state.shape[0] ?? 0) * kind.order.length;
  if (both && bias) requireShape(bias, [2, gates]);
  return {
    ...kind,
    functions: { gate, state: functionOf(layer, 'activation') },
    resetsFirst: name === 'GRU' && !both,
    input: { tensor: input, isTransposed: true },
    state: { tensor: state, isTransposed: true },
    inputBias: both && bias ? partOf(bias, 0, gates) : bias,
    stateBias: both && bias ? partOf(bias, gates, gates) : undefined,
  };
}

function functionOf(layer: Layer, setting: string): string {
  const name = layer.config[setting];
  const found =
    typeof name === 'string' && Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (found === undefined) throw unknownFunction(layer, setting);
  return found;
}

function unknownFunction(layer: Layer, setting: string): Damage {
  const found = JSON.stringify(layer.config[setting] ?? null);
  return new Damage(
    sentence`the ${setting} of its layer ${told(layer)}, ${found}, has no equation here`,
  );
}
