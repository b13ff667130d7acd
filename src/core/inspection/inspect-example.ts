/** What a model of examples makes of one of them: all values, and what each part of its answer depends on. */
import type { LoadedProgram } from '../engine/backend';
import type { ExampleModel } from '../engine/model';
import type { Network } from '../engine/network';
import type { View } from '../engine/program';
import { isState, mentionsOf, readsOf, visit } from '../equations/names';
import { inputName, type Cell, type Domain, type Expression } from '../equations/syntax';
import { inputIn, type ExampleModelSpec } from '../graph/model-graph';
import { InputError } from '../input-error';
import { sentence } from '../sentence';
import { stepsOf } from '../task/channels';
import type { Dataset } from '../task/dataset';
import { exampleShape } from '../task/run-examples';
import { createRowWriter } from '../task/write-rows';
import { namedBy } from './variables';

/** A variable of the equations over an example, or the gradient by what is read. */
export interface InspectedValues {
  /** As the equations call it; the weights with which the equation of `a` attends are `weights a`. */
  readonly name: string;
  /** What it has rows for: steps of the source, of the answer, or the example. */
  readonly domain: Domain;
  readonly width: number;
  /** `[steps, width]`, row-major */
  readonly values: Float64Array<ArrayBuffer>;
}

/** How much each part of an answer depends on a variable at each of its steps. */
export interface Dependence {
  /** A state, or what is read: `x`, `x[t]`, `x[u]`, or in its place the embedding that alone reads it. */
  readonly variable: string;
  readonly domain: Domain;
  /** ‖∂E_o/∂v_s‖, o a part of the answer, s a step of the variable: `[outputs, steps]`, row-major */
  readonly norms: Float64Array<ArrayBuffer>;
}

export interface ExampleInspection {
  /** Steps of the source and of the answer, END included; 0: there is no such sequence. */
  readonly steps: Readonly<Record<Domain, number>>;
  /** What the answer has rows for. */
  readonly domain: Domain;
  /** E_o of each part of the answer; NaN where there is no target, or where E is the answer itself. `[outputs]` */
  readonly loss: Float64Array<ArrayBuffer>;
  readonly variables: readonly InspectedValues[];
  /** All variables that there are. */
  readonly known: readonly Pick<InspectedValues, 'name' | 'domain' | 'width'>[];
  /** Of what is read. */
  readonly inputs: readonly Dependence[];
  /** Of states: variables that are read at another step. */
  readonly states: readonly Dependence[];
  /** ∂E_o/∂x itself, of numbers that are read; undefined where symbols are, or none was asked for. */
  readonly gradient: InspectedValues | undefined;
}

export interface ExampleInspectOptions {
  /** Names of variables whose values are wanted; undefined: all. */
  readonly variables?: readonly string[] | undefined;
  /**
   * What is differentiated: the loss of each part of the answer, by the data set's targets, or of numbers, whose targets
   * nobody knows, the answer itself, Σ_i y_i.
   */
  readonly of: 'loss' | 'answer';
  /** The part of the answer whose gradient by the numbers that are read is wanted, unit by unit. */
  readonly part?: number | undefined;
}

/** Parts of an answer that are differentiated side by side. */
const rowsTogether = 16;
/** Of source and answer together. */
const mostSteps = 4096;

/**
 * Differentiates each part of an answer by itself, through the whole example: nothing is truncated, nothing dropped.
 *
 * @param example its number in the data set, whose targets are the answer that is told
 * @yields after each run of the program, so that others are not held up
 * @throws InputError if the example is too long, or a variable is not the model's
 */
