import { logSumExp } from '../numerics';
import { evaluateElement, type ElementOperation } from '../graph/elements';
import type { Domain } from '../graph/operation';
import { at, runStepInstruction, type StepContext } from './reference-steps';
import {
  dropoutHash,
  exampleKey,
  type ElementOperand,
  type Instruction,
  type Program,
} from './program';

/** Steps `from … to - 1` of all batch rows. */
export interface Rows {
  readonly from: number;
  readonly to: number;
  /** Sums over these rows are added to what is there. */
  readonly adding?: boolean;
}

export interface ReferenceContext extends StepContext {
  readonly program: Program;
  readonly inputs: Readonly<Record<Domain, Int32Array>>;
  readonly targets: Int32Array;
  readonly keys: Int32Array;
  readonly dropoutKey: number;
  readonly lossScale: number;
  readonly evaluate: (operation: ElementOperation, a: number, b?: number) => number;
}

/** Executes one instruction on the given steps; the meaning is that of `Instruction`'s comments. */
export function runInstruction(
  context: ReferenceContext,
  instruction: Instruction,
  steps: Rows,
): void {
  if (instruction.op === 'outer' || instruction.op === 'scatter' || instruction.op === 'sum') {
    reduce(context, instruction, steps);
    return;
  }
  for (const [t, b] of rowsOf(context, steps)) runRow(context, instruction, t, b);
}

/** Rows (t, b) of the phase's domain that examples have, step by step. */
function* rowsOf({ lengths, domain }: ReferenceContext, { from, to }: Rows) {
  for (let t = from; t < to; t++) {
    for (const [b, length] of lengths[domain].entries()) if (t < length) yield [t, b] as const;
  }
}

type RowInstruction = Exclude<Instruction, { op: 'outer' | 'scatter' | 'sum' }>;

function runRow(
  context: ReferenceContext,
  instruction: RowInstruction,
  t: number,
  b: number,
): void {
  const { arena, program } = context;
  const tokens = context.inputs[context.domain];
  switch (instruction.op) {
    case 'gather': {
      const { offset, columns } = program.storages[instruction.storage]!;
      const source =
        program.parameters + offset + tokens[t * program.batch + b]! * columns + instruction.column;
      const out = at(instruction.out, t, b);
      for (let i = 0; i < instruction.out.width; i++) arena[out + i] = arena[source + i]!;
      break;
    }
    case 'onehot': {
      const out = at(instruction.out, t, b);
      arena.fill(0, out, out + instruction.out.width);
      arena[out + tokens[t * program.batch + b]!] = 1;
      break;
    }
    case 'product': {
      const { offset, columns, inputs } = program.storages[instruction.storage]!;
      const matrix = program.parameters + offset + instruction.column;
      const from = at(instruction.input, t, b);
      const out = at(instruction.out, t, b);
      const { transposed, accumulate } = instruction;
      const length = transposed ? inputs : instruction.out.width;
      const depth = transposed ? instruction.input.width : inputs;
      for (let i = 0; i < length; i++) {
        let sum = accumulate ? arena[out + i]! : 0;
        for (let k = 0; k < depth; k++) {
          const weight = transposed ? matrix + i * columns + k : matrix + k * columns + i;
          sum += arena[from + k]! * arena[weight]!;
        }
        arena[out + i] = sum;
      }
      break;
    }
    case 'elementwise':
      runElements(context, instruction, t, b);
      break;
    case 'softmax': {
      const from = at(instruction.input, t, b);
      const out = at(instruction.out, t, b);
      const { width } = instruction.out;
      const total = logSumExp(arena, from, from + width);
      for (let i = 0; i < width; i++) arena[out + i] = Math.exp(arena[from + i]! - total);
      break;
    }
    case 'softmaxGradient': {
      const [p, g, out] = [instruction.output, instruction.gradient, instruction.out].map((v) =>
        at(v, t, b),
      ) as [number, number, number];
      const { width } = instruction.out;
      let dot = 0;
      for (let i = 0; i < width; i++) dot += arena[p + i]! * arena[g + i]!;
      for (let i = 0; i < width; i++) arena[out + i] = arena[p + i]! * (arena[g + i]! - dot);
      break;
    }
    case 'layernorm': {
      const from = at(instruction.input, t, b);
      const out = at(instruction.out, t, b);
      const { width } = instruction.out;
      const { mean, deviation } = momentsOf(arena, from, width);
      for (let i = 0; i < width; i++) arena[out + i] = (arena[from + i]! - mean) / deviation;
      break;
    }
    case 'layernormGradient': {
      const [x, y, g, out] = [
        instruction.input,
        instruction.output,
        instruction.gradient,
        instruction.out,
      ].map((v) => at(v, t, b)) as [number, number, number, number];
      const { width } = instruction.out;
      const { deviation } = momentsOf(arena, x, width);
      let meanG = 0;
      let meanGY = 0;
      for (let i = 0; i < width; i++) {
        meanG += arena[g + i]! / width;
        meanGY += (arena[g + i]! * arena[y + i]!) / width;
      }
      for (let i = 0; i < width; i++) {
        arena[out + i] = (arena[g + i]! - meanG - arena[y + i]! * meanGY) / deviation;
      }
      break;
    }
    case 'dropoutMask': {
      const out = at(instruction.out, t, b);
      const { width } = instruction.out;
      const isStream = program.rows === 'streams';
      const first = (isStream ? t * program.batch + b : t) * width;
      const key = isStream ? context.dropoutKey : exampleKey(context.dropoutKey, context.keys[b]!);
      const keep = 1 / (1 - instruction.rate);
      for (let i = 0; i < width; i++) {
        const hash = dropoutHash(key, instruction.stream, first + i);
        arena[out + i] = hash >= instruction.rate * 2 ** 32 ? keep : 0;
      }
      break;
    }
    case 'crossEntropy': {
      const from = at(instruction.logits, t, b);
      const { width } = instruction.logits;
      const target = context.targets[t * program.batch + b]!;
      const total = logSumExp(arena, from, from + width);
      const { weights } = instruction;
      const weight = weights === undefined ? 1 : arena[weights.offset + target]!;
      arena[program.losses + t * program.batch + b] =
        target < 0 ? 0 : weight * (total - arena[from + target]!);
      if (!instruction.gradient) break;
      const out = at(instruction.gradient, t, b);
      for (let i = 0; i < width; i++) {
        const excess = Math.exp(arena[from + i]! - total) - (i === target ? 1 : 0);
        arena[out + i] = target < 0 ? 0 : excess * weight * context.lossScale;
      }
      break;
    }
    case 'bernoulli':
    case 'squaredError': {
      const { logits, gradient, op } = instruction;
      const from = at(logits, t, b);
      const target = at(instruction.target, t, b);
      const place = t * program.batch + b;
      const isMissing = context.targets[place]! < 0;
      let loss = 0;
      for (let i = 0; i < logits.width; i++) {
        const [z, y] = [arena[from + i]!, arena[target + i]!];
        loss += op === 'squaredError' ? 0.5 * (z - y) ** 2 : evaluateElement('softplus', z) - y * z;
        if (!gradient) continue;
        const prediction = op === 'squaredError' ? z : evaluateElement('sigmoid', z);
        arena[at(gradient, t, b) + i] = isMissing ? 0 : (prediction - y) * context.lossScale;
      }
      arena[program.losses + place] = isMissing ? 0 : loss;
      break;
    }
    default:
      runStepInstruction(context, instruction, t, b);
  }
}

