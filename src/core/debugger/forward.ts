/** The forward pass over a text, any step of which can be had: states are kept, what a step holds besides is made again. */
import type { TokenIds } from '../data/tokenizer';
import { logSumExp } from '../numerics';
import { createChain, type Chain } from './chain';
import { evaluate, type Evaluated, type Scope } from './evaluate';
import type { Instruction, Plan, TextPlan } from './plan';
import { dense, widthOf, type Arithmetic, type Matrix, type Value } from './values';

/** A model's numbers. */
export interface Material {
  readonly plan: Plan;
  /** By their qualified names; a bias has one column. */
  readonly parameters: ReadonlyMap<string, Matrix>;
  readonly numbers: Arithmetic;
}

/** A model's numbers and the text it reads. */
export interface TextMaterial extends Material {
  readonly plan: TextPlan;
  /** Of the text, one more than there are steps: each is predicted from those before it. */
  readonly ids: TokenIds;
  /** A variable's value so many steps before the first one; undefined, or if not given: what the cell says. */
  readonly before?: ((variable: number, lag: number) => Value | undefined) | undefined;
}

/** Of each state variable its values 1, 2 … steps before; nothing where there was no such step. */
export type Window = readonly (readonly (Value | undefined)[])[];

/** One time step, as far as it has been worked out. */
export interface StepWork {
  readonly t: number;
  /** By instruction. */
  readonly trees: Evaluated[];
  /** Of their variables; where a unit is held, with that value. */
  readonly values: Float64Array[];
  /** What is read: of a text by the first layer. */
  readonly input: Value;
}

interface TextWork extends StepWork {
  readonly window: Window;
}

export interface Forward {
  /** Number of time steps T. */
  readonly length: number;
  /** Makes what time steps up to one stand on. @yields after each, so that others are not held up */
  reach(t: number): Generator<undefined, void, undefined>;
  /** A step up to an instruction, itself included; -1: what it reads. It must have been reached. */
  work(t: number, upTo: number): StepWork;
  scope(work: StepWork, at: Instruction): Scope;
  /** A variable that an equation reads as it stood so many steps before the first one. */
  earlier(at: Instruction, name: string, lag: number): Value;
  /** What is predicted at a step: the symbol that is right; undefined where there is no such thing. */
  target(t: number): number | undefined;
  /** E_t, of symbols −ln ŷ_t(target), nats; undefined where nothing is predicted, or nobody knows what. */
  loss(t: number): number | undefined;
  /** Holds a unit of a variable at a value at a step. */
  hold(t: number, variable: number, unit: number, value: number): void;
  held(t: number, variable: number): ReadonlyMap<number, number> | undefined;
  /** Forgets all that was made, as after a change of a parameter. */
  forget(): void;
}

/** Over a text. */
export interface TextForward extends Forward {
  /** State i is that before step i: `[T + 1]`. */
  readonly chain: Chain<Window>;
  target(t: number): number;
  loss(t: number): number;
}

/** Steps that are worked out and at hand. */
const keptWorks = 6;

