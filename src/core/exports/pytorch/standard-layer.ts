/** A layer that is PyTorch's own nn.LSTM, nn.GRU or nn.RNN, which cuDNN computes on a GPU. */
import { printEquation } from '../../equations/print';
import { constantStart } from '../../graph/equation-graph';
import type { StandardCell } from '../standard';
import { stateCode } from './expressions';
import type { LayerClass, LayerParameter, LayerPlace } from './layers';

const indent = ' '.repeat(8);

/** The order in which PyTorch has gates. */
const orders: Readonly<Record<StandardCell['operator'], string>> = {
  LSTM: 'ifgo',
  GRU: 'rzn',
  RNN: 'h',
};

export function writeStandardLayer(
  { operator, gates, carried }: StandardCell,
  { cell, input, hidden, readsTokens }: LayerPlace,
): LayerClass {
  const inOrder = Array.from(orders[operator]).map((letter) => gates[letter]!);
  const parameters: LayerParameter[] = inOrder.flatMap((gate, i) => {
    const first = i * hidden;
    const at = (symbol: string, attribute: string, shape: readonly number[]): LayerParameter => ({
      ...{ symbol, shape, first, attribute: `rnn.${attribute}_l0` },
    });
    return [
      at(gate.input, 'weight_ih', [hidden, input]),
      at(gate.state, 'weight_hh', [hidden, hidden]),
      ...(gate.inputBias === undefined ? [] : [at(gate.inputBias, 'bias_ih', [hidden])]),
      ...(gate.stateBias === undefined ? [] : [at(gate.stateBias, 'bias_hh', [hidden])]),
    ];
  });
  const hasBias = inOrder.some(({ inputBias }) => inputBias !== undefined);
  const learntRows = inOrder.findIndex(({ stateBias }) => stateBias !== undefined);
  const zero =
    learntRows < 0 ? 'self.rnn.bias_hh_l0' : `self.rnn.bias_hh_l0, ${String(learntRows * hidden)}`;
  const sizes = `${String(input)}, ${String(hidden)}`;
  const module = `nn.${operator}(${sizes}${hasBias ? '' : ', bias=False'})`;
  const before = carried.map(stateCode);
  const after = before.map((code) => code.replace(/^state/, 'after'));
  const given = carried.length === 1 ? after[0]! : `(${after.join(', ')})`;
  const lines = [
    ...(readsTokens ? [`${indent}x = one_hot(x, ${String(input)}, self.rnn.weight_ih_l0)`] : []),
    ...cell.equations.map((equation) => `${indent}# ${printEquation(equation)}`),
    `${indent}before = ${before.join(', ')}`,
    `${indent}${carried[0]!}, ${given} = self.rnn(x, before)`,
    `${indent}return ${carried[0]!}`,
  ];
  return {
    body: lines.join('\n'),
    equations: cell.equations.map(printEquation),
    parameters,
    states: carried.map((key) => ({
      ...{ key, lag: 1, width: hidden },
      initial: constantStart(cell, key),
    })),
    output: hidden,
    usesLike: false,
    imports: new Set([...(hasBias ? ['keep_zero'] : []), ...(readsTokens ? ['one_hot'] : [])]),
    givesLogits: false,
    constructorLines: [
      `${indent}self.rnn = ${module}`,
      ...(hasBias ? [`${indent}keep_zero(${zero})`] : []),
    ],
  };
}
