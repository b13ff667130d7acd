/** Layers that are exactly what other programs have as an operator of their own: a vanilla RNN, a GRU or an LSTM. */
import { builtinCells } from '../cells/index';
import { parseCell } from '../equations/parse';
import { printEquation } from '../equations/print';
import type { Cell } from '../equations/syntax';

/** The parameters of one gate, by their names in the equations. */
export interface Gate {
  readonly input: string;
  readonly state: string;
  readonly inputBias?: string;
  readonly stateBias?: string;
}

export interface StandardCell {
  readonly operator: 'LSTM' | 'GRU' | 'RNN';
  /** By the letters that others know them by: LSTM i, f, g, o; GRU r, z, n; RNN h. */
  readonly gates: Readonly<Record<string, Gate>>;
  /** What it carries on, its output first. */
  readonly carried: readonly string[];
}

const lstmGate = (letter: string): Gate => ({
  ...{ input: `W${letter}`, state: `R${letter}`, inputBias: `b${letter}` },
});

/** By the built-in cell. */
export const standardCells: Readonly<
  Record<'lstm' | 'gru' | 'vanilla' | 'vanilla-nobias', StandardCell>
> = {
  lstm: {
    operator: 'LSTM',
    gates: { i: lstmGate('i'), f: lstmGate('f'), g: lstmGate('g'), o: lstmGate('o') },
    carried: ['h', 'c'],
  },
  gru: {
    operator: 'GRU',
    gates: { r: lstmGate('r'), z: lstmGate('z'), n: { ...lstmGate('n'), stateBias: 'cn' } },
    carried: ['h'],
  },
  vanilla: {
    operator: 'RNN',
    gates: { h: { input: 'U', state: 'W', inputBias: 'b' } },
    carried: ['s'],
  },
  'vanilla-nobias': {
    operator: 'RNN',
    gates: { h: { input: 'U', state: 'W' } },
    carried: ['s'],
  },
};

/** The operator that a cell is, whatever it is called. */
export function standardOf(cell: Cell): StandardCell | undefined {
  if (cell.sizes.size > 0) return undefined;
  const own = printed(cell);
  const [, standard] =
    Object.entries(standardCells).find(
      ([name]) => printed(parseCell(builtinCells.get(name)!, name)) === own,
    ) ?? [];
  if (standard === undefined) return undefined;
  return cell.output === standard.carried[0] ? standard : undefined;
}

function printed({ equations }: Cell): string {
  return equations.map(printEquation).join('\n');
}
