/** What a debugger shows of a place: rows with a name and a value, and rows within those. */
import { sentence, verbatim, type Sentence } from '../sentence';
import { likeliest } from '../numerics';
import { printExpression } from '../equations/print';
import { isSaturated } from '../inspection/observation';
import { allOf, valueAt, type Asked, type Standpoint } from './ask';
import type { Term } from './backward';
import { gradientOf, gradientSoFar, stepGradient, termsOf } from './gradients';
import {
  factsOf,
  jacobian,
  longestProduct,
  productOf,
  radiusByIteration,
  slotsOf,
  widestJacobian,
} from './jacobian';
import type { ScopeName } from './names';
import type { Instruction } from './plan';
import { dense, isOneHot, type Matrix } from './values';

/** Something with rows within: a scope, a vector, a matrix, or a row of it. */
export interface Path {
  readonly of:
    | ScopeName
    | 'value'
    | 'part'
    | 'parameter'
    | 'gradient'
    | 'term'
    | 'sum'
    | 'matrix'
    | 'product';
  /** Of a variable its index, of a part too; of a parameter its qualified name. */
  readonly name?: string | number | undefined;
  readonly row?: number | undefined;
}

export interface Row {
  readonly name: string;
  readonly value: Sentence;
  /** Where there are rows within, and how many. */
  readonly path?: Path;
  readonly count?: number;
  /** As an expression. */
  readonly expression?: string;
  /** Whether `set` can change it. */
  readonly isSettable?: boolean;
  /** A unit that can be watched. */
  readonly unit?: { readonly variable: number; readonly unit: number };
}

