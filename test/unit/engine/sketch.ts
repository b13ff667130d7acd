/** Graphs of models over examples, put together by hand, and data for them. */
import type { Backend, LoadedProgram } from '../../../src/core/engine/backend';
import { compileProgram } from '../../../src/core/engine/compile';
import { layOut, type GraphModel, type Mode } from '../../../src/core/engine/model';
import { writeParameter } from '../../../src/core/engine/parameters';
import { createReferenceBackend } from '../../../src/core/engine/reference';
import {
  addNode,
  addUnique,
  createGraph,
  element,
  nodeOf,
  vector,
  type Graph,
} from '../../../src/core/graph/graph';
import type { Domain, Response } from '../../../src/core/graph/operation';
import type { GraphParameter } from '../../../src/core/graph/equation-graph';
import { copyTo, product } from '../../../src/core/graph/steps';
import { random } from './tools';

/** What a state is before its first step, or after its last. */
interface Start {
  readonly initial?: number;
  readonly start?: number;
}

/** A graph under construction, with its parameters. */
export class Sketch {
  readonly graph: Graph;
  readonly parameters = new Map<string, GraphParameter>();
  readonly variables = new Map<string, number>();
  private stream = 0;

  constructor(
    steps: Readonly<Record<Domain, number>>,
    private readonly dropout: boolean,
  ) {
    this.graph = createGraph(steps);
  }

  onehot(domain: Domain, width: number): number {
    return addNode(this.graph, { kind: 'onehot' }, [], width, domain);
  }

  numbers(domain: Domain, width: number): number {
    return addNode(this.graph, { kind: 'numbers', channel: 'input' }, [], width, domain);
  }

  matrix(name: string, operand: number, rows: number): number {
    const columns = nodeOf(this.graph, operand).width;
    this.declare(name, 'matrix', rows, columns);
    return product(this.graph, name, operand, rows);
  }

  bias(name: string, width: number): number {
    this.declare(name, 'vector', width, 1);
    return vector(this.graph, name, width);
  }

  apply(operation: Parameters<typeof element>[1], ...inputs: number[]): number {
    return element(this.graph, operation, ...inputs);
  }

  add(...terms: number[]): number {
    return terms.reduce((a, b) => this.apply('add', a, b));
  }

  /** W operand + b. */
  affine(name: string, rows: number, ...operands: number[]): number {
    const terms = operands.map((operand, i) => this.matrix(`${name}.W${String(i)}`, operand, rows));
    return this.add(...terms, this.bias(`${name}.b`, rows));
  }

  delay(domain: Domain, width: number, lag: number, { initial = 0, start }: Start = {}): number {
    const inputs = start === undefined ? [] : [-1, start];
    return addUnique(this.graph, { kind: 'delay', lag, initial }, inputs, width, domain);
  }

  close(delay: number, source: number): void {
    const node = nodeOf(this.graph, delay);
    node.inputs = [source, ...node.inputs.slice(1)];
  }

  /** s = body(s[t-lag]). */
  loop(
    domain: Domain,
    width: number,
    lag: number,
    body: (previous: number) => number,
    start?: Start,
  ): number {
    const delay = this.delay(domain, width, lag, start);
    const result = body(delay);
    this.close(delay, result);
    return result;
  }

  gru(name: string, input: number, width: number, lag = 1, start?: Start): number {
    const domain = nodeOf(this.graph, input).domain;
    return this.loop(
      domain,
      width,
      lag,
      (h) => {
        const z = this.apply('sigmoid', this.affine(`${name}.z`, width, input, h));
        const r = this.apply('sigmoid', this.affine(`${name}.r`, width, input, h));
        const fresh = this.affine(`${name}.n`, width, input, this.apply('multiply', r, h));
        const n = this.apply('tanh', fresh);
        return this.add(n, this.apply('multiply', z, this.apply('subtract', h, n)));
      },
      start,
    );
  }

  /** h and c. */
  lstm(name: string, input: number, width: number, lag = 1, starts: { h?: Start; c?: Start } = {}) {
    const domain = nodeOf(this.graph, input).domain;
    const h = this.delay(domain, width, lag, starts.h);
    const c = this.delay(domain, width, lag, starts.c);
    const gate = (which: string): number => this.affine(`${name}.${which}`, width, input, h);
    const kept = this.apply('multiply', this.apply('sigmoid', gate('f')), c);
    const fresh = this.apply(
      'multiply',
      this.apply('sigmoid', gate('i')),
      this.apply('tanh', gate('g')),
    );
    const cell = this.add(kept, fresh);
    const out = this.apply('multiply', this.apply('sigmoid', gate('o')), this.apply('tanh', cell));
    this.close(h, out);
    this.close(c, cell);
    return { h: out, c: cell };
  }

