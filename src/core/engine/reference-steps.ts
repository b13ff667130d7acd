import { logSumExp } from '../numerics';
import type { Domain } from '../graph/operation';
import { spanOf, type Lengths } from './examples';
import type { StepInstruction, View } from './program';

/** Values, and the rows that there are. */
export interface StepContext {
  readonly arena: Float64Array;
  /** What the phase has rows for. */
  readonly domain: Domain;
  readonly lengths: Lengths;
}

/** Where a row begins. */
export function at(view: View, t: number, b: number): number {
  return view.offset + t * view.timeStride + b * view.rowStride;
}

/** Executes an instruction that reads a whole sequence, or writes around it, for the row (t, b). */
export function runStepInstruction(
  context: StepContext,
  instruction: StepInstruction,
  t: number,
  b: number,
): void {
  const { arena, lengths, domain } = context;
  switch (instruction.op) {
    case 'stepSum': {
      const { input, span } = instruction;
      const out = at(instruction.out, t, b);
      const [from, to] = spanOf(span, lengths[input.axis][b]!);
      arena.fill(0, out, out + input.view.width);
      for (let s = from; s < to; s++) add(arena, out, at(input.view, s, b), input.view.width, 1);
      break;
    }
    case 'spread': {
      const out = at(instruction.out, t, b);
      const [from, to] = spanOf(instruction.span, lengths[domain][b]!);
      arena.fill(0, out, out + instruction.out.width);
      if (t >= from && t < to) {
        add(arena, out, at(instruction.input, t, b), instruction.out.width, 1);
      }
      break;
    }
    case 'perStep': {
      const [from, out] = [at(instruction.input, t, b), at(instruction.out, t, b)];
      const length = lengths[instruction.axis][b]!;
      for (let i = 0; i < instruction.out.width; i++) arena[out + i] = arena[from + i]! / length;
      break;
    }
    case 'argmax': {
      const { view, axis } = instruction.input;
      const out = at(instruction.out, t, b);
      for (let i = 0; i < view.width; i++) {
        let best = 0;
        for (let s = 1; s < lengths[axis][b]!; s++) {
          if (arena[at(view, s, b) + i]! > arena[at(view, best, b) + i]!) best = s;
        }
        arena[out + i] = best;
      }
      break;
    }
    case 'pick': {
      const [steps, out] = [at(instruction.steps, t, b), at(instruction.out, t, b)];
      for (let i = 0; i < instruction.out.width; i++) {
        arena[out + i] = arena[at(instruction.input.view, arena[steps + i]!, b) + i]!;
      }
      break;
    }
    case 'unpick': {
      const { steps, gradient, out } = instruction;
      for (let i = 0; i < out.width; i++) {
        const isHere = arena[at(steps, t, b) + i] === t;
        arena[at(out, t, b) + i] = isHere ? arena[at(gradient, t, b) + i]! : 0;
      }
      break;
    }
    case 'copyValues': {
      const { input, from, out, to, count } = instruction;
      const start = at(input, t, b) + from;
      arena.copyWithin(at(out, t, b) + to, start, start + count);
      break;
    }
    case 'border': {
      const { out, lag, initial, start } = instruction;
      const end = lengths[out.axis][b]!;
      for (let k = 0; k < Math.abs(lag); k++) {
        const row = at(out.view, lag > 0 ? -1 - k : end + k, b);
        if (start === undefined) arena.fill(initial, row, row + out.view.width);
        else arena.copyWithin(row, at(start, t, b), at(start, t, b) + out.view.width);
      }
      break;
    }
    default:
      runAttention(context, instruction, t, b);
  }
}

type AttentionInstruction = Extract<
  StepInstruction,
  { op: 'dot' | 'additive' | 'stepSoftmax' | 'mix' | 'unmix' | 'additiveGradient' }
>;

function runAttention(
  context: StepContext,
  instruction: AttentionInstruction,
  t: number,
  b: number,
): void {
  const { arena, lengths } = context;
  const out = at(instruction.out, t, b);
  const { width } = instruction.out;
  switch (instruction.op) {
    case 'dot': {
      const { query, keys } = instruction;
      const from = at(query, t, b);
      arena.fill(0, out, out + width);
      for (let s = 0; s < lengths[keys.axis][b]!; s++) {
        const key = at(keys.view, s, b);
        for (let i = 0; i < query.width; i++) arena[out + s]! += arena[from + i]! * arena[key + i]!;
      }
      break;
    }
    case 'additive': {
      const { query, keys, vector } = instruction;
      const [from, v] = [at(query, t, b), at(vector, t, b)];
      arena.fill(0, out, out + width);
      for (let s = 0; s < lengths[keys.axis][b]!; s++) {
        const key = at(keys.view, s, b);
        for (let i = 0; i < query.width; i++) {
          arena[out + s]! += arena[v + i]! * Math.tanh(arena[from + i]! + arena[key + i]!);
        }
      }
      break;
    }
    case 'stepSoftmax': {
      const from = at(instruction.input, t, b);
      const length = lengths[instruction.axis][b]!;
      const total = logSumExp(arena, from, from + length);
      for (let s = 0; s < width; s++) {
        arena[out + s] = s < length ? Math.exp(arena[from + s]! - total) : 0;
      }
      break;
    }
    case 'mix': {
      const { weights, values } = instruction;
      const from = at(weights, t, b);
      arena.fill(0, out, out + width);
      for (let s = 0; s < lengths[values.axis][b]!; s++) {
        add(arena, out, at(values.view, s, b), width, arena[from + s]!);
      }
      break;
    }
    case 'unmix': {
      const { weights, gradient } = instruction;
      arena.fill(0, out, out + width);
      for (let q = 0; q < lengths[weights.axis][b]!; q++) {
        add(arena, out, at(gradient, q, b), width, arena[at(weights.view, q, b) + t]!);
      }
      break;
    }
    case 'additiveGradient': {
      const { by, query, keys, vector, scores } = instruction;
      arena.fill(0, out, out + width);
      const other = by === 'keys' ? query : keys;
      for (let s = 0; s < lengths[other.axis][b]!; s++) {
        const [row, step] = by === 'keys' ? [s, t] : [t, s];
        const d = arena[at(scores, row, b) + step]!;
        const [q, k] = [at(query.view, row, b), at(keys.view, step, b)];
        const v = at(vector, row, b);
        for (let i = 0; i < width; i++) {
          const y = Math.tanh(arena[q + i]! + arena[k + i]!);
          arena[out + i]! += by === 'vector' ? d * y : d * arena[v + i]! * (1 - y * y);
        }
      }
      break;
    }
  }
}

/** to += factor · from, `width` values. */
function add(arena: Float64Array, to: number, from: number, width: number, factor: number): void {
  for (let i = 0; i < width; i++) arena[to + i]! += factor * arena[from + i]!;
}
