/** What stands before the first step, in every layer: the same on all backends. */
import assert from 'node:assert/strict';
import { createNetwork } from '../../../src/core/engine/network';
import { readParameter, writeParameter } from '../../../src/core/engine/parameters';
import { createWasmBackend } from '../../../src/core/kernels/wasm';
import { cellsOfTexts, subjectOf } from '../debugger/tools';
import { builds } from './machine';

describe('states before the first step', () => {
  for (const cell of cellsOfTexts().filter(({ name }) => name.includes('start'))) {
    for (const build of builds) {
      it(`are those of the reference backend: ${cell.name}, two layers, ${build} build`, () => {
        const { network, ids } = subjectOf(cell, { layers: 2, length: 9, scale: 2 });
        const { model } = network;
        const fast = createNetwork(model, createWasmBackend({ layout: model.layout, build }));
        for (const parameter of model.parameters) {
          const { parameters } = model.layout;
          const values = readParameter(network.backend.floats(), parameters, parameter);
          writeParameter(fast.backend.floats(), parameters, parameter, values);
        }
        fast.backend.parametersChanged();
        const [expected, found] = [network, fast].map((each) => {
          const loaded = each.program('train', { batch: 1, sequence: 9 });
          loaded.tokens.set(ids.subarray(0, 9));
          loaded.targets.set(ids.subarray(1));
          loaded.resetState();
          return loaded.run(0).lossSum;
        });
        assert.ok(Math.abs(expected! - found!) < 1e-5, `${String(expected)} ${String(found)}`);
        fast.backend.close();
      });
    }
  }
});