export function* inspectExample(
  network: Network<ExampleModel>,
  dataset: Dataset,
  example: number,
  { variables: asked, of, part }: ExampleInspectOptions,
): Generator<undefined, ExampleInspection, undefined> {
  const { cell } = network.model.spec;
  const steps = { example: 1, ...stepsOf(dataset, example) };
  if (steps.t + steps.u > mostSteps) {
    throw new InputError(
      sentence`The example has ${steps.t + steps.u} steps; up to ${mostSteps} can be inspected.`,
    );
  }
  const domain = answerDomain(dataset);
  const outputs = steps[domain];
  const batch = Math.min(rowsTogether, outputs);
  const loaded = network.program('look', exampleShape(dataset, [example], batch));
  const { probes } = loaded.program;
  const domains = domainsOf(cell, [...probes.keys()]);
  const wanted = asked === undefined ? [...domains.keys()] : chosen([...domains.keys()], asked);
  const run = createRuns(network, dataset, example, loaded, of);
  const reads = (['t', 'u', 'example'] as const).flatMap((at) => {
    const name = readIn(network.model.spec, at);
    return probes.has(`d ${name}`) ? [{ name, domain: at }] : [];
  });
  const mentions = mentionsOf(cell.equations.map(({ expression }) => expression));
  const states = [...domains].flatMap(([name, at]) =>
    isState(mentions, name) && probes.has(`d ${name}`) ? [{ name, domain: at }] : [],
  );
  const measured = [...reads, ...states].map(({ name, domain: at }) => ({
    ...{ variable: name, domain: at, view: probes.get(`d ${name}`)! },
    norms: new Float64Array(outputs * steps[at]),
  }));
  const loss = new Float64Array(outputs).fill(NaN);
  const variables: InspectedValues[] = [];
  let gradient: InspectedValues | undefined;
  for (let first = 0; first < outputs; first += batch) {
    const count = Math.min(batch, outputs - first);
    const scale = run(first, count);
    const floats = network.backend.floats();
    const read = (view: View, at: Domain, row: number, factor = 1): Float64Array<ArrayBuffer> =>
      valuesIn(floats, view, steps[at], row, factor);
    if (first === 0) {
      for (const name of wanted) {
        const view = probes.get(name)!;
        const at = domains.get(name)!;
        variables.push({ name, domain: at, width: view.width, values: read(view, at, 0) });
      }
    }
    for (let row = 0; row < count; row++) {
      const output = first + row;
      const { losses, batch: rows } = loaded.program;
      if (of === 'loss' && scale[row]! > 0) loss[output] = floats[losses + output * rows + row]!;
      for (const { view, domain: at, norms } of measured) {
        const values = read(view, at, row, scale[row]);
        writeNorms(values, view.width, norms, output * steps[at]);
      }
      if (output !== part) continue;
      const numbers = reads.find(({ name }) => loaded.program.given.has(name));
      if (numbers === undefined) continue;
      const view = probes.get(`d ${numbers.name}`)!;
      const values = read(view, numbers.domain, row, scale[row]);
      gradient = { ...numbers, width: view.width, values };
    }
    yield undefined;
  }
  const dependence = measured.map(({ variable, domain: at, norms }) => ({
    ...{ variable, domain: at, norms },
  }));
  return {
    ...{ steps, domain, loss, variables, gradient },
    known: [...domains].map(([name, at]) => ({ name, domain: at, width: probes.get(name)!.width })),
    inputs: dependence.slice(0, reads.length),
    states: dependence.slice(reads.length),
  };
}

function answerDomain({ alignment }: Dataset): Domain {
  return ({ one: 'example', synced: 't', delayed: 'u' } as const)[alignment];
}

/**
 * Runs the example in several rows, in each of which one part of the answer alone has a target.
 *
 * @returns what each row's gradients are to be multiplied with: 0 for a part without a target
 */
