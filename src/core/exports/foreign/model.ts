/**
 * Recurrent networks as other programs keep them, and the model that is the same: whoever reads a file says which
 * tensors are what and in which order their gates are; here they become the parameters of a cell's equations.
 */
import { builtinCells } from '../../cells/index';
import { Damage } from '../../formats/damage';
import type { ModelDescription } from '../../formats/model-description';
import type { NumberArray } from '../../formats/safetensors';
import { inLayer } from '../../qualified';
import { sentence } from '../../sentence';
import { standardCells, type Gate, type StandardCell } from '../standard';
import { requireShape, type NamedTensor } from './tensors';
import type { Vocabulary } from './vocabulary';

/** The gates of all units one below the other: `[gates · H, columns]`, or `[columns, gates · H]`. */
export interface Gates {
  readonly tensor: NamedTensor;
  /** Whether gates are side by side rather than one below the other. */
  readonly isTransposed?: boolean;
}

/** What is applied to the sums of gates, and to what goes in and comes out; by the names of the equations. */
export interface Functions {
  readonly gate: string;
  readonly state: string;
}

export interface ForeignLayer {
  readonly operator: StandardCell['operator'];
  /** By the letters of `StandardCell.gates`, as they lie in the tensors. */
  readonly order: string;
  readonly functions: Functions;
  /** Of a GRU: the reset gate is applied to the state rather than to its product, which is another cell. */
  readonly resetsFirst?: boolean;
  readonly input: Gates;
  readonly state: Gates;
  /** `[gates · H]`; undefined: there is none. */
  readonly inputBias?: NamedTensor | undefined;
  readonly stateBias?: NamedTensor | undefined;
  /** Of an LSTM: the weights with which gates see the cell, `[letters · H]`. */
  readonly peepholes?: { readonly tensor: NamedTensor; readonly order: string } | undefined;
}

export interface ForeignModel {
  /** `[C, E]`; undefined: the input is one-hot. */
  readonly embedding?: NamedTensor | undefined;
  readonly layers: readonly ForeignLayer[];
  /** `[C, H]`, or `[H, C]`, and `[C]`. */
  readonly head: Gates & { readonly bias?: NamedTensor | undefined };
}

/** A parameter as a file of ours would have it. */
interface Parameter {
  readonly shape: readonly number[];
  readonly values: NumberArray;
}

const usual: Functions = { gate: 'sigmoid', state: 'tanh' };

/** Rows and columns of a matrix, whichever way it lies. */
function extentsOf({ tensor, isTransposed = false }: Gates): [rows: number, columns: number] {
  const [first = 0, second = 0] = tensor.shape;
  if (tensor.shape.length !== 2) {
    throw new Damage(
      sentence`${tensor.name} has the shape [${tensor.shape.join(', ')}], not that of a matrix`,
    );
  }
  return isTransposed ? [second, first] : [first, second];
}

function requireExtents(gates: Gates, rows: number, columns: number): void {
  requireShape(gates.tensor, gates.isTransposed === true ? [columns, rows] : [rows, columns]);
}

/** How many units a model has, and how many tokens. */
export function sizesOf({ layers, head, embedding }: ForeignModel): {
  hidden: number;
  vocabulary: number;
  embedding: number;
} {
  const [, hidden] = extentsOf(layers[0]!.state);
  const [vocabulary] = extentsOf(head);
  return { hidden, vocabulary, embedding: embedding?.shape[1] ?? 0 };
}

/** @throws Damage that names the tensor that does not fit, and the shape that it should have */
export function checkForeign(model: ForeignModel): void {
  const { hidden, vocabulary, embedding } = sizesOf(model);
  if (model.embedding) requireShape(model.embedding, [vocabulary, embedding]);
  let width = model.embedding ? embedding : vocabulary;
  for (const layer of model.layers) {
    const gates = layer.order.length * hidden;
    requireExtents(layer.input, gates, width);
    requireExtents(layer.state, gates, hidden);
    for (const bias of [layer.inputBias, layer.stateBias]) if (bias) requireShape(bias, [gates]);
    const { peepholes } = layer;
    if (peepholes) requireShape(peepholes.tensor, [peepholes.order.length * hidden]);
    width = hidden;
  }
  requireExtents(model.head, vocabulary, hidden);
  if (model.head.bias) requireShape(model.head.bias, [vocabulary]);
}

/**
 * The model of ours that gives the same logits, of one that `checkForeign` has let pass.
 * @throws Damage if a tensor does not fit
 */
