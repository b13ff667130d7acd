import assert from 'node:assert/strict';
import { loadCell } from '../../../src/core/equations/load-cell';
import { compileProgram } from '../../../src/core/engine/compile';
import { buildModel, type Model } from '../../../src/core/engine/model';
import { createWasmBackend } from '../../../src/core/kernels/wasm';
import { checkMemory, MemoryError, type ProgramShape } from '../../../src/core/training/memory';
import { toEnglish } from '../../../src/core/sentence';
import { failureOf } from '../../../src/worker/failures';
import { makeTrainer, sampleText } from './tools';

/** What a model is said to need. */
function needed(model: Model, programs: readonly ProgramShape[]): number {
  try {
    checkMemory(model, programs, 1, 0);
  } catch (error) {
    assert.ok(error instanceof MemoryError);
    return error.needed;
  }
  return assert.fail('it needs nothing');
}

describe('memory of a model', () => {
  it('is what the kernels then take, within a hundredth', () => {
    const cases = [
      {
        cell: 'lstm',
        hidden: 512,
        layers: 2,
        vocabulary: 65,
        embedding: 0,
        batch: 8,
        sequence: 16,
      },
      {
        cell: 'vanilla',
        hidden: 64,
        layers: 1,
        vocabulary: 9000,
        embedding: 0,
        batch: 32,
        sequence: 32,
      },
      {
        cell: 'gru',
        hidden: 256,
        layers: 1,
        vocabulary: 500,
        embedding: 32,
        batch: 64,
        sequence: 64,
      },
    ];
    for (const { cell, batch, sequence, ...sizes } of cases) {
      const model = buildModel({ cell: loadCell(cell), dropout: 0.1, ...sizes });
      const shapes = [
        { mode: 'train', batch, sequence },
        { mode: 'evaluate', batch: 16, sequence },
      ] as const;
      const backend = createWasmBackend({ layout: model.layout });
      let base = model.layout.free;
      for (const shape of shapes) {
        const program = compileProgram(model, { ...shape, base });
        backend.load(program);
        base += program.floats;
      }
      const taken = backend.floats().buffer.byteLength;
      const told = needed(model, shapes);
      assert.ok(told <= taken && told > 0.99 * taken, `${cell}: ${String(told)} ${String(taken)}`);
      backend.close();
    }
  });

  it('is refused before anything is allocated, with the sizes', async () => {
    const refused = async (settings: object, available?: number): Promise<string> => {
      try {
        await makeTrainer({
          text: sampleText(3000),
          cell: 'lstm',
          settings: { 'training.steps': 1, ...settings },
          ...(available === undefined ? {} : { availableMemory: () => available }),
          backend: () => assert.fail('a backend was made'),
        });
      } catch (error) {
        const { code, message, hint } = failureOf(error);
        assert.equal(code, 'failure');
        return `${toEnglish(message)} ${toEnglish(hint)}`;
      }
      return assert.fail('it was trained');
    };
    assert.match(
      await refused({ 'model.hidden': 8192 }),
      /^There is not enough memory for this model: it needs \d+\.\d GB, and there are 4\.0 GB\. Use a smaller/,
    );
    assert.match(await refused({ 'model.hidden': 1024 }, 2 ** 26), /and there are 0\.1 GB\./);
  });
});
