import type { PanelFacts } from '../../../src/protocol/panel';

/** What decides how much of a state is kept from one step to the next: `f` in `c[t] = f[t] * c[t-1] + …`. */
export interface ForgetGate {
  readonly gate: string;
  readonly state: string;
  /** What can be initialised so that it starts open. */
  readonly bias: string;
  /** The value that bias starts with: 0, where the equations do not say `init`. */
  readonly start: number;
}

/** Read from the equations; undefined where no gate with a bias keeps a state, or its beginning is no number. */
export function forgetGateOf({
  network: { equations, variables, parameters },
  cell,
}: Pick<PanelFacts, 'network' | 'cell'>): ForgetGate | undefined {
  for (const { name: state, text } of equations) {
    const kept = new RegExp(String.raw`(\w+)\[t\] \* ${state}\[t-1\]`).exec(text);
    const gate = variables.find(({ symbol }) => symbol === kept?.[1]);
    if (gate?.activation !== 'sigmoid') continue;
    const equation = equations.find(({ name }) => name === gate.symbol);
    const bias = parameters.find(
      ({ symbol, shape }) => shape.length === 1 && equation?.names.includes(symbol),
    )?.symbol;
    if (bias === undefined) continue;
    const start = startOf(bias, cell.equations);
    return Number.isFinite(start) ? { gate: gate.symbol, state, bias, start } : undefined;
  }
  return undefined;
}

function startOf(bias: string, equations: string): number {
  const init = new RegExp(String.raw`^\s*init\s+${bias}\s*=\s*([^#\n]*)`, 'm').exec(equations);
  return init ? Number(init[1]!.trim() || NaN) : 0;
}

/** After how many steps a gate that stays as it starts has let a state, and its gradient, fall to 1 %. */
export function stepsKept(start: number): number {
  return Math.ceil(Math.log(0.01) / -Math.log1p(Math.exp(-start)));
}
