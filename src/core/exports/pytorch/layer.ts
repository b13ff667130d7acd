/** The class of a layer, from the equations of its cell. */
import { visit } from '../../equations/names';
import { evaluationOrder } from '../../equations/order';
import { printEquation } from '../../equations/print';
import { inferShapes, type CellShapes } from '../../equations/shapes';
import { inputName, ownPredictionOf, type Equation, type Expression } from '../../equations/syntax';
import { startIn } from '../../graph/equation-graph';
import { neededEquations } from '../../graph/step-graph';
import { codeOf, spreadCode, stateCode, type Writer } from './expressions';
import { comment, createNames } from './names';
import { neededFor, phasesOf } from './phases';
import type { LayerClass, LayerPlace } from './layers';

const indent = ' '.repeat(8);
const inner = ' '.repeat(12);

/** @throws EquationError if the cell's shapes do not fit */
export function writeLayer(place: LayerPlace): LayerClass {
  const { cell, readsTokens, input, hidden, vocabulary, top } = place;
  const shapes = inferShapes(cell, { input, hidden, vocabulary });
  const all = evaluationOrder([...neededEquations(cell, top).values()]);
  const own = top ? ownPredictionOf(cell.equations) : undefined;
  const equations = neededFor(own?.name ?? cell.output, all);
  const phases = phasesOf(equations);
  const { parameters, symbols, name } = symbolsOf(all, shapes);
  const loop = phases.loop;
  const writer: Writer = {
    ...{ shapes, name, symbols, readsTokens },
    ...{ lines: [], begin: [], known: new Map(), states: new Map(), used: new Set() },
    inLoop: new Set(loop.map((equation) => equation.name)),
    initialOf: (variable) => startIn(place.number, cell, variable),
  };
  const logits = own && {
    equation: own,
    name: name('logits'),
    isRead: equations.some(({ expression }) => reads(expression, own.name)),
  };
  for (const equation of phases.before) writeSequenceEquation(writer, equation, logits);
  if (loop.length > 0) writeLoop(writer, phases.loop, equations, logits, cell.output);
  for (const equation of phases.after) writeSequenceEquation(writer, equation, logits);
  const states = [...writer.states.values()];
  for (const { key } of states) {
    const now = nowOf(writer, key);
    writer.used.add('latest');
    const before = stateCode(key);
    const name = before.replace(/^state/, 'after');
    writer.lines.push(`${indent}${name} = latest(${now}, ${before})`);
  }
  return {
    body: bodyOf(writer, logits?.name ?? symbols.get(cell.output)!),
    equations: all.map(printEquation),
    parameters: [...parameters].map(([symbol, shape]) => ({
      symbol,
      attribute: symbols.get(symbol)!.replace(/^self\./, ''),
      shape,
    })),
    states,
    output: shapes.variables.get(cell.output)!,
    usesLike: writer.used.has('like') || writer.used.has('one_hot'),
    imports: writer.used,
    givesLogits: own !== undefined,
  };
}

interface Logits {
  readonly equation: Equation;
  readonly name: string;
  /** Whether an equation reads the probabilities themselves. */
  readonly isRead: boolean;
}

function reads(expression: Expression, variable: string): boolean {
  let found = false;
  visit(expression, (node) => (found ||= node.kind === 'variable' && node.name === variable));
  return found;
}

function symbolsOf(equations: readonly Equation[], shapes: CellShapes) {
  const name = createNames();
  const symbols = new Map<string, string>([[inputName, 'x']]);
  const parameters = new Map<string, readonly number[]>();
  const learnt = createNames();
  for (const equation of equations) symbols.set(equation.name, name(equation.name));
  for (const { expression } of equations) {
    visit(expression, (node) => {
      if (node.kind !== 'product' && node.kind !== 'bias') return;
      const symbol = node.kind === 'product' ? node.matrix : node.name;
      if (parameters.has(symbol)) return;
      symbols.set(symbol, `self.${learnt(symbol)}`);
      const shape =
        node.kind === 'product' ? shapes.matrices.get(symbol)! : [shapes.biases.get(symbol)!];
      parameters.set(symbol, shape);
    });
  }
  return { name, symbols, parameters };
}

