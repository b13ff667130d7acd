/** Sets out a small network's passes with the debugger's machine, in float64. */
import type { TokenIds } from '../data/tokenizer';
import { printExpression } from '../equations/print';
import { mentionsOf, visit } from '../equations/names';
import type { Expression } from '../equations/syntax';
import type { ModelSpec } from '../graph/model-spec';
import { InputError } from '../input-error';
import { readQualified } from '../qualified';
import { sentence } from '../sentence';
import type { Evaluated } from '../debugger/evaluate';
import { createMachine, type TextMachine as Machine } from '../debugger/machine';
import { createPlan, type Instruction, type TextPlan as Plan } from '../debugger/plan';
import { addTerm } from '../debugger/sums';
import { createArithmetic, dense, type Matrix } from '../debugger/values';
import { differences, epsilon, reach } from './differences';
import { graphOf } from './graph';
import { chainOf, stateNames } from './chain';
import { sheetLimits } from './limits';
import type { Sheet, SheetParameter, SheetRow, SheetTerms } from './sheet';

/** A step of gradient descent that has been taken: on which step's loss, from 0, and with which learning rate. */
export interface Taken {
  readonly t: number;
  readonly rate: number;
}

export interface SheetOptions {
  readonly spec: ModelSpec;
  /** Row-major, by qualified names; they are left as they are. */
  readonly parameters: ReadonlyMap<string, Matrix>;
  /** At least two; of more than fit, the first. */
  readonly ids: TokenIds;
  readonly tokenName: (id: number) => string;
  /** Whose loss is followed, from 0; one that there is not: the last. */
  readonly t: number;
  /** The earlier step that is looked at, from 0; null: two before. */
  readonly k: number | null;
  /** The parameter whose gradient is taken apart, by its qualified name; default: the first recurrent one. */
  readonly parameter?: string | undefined;
  /** Multiplies the recurrent matrices as they were at first. */
  readonly gain: number;
  /** Of the step that is shown, and is not taken yet. */
  readonly rate: number;
  readonly taken: readonly Taken[];
}

type Parameters = Map<string, Matrix>;

/**
 * @throws EquationError if the cell's shapes do not fit
 * @throws InputError if the network is too large for a sheet, or the text too short
 */
export function makeSheet(options: SheetOptions): Sheet {
  const { spec, gain, rate, taken, tokenName } = options;
  const { hidden, layers, steps, vocabulary } = sheetLimits;
  if (spec.hidden > hidden || spec.layers > layers || spec.vocabulary > vocabulary) {
    throw new InputError(
      sentence`This network has ${spec.layers} layers of ${spec.hidden} hidden units and ${spec.vocabulary} tokens; a worksheet has room for ${layers} of ${hidden}, and for ${vocabulary} tokens.`,
      sentence`Choose a small new network.`,
    );
  }
  if (options.ids.length < 2) {
    throw new InputError(
      sentence`This text is too short: a token is predicted from those before it.`,
      sentence`Choose a text of at least two tokens.`,
    );
  }
  const ids = options.ids.subarray(0, steps + 1);
  const length = ids.length - 1;
  const t = Math.min(options.t, length - 1);
  const k = Math.min(options.k ?? Math.max(0, t - 2), t);
  const plan = createPlan(spec);
  const recurrent = recurrentIn(plan);
  const parameters: Parameters = new Map(
    [...options.parameters].map(([name, matrix]) => {
      const factor = recurrent.has(name) ? gain : 1;
      return [name, { ...matrix, values: matrix.values.map((value) => value * factor) }];
    }),
  );
  const machineOf = (last: number, weights: Parameters): Machine => {
    const upTo = ids.subarray(0, Math.min(last, length - 1) + 2);
    return createMachine({
      plan,
      parameters: weights,
      ids: upTo,
      numbers: createArithmetic('float64'),
    });
  };
  for (const each of taken)
    descend(parameters, gradientsOf(machineOf(each.t, parameters)), each.rate);

  const whole = machineOf(length - 1, parameters);
  reach(whole.forward.chain.reach(length));
  const machine = machineOf(t, parameters);
  const gradients = gradientsOf(machine);
  const after: Parameters = new Map(
    [...parameters].map(([name, matrix]) => [name, { ...matrix, values: matrix.values.slice() }]),
  );
  descend(after, gradients, rate);
  const next = machineOf(t, after);
  reach(next.forward.chain.reach(t + 1));

  const described = parametersOf(plan, parameters, gradients, recurrent);
  const chosen =
    described.find(({ name }) => name === options.parameter) ??
    described.find(({ isRecurrent }) => isRecurrent) ??
    described[0]!;
  return {
    cell: spec.cell.name,
    equations: [...new Set(plan.instructions.map(({ text }) => text))],
    ...{ hidden: spec.hidden, layers: spec.layers, t, k },
    size: described.reduce((sum, { values }) => sum + values.length, 0),
    tokens: Array.from(ids, tokenName),
    ids: Array.from(ids),
    vocabulary: Array.from({ length: spec.vocabulary }, (_, id) => tokenName(id)),
    losses: Float64Array.from({ length }, (_, step) => whole.forward.loss(step)),
    lossAfter: next.forward.loss(t),
    rows: rowsOf(whole, machine),
    parameters: described,
    terms: termsOf(machine, chosen),
    output: outputTerm(machine),
    state: stateNames(plan),
    jacobians: chainOf(machine),
    graph: graphOf(machine, k),
  };
}

