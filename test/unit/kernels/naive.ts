import { dropoutHash } from '../../../src/core/engine/program';
import type {
  ElementOperand,
  ElementStep,
  Instruction,
  Program,
  View,
} from '../../../src/core/engine/program';

/** What a run of the naive interpreter needs beside the program. */
export interface NaiveData {
  readonly tokens: ArrayLike<number>;
  readonly targets: ArrayLike<number>;
  readonly dropoutKey: number;
}

/** The program's meaning, in float64, one number after the other: the truth the kernels are held to. */
export function runNaively(program: Program, arena: Float64Array, data: NaiveData): void {
  for (const phase of program.phases) {
    if (phase.kind === 'sweep' || phase.kind === 'reduction') {
      for (const instruction of phase.instructions) {
        for (let t = 0; t < program.sequence; t++) step(program, arena, data, instruction, t);
      }
      continue;
    }
    for (let i = 0; i < program.sequence; i++) {
      const t = phase.kind === 'forward loop' ? i : program.sequence - 1 - i;
      for (const instruction of phase.instructions) step(program, arena, data, instruction, t);
    }
  }
  for (const { view, lag } of program.carried) {
    for (let t = -lag; t < 0; t++) {
      for (let b = 0; b < program.batch; b++) {
        for (let i = 0; i < view.width; i++) {
          arena[at(view, t, b, i)] = arena[at(view, t + program.sequence, b, i)]!;
        }
      }
    }
  }
}

function at(view: View, t: number, b: number, i: number): number {
  return view.offset + t * view.timeStride + b * view.rowStride + i;
}

function step(
  program: Program,
  arena: Float64Array,
  data: NaiveData,
  instruction: Instruction,
  t: number,
): void {
  for (let b = 0; b < program.batch; b++) {
    const get = (view: View, i: number) => arena[at(view, t, b, i)]!;
    const put = (view: View, i: number, value: number) => (arena[at(view, t, b, i)] = value);
    const row = (view: View) => Array.from({ length: view.width }, (_, i) => get(view, i));
    const token = data.tokens[t * program.batch + b]!;
    const target = data.targets[t * program.batch + b]!;
    const first = t === 0 && b === 0;
    switch (instruction.op) {
      case 'gather': {
        const { offset, columns } = program.storages[instruction.storage]!;
        const from = program.parameters + offset + token * columns + instruction.column;
        for (let i = 0; i < instruction.out.width; i++) put(instruction.out, i, arena[from + i]!);
        break;
      }
      case 'onehot':
        for (let i = 0; i < instruction.out.width; i++)
          put(instruction.out, i, Number(i === token));
        break;
      case 'product': {
        const { offset, columns } = program.storages[instruction.storage]!;
        const { transposed, accumulate, input, out, column } = instruction;
        const matrix = program.parameters + offset + column;
        const x = row(input);
        for (let i = 0; i < out.width; i++) {
          const sum = transposed
            ? dot(x, arena, matrix + i * columns, 1)
            : dot(x, arena, matrix + i, columns);
          put(out, i, accumulate ? get(out, i) + sum : sum);
        }
        break;
      }
      case 'elementwise':
        for (let i = 0; i < instruction.width; i++) {
          const inputs = instruction.inputs.map((view) => get(view, i));
          const values = chainValues(instruction.steps, inputs);
          for (const store of instruction.stores) put(store.out, i, values[store.step]!);
        }
        break;
      case 'softmax':
        softmax(row(instruction.input)).forEach((value, i) => put(instruction.out, i, value));
        break;
      case 'softmaxGradient': {
        const p = row(instruction.output);
        const g = row(instruction.gradient);
        const dot = sum(p.map((value, i) => value * g[i]!));
        p.forEach((value, i) => put(instruction.out, i, value * (g[i]! - dot)));
        break;
      }
      case 'layernorm': {
        const { centred, deviation } = moments(row(instruction.input));
        centred.forEach((value, i) => put(instruction.out, i, value / deviation));
        break;
      }
      case 'layernormGradient': {
        const { deviation } = moments(row(instruction.input));
        const y = row(instruction.output);
        const g = row(instruction.gradient);
        const meanG = sum(g) / g.length;
        const slope = sum(g.map((value, i) => value * y[i]!)) / g.length;
        g.forEach((value, i) =>
          put(instruction.out, i, (value - meanG - y[i]! * slope) / deviation),
        );
        break;
      }
      case 'dropoutMask': {
        const { rate, stream, out } = instruction;
        for (let i = 0; i < out.width; i++) {
          const hash = dropoutHash(
            data.dropoutKey,
            stream,
            (t * program.batch + b) * out.width + i,
          );
          put(out, i, hash >= rate * 2 ** 32 ? 1 / (1 - rate) : 0);
        }
        break;
      }
      case 'crossEntropy': {
        const p = softmax(row(instruction.logits));
        arena[program.losses + t * program.batch + b] = target < 0 ? 0 : -Math.log(p[target]!);
        const count = Array.from(data.targets).filter((value) => value >= 0).length;
        p.forEach((value, i) => {
          if (!instruction.gradient) return;
          put(instruction.gradient, i, target < 0 ? 0 : (value - Number(i === target)) / count);
        });
        break;
      }
      case 'outer':
      case 'scatter': {
        const { offset, columns, inputs } = program.storages[instruction.storage]!;
        const base = program.gradients + offset + instruction.column;
        const factor = (k: number) =>
          instruction.op === 'outer' ? get(instruction.left, k) : Number(k === token);
        for (let k = 0; k < inputs; k++) {
          for (let i = 0; i < instruction.right.width; i++) {
            const before = first && !instruction.accumulate ? 0 : arena[base + k * columns + i]!;
            arena[base + k * columns + i] = before + factor(k) * get(instruction.right, i);
          }
        }
        break;
      }
      case 'sum':
        for (let i = 0; i < instruction.input.width; i++) {
          const place = program.gradients + instruction.parameter + i;
          arena[place] =
            (first && !instruction.accumulate ? 0 : arena[place]!) + get(instruction.input, i);
        }
        break;
      default:
        throw new Error(`${instruction.op} is in no program of a stream.`);
    }
  }
}

