/**
 * The trainer against a vanilla network written out by hand in float64: forward, truncated BPTT, clipping
 * and Adam, nothing shared with the product but the initial parameters.
 */
import assert from 'node:assert/strict';
import { readParameter } from '../../../src/core/engine/parameters';
import { everyStep, eventsOf, makeTrainer, runSteps, sampleText } from './tools';

type Matrix = number[][];

const zeros = (rows: number, columns: number): Matrix =>
  Array.from({ length: rows }, () => new Array<number>(columns).fill(0));

class ByHand {
  readonly moments = new Map<string, [Matrix, Matrix]>();
  state: Matrix;

  constructor(
    readonly p: Record<'U' | 'W' | 'b' | 'V' | 'c', Matrix>,
    readonly batch: number,
  ) {
    this.state = zeros(batch, p.W.length);
  }

  /** One step on a chunk given as rows `[B][T + 1]`; returns the mean loss. */
  step(rows: number[][], number: number, rate: number, clip: number): number {
    const { U, W, b, V, c } = this.p;
    const H = W.length;
    const C = V.length;
    const T = rows[0]!.length - 1;
    const grad = { U: zeros(H, C), W: zeros(H, H), b: zeros(H, 1), V: zeros(C, H), c: zeros(C, 1) };
    const n = rows.length * T;
    let loss = 0;
    rows.forEach((ids, row) => {
      const states = [this.state[row]!];
      const errors: number[][] = [];
      for (let t = 0; t < T; t++) {
        const before = states[t]!;
        const now = b.map(([bias], i) =>
          Math.tanh(U[i]![ids[t]!]! + W[i]!.reduce((sum, w, j) => sum + w * before[j]!, 0) + bias!),
        );
        const logits = c.map(([bias], k) => V[k]!.reduce((sum, v, j) => sum + v * now[j]!, bias!));
        const total = Math.log(logits.reduce((sum, l) => sum + Math.exp(l), 0));
        loss += total - logits[ids[t + 1]!]!;
        errors.push(logits.map((l, k) => (Math.exp(l - total) - (k === ids[t + 1] ? 1 : 0)) / n));
        states.push(now);
      }
      this.state[row] = states[T]!;
      let later = new Array<number>(H).fill(0);
      for (let t = T - 1; t >= 0; t--) {
        const now = states[t + 1]!;
        const error = errors[t]!;
        const inner = now.map((s, i) => {
          const back = later[i]! + error.reduce((sum, e, k) => sum + e * V[k]![i]!, 0);
          return back * (1 - s * s);
        });
        error.forEach((e, k) => {
          grad.c[k]![0]! += e;
          now.forEach((s, j) => (grad.V[k]![j]! += e * s));
        });
        inner.forEach((d, i) => {
          grad.b[i]![0]! += d;
          grad.U[i]![ids[t]!]! += d;
          states[t]!.forEach((s, j) => (grad.W[i]![j]! += d * s));
        });
        later = later.map((_, j) => inner.reduce((sum, d, i) => sum + d * W[i]![j]!, 0));
      }
    });
    this.adam(grad, number, rate, clip);
    return loss / n;
  }

  private adam(grad: Record<string, Matrix>, number: number, rate: number, clip: number): void {
    const norm = Math.sqrt(
      Object.values(grad)
        .flat(2)
        .reduce((sum, g) => sum + g * g, 0),
    );
    const scale = norm > clip ? clip / norm : 1;
    for (const [name, rows] of Object.entries(grad)) {
      const own = this.p[name as 'U'];
      const [m, v] = this.moments.get(name) ?? [
        zeros(rows.length, rows[0]!.length),
        zeros(rows.length, rows[0]!.length),
      ];
      this.moments.set(name, [m, v]);
      rows.forEach((row, i) => {
        row.forEach((raw, j) => {
          const g = raw * scale;
          m[i]![j] = 0.9 * m[i]![j]! + 0.1 * g;
          v[i]![j] = 0.99 * v[i]![j]! + 0.01 * g * g;
          const first = m[i]![j] / (1 - 0.9 ** number);
          const second = v[i]![j] / (1 - 0.99 ** number);
          own[i]![j]! -= (rate * first) / (Math.sqrt(second) + 1e-8);
        });
      });
    }
  }
}

describe('trainer', () => {
  it('finds the losses of a network written out by hand, to 1e-9 over 40 steps and two passes', async () => {
    const text = sampleText(150);
    const [batch, sequence, hidden, steps, clip] = [3, 6, 7, 40, 0.5];
    const trainer = await makeTrainer({
      text,
      settings: {
        'model.hidden': hidden,
        'data.validation': 0,
        'training.batch': batch,
        'training.sequence': sequence,
        'training.steps': steps,
        'training.learningRate': 0.03,
        'training.schedule': 'cosine',
        'training.warmup': 4,
        'training.minimumRatio': 0.1,
        'training.clip': clip,
      },
      now: everyStep(),
    });
    const { model, backend } = trainer.network;
    const rowsOf = (name: string): Matrix => {
      const parameter = model.parameters.find((p) => p.name === name)!;
      const values = [...readParameter(backend.floats(), model.layout.parameters, parameter)];
      const { rows, columns } = parameter;
      return Array.from({ length: rows }, (_, r) => values.slice(r * columns, (r + 1) * columns));
    };
    const hand = new ByHand(
      {
        U: rowsOf('layer1.U'),
        W: rowsOf('layer1.W'),
        b: rowsOf('layer1.b'),
        V: rowsOf('output.V'),
        c: rowsOf('output.c'),
      },
      batch,
    );
    const symbols = [...new Set(text)].sort();
    const ids = Array.from(text, (symbol) => symbols.indexOf(symbol));
    const chunks = Math.floor((ids.length - 1) / (batch * sequence));
    assert.ok(chunks < steps, 'a second pass begins');
    const rows = eventsOf(runSteps(trainer), 'metrics').map(({ row }) => row);
    assert.equal(rows.length, steps);
    // The first pass begins at the text's start, the second one somewhere in what the chunks leave over.
    const slack = ids.length - 1 - chunks * batch * sequence;
    const expected = (shift: number): number[] => {
      const copy = structuredClone({ ...hand.p });
      const network = new ByHand(copy, batch);
      return rows.map((_, index) => {
        const chunk = index % chunks;
        if (chunk === 0) network.state = zeros(batch, hidden);
        const base = (index < chunks ? 0 : shift) + chunk * sequence;
        const window = Array.from({ length: batch }, (__, b) => {
          const from = base + b * chunks * sequence;
          return ids.slice(from, from + sequence + 1);
        });
        const cosine = 0.1 + 0.45 * (1 + Math.cos((Math.PI * index) / steps));
        return network.step(window, index + 1, 0.03 * cosine * Math.min(1, (index + 1) / 4), clip);
      });
    };
    const candidates = Array.from({ length: slack + 1 }, (_, shift) => expected(shift));
    const distance = (losses: number[]): number =>
      Math.max(...losses.map((loss, i) => Math.abs(loss - rows[i]!.loss.mean)));
    const best = Math.min(...candidates.map(distance));
    assert.ok(best < 1e-9, `off by ${String(best)}`);
    assert.ok(rows.some((row) => row.clipped === 1) && rows.some((row) => row.clipped === 0));
    assert.ok(rows.at(-1)!.loss.mean < rows[0]!.loss.mean - 0.5);
  });
});
