/** One time step as a graph: what is multiplied, added and squashed, with what flows along each edge, both ways. */
import type { Evaluated } from '../debugger/evaluate';
import type { TextMachine as Machine } from '../debugger/machine';
import type { Instruction } from '../debugger/plan';
import { dense, widthOf, type Value } from '../debugger/values';
import { printNumber } from '../equations/notation';
import type { SheetEdge, SheetGraph, SheetNode } from './sheet';

const operators = {
  '+': { operation: 'add', label: '+' },
  '-': { operation: 'subtract', label: '−' },
  '*': { operation: 'multiply', label: '×' },
  '/': { operation: 'divide', label: '÷' },
} as const;

/** @param step from 0, of the machine's both passes */
export function graphOf({ material, forward, backward }: Machine, step: number): SheetGraph {
  const { plan, ids } = material;
  const { instructions } = plan;
  const { trees, input } = forward.work(step, instructions.length - 1);
  const back = backward.work(step, instructions.length);
  const nodes: SheetNode[] = [];
  const edges: SheetEdge[] = [];
  const byName = new Map<string, number>();
  const vector = (value: Value): Float64Array =>
    typeof value === 'number' ? Float64Array.of(value) : dense(value, widthOf(value));

  function add(node: SheetNode): number {
    return nodes.push(node) - 1;
  }

  /** A source that is drawn once, however often it is read. */
  function source(key: string, node: () => SheetNode): number {
    const index = byName.get(key) ?? add(node());
    byName.set(key, index);
    return index;
  }

  function connect(at: Instruction, child: Evaluated, to: number): void {
    const gradient = back.parts.get(child) ?? new Float64Array(0);
    edges.push({ from: nodeOf(at, child), to, values: vector(child.value), gradient });
  }

  function nodeOf(at: Instruction, { expression, parts, value }: Evaluated, defines = ''): number {
    const { layer } = at;
    const own = { layer, defines, parameter: null, values: vector(value) };
    switch (expression.kind) {
      case 'variable': {
        const variable = plan.variable(at, expression.name);
        if (expression.lag === 0 && variable !== plan.inputs) return byName.get(String(variable))!;
        const label = `${expression.name}[t${expression.lag === 0 ? '' : `-${String(expression.lag)}`}]`;
        const operation = expression.lag === 0 ? 'input' : 'earlier';
        return source(`${String(variable)} ${String(expression.lag)}`, () => ({
          ...own,
          ...{ operation, label },
          values: expression.lag === 0 ? vector(input) : own.values,
        }));
      }
      case 'bias': {
        const parameter = plan.parameter(at, expression.name);
        return source(parameter, () => ({
          ...own,
          operation: 'bias',
          label: expression.name,
          parameter,
        }));
      }
      case 'number':
        return add({ ...own, operation: 'number', label: printNumber(expression.value) });
      case 'product': {
        const parameter = plan.parameter(at, expression.matrix);
        const index = add({ ...own, operation: 'product', label: expression.matrix, parameter });
        connect(at, parts[0]!, index);
        return index;
      }
      case 'binary': {
        const index = add({ ...own, ...operators[expression.operator] });
        for (const child of operandsOf(parts, expression.operator)) connect(at, child, index);
        return index;
      }
      case 'negate':
      case 'call': {
        const label = expression.kind === 'call' ? expression.function : '−';
        const index = add({ ...own, operation: 'function', label });
        connect(at, parts[0]!, index);
        return index;
      }
      default:
        throw new Error(`No step of a text has a ${expression.kind}.`);
    }
  }

  for (const at of instructions) {
    const tree = trees[at.index]!;
    const before = nodes.length;
    const index = nodeOf(at, tree, `${at.symbol}[t]`);
    byName.set(String(at.index), index);
    // An equation may be a name alone: `k[t] = h[t]`.
    if (index < before) nodes[index] = { ...nodes[index]!, defines: `${at.symbol}[t]` };
    if (!at.isPrediction || step < forward.length - 1) continue;
    const values = Float64Array.of(forward.loss(step));
    const loss = { label: 'E', defines: '', parameter: null, layer: at.layer, values };
    const to = add({ ...loss, operation: 'loss' });
    const target = Float64Array.of(dense(tree.value, at.width)[ids[step + 1]!]!);
    edges.push({ from: index, to, values: target, gradient: new Float64Array(0) });
  }
  return { nodes, edges };
}

/** Of `a + b + c` all three, as one sum. */
function operandsOf(parts: readonly Evaluated[], operator: '+' | '-' | '*' | '/'): Evaluated[] {
  const [left, right] = parts as [Evaluated, Evaluated];
  const { expression } = left;
  if (operator !== '+' || expression.kind !== 'binary' || expression.operator !== '+') {
    return [left, right];
  }
  return [...operandsOf(left.parts, '+'), right];
}
