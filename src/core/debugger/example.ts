/** An example gone through: both passes over all of its phases, and what is said of them. */
import { sentence, type Sentence } from '../sentence';
import { createCourse, type Course, type Phase } from './course';
import { createExampleBackward } from './example-backward';
import { createExampleForward } from './example-forward';
import type { Names } from './lookup';
import type { LossOf } from './backward';
import { machineOf, type Machine } from './machine';
import type { Instruction, Plan } from './plan';
import type { ExampleMaterial, GivenExample, Shown } from './given';

export function createExampleMachine(
  material: ExampleMaterial,
  example: GivenExample,
  lossOf: LossOf,
): Machine {
  const course = createCourse(material.plan.phases, example.steps);
  const forward = createExampleForward(material, example, course);
  const backward = createExampleBackward(material, example, { course, forward, lossOf });
  return machineOf({ material, course, forward, backward, lossOf });
}

/** The variable that a frame is named after: what is carried from step to step, else the output. */
export function headOf(
  { instructions, states, spec, isOfExamples }: Plan,
  { from, to }: Phase,
  layer: number,
): Instruction {
  const own = instructions.slice(from, to).filter((each) => each.layer === layer);
  // What a cell that is applied works out besides has a dot in its name.
  const plain = own.filter(({ name }) => !isOfExamples || !name.includes('.'));
  const isOutput = ({ symbol, isPrediction }: Instruction): boolean =>
    symbol === spec.cell.output && !isPrediction;
  const isCarried = ({ index }: Instruction): boolean =>
    states.some(({ variable }) => variable === index);
  const wanted = isOfExamples ? [isCarried, isOutput] : [isOutput];
  const last = plain.at(-1) ?? own.at(-1)!;
  return wanted.map((is) => plain.findLast(is)).find(Boolean) ?? last;
}

/** What the part of a model is called that a time step belongs to. */
export function partName({ phases, at }: Course, t: number): Sentence {
  const { domain, isReversed } = at(t).phase;
  if (domain === 'example') return sentence`the whole example`;
  if (domain === 'u') return sentence`decoder`;
  const isOneWay = !phases.some((phase) => phase.isReversed);
  if (phases.some((phase) => phase.domain === 'u')) {
    if (isOneWay) return sentence`encoder`;
    return isReversed ? sentence`encoder, right to left` : sentence`encoder, left to right`;
  }
  return isReversed ? sentence`right to left` : sentence`left to right`;
}

export function namesOf({ course, material }: Machine, example: GivenExample): Names {
  const { instructions } = material.plan;
  const { index } = instructions.find(({ isPrediction }) => isPrediction)!;
  return {
    token(t) {
      const { phase, step } = course.at(t);
      return example.tokens[phase.domain]?.[step];
    },
    target(t) {
      const { phase, step } = course.at(t);
      return phase.from <= index && index < phase.to ? example.targetNames[step] : undefined;
    },
    symbol: (id) => example.symbol(id),
  };
}

export function shownOf(course: Course, { text, places, unknown }: GivenExample): Shown {
  const spans = new Int32Array(2 * course.length);
  for (let t = 0; t < course.length; t++) {
    const { phase, step } = course.at(t);
    const own = places[phase.domain];
    spans.set([own?.[2 * step] ?? 0, own?.[2 * step + 1] ?? 0], 2 * t);
  }
  return { text, spans, unknown };
}
