/**
 * WildML's language model, sentence by sentence, with its own truncation: the error at t is let back to t - 4
 * and no further, for every t. Windows of five steps side by side are the same: each begins in the state
 * that the sentence has there, and only its last step has a target.
 */
import type { LoadedProgram } from '../../../src/core/engine/backend';
import { medianWithin, near, required, type Check, type Finding } from '../check';
import { createTask, setParameters, type Task } from '../stream';
import { anUpdate } from '../../unit/kernels/machine';
import { readBrown } from './brown';

const vocabulary = 8000;
const hidden = 100;
const window = 5;
const rate = 0.005;
/** What has been seen elsewhere before epochs 0 to 9, nats per word. */
const seen = [8.987, 8.973, 8.951, 8.881, 6.497, 6.099, 5.898, 5.755, 5.605, 5.498];

/** How far the median of our draws may be from it; when the plateau ends differs from draw to draw by an epoch. */
function rangeOf(epoch: number): readonly [number, number] {
  if (epoch === 3) return [6.4, 8.95];
  const tolerance = epoch < 3 ? 0.01 : 0.1;
  return [seen[epoch]! - tolerance, seen[epoch]! + tolerance];
}

const seeds = [1, 2, 3, 4, 5];

const equations = 's[t] = tanh(U x[t] + W s[t-1])\ny[t] = softmax(V s[t])';

type Sentence = readonly number[];

/** Programs for rows up to the next multiple of 16: short sentences need no long one. */
function rowsFor(positions: number): number {
  return Math.ceil(positions / 16) * 16;
}

function evaluate({ network }: Task, sentences: readonly Sentence[]): number {
  let [lossSum, count] = [0, 0];
  for (const ids of sentences) {
    const program = network.program('evaluate', { batch: 1, sequence: rowsFor(ids.length - 1) });
    fillSentence(program, ids);
    const result = program.run(0);
    lossSum += result.lossSum;
    count += result.count;
  }
  return lossSum / count;
}

function fillSentence(program: LoadedProgram, ids: Sentence): void {
  program.resetState();
  program.tokens.fill(0);
  program.targets.fill(-1);
  for (let t = 0; t + 1 < ids.length; t++) {
    program.tokens[t] = ids[t]!;
    program.targets[t] = ids[t + 1]!;
  }
}

/** The states s[-1], s[0], … of a sentence, `[positions + 1][H]`. */
function statesOf({ network }: Task, ids: Sentence): Float64Array[] {
  const program = network.program('inspect', { batch: 1, sequence: rowsFor(ids.length - 1) });
  fillSentence(program, ids);
  program.run(0);
  const view = program.program.probes.get('layer1.s')!;
  const floats = network.backend.floats();
  const rows = ids.slice(1).map((_, t) => {
    const from = view.offset + t * view.timeStride;
    return Float64Array.from(floats.subarray(from, from + hidden));
  });
  return [new Float64Array(hidden), ...rows];
}

/** One step of gradient descent on the sum of a sentence's losses. */
function learn(task: Task, ids: Sentence, learningRate: number, step: number): void {
  const positions = ids.length - 1;
  const rows = rowsFor(positions);
  const states = statesOf(task, ids);
  const program = task.network.program('train', { batch: rows, sequence: window });
  const before = new Float64Array(rows * hidden);
  program.tokens.fill(0);
  program.targets.fill(-1);
  for (let t = 0; t < positions; t++) {
    const first = Math.max(0, t - window + 1);
    before.set(states[first]!, t * hidden);
    for (let k = first; k <= t; k++) program.tokens[(k - first) * rows + t] = ids[k]!;
    program.targets[(t - first) * rows + t] = ids[t + 1]!;
  }
  program.writeState(before);
  // The engine's loss is the mean over the positions.
  program.train(0, anUpdate({ learningRate: learningRate * positions, step }));
}

/** The loss before each epoch. */
function train(sentences: readonly Sentence[], seed: number): number[] {
  const task = createTask({ cell: equations, hidden, vocabulary, batch: 1, sequence: 1, seed });
  setParameters(task, ({ columns }, random) => (2 * random.uniform() - 1) / Math.sqrt(columns));
  let learningRate = rate;
  const losses: number[] = [];
  let step = 0;
  while (losses.length < seen.length) {
    const loss = evaluate(task, sentences);
    if (loss > (losses.at(-1) ?? Infinity)) learningRate /= 2;
    losses.push(loss);
    for (const ids of sentences) learn(task, ids, learningRate, ++step);
  }
  task.close();
  return losses;
}

/** Before which epoch most is lost at once. */
function dropOf(losses: readonly number[]): number {
  const falls = losses.slice(1).map((loss, epoch) => losses[epoch]! - loss);
  return 1 + falls.indexOf(Math.max(...falls));
}

export const wildml: Check = {
  name: 'wildml',
  title: 'WildML’s plateau and drop: 100 sentences of Brown, 8000 words, 100 units',
  source:
    'WildML, “RNNs in Python”: no bias, SGD 0.005 a sentence, truncation 4, rate halved when the loss rises; the curve seen with NumPy',
  *run({ brown }): Generator<Finding> {
    const corpus = readBrown(required(brown), vocabulary, 100);
    yield near('entropy of the words’ frequencies', corpus.unigram, 5.287, 0.0005);
    const courses = seeds.map((seed) => train(corpus.sentences, seed));
    for (const [epoch, loss] of seen.entries()) {
      const losses = courses.map((course) => course[epoch]!);
      const what = `loss before epoch ${String(epoch)} (seen ${loss.toFixed(3)})`;
      yield medianWithin(what, losses, rangeOf(epoch));
    }
    yield medianWithin('epoch before which it drops', courses.map(dropOf), [3, 4], 0);
  },
};