/** All values of an elementwise chain for one element. */
export function chainValues(steps: readonly ElementStep[], inputs: readonly number[]): number[] {
  const values: number[] = [];
  const valueOf = (operand: ElementOperand | undefined): number => {
    if (operand === undefined) return NaN;
    if (operand.kind === 'constant') return operand.value;
    return operand.kind === 'input' ? inputs[operand.index]! : values[operand.index]!;
  };
  for (const { operation, a, b } of steps)
    values.push(operations[operation](valueOf(a), valueOf(b)));
  return values;
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** Operations and their derivatives as their definitions say. */
const operations: Record<ElementStep['operation'], (a: number, b: number) => number> = {
  copy: (a) => a,
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  negate: (a) => -a,
  tanh: Math.tanh,
  sigmoid,
  relu: (a) => (a > 0 ? a : 0),
  exp: Math.exp,
  log: Math.log,
  softplus: (a) => (a > 30 ? a : Math.log1p(Math.exp(a))),
  sqrt: Math.sqrt,
  abs: Math.abs,
  tanhGradient: (a, b) => b * (1 - a ** 2),
  sigmoidGradient: (a, b) => b * a * (1 - a),
  reluGradient: (a, b) => (a > 0 ? b : 0),
  absGradient: (a, b) => b * Math.sign(a),
};

/** The product of a row with what lies in the arena from `start`, `stride` apart. */
function dot(x: readonly number[], arena: Float64Array, start: number, stride: number): number {
  let total = 0;
  for (let k = 0; k < x.length; k++) total += x[k]! * arena[start + k * stride]!;
  return total;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function softmax(x: readonly number[]): number[] {
  const largest = Math.max(...x);
  const e = x.map((value) => Math.exp(value - largest));
  const total = sum(e);
  return e.map((value) => value / total);
}

function moments(x: readonly number[]): { centred: number[]; deviation: number } {
  const mean = sum(x) / x.length;
  const centred = x.map((value) => value - mean);
  return { centred, deviation: Math.sqrt(sum(centred.map((c) => c * c)) / x.length + 1e-5) };
}
