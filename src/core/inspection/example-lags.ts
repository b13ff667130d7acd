import type { Floats, LoadedProgram } from '../engine/backend';
import type { ExampleModel } from '../engine/model';
import type { Network } from '../engine/network';
import type { View } from '../engine/program';
import type { Activation, Structure } from '../engine/structure';
import { mentionsOf } from '../equations/names';
import type { Domain } from '../equations/syntax';
import { stepsOf } from '../task/channels';
import type { Dataset } from '../task/dataset';
import { exampleShape } from '../task/run-examples';
import { createRowWriter } from '../task/write-rows';
import type { LagProbe } from './lag-probe';
import { isSaturated } from './observation';

/** One part of an answer, whose loss alone is differentiated. */
export interface AnswerPart {
  readonly example: number;
  /** From 0. */
  readonly part: number;
}

/** More examples give a steadier mean; of each, so many parts of its answer. */
const mostExamples = 16;
const mostParts = 8;
/** What all parts together may cost, floating-point operations: some 0.1 s. */
const mostWork = 4e9;

/**
 * Parts of the answers of examples that are spread evenly over those given: always the same, so that what is measured
 * at different steps can be compared. Of an answer its first part, its last, and some between.
 *
 * @param parameters number of learnt values: forward and backward cost some 4 operations each a step
 */
export function chooseParts(
  dataset: Dataset,
  examples: Uint32Array,
  parameters: number,
): readonly AnswerPart[] {
  const wanted = Math.min(mostExamples, examples.length);
  let work = 0;
  return Array.from({ length: wanted }, (_, i) => {
    const example = examples[Math.floor(((i + 0.5) * examples.length) / wanted)]!;
    const { t, u } = stepsOf(dataset, example);
    const outputs = { one: 1, synced: t, delayed: u }[dataset.alignment];
    const parts = Math.min(mostParts, outputs);
    return Array.from({ length: parts }, (__, part) => ({
      example,
      part: parts === 1 ? outputs - 1 : Math.round((part * (outputs - 1)) / (parts - 1)),
    }));
  })
    .flat()
    .filter(({ example }, i) => {
      const { t, u } = stepsOf(dataset, example);
      work += 4 * parameters * Math.max(1, t + u);
      return i === 0 || work <= mostWork;
    });
}

/** A state variable, with where the loss's gradient with respect to it is. */
interface State {
  readonly name: string;
  readonly domain: Domain;
  /** Whether it reads the step after. */
  readonly backward: boolean;
  readonly gradient: View;
}

interface Squashed {
  readonly name: string;
  readonly domain: Domain;
  readonly activation: Activation;
  readonly values: View;
}

/**
 * The lag probe of a model of examples. E is the loss of one part of an answer, differentiated through the whole
 * example, without dropout. The lag k counts the steps against the direction of a state: from the part itself where the
 * state runs beside the answer, from the end of the state where it comes before it (an encoder's, beyond the border to
 * its decoder). A norm is the root mean square over the parts that have so many steps.
 *
 * @param length lags that are measured at most
 * @param batch parts that are differentiated side by side
 */
