/** The backward pass: the same steps from the last to the first, each of which can be had as well. */
import { createChain, type Chain } from './chain';
import { differentiate, softmaxGradient } from './differentiate';
import type { Evaluated } from './evaluate';
import { logitsOf, type TextForward, type TextMaterial } from './forward';
import type { Instruction } from './plan';
import type { Value } from './values';

/** Of which steps' losses the gradient is: the last one's, or the mean of all, as in training. */
export type LossOf = 'last' | 'mean';

/** Of each state variable what later steps contribute to ∂E/∂ it 0, 1, 2 … steps before; nothing where they do not. */
export type Carry = readonly (readonly (Float64Array | undefined)[])[];

/** A term of the gradient with respect to a parameter: gradient operandᵀ, or of a bias the gradient. */
export interface Term {
  readonly parameter: string;
  readonly gradient: Float64Array;
  readonly operand: Value | undefined;
}

/** The way back through one time step, as far as it has been worked out. */
export interface BackWork {
  readonly t: number;
  /** How many instructions, from the last on. */
  done: number;
  /** By variable; whole once all have been worked out that read it. */
  readonly gradients: (Float64Array | undefined)[];
  /** By the expressions of the equations. */
  readonly parts: Map<Evaluated, Float64Array>;
  readonly terms: Term[];
}

interface TextWork extends BackWork {
  readonly carry: Carry;
  readonly earlier: (Float64Array | undefined)[][];
}

export interface Backward {
  /** Makes what the way back stands on behind so many time steps. @yields after each */
  reach(steps: number): Generator<undefined, void, undefined>;
  /** A step with so many of its instructions, from the last on. It must have been reached. */
  work(t: number, done: number): BackWork;
  /** Forgets all that was made, as after a change of the forward pass. */
  forget(): void;
}

/** Over a text. */
export interface TextBackward extends Backward {
  /** State n is that before the way back through step T - 1 - n. */
  readonly chain: Chain<Carry>;
}

const keptWorks = 4;

/** @param budget most bytes of kept gradients */
export function createBackward(
  { plan, ids, numbers }: TextMaterial,
  forward: TextForward,
  { lossOf, rows = 1 }: { readonly lossOf: LossOf; readonly rows?: number | undefined },
  budget: number,
): TextBackward {
  const { instructions, states, inputs, spec } = plan;
  const { length } = forward;
  const works = new Map<number, TextWork>();
  const isLearnt = (variable: number): boolean => variable !== inputs || spec.embedding > 0;
  const carried = new Map(states.map(({ variable }, i) => [variable, i]));
  const nothing: Carry = states.map(({ lag }) => Array<undefined>(lag).fill(undefined));
  const bytes = 8 * states.reduce((sum, { width, lag }) => sum + width * lag, 0) * length;
  const stride = Math.max(1, Math.ceil(bytes / budget));
  const chain = createChain(length + 1, nothing, advance, stride);

  function begin(t: number, carry: Carry): TextWork {
    const gradients = Array<Float64Array | undefined>(inputs + 1).fill(undefined);
    states.forEach(({ variable }, i) => (gradients[variable] = carry[i]![0]));
    const earlier = carry.map((list) => [...list.slice(1), undefined]);
    return { t, carry, done: 0, gradients, parts: new Map(), terms: [], earlier };
  }

  const sum = (a: Float64Array | undefined, b: Float64Array): Float64Array => {
    if (a === undefined) return b;
    const total = a.slice();
    numbers.add(total, b);
    return total;
  };

  function extend(work: TextWork, done: number): void {
    const { t } = work;
    const forwards = forward.work(t, instructions.length - 1);
    for (; work.done < done; work.done++) {
      const at = instructions[instructions.length - 1 - work.done]!;
      back(work, at, forwards.trees[at.index]!);
    }
    if (work.done === instructions.length && spec.embedding > 0) finishInput(work);
  }

  function back(work: TextWork, at: Instruction, tree: Evaluated): void {
    const { t } = work;
    const context = {
      numbers,
      scope: forward.scope(forward.work(t, instructions.length - 1), at),
      sinks: {
        variable(name: string, lag: number, gradient: Float64Array) {
          const variable = plan.variable(at, name);
          if (!isLearnt(variable) || lag > t) return;
          if (lag === 0) work.gradients[variable] = sum(work.gradients[variable], gradient);
          else {
            const list = work.earlier[carried.get(variable)!]!;
            list[lag - 1] = sum(list[lag - 1], gradient);
          }
        },
        matrix(name: string, gradient: Float64Array, operand: Value) {
          work.terms.push({ parameter: plan.parameter(at, name), gradient, operand });
        },
        bias(name: string, gradient: Float64Array) {
          const parameter = plan.parameter(at, name);
          work.terms.push({ parameter, gradient, operand: undefined });
        },
        part(part: Evaluated, gradient: Float64Array) {
          work.parts.set(part, sum(work.parts.get(part), gradient));
        },
      },
    };
    const gradient = withoutHeld(work.gradients[at.index], forward.held(t, at.index));
    if (!at.isPrediction) {
      if (gradient) differentiate(tree, gradient, context);
      return;
    }
    // Softmax and cross-entropy together: ∂E/∂logits = ŷ − y.
    const own = lossGradient(t, tree);
    const fed = gradient && softmaxGradient(tree.value as Float64Array, gradient, numbers);
    const logits = own && fed ? sum(own, fed) : (own ?? fed);
    if (logits) differentiate(tree.parts[0]!, logits, context);
  }

  function lossGradient(t: number, tree: Evaluated): Float64Array | undefined {
    if (lossOf === 'last' && t !== length - 1) return undefined;
    const weight = lossOf === 'mean' ? numbers.round(1 / (length * rows)) : 1;
    const probabilities = tree.value as Float64Array;
    if (probabilities.length !== logitsOf(tree).length) throw new Error('ŷ and its logits differ.');
    return probabilities.map((p, i) =>
      numbers.round(numbers.round(p - (i === ids[t + 1] ? 1 : 0)) * weight),
    );
  }

  /** The embedding's column is the first layer's input. */
  function finishInput(work: TextWork): void {
    const gradient = work.gradients[inputs];
    const isDone = work.terms.some(({ parameter }) => parameter === 'embedding.E');
    if (!gradient || isDone) return;
    const operand = { hot: ids[work.t]!, width: spec.vocabulary };
    work.terms.push({ parameter: 'embedding.E', gradient, operand });
  }

  function advance(n: number, carry: Carry): Carry {
    const t = length - 1 - n;
    let work = works.get(t);
    if (work?.carry !== carry) work = begin(t, carry);
    extend(work, instructions.length);
    remember(work);
    return work.earlier.map((list) => [...list]);
  }

  function remember(work: TextWork): void {
    works.delete(work.t);
    works.set(work.t, work);
    for (const t of works.keys()) {
      if (works.size <= keptWorks) break;
      works.delete(t);
    }
  }

  return {
    chain,
    reach: (steps) => chain.reach(steps),
    work(t, done) {
      let work = works.get(t);
      if (!work || work.done > done) work = begin(t, chain.at(length - 1 - t));
      extend(work, done);
      remember(work);
      return work;
    },
    forget() {
      works.clear();
      chain.cut(0);
    },
  };
}

/** What is held does not change with anything. */
function withoutHeld(
  gradient: Float64Array | undefined,
  held: ReadonlyMap<number, number> | undefined,
): Float64Array | undefined {
  return held ? gradient?.map((value, unit) => (held.has(unit) ? 0 : value)) : gradient;
}
