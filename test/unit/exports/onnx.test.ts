import assert from 'node:assert/strict';
import { fromBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';

import { builtinCells } from '../../../src/core/cells/index';
import { printCell } from '../../../src/core/equations/print';
import { ModelProtoSchema } from '../../../src/core/exports/onnx/onnx_pb';
import { writeOnnx } from '../../../src/core/exports/onnx/write';
import { createReader } from '../../../src/core/sampling/reader';
import type { Checkpoint } from '../../../src/core/training/checkpoint';
import { smoothCells } from '../equations/arbitrary-cells';
import { backends, engineSample, networkOf, trained } from '../formats/tools';
import { onnxRuntime } from './onnx-runtime';
import { models, randomModel } from './text-models';

type States = Readonly<Record<string, Float32Array>>;

/** Reads ids `[T, B]` in ONNX Runtime; gives logits `[T, B, C]` and the states after them. */
type Run = (
  ids: readonly number[],
  batch: number,
  states?: States,
) => Promise<{ readonly logits: Float32Array; readonly states: States }>;

async function load(checkpoint: Checkpoint): Promise<Run> {
  const { InferenceSession, Tensor } = await onnxRuntime();
  const bytes = writeOnnx(checkpoint);
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 });
  const { initial } = metadataOf(bytes);
  const starts = Object.entries(JSON.parse(initial!) as Record<string, number>);
  const shapes = new Map(session.inputMetadata.map(({ name, shape }) => [name, shape]));
  return async (ids, batch, states = {}) => {
    const steps = ids.length / batch;
    const tokens = new Tensor('int64', BigInt64Array.from(ids, BigInt), [steps, batch]);
    const feeds: Record<string, object> = { tokens };
    for (const [name, start] of starts) {
      const [lag, , width] = shapes.get(`past.${name}`) as [number, string, number];
      const values = states[name] ?? new Float32Array(lag * batch * width).fill(start);
      feeds[`past.${name}`] = new Tensor('float32', values, [lag, batch, width]);
    }
    const results = await session.run(feeds);
    return {
      logits: results['logits']!.data,
      states: Object.fromEntries(
        starts.map(([name]) => [name, results[`present.${name}`]!.data] as const),
      ),
    };
  };
}

function metadataOf(bytes: Uint8Array): Record<string, string> {
  const { metadataProps } = fromBinary(ModelProtoSchema, bytes);
  return Object.fromEntries(metadataProps.map(({ key, value }) => [key, value]));
}

function operatorsOf(checkpoint: Checkpoint): Set<string> {
  const { graph } = fromBinary(ModelProtoSchema, writeOnnx(checkpoint));
  return new Set(graph!.node.map(({ opType }) => opType));
}

/** The largest difference of logits from the float64 engine's, relative to 1 + their size. */
async function differenceOf(checkpoint: Checkpoint, rows: readonly number[][]): Promise<number> {
  const run = await load(checkpoint);
  const batch = rows.length;
  const steps = rows[0]!.length;
  const ids = Array.from(
    { length: steps * batch },
    (_, i) => rows[i % batch]![Math.trunc(i / batch)]!,
  );
  const half = Math.trunc(steps / 2) * batch;
  // In two parts, the second of which goes on with the states of the first.
  const first = await run(ids.slice(0, half), batch);
  const second = await run(ids.slice(half), batch, first.states);
  const logits = [...first.logits, ...second.logits];
  const width = logits.length / ids.length;
  const network = networkOf(checkpoint, backends['reference']!);
  const reader = createReader(network);
  let largest = 0;
  rows.forEach((row, b) => {
    reader.reset();
    row.forEach((token, t) => {
      reader.read([token]);
      reader.logits().forEach((expected, i) => {
        const found = logits[(t * batch + b) * width + i]!;
        largest = Math.max(largest, Math.abs(found - expected) / (1 + Math.abs(expected)));
      });
    });
  });
  network.backend.close();
  return largest;
}