/** What a state holds the last steps of. */
function nowOf({ known, symbols, readsTokens }: Writer, key: string): string {
  if (key === inputName) return readsTokens ? known.get('one-hot')! : 'x';
  return known.get(`all of ${key}`) ?? symbols.get(key)!;
}

function writeSequenceEquation(
  writer: Writer,
  equation: Equation,
  logits: Logits | undefined,
): void {
  const { lines, symbols, shapes } = writer;
  const width = shapes.variables.get(equation.name)!;
  const symbol = symbols.get(equation.name)!;
  const above = comment(printEquation(equation), indent);
  const given = equation === logits?.equation ? operandOf(equation) : equation.expression;
  const at = lines.length;
  const code = spreadCode(writer, given, width);
  lines.splice(at, 0, above);
  if (equation !== logits?.equation) {
    lines.push(`${indent}${symbol} = ${code}`);
    return;
  }
  lines.push(`${indent}${logits.name} = ${code}`);
  if (logits.isRead) lines.push(`${indent}${symbol} = torch.softmax(${logits.name}, -1)`);
}

/** What `softmax` is of. */
function operandOf({ name, expression }: Equation): Expression {
  if (expression.kind === 'call') return expression.operand;
  throw new Error(`${name} is no prediction.`);
}

function writeLoop(
  writer: Writer,
  loop: readonly Equation[],
  equations: readonly Equation[],
  logits: Logits | undefined,
  output: string,
): void {
  const { lines, symbols, known, name, begin } = writer;
  const others = equations.filter((equation) => !loop.includes(equation));
  const earlier = new Set<string>();
  const later = new Set<string>([output]);
  for (const { expression } of loop) {
    visit(expression, (node) => {
      if (node.kind === 'variable' && node.lag > 0) earlier.add(node.name);
    });
  }
  for (const { expression } of others) {
    visit(expression, (node) => {
      if (node.kind === 'variable') later.add(node.name);
    });
  }
  const kept: { readonly variable: string; readonly list: string; readonly symbol: string }[] = [];
  for (const { name: variable } of loop) {
    if (!earlier.has(variable) && !later.has(variable)) continue;
    const list = name(`${symbols.get(variable)!}_steps`);
    known.set(`steps of ${variable}`, list);
    kept.push({ variable, list, symbol: symbols.get(variable)! });
  }
  const isOwn = logits !== undefined && loop.includes(logits.equation);
  const logitsList = isOwn ? name('logits_steps') : '';
  const body: string[] = [];
  for (const equation of loop) {
    body.push(comment(printEquation(equation), inner));
    const symbol = symbols.get(equation.name)!;
    if (equation === logits?.equation) {
      body.push(`${inner}${logits.name} = ${codeOf(writer, operandOf(equation), 'step')}`);
      body.push(`${inner}${logitsList}.append(${logits.name})`);
      body.push(`${inner}${symbol} = torch.softmax(${logits.name}, -1)`);
      continue;
    }
    body.push(`${inner}${symbol} = ${codeOf(writer, equation.expression, 'step')}`);
  }
  for (const { variable, list } of kept) {
    const start = earlier.has(variable) ? `list(${stateCode(variable)})` : '[]';
    lines.push(`${indent}${list} = ${start}`);
  }
  if (isOwn) lines.push(`${indent}${logitsList} = []`);
  lines.push(`${indent}for t in range(steps):`, ...begin, ...body);
  for (const { list, symbol } of kept) lines.push(`${inner}${list}.append(${symbol})`);
  for (const { list, symbol } of kept) {
    lines.push(`${indent}${symbol} = torch.stack(${list}[-steps:])`);
  }
  if (isOwn) lines.push(`${indent}${logits.name} = torch.stack(${logitsList})`);
}

function bodyOf({ lines }: Writer, result: string): string {
  const text = [...lines, `${indent}return ${result}`].join('\n');
  const head = [
    ...(/\bsteps\b|\bbatch\b/.test(text) ? [`${indent}steps, batch = x.shape[:2]`] : []),
  ];
  return [...head, text].join('\n');
}
