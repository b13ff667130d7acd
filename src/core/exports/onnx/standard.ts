/** Layers that are exactly one of ONNX's own operators. */
import { constantStart } from '../../graph/equation-graph';
import type { ModelSpec } from '../../graph/model-spec';
import { inLayer } from '../../qualified';
import type { StandardCell } from '../standard';
import { oneHot } from './operators';
import { stateNames, type Sources, type StateInfo } from './sources';

/** The order in which ONNX has gates, and what it has to be told beside them. */
const operators: Readonly<
  Record<
    StandardCell['operator'],
    { readonly order: string; readonly attributes?: Readonly<Record<string, number>> }
  >
> = {
  LSTM: { order: 'iofg' },
  GRU: { order: 'zrn', attributes: { linear_before_reset: 1 } },
  RNN: { order: 'h' },
};

/** Numbers of a parameter, row-major. */
export type Weights = (name: string) => ArrayLike<number>;

/**
 * Layers of an operator, one above the other.
 * @returns the name of the top layer's output, `[T, B, H]`, and the states
 */
export function writeStandard(
  standard: StandardCell,
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
    const { operator, carried } = standard;
    const { order, attributes } = operators[operator];
    const gatesInOrder = Array.from(order).map((letter) => standard.gates[letter]!);
    const gates = gatesInOrder.length * hidden;
    const biases = [
      ...gatesInOrder.map((gate) => gate.inputBias),
      ...gatesInOrder.map((gate) => gate.stateBias),
    ];
    const tensor = (name: string, dims: readonly number[], values: ArrayLike<number>) =>
      builder.floats(inLayer(layer, name), [1, ...dims], () => values);
    const names = carried.map((name) => stateNames(inLayer(layer, name)));
    const whole = builder.fresh('sequence');
    builder.add(
      operator,
      [
        input,
        tensor(
          'W',
          [gates, width],
          stacked(
            gatesInOrder.map((gate) => gate.input),
            hidden * width,
          ),
        ),
        tensor(
          'R',
          [gates, hidden],
          stacked(
            gatesInOrder.map((gate) => gate.state),
            hidden * hidden,
          ),
        ),
        tensor('B', [2 * gates], stacked(biases, hidden)),
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
      const initial = constantStart(spec.cell, name);
      states.push({ name: inLayer(layer, name), lag: 1, width: hidden, initial });
    }
  }
  return { output: input, states };
}
