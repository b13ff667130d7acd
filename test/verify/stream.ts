/** Training on tokens and targets of one's own, where a text that predicts itself is not the task. */
import { loadCell } from '../../src/core/equations/load-cell';
import type { LoadedProgram } from '../../src/core/engine/backend';
import { buildModel, type GraphModel, type Model } from '../../src/core/engine/model';
import { readParameter, writeParameter, type Parameter } from '../../src/core/engine/parameters';
import { parseCell } from '../../src/core/equations/parse';
import { createWasmBackend } from '../../src/core/kernels/wasm';
import { initialise } from '../../src/core/engine/initialise';
import { createNetwork, type Network } from '../../src/core/engine/network';
import { createRandom, type Random } from '../../src/core/random/random';

export interface TaskOptions {
  /** A built-in cell's name, or equations. */
  readonly cell: string;
  readonly hidden: number;
  readonly layers?: number;
  readonly vocabulary: number;
  readonly batch: number;
  readonly sequence: number;
  readonly seed: number;
}

export interface Task {
  readonly model: Model;
  readonly network: Network;
  readonly program: LoadedProgram;
  readonly random: Random;
  readonly close: () => void;
}

/** A network with RNN Lab's own initial values on the float32 kernels, and its program for training. */
export function createTask(options: TaskOptions): Task {
  const { cell, hidden, layers = 1, vocabulary, batch, sequence, seed } = options;
  const equations = cell.includes('=') ? parseCell(cell, 'cell') : loadCell(cell);
  const sizes = { hidden, layers, vocabulary, embedding: 0, dropout: 0 };
  const model = buildModel({ cell: equations, ...sizes });
  const backend = createWasmBackend({ layout: model.layout });
  const network = createNetwork(model, backend);
  const program = network.program('train', { batch, sequence });
  const random = createRandom(seed);
  initialise(model, backend.floats(), random);
  backend.parametersChanged();
  return { model, network, program, random, close: () => backend.close() };
}

/** Gives parameters other initial values than RNN Lab does. */
export function setParameters(
  { network, random }: { readonly network: Network<GraphModel>; readonly random: Random },
  value: (parameter: Parameter, random: Random) => number,
): void {
  const { backend, model } = network;
  for (const parameter of model.parameters) {
    const before = readParameter(backend.floats(), model.layout.parameters, parameter);
    const values = before.map(() => value(parameter, random));
    writeParameter(backend.floats(), model.layout.parameters, parameter, values);
  }
  backend.parametersChanged();
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