function momentsOf(
  arena: Float64Array,
  from: number,
  width: number,
): { mean: number; deviation: number } {
  let mean = 0;
  for (let i = 0; i < width; i++) mean += arena[from + i]! / width;
  let variance = 0;
  for (let i = 0; i < width; i++) variance += (arena[from + i]! - mean) ** 2 / width;
  return { mean, deviation: Math.sqrt(variance + 1e-5) };
}

function runElements(
  { arena, evaluate }: ReferenceContext,
  instruction: Extract<Instruction, { op: 'elementwise' }>,
  t: number,
  b: number,
): void {
  const sources = instruction.inputs.map((view) => at(view, t, b));
  const targets = instruction.stores.map(({ step, out }) => ({
    step,
    offset: at(out, t, b),
  }));
  const values = new Float64Array(instruction.steps.length);
  for (let i = 0; i < instruction.width; i++) {
    const valueOf = (operand: ElementOperand): number => {
      if (operand.kind === 'constant') return operand.value;
      return operand.kind === 'step' ? values[operand.index]! : arena[sources[operand.index]! + i]!;
    };
    instruction.steps.forEach(({ operation, a, b: second }, index) => {
      values[index] = evaluate(operation, valueOf(a), second && valueOf(second));
    });
    for (const { step, offset } of targets) arena[offset + i] = values[step]!;
  }
}

function reduce(
  context: ReferenceContext,
  instruction: Extract<Instruction, { op: 'outer' | 'scatter' | 'sum' }>,
  steps: Rows,
): void {
  const { program, arena } = context;
  const { batch, gradients } = program;
  if (instruction.op === 'sum') {
    const { parameter, accumulate, input } = instruction;
    const out = gradients + parameter;
    if (!accumulate && steps.adding !== true) arena.fill(0, out, out + input.width);
    for (const [t, b] of rowsOf(context, steps)) {
      const from = at(input, t, b);
      for (let i = 0; i < input.width; i++) arena[out + i]! += arena[from + i]!;
    }
    return;
  }
  const { storage, column, accumulate, right } = instruction;
  const { offset, inputs, columns } = program.storages[storage]!;
  const out = gradients + offset + column;
  if (!accumulate && steps.adding !== true) {
    for (let k = 0; k < inputs; k++)
      arena.fill(0, out + k * columns, out + k * columns + right.width);
  }
  for (const [t, b] of rowsOf(context, steps)) {
    const from = at(right, t, b);
    const add = (k: number, factor: number): void => {
      for (let i = 0; i < right.width; i++)
        arena[out + k * columns + i]! += factor * arena[from + i]!;
    };
    if (instruction.op === 'scatter') {
      add(context.inputs[context.domain][t * batch + b]!, 1);
    } else {
      const left = at(instruction.left, t, b);
      for (let k = 0; k < inputs; k++) add(k, arena[left + k]!);
    }
  }
}
