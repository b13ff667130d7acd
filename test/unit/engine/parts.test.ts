import assert from 'node:assert/strict';
import { compileProgram } from '../../../src/core/engine/compile';
import type { Backend, LoadedProgram } from '../../../src/core/engine/backend';
import { buildModel, type Mode, type Model } from '../../../src/core/engine/model';
import { readParameter, writeParameter } from '../../../src/core/engine/parameters';
import type { View } from '../../../src/core/engine/program';
import { createReferenceBackend } from '../../../src/core/engine/reference';
import { clearGradientsFrom } from '../../../src/core/engine/state';
import { parseCell } from '../../../src/core/equations/parse';
import { termNorms } from '../../../src/core/inspection/term-norms';
import { createWasmBackend } from '../../../src/core/kernels/wasm';
import { finish } from '../../../src/core/training/evaluate';
import { random } from './tools';

const [vocabulary, hidden, sequence] = [11, 9, 20];

interface Case {
  readonly source: string;
  readonly layers?: number;
  readonly embedding?: number;
}

const cases: Readonly<Record<string, Case>> = {
  vanilla: { source: 's[t] = tanh(U x[t] + W s[t-1] + b)' },
  'gru, embedded, two layers': {
    source: `z[t] = sigmoid(A x[t] + B h[t-1] + a)
      r[t] = sigmoid(C x[t] + D h[t-1] + b)
      h[t] = z[t] * h[t-1] + (1 - z[t]) * tanh(U x[t] + W (r[t] * h[t-1]))`,
    layers: 2,
    embedding: 5,
  },
  'lstm, two layers': {
    source: `i[t] = sigmoid(A x[t] + B h[t-1] + a)
      f[t] = sigmoid(C x[t] + D h[t-1] + b)
      o[t] = sigmoid(E x[t] + F h[t-1])
      g[t] = tanh(U x[t] + W h[t-1])
      c[t] = f[t] * c[t-1] + i[t] * g[t]
      h[t] = o[t] * tanh(c[t])`,
    layers: 2,
  },
  'two lags and an earlier input': {
    source: 's[t] = tanh(U x[t] + Q x[t-2] + W s[t-1] + A s[t-3] + W s[t-2])',
  },
  'Jordan, normalised': {
    source:
      's[t] = tanh(layernorm(U x[t] + W y[t-1] + R s[t-1]))\ny[t] = softmax(V s[t] + c)\ninit s = 0.5',
  },
};

const backends: Readonly<Record<string, (model: Model) => Backend>> = {
  reference: ({ layout }) => createReferenceBackend(layout),
  kernels: ({ layout }) => createWasmBackend({ layout }),
};

function modelFor({ source, layers = 1, embedding = 0 }: Case): Model {
  const cell = parseCell(source, 'cell');
  return buildModel({ cell, hidden, layers, vocabulary, embedding, dropout: 0 });
}

/** A program on a backend of its own, with the same parameters and tokens every time. */
function load(
  model: Model,
  backend: Backend,
  mode: Mode,
): { loaded: LoadedProgram; row: (name: string, t: number) => number[] } {
  const next = random(3);
  for (const parameter of model.parameters) {
    const { rows, columns } = parameter;
    const values = Array.from({ length: rows * columns }, () => next() - 0.5);
    writeParameter(backend.floats(), model.layout.parameters, parameter, values);
  }
  backend.parametersChanged();
  const base = model.layout.free;
  const loaded = backend.load(compileProgram(model, { batch: 1, sequence, mode, base }));
  for (let t = 0; t < sequence; t++) loaded.tokens[t] = Math.floor(next() * vocabulary);
  loaded.targets.fill(-1);
  return { loaded, row: (name, t) => rowOf(backend, loaded.program.probes.get(name)!, t) };
}

function rowOf(backend: Backend, view: View, t: number): number[] {
  const start = view.offset + t * view.timeStride;
  return [...backend.floats().subarray(start, start + view.width)];
}

/** Pieces of all lengths. */
const pieces = [0, 1, 2, 5, 6, 13, sequence];

