/** Layers that are exactly one of ONNX's own operators: a vanilla cell, GRU or LSTM. */
import { builtinCells } from '../../cells/index';
import { parseCell } from '../../equations/parse';
import { printEquation } from '../../equations/print';
import type { Cell } from '../../equations/syntax';
import type { ModelSpec } from '../../graph/model-spec';
import { inLayer } from '../../qualified';
import { oneHot } from './operators';
import { stateNames, type Sources, type StateInfo } from './sources';

interface Standard {
  readonly operator: 'LSTM' | 'GRU' | 'RNN';
  /** In the operator's order of gates: the input's matrices, the state's, biases of either (none: zero). */
  readonly input: readonly string[];
  readonly state: readonly string[];
  readonly inputBias: readonly (string | undefined)[];
  readonly stateBias: readonly (string | undefined)[];
  /** What it carries on, its output first. */
  readonly carried: readonly string[];
  readonly attributes?: Readonly<Record<string, number>>;
}

const none = (count: number): undefined[] => Array<undefined>(count).fill(undefined);

/** By the built-in cell. */
const standards: Readonly<Record<string, Standard>> = {
  lstm: {
    operator: 'LSTM',
    input: ['Wi', 'Wo', 'Wf', 'Wg'],
    state: ['Ri', 'Ro', 'Rf', 'Rg'],
    inputBias: ['bi', 'bo', 'bf', 'bg'],
    stateBias: none(4),
    carried: ['h', 'c'],
  },
  gru: {
    operator: 'GRU',
    input: ['Wz', 'Wr', 'Wn'],
    state: ['Rz', 'Rr', 'Rn'],
    inputBias: ['bz', 'br', 'bn'],
    stateBias: [undefined, undefined, 'cn'],
    carried: ['h'],
    attributes: { linear_before_reset: 1 },
  },
  vanilla: {
    operator: 'RNN',
    input: ['U'],
    state: ['W'],
    inputBias: ['b'],
    stateBias: none(1),
    carried: ['s'],
  },
  'vanilla-nobias': {
    operator: 'RNN',
    input: ['U'],
    state: ['W'],
    inputBias: none(1),
    stateBias: none(1),
    carried: ['s'],
  },
};

/** The operator that a cell is, whatever it is called. */
export function standardOf(cell: Cell): Standard | undefined {
  const own = printed(cell);
  const name = Object.keys(standards).find(
    (each) => printed(parseCell(builtinCells.get(each)!, each)) === own,
  );
  return name === undefined ? undefined : standards[name];
}

function printed({ equations }: Cell): string {
  return equations.map(printEquation).join('\n');
}

/** Numbers of a parameter, row-major. */
export type Weights = (name: string) => ArrayLike<number>;

/**
 * Layers of an operator, one above the other.
 * @returns the name of the top layer's output, `[T, B, H]`, and the states
 */
export function writeStandard(
  standard: Standard,
  spec: ModelSpec,
  { builder, tokens, transposed }: Sources,
  weights: Weights,
): { readonly output: string; readonly states: readonly StateInfo[] } {
  const { hidden, layers, vocabulary, embedding } = spec;
  const states: StateInfo[] = [];
  let width = embedding > 0 ? embedding : vocabulary;
  let input =
    embedding > 0
      ? builder.add('Gather', [transposed('embedding.E'), tokens])
      : oneHot(builder, tokens, vocabulary);
  for (let layer = 1; layer <= layers; layer++) {
    const at = (name: string) => weights(inLayer(layer, name));
    const stacked = (names: readonly (string | undefined)[], size: number) => {
      const values = new Float32Array(names.length * size);
      names.forEach((name, i) => {
        if (name !== undefined) values.set(at(name), i * size);
      });
      return values;
    };
    const { operator, carried, attributes } = standard;
    const gates = standard.input.length * hidden;
    const tensor = (name: string, dims: readonly number[], values: ArrayLike<number>) =>
      builder.floats(inLayer(layer, name), [1, ...dims], () => values);
    const names = carried.map((name) => stateNames(inLayer(layer, name)));
    const whole = builder.fresh('sequence');
    builder.add(
      operator,
      [
        input,
        tensor('W', [gates, width], stacked(standard.input, hidden * width)),
        tensor('R', [gates, hidden], stacked(standard.state, hidden * hidden)),
        tensor('B', [2 * gates], stacked([...standard.inputBias, ...standard.stateBias], hidden)),
        // All sequences are of one length.
        '',
        ...names.map(({ past }) => past),
      ],
      { hidden_size: hidden, ...attributes },
      { outputs: [whole, ...names.map(({ present }) => present)] },
    );
    // Without the axis of directions: [T, 1, B, H].
    input = builder.add('Squeeze', [whole, builder.integers([1])]);
    width = hidden;
    for (const name of carried) {
      const start = spec.cell.initials.get(name)?.initial;
      const initial = start?.kind === 'constant' ? start.value : 0;
      states.push({ name: inLayer(layer, name), lag: 1, width: hidden, initial });
    }
  }
  return { output: input, states };
}