export function createExampleLagProbe(
  network: Network<ExampleModel>,
  structure: Structure,
  dataset: Dataset,
  parts: readonly AnswerPart[],
  length: number,
  batch: number,
): LagProbe {
  const { cell } = network.model.spec;
  const examples = parts.map(({ example }) => example);
  const loaded = network.program('inspect', exampleShape(dataset, examples, batch));
  const { probes } = loaded.program;
  const { leads } = mentionsOf(cell.equations.map(({ expression }) => expression));
  const domains = new Map(cell.equations.map(({ name, domain }) => [name, domain]));
  const states = structure.variables.flatMap(({ name, isState }): State[] => {
    const gradient = isState ? probes.get(`d ${name}`) : undefined;
    if (gradient === undefined) return [];
    return [{ name, domain: domains.get(name)!, backward: leads.has(name), gradient }];
  });
  const squashed = structure.variables.flatMap(({ name, activation }): Squashed[] => {
    const values = probes.get(name);
    if (activation === null || values === undefined) return [];
    return [{ name, domain: domains.get(name)!, activation, values }];
  });
  const stepsIn = (example: number) => ({ example: 1, ...stepsOf(dataset, example) });
  const own = loaded.program.lossDomain;

  /** The step of a state at lag 0, and how many lags there are. */
  function reachIn({ domain, backward }: State, { example, part }: AnswerPart) {
    const steps = stepsIn(example)[domain];
    const from = domain === own ? part : backward ? 0 : steps - 1;
    return { from, lags: Math.min(length, backward ? steps - from : from + 1) };
  }

  const run = createRuns(network, dataset, loaded);
  return {
    *measure() {
      const sums = states.map(() => ({
        squares: new Float64Array(length),
        counts: new Float64Array(length),
      }));
      const saturated = squashed.map(() => ({ count: 0, total: 0 }));
      for (let first = 0; first < parts.length; first += batch) {
        const rows = parts.slice(first, first + batch);
        const scale = run(rows);
        const floats = network.backend.floats();
        rows.forEach((each, row) => {
          if (scale[row] === 0) return;
          states.forEach((state, i) => {
            const { from, lags } = reachIn(state, each);
            for (let lag = 0; lag < lags; lag++) {
              const step = state.backward ? from + lag : from - lag;
              sums[i]!.squares[lag]! +=
                scale[row]! ** 2 * squareAt(floats, state.gradient, step, row);
              sums[i]!.counts[lag]!++;
            }
          });
          // Once an example, however many parts its answer has.
          if (parts[first + row - 1]?.example === each.example) return;
          squashed.forEach((variable, i) => {
            const steps = stepsIn(each.example)[variable.domain];
            saturated[i]!.count += countSaturated(floats, variable, steps, row);
            saturated[i]!.total += steps * variable.values.width;
          });
        });
        yield undefined;
      }
      return {
        lags: states.map(({ name }, i) => {
          const { squares, counts } = sums[i]!;
          const norms = squares.subarray(0, counts.findLastIndex((count) => count > 0) + 1);
          return { variable: name, norms: norms.map((sum, lag) => Math.sqrt(sum / counts[lag]!)) };
        }),
        saturation: squashed.map(({ name }, i) => ({
          variable: name,
          share: saturated[i]!.count / saturated[i]!.total,
        })),
      };
    },
  };
}

/**
 * Runs parts of answers, a row each, in which it alone has a target.
 *
 * @returns what each row's gradients are to be multiplied with: 0 for a part without a target
 */
function createRuns(
  { backend }: Network<ExampleModel>,
  dataset: Dataset,
  loaded: LoadedProgram,
): (parts: readonly AnswerPart[]) => readonly number[] {
  const writer = createRowWriter(dataset, loaded, () => backend.floats());
  const { batch } = loaded.program;
  const { targets } = loaded;
  return (parts) => {
    writer.write(
      parts.map(({ example }) => example),
      parts.length,
    );
    const kept = parts.map(({ part }, row) => targets[part * batch + row]!);
    targets.fill(-1);
    parts.forEach(({ part }, row) => {
      targets[part * batch + row] = kept[row]!;
    });
    // The program differentiates the mean over all targets.
    const { count } = loaded.run(0);
    return kept.map((target) => (target >= 0 ? count : 0));
  };
}

function squareAt(floats: Floats, view: View, step: number, row: number): number {
  const start = view.offset + step * view.timeStride + row * view.rowStride;
  let sum = 0;
  for (let i = start; i < start + view.width; i++) sum += floats[i]! * floats[i]!;
  return sum;
}

function countSaturated(
  floats: Floats,
  { activation, values }: Squashed,
  steps: number,
  row: number,
): number {
  let count = 0;
  for (let step = 0; step < steps; step++) {
    const start = values.offset + step * values.timeStride + row * values.rowStride;
    for (let i = start; i < start + values.width; i++) {
      if (isSaturated(activation, floats[i]!)) count++;
    }
  }
  return count;
}
