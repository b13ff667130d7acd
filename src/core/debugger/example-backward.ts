/** The backward pass over an example: a gradient is whole when all that reads its variable has been gone back through. */
import { responseOf } from '../equations/model-shape';
import { inputName } from '../equations/syntax';
import type { Backward, BackWork, LossOf } from './backward';
import type { Course } from './course';
import { differentiate, softmaxGradient } from './differentiate';
import type { Evaluated } from './evaluate';
import type { ExampleMaterial, GivenExample } from './given';
import { beforeResponse, type ExampleForward } from './example-forward';
import type { Instruction } from './plan';
import { dense, type Value } from './values';

interface Work extends BackWork {
  /** Whether the gradients are those that all later steps have left. */
  readonly isFinal: boolean;
  /** What it adds to the gradients of other steps. */
  readonly outward: {
    readonly variable: number;
    readonly step: number;
    readonly g: Float64Array;
  }[];
}

const keptWorks = 4;

export function createExampleBackward(
  { plan, numbers }: ExampleMaterial,
  { steps, targets }: GivenExample,
  options: {
    readonly course: Course;
    readonly forward: ExampleForward;
    readonly lossOf: LossOf;
  },
): Backward {
  const { course, forward, lossOf } = options;
  const { instructions, inputs, spec } = plan;
  const { length } = course;
  const { kind: response, domain } = responseOf(spec.cell)!;
  /** By variable and step. */
  let gradients: (Float64Array | undefined)[][] = instructions.map(() => []);
  let reached = 0;
  const works = new Map<number, Work>();

  const known = targets.flatMap((target, step) => (target === undefined ? [] : [step]));
  // Of numbers that nobody knows the answer itself is differentiated, as in an inspection.
  const isOfAnswer = known.length === 0 && response === 'none';
  const parts = isOfAnswer ? Array.from({ length: steps[domain] }, (_, step) => step) : known;

  function weightAt(step: number): number {
    if (lossOf === 'last') return step === parts.at(-1) ? 1 : 0;
    return parts.includes(step) ? numbers.round(1 / parts.length) : 0;
  }

  const sum = (a: Float64Array | undefined, b: Float64Array): Float64Array => {
    if (a === undefined) return b;
    const total = a.slice();
    numbers.add(total, b);
    return total;
  };

  function begin(t: number): Work {
    const { phase, step } = course.at(t);
    const own: (Float64Array | undefined)[] = [];
    for (let i = phase.from; i < phase.to; i++) own[i] = gradients[i]![step];
    const isFinal = length - 1 - t < reached;
    return { t, done: 0, gradients: own, parts: new Map(), terms: [], isFinal, outward: [] };
  }

  function extend(work: Work, done: number): void {
    const { phase } = course.at(work.t);
    const { trees } = forward.work(work.t, phase.to - 1);
    for (; work.done < done; work.done++) {
      const at = instructions[phase.to - 1 - work.done]!;
      back(work, at, trees[at.index]!);
    }
  }

  function back(work: Work, at: Instruction, tree: Evaluated): void {
    const { t } = work;
    const { phase, step } = course.at(t);
    /** A term of the gradient of a variable at a step; before the first one of what it starts with. */
    function add(variable: number, to: number, g: Float64Array): void {
      if (variable === inputs || work.isFinal) return;
      const count = steps[course.at(course.find(variable, 0)).phase.domain];
      if (to < 0 || to >= count) {
        const start = plan.startOf(variable);
        if (start !== undefined) add(start, 0, g);
      } else if (to === step && phase.from <= variable && variable < phase.to) {
        work.gradients[variable] = sum(work.gradients[variable], g);
      } else work.outward.push({ variable, step: to, g });
    }
    const context = {
      numbers,
      scope: forward.scope(forward.work(t, phase.to - 1), at),
      sinks: {
        variable(name: string, lag: number, g: Float64Array) {
          add(plan.variable(at, name), step - lag, g);
        },
        step(name: string, _: unknown, to: number, g: Float64Array) {
          if (name !== inputName) add(plan.variable(at, name), to, g);
        },
        matrix(name: string, gradient: Float64Array, operand: Value) {
          work.terms.push({ parameter: name, gradient, operand });
        },
        bias(name: string, gradient: Float64Array) {
          work.terms.push({ parameter: name, gradient, operand: undefined });
        },
        part(part: Evaluated, g: Float64Array) {
          work.parts.set(part, sum(work.parts.get(part), g));
        },
      },
    };
    const held = forward.held(t, at.index);
    const whole = work.gradients[at.index];
    const gradient = held ? whole?.map((g, unit) => (held.has(unit) ? 0 : g)) : whole;
    if (!at.isPrediction) {
      if (gradient) differentiate(tree, gradient, context);
      return;
    }
    const own = lossGradient(step, tree);
    const fed = gradient && throughResponse(tree, gradient);
    const logits = own && fed ? sum(own, fed) : (own ?? fed);
    if (logits) differentiate(beforeResponse(tree, response), logits, context);
  }

  /** ∂E/∂ what the response is of: ŷ − y, whatever the response. */
  function lossGradient(step: number, tree: Evaluated): Float64Array | undefined {
    const weight = weightAt(step);
    if (weight === 0) return undefined;
    const target = targets[step];
    const answer = dense(tree.value, spec.output);
    return answer.map((y, i) => {
      if (target === undefined) return weight;
      const right = typeof target === 'number' ? Number(i === target) : target[i]!;
      return numbers.round(numbers.round(y - right) * weight);
    });
  }

  function throughResponse(tree: Evaluated, g: Float64Array): Float64Array {
    if (response === 'none') return g;
    const y = dense(tree.value, g.length);
    return response === 'softmax'
      ? softmaxGradient(y, g, numbers)
      : g.map((each, i) => numbers.element('sigmoidGradient', y[i]!, each));
  }

  function work(t: number, done: number): Work {
    let found = works.get(t);
    const isFinal = length - 1 - t < reached;
    if (!found || found.done > done || found.isFinal !== isFinal) found = begin(t);
    extend(found, done);
    works.delete(t);
    works.set(t, found);
    for (const other of works.keys()) {
      if (works.size <= keptWorks) break;
      works.delete(other);
    }
    return found;
  }

  return {
    work,
    *reach(to) {
      while (reached < to) {
        const t = length - 1 - reached;
        const { phase, step } = course.at(t);
        const { gradients: own, outward } = work(t, phase.to - phase.from);
        for (let i = phase.from; i < phase.to; i++) gradients[i]![step] = own[i];
        for (const { variable, step: at, g } of outward) {
          gradients[variable]![at] = sum(gradients[variable]![at], g);
        }
        reached++;
        yield undefined;
      }
    },
    forget() {
      gradients = instructions.map(() => []);
      reached = 0;
      works.clear();
    },
  };
}
