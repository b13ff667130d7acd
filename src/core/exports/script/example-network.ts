/**
 * The parts of a script that compute a model of examples: as one function from an input to logits, or, where the answer
 * is a sequence of its own, as `encode` and `step`.
 */
import { computedTogether, rightToLeft } from '../../equations/cycles';
import { responseOf } from '../../equations/model-shape';
import { mentionsOf, readsOf, visit } from '../../equations/names';
import { evaluationOrder } from '../../equations/order';
import { printExpression } from '../../equations/print';
import { inferShapes } from '../../equations/shapes';
import {
  inputName,
  type Cell,
  type Domain,
  type Equation,
  type Expression,
} from '../../equations/syntax';
import { constantStart } from '../../graph/equation-graph';
import type { ExampleModelSpec } from '../../graph/model-graph';
import type { ScriptFunction } from './algebra';
import { columns, wrap, type Code } from './code';
import { vectorOf, type ExampleCode, type InputCode, type Writer } from './expressions';
import { createNames } from './names';
import { readOtherSteps, writeEquations, type PredictionCode } from './step';

export interface ExampleNetwork {
  readonly code: string;
  readonly functions: ReadonlySet<ScriptFunction>;
  /** What the code calls the parameters. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** What the script calls what goes in, as `readInput` has made it. */
export interface ReadInput {
  /** Parameters of `encode`: `text: string`. */
  readonly parameters: string;
  readonly values: string;
  /** The type of `x`. */
  readonly type: string;
}

/** @throws EquationError if the model's shapes do not fit */
export function writeExampleNetwork(
  code: Code,
  spec: ExampleModelSpec,
  read: ReadInput,
): ExampleNetwork {
  const network = createNetwork(spec);
  const { cell, writer, response } = network;
  const isOfAnswer = ({ domain }: Equation): boolean => domain === 'u';
  const answers = isOfAnswer(response.equation);
  for (const group of computedTogether(cell)) {
    const equations = cell.equations.filter(({ name }) => group.includes(name));
    const [first] = equations;
    if (first === undefined || isOfAnswer(first)) continue;
    if (first.domain === 'example') writeEquations(writer, equations, network.prediction('logits'));
    else writeLoop(code, network, evaluationOrder(equations));
  }
  const steps = evaluationOrder(cell.equations.filter(isOfAnswer));
  const { functions } = writer;
  const parameters = network.parameters;
  if (!answers) {
    const result = response.equation.domain === 'example' ? 'Vector' : 'Vector[]';
    const what = response.equation.domain === 'example' ? 'an input' : 'each step of an input';
    return {
      ...{ functions, parameters },
      code: code`/** The logits of ${what}: what comes before the response. */
function network(x«: ${read.type}»)«: ${result}» {
${[...network.given(cell.equations), ...writer.lines].join('\n')}
  return logits;
}
`,
    };
  }
  const { lines, state, memory } = writeStep(code, network, steps);
  const kept =
    memory.length > 0
      ? [object('  const memory = ', memory, ';'), object('  return ', ['memory', ...state], ';')]
      : [object('  return ', state, ';')];
  const recalled = memory.length > 0 ? [object('  const ', memory, ' = state.memory;')] : [];
  const isRead = (name: string): boolean =>
    [...recalled, ...lines].some((line) => new RegExp(`\\b${name}\\b`).test(line));
  const [given, token] = ['state', 'token'].map((name) => (isRead(name) ? name : `_${name}`));
  const before = cell.equations.filter((equation) => !isOfAnswer(equation));
  const starts = [...cell.starts.values()].map(({ expression }) => ({ expression }));
  return {
    ...{ functions, parameters },
    code: code`/** Reads an input: what the steps of its answer begin with. */
export function encode(${read.parameters}) {
  const x = readInput(${read.values});
${[...network.given([...before, ...starts]), ...writer.lines, ...kept].join('\n')}
}
«
export type State = ReturnType<typeof encode>;
»
/** Reads a symbol of the answer, first START, and takes the state a step on; gives the logits of the one that follows. */
export function step(${given!}«: State», ${token!}«: number»)«: Vector» {
${[...recalled, ...network.given(steps), ...lines].join('\n')}
  return logits;
}
`,
  };
}

/** `{ a, b }`, over several lines where it is long. */
function object(before: string, entries: readonly string[], after = ''): string {
  const line = `${before}{${entries.length > 0 ? ` ${entries.join(', ')} ` : ''}}${after}`;
  if (line.length <= columns) return line;
  return `${before}{\n${wrap(entries).replace(/^/gm, '  ')}\n  }${after}`;
}

interface NetworkWriter {
  /** What the answer needs. */
  readonly cell: Cell;
  readonly response: NonNullable<ReturnType<typeof responseOf>>;
  /** Of what is computed once, before the steps of an answer. */
  readonly writer: Writer;
  readonly example: ExampleCode;
  readonly parameters: ReadonlyMap<string, string>;
  readonly isBackwards: (name: string) => boolean;
  prediction(logits: string): PredictionCode;
  /** The name of what stands before the first step of a variable, or after its last one. */
  start(name: string, domain: Domain): string;
  /** The lines that name the parameters in some equations. */
  given(equations: readonly Pick<Equation, 'expression'>[]): readonly string[];
}

function createNetwork(spec: ExampleModelSpec): NetworkWriter {
  const cell = neededOf(spec.cell);
  const response = responseOf(cell)!;
  const answer = spec.answer ?? spec.input;
  const sizes = { input: spec.input.width, answer: answer.width };
  const shapes = inferShapes(spec.cell, { ...sizes, hidden: spec.hidden, output: spec.output });
  const name = createNames();
  const expressions = [...cell.equations, ...cell.starts.values()].map((each) => each.expression);
  const { matrices, biases, lags, leads } = mentionsOf(expressions);
  const parameters = new Map([...matrices, ...biases].map((symbol) => [symbol, name(symbol)]));
  const variables = new Map(cell.equations.map((each) => [each.name, name(each.name)]));
  const input = (domain: Domain): InputCode => {
    const { kind, width } = domain === 'u' ? answer : spec.input;
    const names = { example: 'x', t: 'x[t]', u: 'token' };
    return { code: names[domain], width, isToken: kind === 'symbols' };
  };
  const lines: string[] = [];
  const vectors = new Map<string, string>();
  const functions = new Set<ScriptFunction>();
  const example: ExampleCode = {
    whole: (variable) => variables.get(variable)!,
    sequence(variable) {
      if (variable !== inputName) return variables.get(variable)!;
      const { isToken, width } = input('t');
      return isToken
        ? once('one-hot x', 'x_onehot', () => {
            functions.add('oneHot');
            return `x.map((id) => oneHot(id, ${String(width)}))`;
          })
        : 'x';
    },
    once(expression) {
      const sequence = example.sequence(expression.name, expression.domain);
      if (expression.kind === 'end') {
        const at = expression.at === 'first' ? '0' : `${sequence}.length - 1`;
        return once(
          printExpression(expression),
          `${sequence}_${expression.at}`,
          () => `${sequence}[${at}]`,
        );
      }
      const { pool } = expression;
      functions.add(pool);
      return once(printExpression(expression), `${pool}_${sequence}`, () => `${pool}(${sequence})`);
    },
  };
  function once(text: string, wanted: string, value: () => string): string {
    const known = vectors.get(text);
    if (known !== undefined) return known;
    const made = name(wanted);
    lines.push(`  const ${made} = ${value()};`);
    vectors.set(text, made);
    return made;
  }
  const writer: Writer = {
    ...{ shapes, name, input, example, lines, vectors, functions },
    symbols: new Map([...parameters, ...variables]),
    index: name('k'),
    indent: '  ',
  };
  const backwards = rightToLeft(spec.cell);
  const isRead = lags.has(response.equation.name) || leads.has(response.equation.name);
  return {
    ...{ cell, response, writer, example, parameters },
    isBackwards: (variable) => backwards.has(variable),
    prediction: (logits) => ({
      ...{ equation: response.equation, operand: response.operand, response: response.kind },
      ...{ logits, isRead },
    }),
    start(variable, domain) {
      const first = cell.starts.get(variable);
      const value = String(constantStart(spec.cell, variable));
      const width = variable === inputName ? input(domain).width : shapes.variables.get(variable)!;
      const called = variable === inputName ? 'x' : variables.get(variable)!;
      return once(`start ${variable} ${domain}`, `${called}_start`, () =>
        first === undefined
          ? `vector(${String(width)}, () => ${value})`
          : vectorOf(writer, first.expression, width),
      );
    },
    given(equations) {
      const mentioned = mentionsOf(equations.map(({ expression }) => expression));
      const names = [...mentioned.matrices, ...mentioned.biases].map((each) =>
        parameters.get(each)!,
      );
      return names.length === 0 ? [] : [object('  const ', names, ' = weights;')];
    },
  };
}

/** What the answer needs of a model, through time and starts as well. */
function neededOf(cell: Cell): Cell {
  const byName = new Map(cell.equations.map((equation) => [equation.name, equation]));
  const needed = new Set<string>();
  const collect = (expression: Expression): void => {
    visit(expression, (node) => {
      for (const { name } of readsOf(node)) need(name);
    });
  };
  const need = (name: string): void => {
    const equation = byName.get(name);
    if (equation === undefined || needed.has(name)) return;
    needed.add(name);
    collect(equation.expression);
    const start = cell.starts.get(name);
    if (start !== undefined) collect(start.expression);
  };
  need(responseOf(cell)!.equation.name);
  return {
    ...cell,
    equations: cell.equations.filter(({ name }) => needed.has(name)),
    starts: new Map([...cell.starts].filter(([name]) => needed.has(name))),
  };
}

/** A loop over the steps of the input, of equations that are computed together. */
function writeLoop(code: Code, network: NetworkWriter, equations: readonly Equation[]): void {
  const { writer, cell, isBackwards } = network;
  const prediction = network.prediction('logits[t]');
  const inTime = cell.equations.filter(({ domain }) => domain === 't');
  const loop: Writer = {
    ...writer,
    indent: '    ',
    lines: [],
    vectors: new Map(),
    symbols: new Map([
      ...writer.symbols,
      ...inTime.map(({ name }) => [name, `${writer.symbols.get(name)!}[t]`] as const),
      [inputName, 'x[t]'],
    ]),
  };
  readOtherSteps(loop, equations, ({ name, lag }) => {
    const sequence = name === inputName ? 'x' : writer.symbols.get(name)!;
    const step = lag > 0 ? `t - ${String(lag)}` : `t + ${String(-lag)}`;
    return `${sequence}[${step}] ?? ${network.start(name, 't')}`;
  });
  writeEquations(loop, equations, prediction);
  for (const equation of equations) {
    const isAnswer = equation === prediction.equation;
    const declared = [
      ...(isAnswer ? ['logits'] : []),
      ...(!isAnswer || prediction.isRead ? [writer.symbols.get(equation.name)!] : []),
    ];
    for (const sequence of declared) writer.lines.push(code`  const ${sequence}«: Vector[]» = [];`);
  }
  const order = equations.some(({ name }) => isBackwards(name))
    ? 'let t = x.length - 1; t >= 0; t--'
    : 'let t = 0; t < x.length; t++';
  writer.lines.push(`  for (${order}) {`, ...loop.lines, '  }');
}

interface StepCode {
  readonly lines: readonly string[];
  /** Entries of the state that `encode` gives. */
  readonly state: readonly string[];
  /** What a step reads of what was computed before. */
  readonly memory: readonly string[];
}

/** One step of an answer. */
function writeStep(code: Code, network: NetworkWriter, equations: readonly Equation[]): StepCode {
  const { writer, example } = network;
  const memory = new Set<string>();
  const kept = (name: string): string => {
    memory.add(name);
    return name;
  };
  const step: Writer = {
    ...writer,
    lines: [],
    vectors: new Map(),
    symbols: new Map([...writer.symbols, [inputName, 'token']]),
    input(domain) {
      const input = writer.input(domain);
      return domain === 'u' ? input : { ...input, code: kept(input.code) };
    },
    example: {
      whole: (name) => kept(example.whole(name)),
      sequence: (name, domain) => kept(example.sequence(name, domain)),
      once: (expression) => kept(example.once(expression)),
    },
  };
  readOtherSteps(
    step,
    equations,
    ({ name, lag }) => `state.${step.symbols.get(name)!}[${String(lag - 1)}]`,
  );
  writeEquations(step, equations, network.prediction('logits'));
  const { lags } = mentionsOf(equations.map(({ expression }) => expression));
  const delayed = [...lags].filter(([, lag]) => lag > 0);
  const state = delayed.map(([name, lag]) => {
    const start = network.start(name, 'u');
    const isMixed = name === inputName && writer.input('u').isToken;
    const type = isMixed ? code`« as (Vector | number)[]»` : '';
    return `${step.symbols.get(name)!}: [${Array.from({ length: lag }, () => start).join(', ')}]${type}`;
  });
  for (const [name] of delayed) {
    writer.functions.add('remember');
    const value = step.symbols.get(name)!;
    step.lines.push(`  remember(state.${value}, ${value});`);
  }
  return { lines: step.lines, state, memory: [...memory] };
}
