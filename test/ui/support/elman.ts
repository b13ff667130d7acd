// An Elman network reckoned by loops of its own, to hold the debugger against.
import { initialise } from '../../../src/core/engine/initialise';
import { buildModel } from '../../../src/core/engine/model';
import { readParameter } from '../../../src/core/engine/parameters';
import { createReferenceBackend } from '../../../src/core/engine/reference';
import { parseCell } from '../../../src/core/equations/parse';
import { createRandom } from '../../../src/core/random/random';

export const elman = '# Elman 1990\ns[t] = tanh(U x[t] + W s[t-1] + b)\n';

type Numbers = readonly number[];

/** A unit that is held at a value; t from 1. */
interface Hold {
  readonly t: number;
  readonly unit: number;
  readonly value: number;
}

const dot = (a: Numbers, b: Numbers): number => a.reduce((sum, each, i) => sum + each * b[i]!, 0);
export const norm = (values: Numbers): number => Math.sqrt(dot(values, values));

/** With the weights that a debugger begins with: 8 hidden units, the seed 1, the characters of the text. */
export function reckoned(text: string) {
  const characters = [...new Set(text)].sort();
  const ids = Array.from(text, (character) => characters.indexOf(character));
  const hidden = 8;
  const model = buildModel({
    cell: parseCell(elman, 'elman'),
    ...{ hidden, layers: 1, embedding: 0, vocabulary: characters.length, dropout: 0 },
  });
  const floats = createReferenceBackend(model.layout).floats();
  initialise(model, floats, createRandom(1));
  const rowsOf = (name: string): Numbers[] => {
    const parameter = model.parameters.find((each) => each.name === name)!;
    const values = [...readParameter(floats, model.layout.parameters, parameter)];
    return Array.from({ length: parameter.rows }, (_, r) =>
      values.slice(r * parameter.columns, (r + 1) * parameter.columns),
    );
  };
  const [U, W, b] = [rowsOf('layer1.U'), rowsOf('layer1.W'), rowsOf('layer1.b')];
  const [V, c] = [rowsOf('output.V'), rowsOf('output.c')];

  /** s[t], t from 1; s[0] is zero. */
  function states(hold?: Hold): Numbers[] {
    const all: Numbers[] = [Array<number>(hidden).fill(0)];
    for (let t = 1; t < ids.length; t++) {
      const before = all[t - 1]!;
      const next = W.map((row, i) => Math.tanh(U[i]![ids[t - 1]!]! + dot(row, before) + b[i]![0]!));
      if (hold?.t === t) next[hold.unit] = hold.value;
      all.push(next);
    }
    return all;
  }

  /** E, the loss of the last token, nats. */
  function loss(hold?: Hold): number {
    const last = states(hold).at(-1)!;
    const logits = V.map((row, i) => dot(row, last) + c[i]![0]!);
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    return Math.log(total) - logits[ids.at(-1)!]!;
  }

  return {
    states,
    /** W s[t-1]. */
    recurrent: (t: number): Numbers => W.map((row) => dot(row, states()[t - 1]!)),
    /** ∂E/∂s[t] of a unit, by central differences. */
    gradient(t: number, unit: number): number {
      const value = states()[t]![unit]!;
      const h = 1e-5;
      const at = (change: number) => loss({ t, unit, value: value + change });
      return (at(h) - at(-h)) / (2 * h);
    },
  };
}
