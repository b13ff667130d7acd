import assert from 'node:assert/strict';
import type { TextMachine } from '../../../src/core/debugger/machine';
import {
  beforeOf,
  parametersOf,
  readingOf,
  rowsBySuspicion,
} from '../../../src/core/debugger/failed';
import { createSession } from '../../../src/core/debugger/session';
import { createNetwork } from '../../../src/core/engine/network';
import type { GraphModel } from '../../../src/core/engine/model';
import { readParameter, writeParameter } from '../../../src/core/engine/parameters';
import { createReferenceBackend } from '../../../src/core/engine/reference';
import { createWasmBackend } from '../../../src/core/kernels/wasm';
import { DamagedFile } from '../../../src/core/formats/damage';
import { decodeFailedStep, type FailedStep } from '../../../src/core/training/failed-step';
import { eventsOf, makeTrainer, runSteps } from '../training/tools';
import { farthest, finish } from './tools';

const backend = (model: GraphModel) => createWasmBackend({ layout: model.layout });

/** Trains until a number is none. */
async function fail(cell: string, settings: Record<string, unknown> = {}) {
  const trainer = await makeTrainer({
    cell,
    backend,
    settings: {
      'training.steps': 500,
      'training.learningRate': 200,
      'training.optimizer': 'sgd',
      'training.clip': 0,
      ...settings,
    },
  });
  try {
    const [failed] = eventsOf(runSteps(trainer), 'failed');
    assert.ok(failed, 'It should have failed.');
    return { failed, step: decodeFailedStep(trainer.failedStep()!, 'failed-step') };
  } finally {
    trainer.close();
  }
}

function sessionOf(step: FailedStep, row: number, precision: 'float32' | 'float64' = 'float32') {
  const parameters = parametersOf(step);
  return createSession({
    ...{ spec: step.model.spec, tokenizer: step.tokenizer, parameters, precision },
    reading: readingOf(step, row),
    lossOf: 'mean',
    rows: step.batch,
    before: (plan) => beforeOf(step, row, plan, parameters),
    log: () => undefined,
  });
}

/** The step done again by an engine of its own, from nothing but the file. */
function again({ model, parameters, states, batch, sequence, tokens, targets }: FailedStep) {
  const network = createNetwork(model, createReferenceBackend(model.layout));
  const { layout } = model;
  for (const each of model.parameters) {
    writeParameter(network.backend.floats(), layout.parameters, each, parameters.get(each.name)!);
  }
  const loaded = network.program('train', { batch, sequence });
  loaded.tokens.set(tokens);
  loaded.targets.set(targets);
  loaded.writeState(
    Float64Array.from(loaded.program.carried.flatMap(({ name }) => [...states.get(name)!])),
  );
  const { lossSum } = loaded.run(0);
  const { losses } = loaded.program;
  const floats = network.backend.floats();
  return {
    loss: lossSum / (batch * sequence),
    losses: floats.slice(losses, losses + batch * sequence),
    gradients: new Map(
      model.parameters.map((each) => [each.name, readParameter(floats, layout.gradients, each)]),
    ),
  };
}

const cells = {
  linear: 's[t] = U x[t] + W s[t-1] + b',
  lags: 's[t] = U x[t] + D x[t-2] + W s[t-1] + Q s[t-3] + b',
};

describe('a step that failed', () => {
  for (const [name, cell] of Object.entries(cells)) {
    for (const more of [{}, { 'model.layers': 2, 'model.embedding': 3 }]) {
      const layers = 'model.layers' in more ? 2 : 1;
      it(`is kept with its weights, batch and states: ${name}, ${String(layers)} layers`, async () => {
        const { failed, step } = await fail(cell, more);
        assert.equal(step.step, failed.step);
        // In float64 little overflows, so that each row can be compared number by number with what was lost.
        const expected = again(step);
        const seen = expected.losses.map((loss, i) => {
          const kept = step.losses[i]!;
          return Number.isFinite(kept) ? Math.abs(kept - loss) / Math.max(1, loss) : 0;
        });
        assert.ok(Math.max(...seen) < 1e-4, `${String(Math.max(...seen))} from the losses kept`);
        for (let row = 0; row < step.batch; row++) {
          const session = sessionOf(step, row, 'float64');
          finish(
            session.machine.move('continue', { before: () => undefined, after: () => undefined }),
          );
          const own = Array.from({ length: step.sequence }, (_, t) =>
            session.machine.forward.loss(t)!,
          );
          const row_ = own.map((_, t) => expected.losses[t * step.batch + row]!);
          assert.ok(farthest(own, row_) < 1e-9, `row ${String(row)}`);
        }
      });
    }
  }

  it('sums the gradients of its rows to that of the batch', async () => {
    const { step } = await fail(cells.linear);
    const { gradients } = again(step);
    const sums = new Map(
      [...gradients].map(([name, { length }]) => [name, new Float64Array(length)]),
    );
    for (let row = 0; row < step.batch; row++) {
      const { machine } = sessionOf(step, row, 'float64');
      const unchecked = { before: () => undefined, after: () => undefined };
      finish(machine.move('continue', unchecked));
      finish(machine.move('continue', unchecked));
      finish(machine.sums.reach(machine.forward.length));
      for (const [name, sum] of sums)
        machine.sums.of(name).forEach((value, i) => (sum[i]! += value));
    }
    for (const [name, sum] of sums) {
      const size = Math.max(...sum.map(Math.abs));
      const scaled = (values: Float64Array) => values.map((value) => value / size);
      assert.ok(farthest(scaled(sum), scaled(gradients.get(name)!)) < 1e-9, name);
    }
  });

  it('is gone through in float32 up to the first number that is none, where the loss was lost', async () => {
    const { step } = await fail('s[t] = log(relu(U x[t] + W s[t-1] + b) + 1e-30 * s[t-1])');
    const [row] = rowsBySuspicion(step) as [number];
    const lost = Array.from({ length: step.sequence }, (_, t) => t).find(
      (t) => !Number.isFinite(step.losses[t * step.batch + row]!),
    )!;
    const session = sessionOf(step, row);
    const stop = finish(session.move('find'));
    assert(stop.kind === 'found' && stop.found.kind === 'trouble');
    assert.equal(stop.found.trouble, 'notFinite');
    const { t, instruction } = session.machine.place;
    assert.ok(t <= lost, `${String(t)} after ${String(lost)}`);
    const { values } = session.machine.forward.work(t, instruction!.index);
    assert.ok(values[instruction!.index]!.some((value) => !Number.isFinite(value)));
    // All that was before it is as it should be.
    for (const earlier of (session.machine as TextMachine).forward.chain.at(t)) {
      for (const value of earlier) {
        if (value instanceof Float64Array) assert.ok(value.every(Number.isFinite));
      }
    }
  });

  it('is not read where it is damaged, or something else', async () => {
    const { step } = await fail(cells.linear);
    assert.throws(() => decodeFailedStep(new Uint8Array(3), 'x'), DamagedFile);
    assert.equal(step.tokens.length, step.batch * step.sequence);
    const trainer = await makeTrainer({ settings: { 'training.steps': 2 } });
    runSteps(trainer);
    assert.equal(trainer.failedStep(), undefined);
    assert.throws(() => decodeFailedStep(trainer.checkpoint(), 'x'), /holds no step that failed/);
  });
});