/** ∂E/∂ each parameter, after both passes. */
function gradientsOf({ forward, backward, sums, material }: Machine): Map<string, Float64Array> {
  reach(forward.chain.reach(forward.length));
  reach(backward.chain.reach(forward.length));
  reach(sums.reach(forward.length));
  return new Map([...material.parameters.keys()].map((name) => [name, sums.of(name)]));
}

/** w ← w − η ∂E/∂w. */
function descend(
  parameters: ReadonlyMap<string, Matrix>,
  gradients: ReadonlyMap<string, Float64Array>,
  rate: number,
): void {
  for (const [name, { values }] of parameters) {
    const gradient = gradients.get(name)!;
    for (let i = 0; i < values.length; i++) values[i]! -= rate * gradient[i]!;
  }
}

/** Matrices that multiply values of earlier steps, by their qualified names. */
function recurrentIn(plan: Plan): ReadonlySet<string> {
  const found = new Set<string>();
  for (const at of plan.instructions) {
    for (const part of at.parts) {
      if (part.kind !== 'product') continue;
      const { lags } = mentionsOf([part.operand]);
      const isState = ([name, lag]: readonly [string, number]): boolean =>
        lag > 0 && plan.variable(at, name) !== plan.inputs;
      if ([...lags].some(isState)) found.add(plan.parameter(at, part.matrix));
    }
  }
  return found;
}

function parametersOf(
  plan: Plan,
  parameters: Parameters,
  gradients: ReadonlyMap<string, Float64Array>,
  recurrent: ReadonlySet<string>,
): SheetParameter[] {
  const read = new Map<string, number>();
  const onTokens = new Map<string, SheetParameter['tokens']>();
  const one = (name: string) => read.set(name, (read.get(name) ?? 0) + 1);
  if (plan.spec.embedding > 0) {
    one('embedding.E');
    onTokens.set('embedding.E', 'columns');
  }
  for (const at of plan.instructions) {
    visit(at.equation.expression, (node) => {
      if (node.kind === 'bias') one(plan.parameter(at, node.name));
      if (node.kind !== 'product') return;
      const name = plan.parameter(at, node.matrix);
      one(name);
      if (node.operand.kind === 'variable') {
        const variable = plan.variable(at, node.operand.name);
        if (variable === plan.inputs && plan.spec.embedding === 0) onTokens.set(name, 'columns');
      }
    });
    if (at.isPrediction) {
      visit(at.equation.expression, (node) => {
        if (node.kind !== 'product' && node.kind !== 'bias') return;
        const name = plan.parameter(at, node.kind === 'product' ? node.matrix : node.name);
        const { rows } = parameters.get(name)!;
        if (rows === plan.spec.vocabulary && !onTokens.has(name)) onTokens.set(name, 'rows');
      });
    }
  }
  return plan.structure.parameters.map(({ name, symbol }) => ({
    ...{ name, symbol },
    layer: name.startsWith('output.') ? plan.layers : readQualified(name).layer,
    ...parameters.get(name)!,
    tokens: onTokens.get(name) ?? null,
    isRecurrent: recurrent.has(name),
    uses: read.get(name) ?? 0,
    gradient: gradients.get(name)!,
  }));
}