const rows = [
  [0, 3, 1, 1, 2, 0, 3, 2],
  [2, 2, 0, 1, 3, 3, 0, 1],
  [1, 0, 0, 2, 1, 3, 2, 2],
];

describe('an exported ONNX model', () => {
  for (const [name, equations] of builtinCells) {
    it(`has the engine’s logits in ONNX Runtime, in parts and side by side: ${name}`, async () => {
      for (const [layers, embedding] of [
        [1, 0],
        [2, 3],
      ] as const) {
        assert.ok((await differenceOf(randomModel(equations, layers, embedding), rows)) < 1e-5);
      }
    });
  }

  for (const [name, cell, settings] of models) {
    it(`has those of a trained model: ${name}`, async () => {
      assert.ok((await differenceOf(await trained({ cell, settings }), rows)) < 1e-5);
    });
  }

  it('has those of any cell in any number of layers', async () => {
    await fc.assert(
      fc.asyncProperty(
        smoothCells,
        fc.integer({ min: 1, max: 2 }),
        fc.constantFrom(0, 4),
        async (cell, layers, embedding) => {
          const difference = await differenceOf(
            randomModel(printCell(cell), layers, embedding),
            rows,
          );
          assert.ok(difference < 1e-5, String(difference));
        },
      ),
      { numRuns: 20 },
    );
  });

  it('is made of the standard operators where the cell is one of them, and else of Scan', () => {
    for (const [cell, operator] of [
      ['lstm', 'LSTM'],
      ['gru', 'GRU'],
      ['vanilla', 'RNN'],
      ['vanilla-nobias', 'RNN'],
      ['min-gru', 'Scan'],
    ] as const) {
      const operators = operatorsOf(randomModel(builtinCells.get(cell)!, 2, 0));
      const found = ['LSTM', 'GRU', 'RNN', 'Scan'].filter((each) => operators.has(each));
      assert.deepEqual(found, [operator], cell);
    }
  });

  it('computes outside the loop what does not need it', () => {
    const { graph } = fromBinary(
      ModelProtoSchema,
      writeOnnx(randomModel('s[t] = tanh(U x[t] + W s[t-1] + b)\nq[t] = relu(Q s[t])', 1, 0)),
    );
    const scan = graph!.node.find(({ opType }) => opType === 'Scan');
    const body = scan!.attribute.find(({ name }) => name === 'body')!.g!;
    const products = body.node.filter(({ opType }) => opType === 'MatMul');
    assert.equal(products.length, 1);
    assert.deepEqual(
      graph!.node.filter(({ opType }) => ['Gather', 'MatMul', 'Relu'].includes(opType)).length,
      4,
    );
  });

  it('writes the engine’s most likely tokens, one by one', async () => {
    const checkpoint = await trained({ cell: 'lstm' });
    const { ids } = engineSample(checkpoint, backends['reference']!, {
      ...{ prime: 'the cat', temperature: 0, length: 60 },
    });
    const run = await load(checkpoint);
    let given = [...checkpoint.tokenizer.encode('the cat').ids];
    let states: States = {};
    const written: number[] = [];
    while (written.length < ids.length) {
      const { logits, states: next } = await run(given, 1, states);
      const last = logits.slice(-checkpoint.tokenizer.vocabulary);
      const best = last.indexOf(Math.max(...last));
      written.push(best);
      given = [best];
      states = next;
    }
    assert.deepEqual(written, ids);
  });

  it('says what a reader needs to know: equations, tokens, first states', async () => {
    const checkpoint = await trained({ cell: 'h[t] = tanh(U x[t] + W h[t-2])\ninit h = 0.5' });
    const { equations, tokenizer, initial } = metadataOf(writeOnnx(checkpoint));
    assert.equal(equations, printCell(checkpoint.model.spec.cell));
    assert.deepEqual(JSON.parse(tokenizer!), checkpoint.tokenizer.toJSON());
    assert.equal(initial, '{"layer1.h":0.5}');
  });
});
