/** The recurrent network that PyTorch's tensors are, by the names that `nn.LSTM`, `nn.GRU` and `nn.RNN` give theirs. */
import { Damage } from '../../formats/damage';
import { sentence } from '../../sentence';
import type { StandardCell } from '../standard';
import type { ForeignLayer, ForeignModel } from './model';
import { NonlinearityNeeded, type Nonlinearity } from './needs';
import { shown, someOf, type NamedTensor, type NamedTensors } from './tensors';

/** By the number of gates: what it is, and their order (PyTorch's documentation of nn.LSTM, nn.GRU and nn.RNN). */
const kinds: Readonly<Record<number, { operator: StandardCell['operator']; order: string }>> = {
  4: { operator: 'LSTM', order: 'ifgo' },
  3: { operator: 'GRU', order: 'rzn' },
  1: { operator: 'RNN', order: 'h' },
};

/** `rnn.weight_ih_l0`, and `weight_ih` of `nn.LSTMCell`. */
const recurrent = /^(.*?)(weight|bias)_(ih|hh|hr)(?:_l(\d+))?(_reverse)?$/;

interface Found {
  readonly module: string;
  readonly layer: number;
  /** By `weight_ih`, `bias_hh` … */
  readonly tensors: Map<string, NamedTensor>;
}

/**
 * @param nonlinearity of an `nn.RNN`, of which the tensors tell nothing
 * @throws Damage that names what does not fit
 * @throws NonlinearityNeeded
 */
export function recogniseTensors(
  tensors: NamedTensors,
  nonlinearity: Nonlinearity | undefined,
): ForeignModel {
  const { layers, others } = sorted(tensors);
  if (layers.length === 0) {
    throw new Damage(
      sentence`it has no recurrent layer of PyTorch’s, with tensors such as weight_ih_l0; it has ${someOf([...tensors.keys()])}`,
    );
  }
  const built = layers.map((layer) => layerOf(layer, nonlinearity));
  const hidden = built[0]!.state.tensor.shape[1]!;
  const width = built[0]!.input.tensor.shape[1]!;
  return { layers: built, ...aroundOf(others, hidden, width) };
}

/** Layers as they follow each other in the file, and all other tensors. */
function sorted(tensors: NamedTensors): { layers: Found[]; others: NamedTensor[] } {
  const layers = new Map<string, Found>();
  const others: NamedTensor[] = [];
  for (const tensor of tensors.values()) {
    const match = recurrent.exec(tensor.name);
    if (!match) {
      others.push(tensor);
      continue;
    }
    const [, module = '', kind, between, number = '0', reverse] = match;
    if (reverse !== undefined) {
      throw new Damage(
        sentence`${tensor.name} is of a layer that reads from the end, too: such a model does not write texts`,
      );
    }
    if (between === 'hr') {
      throw new Damage(
        sentence`${tensor.name} is of an LSTM with projections (proj_size), which no cell here has`,
      );
    }
    const key = `${module} ${number}`;
    const layer = layers.get(key) ?? { module, layer: Number(number), tensors: new Map() };
    layers.set(key, layer);
    layer.tensors.set(`${kind!}_${between!}`, tensor);
  }
  // A stable order: modules as they come, layers by their numbers.
  const modules = [...new Set([...layers.values()].map(({ module }) => module))];
  // One above the other they would often fit, and mean something else.
  if (['encoder', 'decoder'].every((part) => modules.some((name) => name.includes(part)))) {
    throw new Damage(
      sentence`it is an encoder and a decoder (${modules.join(', ')}): only layers one above the other are read`,
    );
  }
  const inOrder = [...layers.values()].sort(
    (a, b) => modules.indexOf(a.module) - modules.indexOf(b.module) || a.layer - b.layer,
  );
  return { layers: inOrder, others };
}

function layerOf(
  { module, layer, tensors }: Found,
  nonlinearity: Nonlinearity | undefined,
): ForeignLayer {
  const at = (name: string): NamedTensor => {
    const tensor = tensors.get(name);
    if (!tensor) throw new Damage(sentence`${`${module}${name}_l${String(layer)}`} is missing`);
    return tensor;
  };
  const [input, state] = [at('weight_ih'), at('weight_hh')];
  const [rows = 0, hidden = 0] = state.shape;
  const kind = hidden > 0 ? kinds[rows / hidden] : undefined;
  if (!kind || state.shape.length !== 2 || input.shape.length !== 2) {
    throw new Damage(
      sentence`${shown(state)} is of no LSTM, GRU or RNN, which have [4 H, H], [3 H, H] or [H, H]`,
    );
  }
  if (kind.operator === 'RNN' && nonlinearity === undefined) throw new NonlinearityNeeded();
  return {
    ...kind,
    functions: {
      gate: 'sigmoid',
      state: kind.operator === 'RNN' ? (nonlinearity ?? 'tanh') : 'tanh',
    },
    input: { tensor: input },
    state: { tensor: state },
    inputBias: tensors.get('bias_ih'),
    stateBias: tensors.get('bias_hh'),
  };
}

/** The embedding before the layers and the linear layer behind them, among all tensors that are of no layer. */
function aroundOf(
  others: readonly NamedTensor[],
  hidden: number,
  width: number,
): Pick<ForeignModel, 'embedding' | 'head'> {
  const matrices = others.filter(({ shape }) => shape.length === 2);
  const biasOf = ({ name }: NamedTensor): NamedTensor | undefined =>
    others.find((other) => other.name === name.replace(/weight$/, 'bias') && other.name !== name);
  const heads = matrices.filter(({ shape }) => shape[1] === hidden);
  // What has a bias is no embedding; else the one that comes last, as modules are declared.
  const head = heads.find((each) => biasOf(each) !== undefined) ?? heads.at(-1);
  if (!head) {
    throw new Damage(
      sentence`it has no linear layer of ${hidden} inputs behind its recurrent layers; it has ${someOf(others.map(({ name }) => name)) || '–'}`,
    );
  }
  const bias = biasOf(head);
  const embedding = matrices.find(
    (each) => each !== head && biasOf(each) === undefined && each.shape[1] === width,
  );
  const rest = others.find((each) => each !== head && each !== bias && each !== embedding);
  if (rest) {
    throw new Damage(
      sentence`${shown(rest)} is of neither an embedding [C, ${width}] nor a linear layer [C, ${hidden}], and nothing else can be read`,
    );
  }
  return { embedding, head: { tensor: head, bias } };
}
