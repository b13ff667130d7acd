/** Answers written step by step, against what whole runs over given answers come to. */
import assert from 'node:assert/strict';
import { createAnswerRows, type Room } from '../../../src/core/decoding/answer-rows';
import { greedy, type Answer, type Method } from '../../../src/core/decoding/answers';
import { decodeAnswers } from '../../../src/core/decoding/decode';
import { answerWithNumbers } from '../../../src/core/decoding/numbers';
import type { Backend } from '../../../src/core/engine/backend';
import { buildExampleModel, type ExampleModel } from '../../../src/core/engine/model';
import { createNetwork, type Network } from '../../../src/core/engine/network';
import { createReferenceBackend } from '../../../src/core/engine/reference';
import { parseCell } from '../../../src/core/equations/parse';
import { createWasmBackend } from '../../../src/core/kernels/wasm';
import { logSumExp } from '../../../src/core/numerics';
import type { Dataset } from '../../../src/core/task/dataset';
import { createRowWriter } from '../../../src/core/task/write-rows';
import { randomiseParameters } from '../engine/sketch';
import { builds } from '../kernels/machine';
import { channel, dataset } from '../task/made';

const symbols = 3;
const boundary = symbols;

/** Reads what it has said in every way there is: x[u], x[u-1], two steps of its state, and its own output. */
const translation = `s[t] = gru(x[t], s[t-1])
d[u] = tanh(U x[u] + X x[u-1] + R d[u-1] + S d[u-2] + C a[u] + Y y[u-1] + b)
init d = s[T]
a[u] = attend(A d[u-1], s)
y[u] = softmax(V d[u] + c)`;

const caption = `d[u] = lstm(x[u], d[u-1])
init d = tanh(P x + p)
y[u] = softmax(V d[u] + c)`;

const sources = [[0, 1, 2, 3, 1], [2], [3, 3, 0], [1, 0, 2, 2, 1, 0, 3]];
const pictures = sources.map((source) => [[source.length / 8, 1 - source[0]!]]);

/** Sources with answers that are read from them one way or another. */
function given(kind: 'translation' | 'caption', answers: readonly (readonly number[])[]): Dataset {
  const chosen = answers.map((_, i) => i % sources.length);
  const input =
    kind === 'translation'
      ? channel(
          chosen.map((i) => sources[i]!),
          4,
          true,
        )
      : channel(
          chosen.map((i) => pictures[i]!),
          undefined,
          false,
        );
  return dataset(input, channel(answers, symbols, true), 'delayed', answers.length, 0);
}

type Make = (layout: ExampleModel['layout']) => Backend;
const reference: Make = (layout) => createReferenceBackend(layout);
const backends: Readonly<Record<string, Make>> = {
  reference,
  ...Object.fromEntries(
    builds.map((build) => [build, (layout) => createWasmBackend({ layout, build })] as const),
  ),
};

const kinds = { translation, caption } as const;

function networkOf(kind: keyof typeof kinds, make: Make = reference): Network<ExampleModel> {
  const model = buildExampleModel({
    cell: parseCell(kinds[kind], kind),
    ...{ hidden: 6, output: symbols + 1, dropout: 0 },
    input: kind === 'translation' ? { kind: 'symbols', width: 4 } : { kind: 'numbers', width: 2 },
    answer: { kind: 'symbols', width: symbols + 1 },
  });
  const backend = make(model.layout);
  randomiseParameters({ model, backend }, 12, 1.5);
  return createNetwork(model, backend);
}

/** ln p of each symbol at each step of an answer, END last, from one run over the whole answer. */
function logProbabilities(
  network: Network<ExampleModel>,
  kind: keyof typeof kinds,
  example: number,
  answer: readonly number[],
): number[][] {
  const answers = sources.map((_, i) => (i === example ? answer : [0]));
  const data = given(kind, answers);
  const sequence = kind === 'translation' ? 7 : 0;
  const shape = { rows: 'examples', batch: 1, sequence, answer: 7 } as const;
  const loaded = network.program('evaluate', shape);
  createRowWriter(data, loaded, () => network.backend.floats()).write([example], 1);
  loaded.run(0);
  const view = loaded.program.probes.get('logits')!;
  return Array.from({ length: answer.length + 1 }, (_, u) => {
    const start = view.offset + u * view.timeStride;
    const logits = network.backend.floats().slice(start, start + symbols + 1);
    const total = logSumExp(logits);
    return Array.from(logits, (logit) => logit - total);
  });
}