  dropped(node: number, rate: number): number {
    if (!this.dropout) return node;
    const { width, domain } = nodeOf(this.graph, node);
    const stream = this.stream++;
    const mask = addNode(this.graph, { kind: 'mask', rate, stream }, [], width, domain);
    return this.apply('multiply', node, mask);
  }

  copy(node: number, domain: Domain): number {
    return copyTo(this.graph, node, domain);
  }

  private declare(name: string, kind: 'matrix' | 'vector', rows: number, columns: number): void {
    const shape = { name, symbol: name, kind, rows, columns, initial: undefined };
    this.parameters.set(name, shape);
  }
}

/** A model as a function of the sketch it is drawn in; it gives the logits. */
export interface Drawing {
  readonly draw: (sketch: Sketch) => number;
  readonly response?: Response;
}

export function modelOf({ draw, response = 'softmax' }: Drawing): GraphModel {
  return layOut(({ dropout, steps }) => {
    const sketch = new Sketch(steps, dropout);
    const logits = draw(sketch);
    const { graph, parameters, variables } = sketch;
    return { graph, parameters, variables, input: 0, logits, response };
  });
}

export interface Extent {
  readonly batch: number;
  /** Capacities. */
  readonly sequence: number;
  readonly answer?: number;
  readonly mode?: Mode;
}

export interface Stage {
  readonly model: GraphModel;
  readonly backend: Backend;
  readonly loaded: LoadedProgram;
}

export function stage(
  drawing: Drawing,
  extent: Extent,
  backendOf: (model: GraphModel) => Backend = ({ layout }) => createReferenceBackend(layout),
): Stage {
  const model = modelOf(drawing);
  const backend = backendOf(model);
  return { model, backend, loaded: loadInto(model, backend, extent) };
}

export function loadInto(
  model: GraphModel,
  backend: Backend,
  { batch, sequence, answer = 0, mode = 'train' }: Extent,
  base = model.layout.free,
): LoadedProgram {
  const options = { batch, sequence, answer, mode, rows: 'examples', base } as const;
  return backend.load(compileProgram(model, options));
}

export function randomiseParameters(
  { model, backend }: Pick<Stage, 'model' | 'backend'>,
  seed: number,
  scale = 0.5,
): void {
  const next = random(seed);
  for (const parameter of model.parameters) {
    const count = parameter.rows * parameter.columns;
    const values = Array.from({ length: count }, () => (2 * next() - 1) * scale);
    writeParameter(backend.floats(), model.layout.parameters, parameter, values);
  }
  backend.parametersChanged();
}

/** One example: its lengths, and a seed from which all that is given of it comes. */
export interface Example {
  readonly t: number;
  readonly u: number;
  readonly seed: number;
}

export function examplesOf(count: number, extent: Extent, seed: number): Example[] {
  const next = random(seed);
  const length = (most: number): number => 1 + Math.floor(next() * most);
  return Array.from({ length: count }, () => ({
    t: length(extent.sequence),
    u: length(extent.answer ?? 1),
    seed: Math.floor(next() * 2 ** 31),
  }));
}

/** Sets a program's examples; each row's data depend on its example alone. Every fifth position has no target. */
export function fill(
  { backend, loaded }: Omit<Stage, 'model'>,
  examples: readonly Example[],
): void {
  const { program, inputs, targets, keys } = loaded;
  const { batch, given, lossDomain } = program;
  loaded.setExamples({
    count: examples.length,
    t: examples.map(({ t }) => t),
    u: examples.map(({ u }) => u),
  });
  const floats = backend.floats();
  examples.forEach(({ t: source, u: answer, seed }, row) => {
    const next = random(seed);
    const lengths = { example: 1, t: source, u: answer };
    keys[row] = seed;
    for (const domain of ['example', 't', 'u'] as const) {
      for (let t = 0; t < lengths[domain]; t++) {
        inputs[domain][t * batch + row] = Math.floor(next() * 4);
      }
    }
    for (let t = 0; t < lengths[lossDomain]; t++) {
      targets[t * batch + row] = t > 0 && next() < 0.2 ? -1 : Math.floor(next() * 3);
    }
    for (const [name, view] of [...given].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const domain = name === 'y' ? lossDomain : name === 'x' ? 'example' : (name[2] as Domain);
      for (let t = 0; t < lengths[domain]; t++) {
        const start = view.offset + t * view.timeStride + row * view.rowStride;
        for (let i = 0; i < view.width; i++) floats[start + i] = next();
      }
    }
  });
}