function createRuns(
  { backend }: Network<ExampleModel>,
  dataset: Dataset,
  example: number,
  loaded: LoadedProgram,
  of: ExampleInspectOptions['of'],
): (first: number, count: number) => readonly number[] {
  const floats = () => backend.floats();
  const writer = createRowWriter(dataset, loaded, floats);
  const { batch, given, probes } = loaded.program;
  const { targets } = loaded;
  const examples = new Array<number>(batch).fill(example);

  /** With these numbers as targets the derivative of ½ ‖y - target‖² is that of Σ y. */
  function aimBelow(): void {
    const [y, logits] = [given.get('y')!, probes.get('logits')!];
    const arena = floats();
    for (let at = 0; at < targets.length; at++) {
      const [step, row] = [Math.floor(at / batch), at % batch];
      const from = logits.offset + step * logits.timeStride + row * logits.rowStride;
      const to = y.offset + step * y.timeStride + row * y.rowStride;
      for (let i = 0; i < y.width; i++) arena[to + i] = arena[from + i]! - 1;
    }
  }

  return (first, count) => {
    writer.write(examples, count);
    const own = Array.from(
      { length: count },
      (_, row) => of === 'answer' || targets[(first + row) * batch + row]! >= 0,
    );
    const kept = own.map((_, row) => targets[(first + row) * batch + row]!);
    targets.fill(-1);
    kept.forEach((target, row) => {
      targets[(first + row) * batch + row] = of === 'answer' ? 0 : target;
    });
    let { count: found } = loaded.run(0);
    if (of === 'answer') {
      aimBelow();
      ({ count: found } = loaded.run(0));
    }
    // The program differentiates the mean over all targets.
    return own.map((isThere) => (isThere ? found : 0));
  };
}

/** What stands for x at the rows of a domain: x itself, or of symbols the embedding that alone reads them. */
function readIn({ cell, input, answer = input }: ExampleModelSpec, domain: Domain): string {
  const own = inputIn(domain);
  const readers = [...cell.equations, ...cell.starts.values()].filter((reader) =>
    readsInput(reader.expression, domain),
  );
  const isSymbols = (domain === 'u' ? answer : input).kind === 'symbols';
  const reader = cell.equations.find((equation) => equation === readers[0]);
  if (!isSymbols || readers.length !== 1 || reader?.expression.kind !== 'product') return own;
  const { operand } = reader.expression;
  return operand.kind === 'variable' && operand.lag === 0 ? reader.name : own;
}

function readsInput(expression: Expression, domain: Domain): boolean {
  let reads = false;
  visit(expression, (node) => {
    if (!readsOf(node).some(({ name }) => name === inputName)) return;
    reads ||= ('domain' in node ? node.domain : 'example') === domain;
  });
  return reads;
}

/** The named variables among a program's probes, and what each has rows for. */
function domainsOf({ equations }: Cell, probes: readonly string[]): ReadonlyMap<string, Domain> {
  const weights = 'weights ';
  const domains = new Map(equations.map(({ name, domain }) => [name, domain]));
  return new Map(
    probes.flatMap((name) => {
      const at = domains.get(name.startsWith(weights) ? name.slice(weights.length) : name);
      return at === undefined ? [] : [[name, at] as const];
    }),
  );
}

/** @throws InputError for a name that is none of them */
function chosen(known: readonly string[], asked: readonly string[]): string[] {
  return [...new Set(asked.flatMap(namedBy(known)))];
}

function valuesIn(
  floats: ArrayLike<number>,
  { offset, timeStride, rowStride, width }: View,
  steps: number,
  row: number,
  factor: number,
): Float64Array<ArrayBuffer> {
  const values = new Float64Array(steps * width);
  for (let step = 0; step < steps; step++) {
    const start = offset + step * timeStride + row * rowStride;
    for (let i = 0; i < width; i++) values[step * width + i] = factor * floats[start + i]!;
  }
  return values;
}

/** Norms of the rows of a matrix, one after the other from a place on. */
function writeNorms(values: Float64Array, width: number, norms: Float64Array, from: number): void {
  for (let step = 0; step * width < values.length; step++) {
    norms[from + step] = Math.hypot(...values.subarray(step * width, (step + 1) * width));
  }
}