function decode(
  network: Network<ExampleModel>,
  kind: keyof typeof kinds,
  examples: readonly number[],
  method: Method,
  room: Partial<Room> = {},
): Answer[][] {
  const rows = createAnswerRows(network, { rows: 8, source: 7, answer: 6, ...room });
  const { input } = given(
    kind,
    sources.map(() => []),
  );
  const options = { method, boundary, weights: true } as const;
  const running = decodeAnswers(rows, input, examples, options);
  for (;;) {
    const { done, value } = running.next();
    if (done === true) return value;
    assert(value > 0 && value <= 1);
  }
}

/** Wu et al. 2016, equation 14, of an answer and its END. */
const scoreOf = (logProbability: number, length: number, alpha: number): number =>
  (logProbability * 6 ** alpha) / (5 + length) ** alpha;

interface Ranked {
  readonly ids: readonly number[];
  readonly logProbability: number;
  readonly score: number;
}

/** Beam search as a person would do it, each beginning read from its start. */
function naiveBeam(
  network: Network<ExampleModel>,
  kind: keyof typeof kinds,
  example: number,
  width: number,
  alpha: number,
  longest: number,
): Ranked[] {
  let live: Ranked[] = [{ ids: [], logProbability: 0, score: 0 }];
  const ended: Ranked[] = [];
  for (let u = 0; u < longest && live.length > 0; u++) {
    const all = live.flatMap(({ ids, logProbability }) =>
      logProbabilities(network, kind, example, ids)
        .at(-1)!
        .map((p, id) => ({ ids: [...ids, id], logProbability: logProbability + p, score: 0 })),
    );
    const best = all
      .sort((a, b) => b.logProbability - a.logProbability)
      .slice(0, width - ended.length)
      .map((each) => ({ ...each, score: scoreOf(each.logProbability, u + 1, alpha) }));
    ended.push(...best.filter(({ ids }) => ids.at(-1) === boundary));
    live = best.filter(({ ids }) => ids.at(-1) !== boundary);
  }
  const rank = (some: Ranked[]): Ranked[] => some.toSorted((a, b) => b.score - a.score);
  return [...rank(ended), ...rank(live)];
}

function assertRanked(got: readonly Answer[], wanted: readonly Ranked[], tolerance: number): void {
  assert.deepEqual(
    got.map(({ ids, ended }) => [...ids, ...(ended ? [boundary] : [])]),
    wanted.map(({ ids }) => ids),
  );
  got.forEach(({ logProbability, score }, i) => {
    assert(Math.abs(logProbability - wanted[i]!.logProbability) < tolerance);
    assert(Math.abs(score - wanted[i]!.score) < tolerance);
  });
}

/** Every answer of up to so many symbols. */
function everyAnswer(longest: number): number[][] {
  let of: number[][] = [[]];
  const all = [...of];
  for (let length = 1; length <= longest; length++) {
    of = of.flatMap((ids) => Array.from({ length: symbols }, (_, id) => [...ids, id]));
    all.push(...of);
  }
  return all;
}

const sampled: Method = { kind: 'sample', seed: 3, temperature: 0.8, topK: 3, topP: 0.95 };
const beam: Method = { kind: 'beam', width: 3, lengthPenalty: 0.6 };
const methods: readonly Method[] = [greedy, beam, sampled];

