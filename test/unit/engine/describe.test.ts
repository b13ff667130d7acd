import assert from 'node:assert/strict';
import { loadCell } from '../../../src/core/equations/load-cell';
import { compileProgram } from '../../../src/core/engine/compile';
import { describeInstruction } from '../../../src/core/engine/describe';
import { buildModel } from '../../../src/core/engine/model';

const [hidden, vocabulary, batch, sequence] = [16, 11, 3, 5];

function compiled(cell: string) {
  const model = buildModel({
    cell: loadCell(cell),
    ...{ hidden, vocabulary, layers: 1, embedding: 0, dropout: 0 },
  });
  const base = model.layout.free;
  return { model, program: compileProgram(model, { batch, sequence, mode: 'train', base }) };
}

/** What each instruction of a training step is called, with its phase. */
function namesOf(cell: string): string[] {
  const { model, program } = compiled(cell);
  return program.phases.flatMap(({ kind, instructions }) =>
    instructions.map((instruction) => `${kind}: ${describeInstruction(model, instruction)}`),
  );
}

describe('what a plan’s instructions are', () => {
  it('is told with the parameters that they read', () => {
    const names = namesOf('vanilla');
    for (const name of [
      'sweep: rows of layer1.U',
      'forward loop: product with layer1.W',
      'forward loop: elementwise: 2 add, tanh',
      'sweep: product with output.V',
      'sweep: softmax and cross-entropy',
      'backward loop: product with layer1.W, transposed',
      'reduction: gradient of layer1.W',
      'reduction: gradient of layer1.b',
      'reduction: gradient of output.c',
    ]) {
      assert.ok(names.includes(name), `${name} in ${names.join('\n')}`);
    }
  });

  it('has no two names for the gates’ stacked product', () => {
    const gates = namesOf('lstm').filter((name) => name.startsWith('forward loop: product'));
    assert.deepEqual(gates, [
      'forward loop: product with layer1.Ri, layer1.Rf, layer1.Ro, layer1.Rg',
    ]);
  });
});