describe('a program in parts', () => {
  for (const [name, spec] of Object.entries(cases)) {
    for (const [kind, create] of Object.entries(backends)) {
      it(`reads bit by bit exactly what it reads at once: ${name}, ${kind}`, () => {
        const model = modelFor(spec);
        const [parted, whole] = [create(model), create(model)];
        const read = load(model, parted, 'read');
        const inspected = load(model, whole, 'inspect');
        const evaluated = load(model, create(model), 'evaluate');
        inspected.loaded.run(0);
        evaluated.loaded.run(0);
        for (let i = 1; i < pieces.length; i++) {
          read.loaded.runPart({ pass: 'forward', from: pieces[i - 1]!, to: pieces[i]! });
        }
        const names = [...read.loaded.program.probes.keys()];
        assert.ok(names.includes('logits') && names.length > 1);
        for (let t = 0; t < sequence; t++) {
          assert.deepEqual(read.row('logits', t), evaluated.row('logits', t));
          for (const probe of names) {
            assert.deepEqual(read.row(probe, t), inspected.row(probe, t), probe);
          }
        }
      });

      it(`derives bit by bit from the end what it derives at once: ${name}, ${kind}`, () => {
        const model = modelFor(spec);
        const [parted, whole] = [create(model), create(model)];
        const look = load(model, parted, 'look');
        const inspected = load(model, whole, 'inspect');
        look.loaded.runPart({ pass: 'forward', from: 0, to: sequence });
        // First another loss, of a later step: nothing of it may be left.
        for (const [target, end] of [
          [sequence - 1, sequence],
          [14, 15],
        ] as const) {
          look.loaded.targets.fill(-1);
          look.loaded.targets[target] = 4;
          clearGradientsFrom(parted.floats(), look.loaded.program, end);
          for (const [from, to] of [
            [11, end],
            [10, 11],
            [0, 10],
          ] as const) {
            look.loaded.runPart({ pass: 'backward', from, to });
          }
        }
        inspected.loaded.targets[14] = 4;
        inspected.loaded.run(0);
        for (const probe of inspected.loaded.program.probes.keys()) {
          for (let t = 0; t < 15; t++) {
            assert.deepEqual(look.row(probe, t), inspected.row(probe, t), `${probe}, ${String(t)}`);
          }
        }
      });

      it(`finds the norms of sums that training finds, and of one step's term: ${name}, ${kind}`, () => {
        const model = modelFor(spec);
        const [parted, whole] = [create(model), create(model)];
        const look = load(model, parted, 'look');
        const trained = load(model, whole, 'train');
        look.loaded.targets[sequence - 1] = 2;
        trained.loaded.targets[sequence - 1] = 2;
        look.loaded.runPart({ pass: 'forward', from: 0, to: sequence });
        look.loaded.runPart({ pass: 'backward', from: 0, to: sequence });
        trained.loaded.run(0);
        const { program } = look.loaded;
        const within = { backend: parted, model };
        const found = finish(termNorms(within, program, 0, sequence));
        const late = finish(termNorms(within, program, 7, sequence));
        assert.ok(found.length > 0);
        found.forEach(({ parameter, sum, steps }, index) => {
          const own = model.parameters.find((candidate) => candidate.name === parameter)!;
          const gradient = readParameter(whole.floats(), model.layout.gradients, own);
          const tolerance = kind === 'reference' ? 1e-13 : 1e-6;
          const expected = Math.hypot(...gradient);
          assert.ok(Math.abs(sum - expected) < tolerance * expected, parameter);
          assert.equal(steps.length, sequence);
          const shared = steps.slice(7).every((norm, i) => norm === late[index]!.steps[i]);
          assert.ok(shared && late[index]!.steps.length === sequence - 7, parameter);
          const alone = finish(termNorms(within, program, 7, 8))[index]!;
          assert.equal(alone.sum, alone.steps[0]);
        });
      });

      it(`keeps what the gradients that training finds are sums of: ${name}, ${kind}`, () => {
        const model = modelFor(spec);
        const [parted, whole] = [create(model), create(model)];
        const look = load(model, parted, 'look');
        const trained = load(model, whole, 'train');
        const end = 17;
        look.loaded.targets[end - 1] = 2;
        trained.loaded.targets[end - 1] = 2;
        look.loaded.runPart({ pass: 'forward', from: 0, to: end });
        clearGradientsFrom(parted.floats(), look.loaded.program, end);
        look.loaded.runPart({ pass: 'backward', from: 0, to: end });
        trained.loaded.run(0);
        const { terms } = look.loaded.program;
        const names = new Set(terms.flatMap(({ matrices }) => matrices));
        assert.ok(names.size > 0);
        for (const matrix of names) {
          const parameter = model.parameters.find((candidate) => candidate.name === matrix)!;
          const { rows, columns, offset, columnStride } = parameter;
          for (let c = 0; c < columns; c++) {
            for (let r = 0; r < rows; r++) {
              const place = model.layout.gradients + offset + c * columnStride + r;
              const expected = whole.floats()[place]!;
              const found = terms.reduce((sum, { matrices, starts, left, right }) => {
                const index = matrices.indexOf(matrix);
                if (index < 0) return sum;
                const at = right.offset + starts[index]! + r;
                return Array.from({ length: end }, (_, t) => t).reduce(
                  (inner, t) =>
                    inner +
                    parted.floats()[at + t * right.timeStride]! *
                      parted.floats()[left.offset + t * left.timeStride + c]!,
                  sum,
                );
              }, 0);
              const tolerance = kind === 'reference' ? 1e-13 : 1e-6;
              assert.ok(Math.abs(found - expected) < tolerance, matrix);
            }
          }
        }
      });
    }
  }

  it('knows the matrices that the recurrence goes through', () => {
    const found = Object.entries(cases).map(([name, spec]) => {
      const model = modelFor(spec);
      const base = model.layout.free;
      const { terms } = compileProgram(model, { batch: 1, sequence, mode: 'look', base });
      return [name, [...new Set(terms.flatMap(({ matrices }) => matrices))].sort()];
    });
    assert.deepEqual(Object.fromEntries(found), {
      vanilla: ['layer1.W'],
      'gru, embedded, two layers': ['B', 'D', 'W']
        .flatMap((symbol) => [`layer1.${symbol}`, `layer2.${symbol}`])
        .sort(),
      'lstm, two layers': ['B', 'D', 'F', 'W']
        .flatMap((symbol) => [`layer1.${symbol}`, `layer2.${symbol}`])
        .sort(),
      'two lags and an earlier input': ['layer1.A', 'layer1.W'],
      'Jordan, normalised': ['layer1.R', 'layer1.V', 'layer1.W'],
    });
  });

  it('says what is no part', () => {
    const model = modelFor(cases['vanilla']!);
    for (const create of Object.values(backends)) {
      const { loaded } = load(model, create(model), 'read');
      for (const [from, to] of [
        [-1, 2],
        [3, 3],
        [0, sequence + 1],
      ] as const) {
        assert.throws(() => {
          loaded.runPart({ pass: 'forward', from, to });
        }, /Steps -?\d+ to \d+ are not steps of a program of 20/);
      }
      const whole = load(model, create(model), 'train').loaded;
      assert.throws(() => {
        whole.runPart({ pass: 'forward', from: 0, to: 1 });
      }, /runs as a whole only/);
    }
  });
});