/** What is worked out at each step, top down; a sum of several is one value, not one after each `+`. */
function rowsOf(whole: Machine, machine: Machine): SheetRow[] {
  const { plan } = whole.material;
  const { instructions, spec } = plan;
  const states = new Set(plan.states.map(({ variable }) => variable));
  const last = instructions.length - 1;
  const steps = Array.from({ length: whole.forward.length }, (_, t) => whole.forward.work(t, last));
  const back = Array.from({ length: machine.forward.length }, (_, t) => {
    const trees = machine.forward.work(t, last).trees;
    return { trees, work: machine.backward.work(t, instructions.length) };
  });
  const none = new Float64Array(0);
  const input: SheetRow = {
    ...{ text: 'x[t]', equation: '', layer: 1, kind: 'input', matrix: null, prediction: null },
    isState: false,
    width: spec.embedding || spec.vocabulary,
    values: steps.map((step) => dense(step.input, spec.embedding || spec.vocabulary)),
    gradients:
      spec.embedding > 0 ? back.map(({ work }) => work.gradients[plan.inputs] ?? none) : [],
  };
  return [
    input,
    ...instructions.flatMap((at) => {
      const shown = partsShown(at);
      return shown.map(({ part, path }): SheetRow => {
        const isOwn = path.length === 0;
        const isLogits = at.isPrediction && path.length === 1;
        const find = (tree: Evaluated): Evaluated => path.reduce((node, i) => node.parts[i]!, tree);
        const values = steps.map(({ trees, values: own }) =>
          isOwn ? own[at.index]! : dense(find(trees[at.index]!).value, at.width),
        );
        return {
          text: isOwn ? `${at.symbol}[t]` : printExpression(part),
          equation: at.text,
          layer: at.layer,
          kind: isOwn ? 'variable' : 'part',
          matrix: part.kind === 'product' ? plan.parameter(at, part.matrix) : null,
          prediction: !at.isPrediction
            ? null
            : isOwn
              ? 'probabilities'
              : isLogits
                ? 'logits'
                : null,
          isState: isOwn && states.has(at.index),
          width: values[0]!.length,
          values,
          gradients:
            isOwn && at.isPrediction
              ? []
              : back.map(({ trees, work }) => {
                  const found = isOwn
                    ? work.gradients[at.index]
                    : work.parts.get(find(trees[at.index]!));
                  return found ?? new Float64Array(values[0]!.length);
                }),
        };
      });
    }),
  ];
}

interface Shown {
  readonly part: Expression;
  /** Which operand of which, from the whole equation down. */
  readonly path: readonly number[];
}

function partsShown({ equation }: Instruction): Shown[] {
  const shown: Shown[] = [];
  const isSum = (node: Expression): boolean =>
    node.kind === 'binary' && (node.operator === '+' || node.operator === '-');
  const show = (part: Expression, path: readonly number[], isWithinSum: boolean): void => {
    const within = isSum(part);
    if (part.kind === 'binary') {
      show(part.left, [...path, 0], within);
      show(part.right, [...path, 1], within);
    } else if (part.kind === 'product' || part.kind === 'negate' || part.kind === 'call') {
      show(part.operand, [...path, 0], false);
    } else if (path.length > 0) return;
    if (within && isWithinSum) return;
    shown.push({ part, path });
  };
  show(equation.expression, [], false);
  return shown;
}

/** What the loss of the last step adds to the gradient of the matrix that makes its logits. */
function outputTerm({ material, forward, backward }: Machine): Sheet['output'] {
  const { plan, numbers, parameters } = material;
  const prediction = plan.instructions.find(({ isPrediction }) => isPrediction)!;
  const product = prediction.parts.find(({ kind }) => kind === 'product');
  if (product?.kind !== 'product') return null;
  const parameter = plan.parameter(prediction, product.matrix);
  const { rows, columns } = parameters.get(parameter)!;
  const { terms } = backward.work(forward.length - 1, plan.instructions.length);
  const found = terms.find((term) => term.parameter === parameter);
  if (found?.operand === undefined) return null;
  const term = new Float64Array(rows * columns);
  addTerm(term, found, numbers);
  return { parameter, gradient: found.gradient, operand: dense(found.operand, columns), term };
}

/** What each step adds to the gradient with respect to a parameter, and the same by finite differences. */
function termsOf(machine: Machine, { name, gradient, rows, columns }: SheetParameter): SheetTerms {
  const { numbers, plan } = machine.material;
  const all = plan.instructions.length;
  const ofStep = (t: number) =>
    machine.backward.work(t, all).terms.filter(({ parameter }) => parameter === name);
  const steps = Array.from({ length: machine.forward.length }, (_, t) => ofStep(t));
  const numeric = differences(machine, name);
  const greatest = gradient.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const apart = numeric.reduce(
    (most, value, i) => Math.max(most, Math.abs(value - gradient[i]!)),
    0,
  );
  return {
    parameter: name,
    terms: steps.map((terms) => {
      const total = new Float64Array(rows * columns);
      for (const term of terms) addTerm(total, term, numbers);
      return total;
    }),
    factors: steps.map((terms) =>
      terms.map((term) => ({
        gradient: term.gradient,
        operand: term.operand === undefined ? new Float64Array(0) : dense(term.operand, columns),
      })),
    ),
    ...{ numeric, epsilon },
    error: apart / Math.max(greatest, 1e-300),
  };
}