/** @param budget most bytes of kept states */
export function createForward(material: TextMaterial, budget: number): TextForward {
  const { plan, parameters, ids, numbers, before } = material;
  const { instructions, states, inputs } = plan;
  const length = ids.length - 1;
  const works = new Map<number, TextWork>();
  const holds = new Map<string, Map<number, number>>();
  const nothing: Window = states.map(({ variable, lag }) =>
    Array.from({ length: lag }, (_, i) => before?.(variable, i + 1)),
  );
  const bytes = 8 * states.reduce((sum, { width }) => sum + width, 0) * length;
  const stride = Math.max(1, Math.ceil(bytes / budget));
  const lagged = new Map(states.map(({ variable }, i) => [variable, i]));
  const chain = createChain(length + 1, nothing, advance, stride);

  function matrixOf(name: string): Matrix {
    const found = parameters.get(name);
    if (!found) throw new Error(`The model has no parameter ${name}.`);
    return found;
  }

  function inputAt(t: number): Value {
    const { embedding, vocabulary } = plan.spec;
    const token = { hot: ids[t]!, width: vocabulary };
    return embedding > 0 ? numbers.product(matrixOf('embedding.E'), token) : token;
  }

  /** What stands before the first step where nothing is given. */
  function start(at: Instruction, name: string): Value {
    const { embedding, vocabulary } = plan.spec;
    const variable = plan.variable(at, name);
    if (variable === inputs && embedding === 0) return { hot: -1, width: vocabulary };
    const width = instructions[variable]?.width ?? embedding;
    return new Float64Array(width).fill(numbers.round(plan.initial(at, name)));
  }

  function scope(work: TextWork, at: Instruction): Scope {
    return {
      variable(name, lag) {
        const variable = plan.variable(at, name);
        if (lag === 0) return variable === inputs ? work.input : work.values[variable]!;
        const value = work.window[lagged.get(variable)!]![lag - 1];
        return value ?? start(at, name);
      },
      matrix: (name) => matrixOf(plan.parameter(at, name)),
      bias: (name) => matrixOf(plan.parameter(at, name)).values,
    };
  }

  function begin(t: number, window: Window): TextWork {
    return { t, window, trees: [], values: [], input: inputAt(t) };
  }

  function extend(work: TextWork, upTo: number): void {
    for (let i = work.trees.length; i <= upTo; i++) {
      const instruction = instructions[i]!;
      const tree = evaluate(instruction.equation.expression, scope(work, instruction), numbers);
      work.trees.push(tree);
      let values = dense(tree.value, instruction.width);
      const held = holds.get(keyOf(work.t, i));
      if (held) {
        values = values.slice();
        for (const [unit, value] of held) values[unit] = value;
      }
      work.values.push(values);
    }
  }

  function advance(t: number, window: Window): Window {
    let work = works.get(t);
    if (work?.window !== window) work = begin(t, window);
    extend(work, instructions.length - 1);
    remember(work);
    return states.map(({ variable }, i) => [
      variable === inputs ? work.input : work.values[variable],
      ...window[i]!.slice(0, -1),
    ]);
  }

  function remember(work: TextWork): void {
    works.delete(work.t);
    works.set(work.t, work);
    for (const t of works.keys()) {
      if (works.size <= keptWorks) break;
      works.delete(t);
    }
  }

  function work(t: number, upTo: number): TextWork {
    const found = works.get(t) ?? begin(t, chain.at(t));
    extend(found, upTo);
    remember(found);
    return found;
  }

  return {
    length,
    chain,
    reach: (t) => chain.reach(t),
    work,
    scope: (work, at) => scope(work as TextWork, at),
    target: (t) => ids[t + 1]!,
    earlier(at, name, lag) {
      const state = lagged.get(plan.variable(at, name));
      return (state === undefined ? undefined : nothing[state]![lag - 1]) ?? start(at, name);
    },
    loss(t) {
      const prediction = instructions.findIndex(({ isPrediction }) => isPrediction);
      const logits = logitsOf(work(t, prediction).trees[prediction]!);
      return numbers.round(logSumExp(logits) - logits[ids[t + 1]!]!);
    },
    hold(t, variable, unit, value) {
      const key = keyOf(t, variable);
      const held = holds.get(key) ?? new Map<number, number>();
      holds.set(key, held.set(unit, numbers.round(value)));
      works.clear();
      chain.cut(t);
    },
    held: (t, variable) => holds.get(keyOf(t, variable)),
    forget() {
      works.clear();
      chain.cut(0);
    },
  };
}

function keyOf(t: number, variable: number): string {
  return `${String(t)} ${String(variable)}`;
}

/** What goes into the softmax of the prediction, `[C]`. */
export function logitsOf({ parts }: Evaluated): Float64Array {
  const { value } = parts[0]!;
  return dense(value, widthOf(value));
}
