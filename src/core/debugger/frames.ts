/** Time steps as frames of a stack, and where their equations stand. */
import { spansOf } from '../equations/places';
import type { Span } from '../equations/syntax';
import type { Sentence } from '../sentence';
import { headOf, partName } from './example';
import type { Names } from './lookup';
import type { Machine, Place } from './machine';
import type { Instruction } from './plan';

/** A layer of a time step as a frame of the stack. */
export interface Frame {
  /** From 0. */
  readonly t: number;
  /** From 1; the output layer that a model adds belongs to the last. */
  readonly layer: number;
  /** `s[3] 'm'`, of several layers `layer2.s[3] 'm'`; steps count from 1, as in the language. */
  readonly name: string;
  /** What is worked out next, or the equation of the cell's output; in `Session.source`. */
  readonly place: { readonly start: Position; readonly end: Position };
  /** Whether it stands in the cell's own text. */
  readonly isWritten: boolean;
  /** Of a line below the frames of a part of the model: what it is called. Nothing else of it is meant. */
  readonly part?: Sentence;
}

/** Both count from 1, columns in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Frames {
  /** The cell's text, and after it the equation of the output layer that the model adds. */
  readonly source: string;
  placeOf(instruction: Instruction): Frame['place'];
  /** Frames from the newest on: below a time step's last layer the others, then the step before. */
  frames(
    from: number,
    count: number,
  ): { readonly frames: readonly Frame[]; readonly total: number };
}

export function createFrames(machine: Machine, names: Names): Frames {
  const { course, material } = machine;
  const { plan } = material;
  const { layers, cell } = plan.spec;
  const { source } = cell;
  const position = spansOf(source);

  function placeOfSpan(span: Span): Frame['place'] {
    const { line, column } = position({ start: span.end, end: span.end });
    return { start: { line: span.line, column: span.column }, end: { line, column } };
  }

  const added = plan.instructions.find(({ isWritten }) => !isWritten);
  const own = source.replace(/\s*$/u, '\n');
  const whole = added ? `${own}${added.text}\n` : source;

  /** The last line of the whole. */
  function placeAdded({ text: written }: Instruction): Frame['place'] {
    const { line } = spansOf(whole)({ start: own.length, end: own.length });
    return { start: { line, column: 1 }, end: { line, column: written.length + 1 } };
  }

  /** A part of an equation, or all of it. */
  const placeOf = (instruction: Instruction, part?: Span): Frame['place'] =>
    instruction.isWritten
      ? placeOfSpan(part ?? instruction.equation.span)
      : placeAdded(instruction);

  function frame(t: number, layer: number): Frame {
    const { place } = machine;
    const { phase, step } = course.at(t);
    const isTop = t === place.t && layer === topLayer();
    const output = headOf(plan, phase, layer);
    const instruction = isTop ? (place.instruction ?? output) : output;
    const next = isTop ? nextPart(place, instruction) : undefined;
    const time = phase.domain === 'example' ? '' : `[${String(step + 1)}]`;
    const token = names.token(t);
    const name = `${layers > 1 ? output.name : output.symbol}${time}`;
    return {
      ...{ t, layer, isWritten: instruction.isWritten },
      name: token === undefined ? name : `${name} '${token}'`,
      place: placeOf(instruction, next?.span),
    };
  }

  /** Of several parts each has a line below its frames. */
  const partFrame = (t: number): Frame => {
    const part = partName(course, t);
    const begin = { line: 0, column: 0 };
    return { t, layer: 0, name: '', part, place: { start: begin, end: begin }, isWritten: true };
  };

  /** The i-th frame from the newest on. */
  function frameAt(i: number): Frame {
    const { t } = machine.place;
    const own = topLayer();
    if (course.phases.length === 1) {
      const below = t * layers + own - 1 - i;
      return frame(Math.floor(below / layers), (below % layers) + 1);
    }
    for (let last = t, left = i; ;) {
      const [first] = course.bounds(last);
      const count = last - first + 1;
      if (left < count) return frame(last - left, 1);
      if (left === count) return partFrame(first);
      left -= count + 1;
      last = first - 1;
    }
  }

  /** How many there are. */
  function frameCount(): number {
    const { t } = machine.place;
    if (course.phases.length === 1) return t * layers + topLayer();
    let parts = 1;
    for (let first = course.bounds(t)[0]; first > 0; [first] = course.bounds(first - 1)) parts++;
    return t + 1 + parts;
  }

  /** The layer at hand. */
  function topLayer(): number {
    const { instruction } = machine.place;
    return Math.min(instruction?.layer ?? 1, layers);
  }

  return {
    source: whole,
    placeOf,
    frames(from, count) {
      const total = frameCount();
      const frames: Frame[] = [];
      for (let i = from; i < Math.min(total, from + count); i++) frames.push(frameAt(i));
      return { frames, total };
    },
  };
}

function nextPart(
  { pass, parts }: Place,
  instruction: Instruction,
): { readonly span: Span } | undefined {
  if (parts === 0 || parts >= instruction.parts.length) return undefined;
  return pass === 'forward'
    ? instruction.parts[parts]
    : instruction.parts[instruction.parts.length - 1 - parts];
}
