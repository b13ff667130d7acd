import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Backend } from '../../../src/core/engine/backend';
import { pad } from '../../../src/core/graph/rows';
import { createReferenceBackend } from '../../../src/core/engine/reference';
import { createWasmBackend } from '../../../src/core/kernels/wasm';
import { builds } from './machine';
import { randomNumbers } from './programs';

const arena = 20_000;
const layout = {
  parameterFloats: arena,
  matrixFloats: 0,
  packedFloats: 0,
  parameters: 0,
  gradients: arena,
  first: arena,
  second: arena,
  free: arena,
};

const backends: Readonly<Record<string, () => Backend>> = {
  reference: () => createReferenceBackend(layout),
  ...Object.fromEntries(builds.map((build) => [build, () => createWasmBackend({ layout, build })])),
};

const block = fc.record({
  /** In steps of 8 floats. */
  start: fc.integer({ min: 0, max: 20 }),
  gap: fc.integer({ min: 0, max: 3 }),
  count: fc.integer({ min: 1, max: 23 }),
});

describe('dot products of rows with rows', () => {
  for (const [name, create] of Object.entries(backends)) {
    it(`are those of their definition, whatever the number of rows and their width: ${name}`, () => {
      const backend = create();
      const next = randomNumbers(5);
      const floats = backend.floats();
      fc.assert(
        fc.property(block, block, fc.integer({ min: 1, max: 70 }), (one, other, width) => {
          const blockOf = ({ start, gap, count }: typeof one, at: number) => {
            const stride = pad(width) + 8 * gap;
            const offset = at + 8 * start;
            floats.fill(0, offset, offset + count * stride);
            return { offset, stride, count, width };
          };
          const [rows, others] = [blockOf(one, 0), blockOf(other, arena / 2)];
          for (const { offset, stride, count } of [rows, others]) {
            for (let i = 0; i < count * width; i++) {
              floats[offset + Math.floor(i / width) * stride + (i % width)] = next();
            }
          }
          const before = Array.from(floats);
          const found = backend.dots(rows, others);
          assert.equal(found.length, rows.count * others.count);
          found.forEach((product, at) => {
            const row = rows.offset + Math.floor(at / others.count) * rows.stride;
            const column = others.offset + (at % others.count) * others.stride;
            let expected = 0;
            for (let k = 0; k < width; k++) expected += before[row + k]! * before[column + k]!;
            assert.ok(
              Math.abs(product - expected) <= width * 1e-7,
              `${String(at)}: ${String(product)}`,
            );
          });
          assert.deepEqual(Array.from(floats), before);
        }),
      );
      backend.close();
    });
  }
});