export function fromForeign(
  model: ForeignModel,
  { tokenizer, order }: Vocabulary,
): { description: ModelDescription; parameters: ReadonlyMap<string, Parameter> } {
  const { hidden, vocabulary, embedding } = sizesOf(model);
  const [first] = model.layers;
  const { name, equations, gates } = cellOf(first!);
  const parameters = new Map<string, Parameter>();
  const add = (key: string, shape: readonly number[], values: NumberArray): void => {
    parameters.set(key, { shape, values });
  };
  if (model.embedding) {
    const values = rowsOf({ tensor: model.embedding }, order);
    add('embedding.E', [embedding, vocabulary], transposed(values, vocabulary, embedding));
  }
  model.layers.forEach((layer, i) => {
    if (cellOf(layer).equations !== equations) {
      throw new Damage(
        sentence`its layers are of different kinds: ${layer.input.tensor.name} is of another than ${first!.input.tensor.name}`,
      );
    }
    const at = (symbol: string): string => inLayer(i + 1, symbol);
    const readsTokens = i === 0 && !model.embedding;
    const [, width] = extentsOf(layer.input);
    const [input, state] = [readNow(layer.input), readNow(layer.state)];
    const biases = [layer.inputBias, layer.stateBias].map((bias) => bias?.values());
    for (const [letter, gate] of Object.entries(gates)) {
      const rows = rowNumbers(layer.order.indexOf(letter) * hidden, hidden);
      const inputs = rowsOf(input, rows);
      add(at(gate.input), [hidden, width], readsTokens ? columnsOf(inputs, width, order) : inputs);
      add(at(gate.state), [hidden, hidden], rowsOf(state, rows));
      const [ofInput, ofState] = biases.map((values) =>
        values ? Float64Array.from(rows, (row) => values[row]!) : new Float64Array(hidden),
      ) as [Float64Array, Float64Array];
      // Two biases of one sum are one.
      const both = ofInput.map((value, unit) => value + ofState[unit]!);
      if (gate.inputBias !== undefined)
        add(at(gate.inputBias), [hidden], gate.stateBias === undefined ? both : ofInput);
      if (gate.stateBias !== undefined) add(at(gate.stateBias), [hidden], ofState);
      const seen = layer.peepholes?.order.indexOf(letter) ?? -1;
      if (seen >= 0) {
        const from = seen * hidden;
        add(
          at(`p${letter}`),
          [hidden],
          layer.peepholes!.tensor.values().slice(from, from + hidden),
        );
      }
    }
  });
  add('output.V', [vocabulary, hidden], rowsOf(model.head, order));
  const bias = model.head.bias?.values();
  add(
    'output.c',
    [vocabulary],
    Float64Array.from(order, (row) => bias?.[row] ?? 0),
  );
  const sizes = { hidden, layers: model.layers.length, vocabulary, embedding, dropout: 0 };
  return { description: { cell: name, equations, sizes, tokenizer }, parameters };
}

function rowNumbers(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, row) => from + row);
}

/** The same, its numbers read once: each time they are asked for, they are read from the file. */
function readNow({ tensor, ...gates }: Gates): Gates {
  const values = tensor.values();
  return { ...gates, tensor: { ...tensor, values: () => values } };
}

/** Some rows of a matrix, row-major. */
function rowsOf(gates: Gates, rows: readonly number[]): NumberArray {
  const [height, columns] = extentsOf(gates);
  const values = gates.tensor.values();
  const found = new Float64Array(rows.length * columns);
  rows.forEach((row, r) => {
    for (let c = 0; c < columns; c++) {
      found[r * columns + c] =
        values[gates.isTransposed === true ? c * height + row : row * columns + c]!;
    }
  });
  return found;
}

function columnsOf(values: NumberArray, width: number, order: readonly number[]): Float64Array {
  return Float64Array.from(values, (_, i) => {
    const column = i % width;
    return values[i - column + order[column]!]!;
  });
}

function transposed(values: NumberArray, rows: number, columns: number): Float64Array {
  return Float64Array.from(values, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!);
}

/** The equations of a layer: a built-in cell's, with other functions where it has others. */
function cellOf(layer: ForeignLayer): {
  readonly name: string;
  readonly equations: string;
  readonly gates: StandardCell['gates'];
} {
  const { operator, functions, resetsFirst = false, peepholes } = layer;
  const base = { LSTM: 'lstm', GRU: 'gru', RNN: 'vanilla' } as const;
  const { gates } = standardCells[base[operator]];
  const name = peepholes ? 'peephole-lstm' : base[operator];
  const changed = [
    ...(resetsFirst ? ['reset-first'] : []),
    ...(operator === 'RNN' || functions.gate === usual.gate ? [] : [functions.gate || 'linear']),
    ...(functions.state === usual.state ? [] : [functions.state || 'linear']),
  ];
  const source = builtinCells.get(name)!;
  const equations = (resetsFirst ? resetFirst(source) : source)
    .replaceAll('sigmoid(', `${functions.gate}(`)
    .replaceAll('tanh(', `${functions.state}(`);
  return {
    name: [name, ...changed].join('-'),
    equations,
    gates: resetsFirst ? { ...gates, n: gateWithOneBias(gates['n']!) } : gates,
  };
}

function gateWithOneBias({ stateBias: _, ...gate }: Gate): Gate {
  return gate;
}

/** The GRU of the first version of Cho et al. 2014, whose reset gate is applied to the state itself. */
function resetFirst(source: string): string {
  return source
    .replace(/^#.*/, '# Cho et al. 2014, with the reset gate before the product')
    .replace('bn + r[t] * (Rn h[t-1] + cn)', 'Rn (r[t] * h[t-1]) + bn');
}