describe('answers', () => {
  for (const kind of ['translation', 'caption'] as const) {
    it(`${kind}: a beam with room for every beginning finds what trying every answer finds`, () => {
      const network = networkOf(kind);
      const longest = 4;
      for (const lengthPenalty of [0, 0.6, 2]) {
        for (const example of [0, 1]) {
          const all = everyAnswer(longest).map((ids) => {
            const steps = logProbabilities(network, kind, example, ids);
            const whole = ids.length < longest ? [...ids, boundary] : ids;
            const logProbability = whole.reduce((sum, id, u) => sum + steps[u]![id]!, 0);
            const score = scoreOf(logProbability, whole.length, lengthPenalty);
            return { ids: whole, logProbability, score };
          });
          const rank = (some: typeof all) => some.sort((a, b) => b.score - a.score);
          const wanted = [
            ...rank(all.filter(({ ids }) => ids.at(-1) === boundary)),
            ...rank(all.filter(({ ids }) => ids.at(-1) !== boundary)),
          ];
          const width = all.length;
          const method: Method = { kind: 'beam', width, lengthPenalty };
          const [got] = decode(network, kind, [example], method, { rows: width, answer: longest });
          assertRanked(got!, wanted, 1e-12);
        }
      }
    });

    it(`${kind}: a narrow beam finds what reading each beginning from its start finds`, () => {
      for (const [name, make] of Object.entries(backends)) {
        const network = networkOf(kind, make);
        for (const width of [1, 2, 3]) {
          const method: Method = { kind: 'beam', width, lengthPenalty: 0.6 };
          const got = decode(network, kind, [0, 1, 2, 3], method, { rows: 7 });
          got.forEach((answers, example) => {
            const wanted = naiveBeam(network, kind, example, width, 0.6, 6);
            assertRanked(answers, wanted, name === 'reference' ? 1e-12 : 1e-5);
          });
        }
      }
    });

    it(`${kind}: no answer depends on the examples beside it, their order or the room, bit for bit`, () => {
      for (const make of Object.values(backends)) {
        const network = networkOf(kind, make);
        for (const method of methods) {
          const alone = [0, 1, 2, 3].map((example) => {
            const width = method.kind === 'beam' ? method.width : 1;
            const room = { rows: width, source: sources[example]!.length };
            return decode(network, kind, [example], method, room)[0]!;
          });
          assert.deepEqual(decode(network, kind, [0, 1, 2, 3], method), alone);
          const reversed = decode(network, kind, [3, 2, 1, 0], method, { rows: 13, answer: 6 });
          assert.deepEqual(reversed.reverse(), alone);
        }
      }
    });

    it(`${kind}: greedy, a beam of one, and drawing at temperature 0 or of one symbol are the same`, () => {
      const network = networkOf(kind);
      const of = (method: Method) => decode(network, kind, [0, 1, 2, 3], method);
      const wanted = of(greedy);
      const penalised = of({ kind: 'beam', width: 1, lengthPenalty: 1 });
      const drawn = of({ ...sampled, temperature: 0, topK: 0, topP: 1 });
      const single = of({ ...sampled, temperature: 3, topK: 1, topP: 1 });
      for (const same of [penalised, drawn, single]) {
        same.forEach(([answer], i) => {
          assert.deepEqual({ ...answer, score: 0 }, { ...wanted[i]![0], score: 0 });
        });
      }
    });
  }

  it('are drawn as often as their probability says, whatever is drawn beside them', () => {
    const network = networkOf('translation', backends[builds[0]!]);
    const count = 2000;
    const rows = createAnswerRows(network, { rows: 250, source: 5, answer: 1 });
    const { input } = given(
      'translation',
      Array.from({ length: 4 * count }, () => []),
    );
    const examples = Array.from({ length: count }, (_, i) => 4 * i);
    const method: Method = { kind: 'sample', seed: 9, temperature: 1, topK: 0, topP: 1 };
    const running = decodeAnswers(rows, input, examples, { method, boundary });
    let step = running.next();
    while (step.done !== true) step = running.next();
    const [wanted] = logProbabilities(network, 'translation', 0, []);
    const found = new Array<number>(symbols + 1).fill(0);
    for (const [answer] of step.value) found[answer!.ids[0] ?? boundary]!++;
    found.forEach((times, id) => {
      const p = Math.exp(wanted![id]!);
      assert(Math.abs(times - count * p) < 4 * Math.sqrt(count * p * (1 - p)), String(found));
    });
  });

  it('tell what was attended to at each step: of the example’s steps alone, 1 together', () => {
    const network = networkOf('translation');
    const [first, second] = decode(network, 'translation', [0, 1], beam);
    for (const [answers, steps] of [
      [first!, 5],
      [second!, 1],
    ] as const) {
      for (const { ids, ended, weights } of answers) {
        const rows = weights.get('a')!;
        assert.equal(rows.length, ids.length + Number(ended));
        for (const row of rows) {
          assert.equal(row.length, steps);
          assert(Math.abs(row.reduce((a, b) => a + b, 0) - 1) < 1e-6);
        }
      }
    }
    // The weights of an answer that is given are those of the one that was found.
    const { ids, weights } = first![0]!;
    const shape = { rows: 'examples', batch: 1, sequence: 5, answer: 7 } as const;
    const loaded = network.program('inspect', shape);
    const data = given('translation', [[...ids]]);
    createRowWriter(data, loaded, () => network.backend.floats()).write([0], 1);
    loaded.run(0);
    const view = loaded.program.probes.get('weights a')!;
    weights.get('a')!.forEach((row, u) => {
      const start = view.offset + u * view.timeStride;
      assert.deepEqual(row, Float32Array.from(network.backend.floats().slice(start, start + 5)));
    });
  });

  it('never hold a symbol that is excluded', () => {
    const network = networkOf('translation');
    const rows = createAnswerRows(network, { rows: 12, source: 7, answer: 6 });
    const { input } = given(
      'translation',
      sources.map(() => []),
    );
    for (const method of [beam, sampled]) {
      const running = decodeAnswers(rows, input, [0, 1, 2, 3], { method, boundary, excluded: 1 });
      let step = running.next();
      while (step.done !== true) step = running.next();
      assert(step.value.flat().every(({ ids }) => !ids.includes(1)));
      assert(step.value.flat().some(({ ids }) => ids.length > 0));
    }
  });

  it('of numbers are what the model says when it is told its own words', () => {
    for (const [response, wrap] of [
      ['none', 'V d[u] + c'],
      ['sigmoid', 'sigmoid(V d[u] + c)'],
    ] as const) {
      const source = `d[u] = gru(x[u], d[u-1])\ninit d = tanh(P x + p)\ny[u] = ${wrap}`;
      const numbers = { kind: 'numbers', width: 2 } as const;
      const spec = { hidden: 5, output: 2, dropout: 0, input: numbers, answer: numbers };
      const model = buildExampleModel({ cell: parseCell(source, 'model'), ...spec });
      for (const make of Object.values(backends)) {
        const backend = make(model.layout);
        randomiseParameters({ model, backend }, 5, 1.5);
        const network = createNetwork(model, backend);
        const input = channel(
          pictures.map((picture) => picture),
          undefined,
          false,
        );
        const rows = createAnswerRows(network, { rows: 3, source: 0, answer: 6 });
        const running = answerWithNumbers(rows, input, [0, 1, 2, 3], 5);
        let step = running.next();
        while (step.done !== true) step = running.next();
        const pairs = step.value.map((answer) =>
          Array.from({ length: 5 }, (_, u) => [...answer.subarray(2 * u, 2 * u + 2)]),
        );
        assert(new Set(pairs.flat(2)).size > (response === 'none' ? 20 : 1));
        const data = dataset(input, channel(pairs, undefined, true), 'delayed', 4, 0);
        const shape = { rows: 'examples', batch: 4, sequence: 0, answer: 5 } as const;
        const loaded = network.program('evaluate', shape);
        createRowWriter(data, loaded, () => backend.floats()).write([0, 1, 2, 3], 4);
        const { lossSum } = loaded.run(0);
        const view = loaded.program.probes.get('logits')!;
        pairs.forEach((answer, row) => {
          answer.forEach((pair, u) => {
            const start = view.offset + u * view.timeStride + row * view.rowStride;
            const logits = Float32Array.from(backend.floats().slice(start, start + 2));
            const said = response === 'none' ? logits : logits.map((logit) => Number(logit > 0));
            assert.deepEqual([...said], pair);
          });
        });
        if (response === 'none') assert(lossSum < 1e-9);
        backend.close();
      }
    }
  });

  it('are refused where they cannot be found', () => {
    const network = networkOf('translation');
    assert.throws(
      () => decode(network, 'translation', [0], { kind: 'beam', width: 9, lengthPenalty: 0 }),
      /A beam of 9 does not fit in 8 rows/,
    );
    const backwards = 'd[u] = tanh(P x + W d[u+1] + b)\ny[u] = softmax(V d[u] + c)';
    const spec = {
      ...{ hidden: 4, output: symbols + 1, dropout: 0 },
      input: { kind: 'numbers', width: 2 },
      answer: { kind: 'symbols', width: symbols + 1 },
    } as const;
    const model = buildExampleModel({ cell: parseCell(backwards, 'model'), ...spec });
    const other = createNetwork(model, reference(model.layout));
    assert.throws(
      () => createAnswerRows(other, { rows: 1, source: 0, answer: 3 }),
      /The model reads later steps of its answer/,
    );
    const broken = networkOf('translation');
    broken.backend.floats().fill(NaN, 0, broken.model.layout.parameterFloats);
    for (const method of [beam, sampled]) {
      assert.throws(
        () => decode(broken, 'translation', [0], method),
        /The model’s output is not a finite number/,
      );
    }
  });
});
