/** What a debugger shows of a place: rows with a name and a value, and rows within those. */
import { sentence, verbatim } from '../sentence';
import { likeliest } from '../numerics';
import { printExpression } from '../equations/print';
import type { Equation, FunctionName } from '../equations/syntax';
import { isSaturated } from '../inspection/observation';
import { allOf, type Asked } from './ask';
import type { Evaluated } from './evaluate';
import { extentOf, extentOfTerm, nothing } from './extent';
import { extentSoFar, gradientOf, gradientSoFar, stepGradient, termsOf } from './gradients';
import { jacobian, productOf } from './jacobian';
import { valueAt, type Standpoint } from './lookup';
import {
  instructionsOf,
  shortNumber,
  shownName,
  summary,
  summaryOf,
  timeOf,
  type Path,
  type Row,
} from './row';
import { jacobianRows, productSteps } from './show-jacobian';
import { dense, isOneHot, widthOf, type Matrix } from './values';

/** What an expression comes to, in a line. */
export function answerText(found: Asked): string {
  if (typeof found === 'number') return String(found);
  if (typeof found !== 'object') return String(found);
  if ('rows' in found) return `[${String(found.rows)}, ${String(found.columns)}]`;
  const values = allOf(found)!;
  const shown = [...values.subarray(0, 8)].map(shortNumber).join(', ');
  return `[${shown}${values.length > 8 ? ', …' : ''}]`;
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
    case 'weights':
      return column(weightsOf(machine, t, Number(name)) ?? new Float64Array(0));
    case 'part':
      return column(partsOf(machine)[Number(name)]?.values ?? new Float64Array(0));
    default: {
      const value = valueAt(machine, t, Number(name));
      const width = isOneHot(value)
        ? value.width
        : (plan.instructions[Number(name)]?.width ?? widthOf(value));
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

/** The weights with which an equation attends, over the steps of its memory. */
function weightsOf(
  { forward }: Standpoint['machine'],
  t: number,
  variable: number,
): Float64Array | undefined {
  const find = (tree: Evaluated): Float64Array | undefined =>
    tree.weights ?? tree.parts.map(find).find(Boolean);
  return find(forward.work(t, variable).trees[variable]!);
}

/** The parts of the equation at hand that have been worked out, of the pass that is under way. */
function partsOf(machine: Standpoint['machine']): { name: string; values: Float64Array }[] {
  const { place, forward, backward, course } = machine;
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
  const done = backward.work(place.t, course.at(place.t).phase.to - index);
  return all
    .reverse()
    .slice(0, place.parts)
    .flatMap((node) => {
      const values = done.parts.get(node);
      return values ? [{ name: `∂E/∂(${printExpression(node.expression)})`, values }] : [];
    });
}

function stepRows(at: Standpoint): Row[] {
  const { machine, t, names } = at;
  const { plan } = machine.material;
  const rows: Row[] = [];
  for (const [name, token] of [
    ['token', names.token(t)],
    ['target', names.target(t)],
  ] as const) {
    if (token !== undefined) rows.push({ name, value: verbatim(`'${token}'`), expression: name });
  }
  rows.push(...inputRows(at));
  if (t === machine.place.t) {
    partsOf(machine).forEach(({ name, values }, i) => {
      const value = summary(values, [values.length]);
      rows.push({ name, value, path: { of: 'part', name: i }, count: values.length });
    });
  }
  for (const instruction of instructionsOf(at)) {
    if (!machine.isKnown(t, instruction.index)) continue;
    const { index, width, activation, isPrediction, equation } = instruction;
    const values = machine.forward.work(t, index).values[index]!;
    const saturated = activation
      ? values.reduce((sum, value) => sum + (isSaturated(activation, value) ? 1 : 0), 0)
      : undefined;
    const told = summary(values, [width]);
    const name = `${shownName(instruction, plan.spec.layers)}${timeOf(at)}`;
    const isOneOfMany = isPrediction && isCall(equation, 'softmax');
    const value = isOneOfMany
      ? verbatim(likeliestText(values, at))
      : saturated === undefined
        ? told
        : sentence`${told}, ${saturated} saturated`;
    rows.push({
      ...{ name, value, count: width, path: { of: 'value', name: index } },
      expression: name,
    });
    const weights = weightsOf(machine, t, index);
    if (weights) {
      rows.push({
        ...{ name: `weights ${name}`, value: summary(weights, [weights.length]) },
        ...{ count: weights.length, path: { of: 'weights', name: index } },
      });
    }
    const loss = isPrediction ? machine.forward.loss(t) : undefined;
    if (loss !== undefined) {
      rows.push({ name: 'loss', value: verbatim(String(loss)), expression: 'loss' });
    }
  }
  return rows;
}

function isCall({ expression }: Equation, name: FunctionName): boolean {
  return expression.kind === 'call' && expression.function === name;
}

/** Numbers that are read at a step. */
function inputRows({ machine, t }: Standpoint): Row[] {
  const { plan } = machine.material;
  const { input } = machine.forward.work(t, -1);
  const isRead = plan.isOfExamples && typeof input === 'object' && !isOneHot(input);
  if (!isRead || input.length === 0) return [];
  const { domain } = machine.course.at(t).phase;
  const name = domain === 'example' ? 'x' : `x[${domain}]`;
  const value = summary(input, [input.length]);
  const path = { of: 'value', name: plan.inputs } as const;
  return [
    { name, value, path, count: input.length, ...(domain !== 'example' && { expression: name }) },
  ];
}

/** `'m' 34 %, 'e' 20 %, 'a' 3 %`. */
function likeliestText(values: Float64Array, at: Standpoint): string {
  const finite = values.every((value) => !Number.isNaN(value));
  if (!finite) return 'NaN';
  return likeliest(values, 3)
    .map((id) => `'${at.names.symbol(id)}' ${shortNumber(100 * values[id]!)} %`)
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
  for (const instruction of instructionsOf(at)) {
    const values = gradientOf(machine, t, instruction.index);
    // The prediction's own is not needed: softmax and cross-entropy are gone back through together.
    if (!values || instruction.isPrediction) continue;
    const name = `${shownName(instruction, plan.spec.layers)}${timeOf(at)}`;
    rows.push({
      name: `∂E/∂${name}`,
      value: summary(values, [values.length]),
      path: { of: 'gradient', name: instruction.index },
      count: values.length,
      expression: `grad(${name})`,
    });
  }
  for (const { name, symbol, shape } of plan.structure.parameters) {
    const shown = plan.spec.layers > 1 ? name : symbol;
    const count = shape[0]!;
    if (machine.gradientsDone(t) > 0) {
      const path = { of: 'term', name } as const;
      const terms = termsOf(machine, t, name);
      const [first] = terms;
      const extent =
        first === undefined
          ? nothing
          : terms.length === 1
            ? extentOfTerm(first, shape[1] ?? 1)
            : extentOf(stepGradient(machine, t, name));
      rows.push({ name: `∂E/∂${shown} [t]`, value: summaryOf(extent, shape), path, count });
    }
    const sum = summaryOf(extentSoFar(machine, name), shape);
    const path = { of: 'sum', name } as const;
    rows.push({ name: `∂E/∂${shown} Σ`, value: sum, path, count, expression: `grad(${symbol})` });
  }
  return rows;
}
