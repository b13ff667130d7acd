import assert from 'node:assert/strict';
import fc from 'fast-check';
import { InputError } from '../../../src/core/input-error';
import { readSafetensors, valuesOf, writeSafetensors } from '../../../src/core/formats/safetensors';
import { modelWriters } from '../../../src/core/exports/writers';
import { readParameter, shapeOf, writeParameter } from '../../../src/core/engine/parameters';
import { buildModel } from '../../../src/core/engine/model';
import { loadCell } from '../../../src/core/equations/load-cell';
import { parseSettings } from '../../../src/core/settings/settings';
import {
  decodeCheckpoint,
  encodeCheckpoint,
  restoreMoments,
  restoreParameters,
  standingOf,
  writeCheckpoint,
} from '../../../src/core/training/checkpoint';
import { makeTrainer, runSteps } from './tools';
import { createTokenizer } from '../data/tools';

async function file(settings: Record<string, unknown> = {}): Promise<Uint8Array> {
  const trainer = await makeTrainer({
    cell: 'gru',
    settings: { 'training.steps': 5, 'model.layers': 2, ...settings },
  });
  runSteps(trainer);
  return trainer.checkpoint();
}

describe('checkpoint', () => {
  it('holds parameters, moments and states by name and shape, and all else in the metadata', async () => {
    const { tensors, metadata } = readSafetensors(await file(), 'c');
    assert.deepEqual(tensors.get('layer1.Rz')!.shape, [8, 8]);
    assert.deepEqual(tensors.get('layer2.bz')!.shape, [8]);
    assert.deepEqual(tensors.get('optimizer.first.layer1.Rz')!.shape, [8, 8]);
    assert.deepEqual(
      tensors.get('optimizer.second.output.c')!.shape,
      tensors.get('output.c')!.shape,
    );
    assert.deepEqual(tensors.get('state.layer2.h')!.shape, [1, 3, 8]);
    assert.ok([...tensors.values()].every(({ type }) => type === 'F64'));
    assert.deepEqual(
      [...metadata.keys()],
      ['format', 'cell', 'equations', 'model', 'tokenizer', 'settings', 'training'],
    );
    assert.match(metadata.get('equations')!, /z\[t\] = sigmoid/);
    assert.equal((JSON.parse(metadata.get('training')!) as { step: number }).step, 5);
  });

  it('comes back whatever the last measurement was', async () => {
    const trainer = await makeTrainer();
    runSteps(trainer);
    const checkpoint = decodeCheckpoint(trainer.checkpoint(), 'last');
    trainer.close();
    const tensors = checkpoint.model.parameters.map((parameter) => ({
      name: parameter.name,
      shape: shapeOf(parameter),
      values: checkpoint.tensors.get(parameter.name)!,
    }));
    for (const previous of [Infinity, NaN, 3.5]) {
      const schedule = { factor: 0.5, previous };
      const training = { ...checkpoint.training, schedule };
      const file = writeCheckpoint({ ...checkpoint, training }, tensors);
      assert.deepEqual(decodeCheckpoint(file, 'last').training.schedule, schedule);
      assert.deepEqual(standingOf(training).schedule, schedule);
    }
  });

  it('leaves out moments that the optimiser does not have', async () => {
    const { tensors } = readSafetensors(await file({ 'training.optimizer': 'momentum' }), 'c');
    const names = [...tensors.keys()];
    assert.ok(names.includes('optimizer.first.layer1.Rz'));
    assert.ok(!names.some((name) => name.startsWith('optimizer.second')));
  });

  it('keeps every bit of a float32 arena, in half the bytes', () => {
    const tokenizer = createTokenizer('char', 'abc', 0);
    const spec = { hidden: 9, layers: 1, vocabulary: 3, embedding: 2, dropout: 0 };
    const model = buildModel({ cell: loadCell('lstm'), ...spec });
    const random = (scale: number) => (_: unknown, i: number) =>
      Math.fround(Math.sin(i * i + 1) * scale);
    const floats = new Float32Array(model.layout.free);
    for (const parameter of model.parameters) {
      const values = Array.from({ length: parameter.rows * parameter.columns }, random(0.3));
      writeParameter(floats, model.layout.parameters, parameter, values);
      writeParameter(
        floats,
        model.layout.second,
        parameter,
        values.map((value) => value * value),
      );
    }
    const settings = parseSettings({});
    const training = {
      step: 1,
      tokens: 2,
      seconds: 0.1,
      cursor: { epoch: 0, chunk: 1, shift: 0 },
      random: [1, 2, 3, 4],
      schedule: { factor: 1 },
      pass: { lossSum: 1, steps: 1 },
      course: [{ step: 1, progress: 0.25, rate: 0.5 }],
      stages: [{ until: 2, settings, textHash: 'abc', kernels: 'strict' as const }],
      nextEvaluation: 9,
      sinceBest: 0,
      batch: 1,
      sequence: 1,
      textHash: 'x',
    };
    const bytes = encodeCheckpoint({ model, floats, tokenizer, settings, training, states: [] });
    const read = decodeCheckpoint(bytes, 'c');
    assert.ok(read.tensors.get('layer1.Ri') instanceof Float32Array);
    assert.deepEqual(read.training, training);
    assert.deepEqual(read.settings, settings);
    const restored = new Float32Array(model.layout.free);
    restoreParameters(read, restored);
    restoreMoments(read, restored);
    assert.deepEqual(restored, floats);
  });

  it('refuses foreign and damaged files and says what to do', async () => {
    const good = await file();
    const { tensors, metadata } = readSafetensors(good, 'c');
    const rewrite = (
      change: (metadata: Record<string, string>, names: Set<string>) => void,
    ): Uint8Array => {
      const altered = Object.fromEntries(metadata);
      const names = new Set(tensors.keys());
      change(altered, names);
      const kept = [...names].map((name) => {
        const { shape } = tensors.get(name)!;
        return { name, shape, values: valuesOf(tensors.get(name)!)! };
      });
      return writeSafetensors(kept, altered);
    };
    const cases: [Uint8Array, RegExp][] = [
      [
        rewrite((m) => delete m['format']),
        /not an RNN Lab checkpoint\. Use a checkpoint of one of your runs/,
      ],
      [
        rewrite((m) => (m['format'] = 'rnn-lab checkpoint 9')),
        /of another version of RNN Lab \(rnn-lab checkpoint 9\)/,
      ],
      [
        rewrite((_, names) => names.delete('layer1.Rz')),
        /damaged: layer1\.Rz is missing\. Use the run/,
      ],
      [
        rewrite((m) => (m['model'] = m['model']!.replace('"hidden":8', '"hidden":9'))),
        /has the shape \[8, \d+\], not \[9, \d+\]/,
      ],
      [rewrite((m) => (m['equations'] = 'h[t] = tanh(')), /damaged: .*gru:1/],
      [
        rewrite((m) => (m['tokenizer'] = '{"kind":"byte"}')),
        /its tokenizer has 256 tokens, its model/,
      ],
      [rewrite((m) => (m['training'] = '{}')), /damaged: /],
      [
        rewrite((m) => (m['settings'] = '{"model":{"hidden":-1}}')),
        /model\.hidden .*; -1 was given/,
      ],
      [
        good.slice(0, good.length - 100),
        /damaged or is not a safetensors file: it ends within .*Use another checkpoint/,
      ],
    ];
    for (const [bytes, message] of cases) {
      assert.throws(
        () => decodeCheckpoint(bytes, 'checkpoint-last.safetensors'),
        (error) => {
          assert.ok(error instanceof InputError);
          assert.match(error.message, message);
          return error.hint !== undefined;
        },
      );
    }
  });

  it('is either read or refused, whatever byte of its head is wrong', async () => {
    const good = await file();
    const head = 8 + Number(new DataView(good.buffer).getBigUint64(0, true));
    fc.assert(
      fc.property(fc.nat(head - 1), fc.nat(255), (at, byte) => {
        const broken = good.slice();
        broken[at] = byte;
        try {
          decodeCheckpoint(broken, 'c');
        } catch (error) {
          assert.ok(error instanceof InputError);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('export', () => {
  it('writes the parameters alone as safetensors', async () => {
    const checkpoint = decodeCheckpoint(await file(), 'c');
    const written = modelWriters.safetensors(checkpoint) as Uint8Array;
    const { tensors, metadata } = readSafetensors(written, 'model');
    assert.deepEqual(
      [...tensors.keys()],
      checkpoint.model.parameters.map(({ name }) => name),
    );
    assert.equal(metadata.get('format'), 'rnn-lab model 1');
    assert.deepEqual(valuesOf(tensors.get('layer1.Rz')!), checkpoint.tensors.get('layer1.Rz'));
  });

  it('writes JSON that gives the same numbers again', async () => {
    const trainer = await makeTrainer({ settings: { 'training.steps': 2 } });
    runSteps(trainer);
    const checkpoint = decodeCheckpoint(trainer.checkpoint(), 'c');
    const text = modelWriters.json(checkpoint) as string;
    const read = JSON.parse(text) as {
      cell: { equations: string };
      parameters: { name: string; shape: number[]; values: number[][] | number[] }[];
    };
    assert.match(read.cell.equations, /tanh/);
    const { model, backend } = trainer.network;
    for (const parameter of model.parameters) {
      const found = read.parameters.find(({ name }) => name === parameter.name)!;
      const values = readParameter(backend.floats(), model.layout.parameters, parameter);
      assert.deepEqual(Float64Array.from(found.values.flat()), values);
    }
    const single = {
      ...checkpoint,
      tensors: new Map([...checkpoint.tensors].map(([n, t]) => [n, Float32Array.from(t)])),
    };
    const short = JSON.parse(modelWriters.json(single) as string) as typeof read;
    for (const { name, values } of short.parameters) {
      assert.deepEqual(Float32Array.from(values.flat()), single.tensors.get(name));
      assert.ok(values.flat().every((value) => JSON.stringify(value).length <= 15));
    }
  });
});
