/** Values of variables over many examples, each step of them a row. */
import type { ExampleModel } from '../engine/model';
import type { Network } from '../engine/network';
import type { Cell, Domain } from '../equations/syntax';
import { stepsOf } from '../task/channels';
import type { Dataset } from '../task/dataset';
import { byLength } from '../task/example-batches';
import { exampleShape } from '../task/run-examples';
import { createRowWriter } from '../task/write-rows';
import { namedBy } from './variables';

/** Where the rows of an example are. */
export interface ExampleRows {
  readonly example: number;
  /** Of the variable, from 0. */
  readonly first: number;
  readonly count: number;
  /** Loss of each step that the answer has, nats; the whole example's where it has one answer. NaN: no target. */
  readonly losses: Float64Array<ArrayBuffer>;
}

export interface ExampleStates {
  readonly domain: Domain;
  /** What the losses have a step for. */
  readonly lossDomain: Domain;
  /** Of each variable, all examples one after the other in the order in which they were given. `[rows, width]` */
  readonly variables: readonly {
    readonly name: string;
    readonly width: number;
    readonly values: Float32Array<ArrayBuffer>;
  }[];
  readonly examples: readonly ExampleRows[];
}

/** Examples side by side. */
const rowsTogether = 16;

/**
 * Reads examples; an answer that is a sequence of its own is the true one.
 *
 * @param names of variables that have rows for the same steps: `t`, `u` or the example
 * @yields after each batch the share done
 */
export function* readExampleStates(
  network: Network<ExampleModel>,
  dataset: Dataset,
  examples: Uint32Array,
  names: readonly string[],
  domain: Domain,
): Generator<number, ExampleStates, undefined> {
  const batch = Math.min(rowsTogether, examples.length);
  const loaded = network.program('inspect', exampleShape(dataset, examples, batch));
  const { program } = loaded;
  const floats = () => network.backend.floats();
  const writer = createRowWriter(dataset, loaded, floats);
  const stepsIn = (example: number, of: Domain): number =>
    ({ example: 1, ...stepsOf(dataset, example) })[of];
  let rows = 0;
  const places = new Map<number, ExampleRows>();
  for (const example of examples) {
    const count = stepsIn(example, domain);
    const losses = new Float64Array(stepsIn(example, program.lossDomain)).fill(NaN);
    places.set(example, { example, first: rows, count, losses });
    rows += count;
  }
  const variables = names.map((name) => {
    const view = program.probes.get(name);
    if (view === undefined) throw new Error(`The program keeps no ${name}.`);
    return { name, view, width: view.width, values: new Float32Array(rows * view.width) };
  });
  const order = byLength(dataset, examples);
  for (let start = 0; start < order.length; start += batch) {
    const chosen = order.subarray(start, start + batch);
    writer.write(chosen, chosen.length);
    loaded.run(0);
    const arena = floats();
    chosen.forEach((example, row) => {
      const { first, count, losses } = places.get(example)!;
      for (const { view, width, values } of variables) {
        for (let step = 0; step < count; step++) {
          const from = view.offset + step * view.timeStride + row * view.rowStride;
          values.set(arena.subarray(from, from + width), (first + step) * width);
        }
      }
      for (let step = 0; step < losses.length; step++) {
        const at = step * program.batch + row;
        const hasTarget = loaded.targets.length === 0 || loaded.targets[at]! >= 0;
        if (hasTarget) losses[step] = arena[program.losses + at]!;
      }
    });
    yield (start + chosen.length) / order.length;
  }
  return {
    domain,
    lossDomain: program.lossDomain,
    variables: variables.map(({ name, width, values }) => ({ name, width, values })),
    examples: Array.from(examples, (example) => places.get(example)!),
  };
}

/**
 * What a variable has rows for.
 * @throws InputError if it is not the model's
 */
export function domainOfVariable({ equations }: Cell, variable: string): Domain {
  const [name] = namedBy(equations.map((equation) => equation.name))(variable);
  return equations.find((equation) => equation.name === name)!.domain;
}