/** `-0.123`, `1.5e-7`: four digits, for the eye. */
export function shortNumber(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** What an expression comes to, in a line. */
export function answerText(found: Asked): string {
  if (typeof found === 'number') return String(found);
  if (typeof found !== 'object') return String(found);
  if ('rows' in found) return `[${String(found.rows)}, ${String(found.columns)}]`;
  const values = allOf(found)!;
  const shown = [...values.subarray(0, 8)].map(shortNumber).join(', ');
  return `[${shown}${values.length > 8 ? ', …' : ''}]`;
}

interface Extent {
  readonly squares: number;
  readonly least: number;
  readonly greatest: number;
}

function extentOf(values: ArrayLike<number>): Extent {
  let [squares, least, greatest] = [0, Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    squares += value * value;
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  return { squares, least, greatest };
}

/** Of gradient operandᵀ, without the matrix, which may be large. */
function extentOfTerm({ gradient, operand }: Term, columns: number): Extent {
  const g = extentOf(gradient);
  if (operand === undefined) return g;
  const x = extentOf(dense(operand, columns));
  const corners = [g.least, g.greatest].flatMap((a) => [a * x.least, a * x.greatest]);
  return {
    squares: g.squares * x.squares,
    least: Math.min(...corners),
    greatest: Math.max(...corners),
  };
}

/** `[16] · norm 1.2 · -0.9 … 0.8`. */
export function summary(values: ArrayLike<number>, shape: readonly number[]): Sentence {
  return summaryOf(extentOf(values), shape);
}

function summaryOf({ squares, least, greatest }: Extent, shape: readonly number[]): Sentence {
  const told = `[${shape.join(', ')}]`;
  return sentence`${told} norm ${shortNumber(Math.sqrt(squares))}, ${shortNumber(least)} … ${shortNumber(greatest)}`;
}

/** What a matrix, a vector or a number is, in a line; with the rows within. */
export function answerRow(name: string, found: Asked): Omit<Row, 'path'> {
  if (typeof found !== 'object') {
    return { name, value: verbatim(typeof found === 'string' ? `'${found}'` : String(found)) };
  }
  if ('rows' in found) {
    const { rows, columns, values } = found;
    return { name, value: summary(values, [rows, columns]), count: rows };
  }
  const values = allOf(found)!;
  return { name, value: summary(values, [values.length]), count: values.length };
}

/** The rows within a scope or a value, `[from, from + count)` of them. */
export function rowsOf(path: Path, at: Standpoint, from = 0, count = Infinity): Row[] {
  switch (path.of) {
    case 'step':
      return stepRows(at);
    case 'parameters':
      return parameterRows(at);
    case 'gradients':
      return gradientRows(at);
    case 'jacobian':
      return jacobianRows(at);
    default:
      return entriesOf(path, at, from, count);
  }
}

/** What a path with a name holds: a vector, or a matrix by its rows. */
export function contentOf({ of, name = 0 }: Path, { machine, t }: Standpoint): Matrix {
  const column = (values: Float64Array): Matrix => ({ rows: values.length, columns: 1, values });
  const { parameters, plan } = machine.material;
  const shaped = (values: Float64Array): Matrix => ({ ...parameters.get(String(name))!, values });
  switch (of) {
    case 'parameter':
      return parameters.get(String(name))!;
    case 'sum':
      return shaped(gradientSoFar(machine, String(name)));
    case 'term':
      return shaped(stepGradient(machine, t, String(name)));
    case 'gradient':
      return column(gradientOf(machine, t, Number(name)) ?? new Float64Array(0));
    case 'matrix':
      return jacobian(machine, t, Number(name));
    case 'product':
      return productOf(machine, ...productSteps(machine, t));
    case 'part':
      return column(partsOf(machine)[Number(name)]?.values ?? new Float64Array(0));
    default: {
      const value = valueAt(machine, t, Number(name));
      const width = isOneHot(value)
        ? value.width
        : (plan.instructions[Number(name)]?.width ?? plan.spec.embedding);
      return column(dense(value, width));
    }
  }
}

function entriesOf(path: Path, at: Standpoint, from: number, count: number): Row[] {
  const { rows, columns, values } = contentOf(path, at);
  const isMatrix = columns > 1;
  if (isMatrix && path.row === undefined) {
    return range(from, Math.min(rows, from + count)).map((row) => ({
      name: `[${String(row)}]`,
      value: summary(values.subarray(row * columns, (row + 1) * columns), [columns]),
      path: { ...path, row },
      count: columns,
    }));
  }
  const start = (path.row ?? 0) * columns;
  const length = isMatrix ? columns : rows;
  const isSettable = path.of === 'parameter' || path.of === 'value';
  return range(from, Math.min(length, from + count)).map((entry) => ({
    name: `[${String(entry)}]`,
    value: verbatim(String(values[start + entry]!)),
    isSettable,
    ...(path.of === 'value' ? { unit: { variable: Number(path.name), unit: entry } } : {}),
  }));
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}

/** Whether an equation belongs to a frame: to its layer, where the output layer that a model adds is the last one's. */
function isOfFrame({ layer }: Instruction, at: Standpoint): boolean {
  const { layers } = at.machine.material.plan.spec;
  return Math.min(layer, layers) === at.layer;
}

/** `s`, or `layer2.s` where there are several layers. */
function shownName({ name, symbol, isWritten }: Instruction, layers: number): string {
  return layers > 1 && isWritten ? name : symbol;
}

/** The parts of the equation at hand that have been worked out, of the pass that is under way. */
function partsOf(machine: Standpoint['machine']): { name: string; values: Float64Array }[] {
  const { place, forward, backward, material } = machine;
  if (!place.instruction || place.parts === 0) return [];
  const { index, parts } = place.instruction;
  const root = forward.work(place.t, index).trees[index]!;
  const all: (typeof root)[] = [];
  const collect = (node: typeof root): void => {
    node.parts.forEach(collect);
    if (parts.includes(node.expression)) all.push(node);
  };
  collect(root);
  if (place.pass === 'forward') {
    return all.slice(0, place.parts).map(({ expression, value }) => ({
      name: printExpression(expression),
      values: dense(
        value,
        typeof value === 'number' ? 1 : isOneHot(value) ? value.width : value.length,
      ),
    }));
  }
  const done = backward.work(place.t, material.plan.instructions.length - index);
  return all
    .reverse()
    .slice(0, place.parts)
    .flatMap((node) => {
      const values = done.parts.get(node);
      return values ? [{ name: `∂E/∂(${printExpression(node.expression)})`, values }] : [];
    });
}

function stepRows(at: Standpoint): Row[] {
  const { machine, t } = at;
  const { plan, ids } = machine.material;
  const rows: Row[] = [
    { name: 'token', value: verbatim(`'${at.tokenName(ids[t]!)}'`), expression: 'token' },
    { name: 'target', value: verbatim(`'${at.tokenName(ids[t + 1]!)}'`), expression: 'target' },
  ];
  if (t === machine.place.t) {
    partsOf(machine).forEach(({ name, values }, i) => {
      const value = summary(values, [values.length]);
      rows.push({ name, value, path: { of: 'part', name: i }, count: values.length });
    });
  }
  for (const instruction of plan.instructions) {
    if (!isOfFrame(instruction, at) || !machine.isKnown(t, instruction.index)) continue;
    const { index, width, activation, symbol, isPrediction } = instruction;
    const values = machine.forward.work(t, index).values[index]!;
    const saturated = activation
      ? values.reduce((sum, value) => sum + (isSaturated(activation, value) ? 1 : 0), 0)
      : undefined;
    const told = summary(values, [width]);
    const name = `${shownName(instruction, plan.spec.layers)}[t]`;
    const value = isPrediction
      ? verbatim(likeliestText(values, at))
      : saturated === undefined
        ? told
        : sentence`${told}, ${saturated} saturated`;
    rows.push({
      ...{ name, value, count: width, path: { of: 'value', name: index } },
      expression: plan.spec.layers > 1 ? name : `${symbol}[t]`,
    });
    if (isPrediction) {
      const loss = machine.forward.loss(t);
      rows.push({ name: 'loss', value: verbatim(String(loss)), expression: 'loss' });
    }
  }
  return rows;
}

/** `'m' 34 %, 'e' 20 %, 'a' 3 %`. */
function likeliestText(values: Float64Array, at: Standpoint): string {
  const finite = values.every((value) => !Number.isNaN(value));
  if (!finite) return 'NaN';
  return likeliest(values, 3)
    .map((id) => `'${at.tokenName(id)}' ${shortNumber(100 * values[id]!)} %`)
    .join(', ');
}

function parameterRows({ machine }: Standpoint): Row[] {
  const { structure, spec } = machine.material.plan;
  return structure.parameters.map(({ name, symbol, shape }) => ({
    ...{ name: spec.layers > 1 ? name : symbol, path: { of: 'parameter', name }, count: shape[0]! },
    value: summary(machine.material.parameters.get(name)!.values, shape),
    expression: symbol,
  }));
}

function gradientRows(at: Standpoint): Row[] {
  const { machine, t } = at;
  const { plan } = machine.material;
  if (machine.place.pass === 'forward') return [];
  const rows: Row[] = [];
  for (const instruction of plan.instructions) {
    const values = gradientOf(machine, t, instruction.index);
    // The prediction's own is not needed: softmax and cross-entropy are gone back through together.
    if (!values || instruction.isPrediction || !isOfFrame(instruction, at)) continue;
    const name = shownName(instruction, plan.spec.layers);
    rows.push({
      name: `∂E/∂${name}[t]`,
      value: summary(values, [values.length]),
      path: { of: 'gradient', name: instruction.index },
      count: values.length,
      expression: `grad(${name}[t])`,
    });
  }
  for (const { name, symbol, shape } of plan.structure.parameters) {
    const shown = plan.spec.layers > 1 ? name : symbol;
    const count = shape[0]!;
    if (machine.gradientsDone(t) > 0) {
      const path = { of: 'term', name } as const;
      const terms = termsOf(machine, t, name);
      const extent =
        terms.length === 1
          ? extentOfTerm(terms[0]!, shape[1] ?? 1)
          : extentOf(stepGradient(machine, t, name));
      rows.push({ name: `∂E/∂${shown} [t]`, value: summaryOf(extent, shape), path, count });
    }
    const sum = summary(gradientSoFar(machine, name), shape);
    const path = { of: 'sum', name } as const;
    rows.push({ name: `∂E/∂${shown} Σ`, value: sum, path, count, expression: `grad(${symbol})` });
  }
  return rows;
}

function jacobianRows(at: Standpoint): Row[] {
  const { machine, t } = at;
  const { plan } = machine.material;
  const own = plan.states.flatMap(({ variable, width }): Row[] => {
    const instruction = plan.instructions[variable];
    if (!instruction || !isOfFrame(instruction, at)) return [];
    if (!machine.isKnown(t, variable)) return [];
    const shown = shownName(instruction, plan.spec.layers);
    const name = `∂${shown}[t]/∂${shown}[t-1]`;
    if (width > widestJacobian) {
      const radius = shortNumber(radiusByIteration(machine, t, variable));
      return [{ name, value: sentence`spectral radius ${radius}` }];
    }
    const { norm, radius } = factsOf(jacobian(machine, t, variable));
    return [
      {
        name,
        value: sentence`norm ${shortNumber(norm)}, spectral radius ${shortNumber(radius)}`,
        path: { of: 'matrix', name: variable },
        count: width,
      },
    ];
  });
  return [...own, ...productRow(at)];
}

/** From the first step to this one, or in the backward pass from the last one back to it. */
function productSteps({ place, forward }: Standpoint['machine'], t: number): [number, number] {
  return place.pass === 'forward' ? [0, t] : [t, forward.length - 1];
}

/** What a gradient has been multiplied by on its way so far. */
function productRow({ machine, t }: Standpoint): Row[] {
  const { plan } = machine.material;
  const slots = slotsOf(plan);
  const count = slots.reduce((sum, { width }) => sum + width, 0);
  const isKnown = slots.every(({ variable }) => machine.isKnown(t, variable));
  const [from, to] = productSteps(machine, t);
  // Of one step alone it is the Jacobian itself, unless that is of a part of the state.
  if (!isKnown || count === 0 || count > widestJacobian || (from === to && slots.length === 1)) {
    return [];
  }
  const symbol = slots.length === 1 ? plan.instructions[slots[0]!.variable]!.symbol : 'S';
  const name = `∂${symbol}[${String(to + 1)}]/∂${symbol}[${String(from)}]`;
  if (to - from >= longestProduct) {
    return [{ name, value: sentence`over more than ${longestProduct} steps: left out` }];
  }
  const { norm, radius } = factsOf(productOf(machine, from, to));
  return [
    {
      name,
      value: sentence`norm ${shortNumber(norm)}, spectral radius ${shortNumber(radius)}`,
      path: { of: 'product' },
      count,
    },
  ];
}
