// Training speed of TensorFlow.js with its WebAssembly backend on rows of `npm run bench`: JSON Lines, first the
// versions, then a row a line: node tfjs.mjs FOLDER ROWS SECONDS REPETITIONS LONGEST
//
// A step is what RNN Lab's is: forward over a chunk with carried state, mean cross-entropy, backward, clipping by
// global norm 5, Adam. FOLDER holds node_modules. What has no input from another step is one product for all
// steps. The input is a one-hot product: the gradient of a gather has no kernel in this backend.
import { createRequire } from 'node:module';
import path from 'node:path';

const [folder = '.', rowsJson = '[]', seconds = '0.5', repetitions = '5', longest = '60'] =
  process.argv.slice(2);
const require = createRequire(path.resolve(folder, 'package.json'));
const tf = require('@tensorflow/tfjs');
const wasm = require('@tensorflow/tfjs-backend-wasm');

const GATES = { vanilla: 1, gru: 3, lstm: 4 };

/** @typedef {{ cell: 'vanilla' | 'gru' | 'lstm', hidden: number, batch: number, sequence: number, vocabulary: number }} Row */

/** One step of a cell on the input's part of its gates: the new hidden state, and whatever else it carries. */
const cells = {
  vanilla: (input, [h], W) => [tf.tanh(tf.add(input, tf.matMul(h, W)))],
  gru: (input, [h], W, bias) => {
    const [zx, rx, nx] = tf.split(input, 3, 1);
    const [zh, rh, nh] = tf.split(tf.matMul(h, W), 3, 1);
    const z = tf.sigmoid(tf.add(zx, zh));
    const n = tf.tanh(tf.add(nx, tf.mul(tf.sigmoid(tf.add(rx, rh)), tf.add(nh, bias))));
    return [tf.add(n, tf.mul(z, tf.sub(h, n)))];
  },
  lstm: (input, [h, c], W) => {
    const [i, f, o, g] = tf.split(tf.add(input, tf.matMul(h, W)), 4, 1);
    const next = tf.add(tf.mul(tf.sigmoid(f), c), tf.mul(tf.sigmoid(i), tf.tanh(g)));
    return [tf.mul(tf.sigmoid(o), tf.tanh(next)), next];
  },
};

/** @param {Row} row */
function createStep({ cell, hidden, batch, sequence, vocabulary }) {
  const width = GATES[cell] * hidden;
  const weights = (...shape) => tf.variable(tf.randomNormal(shape, 0, 1 / Math.sqrt(hidden)));
  const zeros = (...shape) => tf.variable(tf.zeros(shape));
  const [U, W, b, n] = [
    weights(vocabulary, width),
    weights(hidden, width),
    zeros(width),
    zeros(hidden),
  ];
  const [V, c] = [weights(hidden, vocabulary), zeros(vocabulary)];
  const all = [U, W, b, V, c, ...(cell === 'gru' ? [n] : [])];
  const ids = () => tf.randomUniform([sequence * batch], 0, vocabulary, 'int32');
  const [tokens, targets] = [ids(), ids()];
  const optimizer = tf.train.adam(2e-3, 0.9, 0.99);
  let carried = Array.from({ length: cell === 'lstm' ? 2 : 1 }, () => tf.zeros([batch, hidden]));

  function loss() {
    const inputs = tf.add(tf.matMul(tf.oneHot(tokens, vocabulary), U), b);
    let state = carried;
    const outputs = tf.split(inputs, sequence, 0).map((input) => {
      state = cells[cell](input, state, W, n);
      return state[0];
    });
    state.forEach((part) => tf.keep(part));
    next = state;
    const logits = tf.add(tf.matMul(tf.concat(outputs, 0), V), c);
    const likelihoods = tf.sum(tf.mul(tf.logSoftmax(logits), tf.oneHot(targets, vocabulary)));
    return tf.div(tf.neg(likelihoods), sequence * batch);
  }
  /** @type {any[]} */
  let next = [];

  function step() {
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(loss, all);
      const norm = tf.sqrt(tf.addN(Object.values(grads).map((grad) => tf.sum(tf.square(grad)))));
      const scale = tf.minimum(1, tf.div(5, norm));
      const clipped = Object.entries(grads).map(([name, grad]) => [name, tf.mul(grad, scale)]);
      optimizer.applyGradients(Object.fromEntries(clipped));
      // Reading the loss ends the step.
      value.dataSync();
    });
    carried.forEach((part) => part.dispose());
    carried = next;
  }

  return {
    step,
    dispose: () =>
      [...all, ...carried, tokens, targets, optimizer].forEach((part) => part.dispose()),
  };
}

/** @param {() => void} step @param {number} times */
function timed(step, times) {
  const start = performance.now();
  for (let i = 0; i < times; i++) step();
  return (performance.now() - start) / 1000;
}

/** Floating-point operations of a step's products, as a prediction of its time. @param {Row} row */
function work({ cell, hidden, batch, sequence, vocabulary }) {
  return 6 * batch * sequence * hidden * (GATES[cell] * (hidden + vocabulary) + vocabulary);
}

function say(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

await wasm.setWasmPaths(
  path.join(path.resolve(folder), 'node_modules/@tensorflow/tfjs-backend-wasm/dist/'),
);
await tf.setBackend('wasm');
await tf.ready();
say({ version: tf.version.tfjs, node: process.versions.node, threads: wasm.getThreadsCount() });

/** Of each cell the largest row so far, as the next is likest to it: operations and seconds of a step. */
const largest = new Map();
for (const row of JSON.parse(rowsJson)) {
  const like = largest.get(row.cell);
  const expected = like === undefined ? 0 : (like.seconds / like.work) * work(row);
  if (expected > Number(longest)) {
    say({ ...row, missing: `a step would take about ${Math.round(expected)} s` });
    continue;
  }
  const { step, dispose } = createStep(row);
  const first = timed(step, 1);
  const one = Math.min(first, timed(step, 1));
  if (like === undefined || work(row) > like.work) {
    largest.set(row.cell, { work: work(row), seconds: one });
  }
  const steps = Math.max(1, Math.round(Number(seconds) / one));
  // A step of many seconds is measured once: its spread is small.
  const times = one > Number(seconds) * 4 ? 1 : Number(repetitions);
  const tokens = row.batch * row.sequence;
  const rates = Array.from({ length: times }, () => (tokens * steps) / timed(step, steps));
  rates.sort((a, b) => a - b);
  const [min, max] = [rates[0], rates.at(-1)];
  const middle = (times - 1) / 2;
  const median = (rates[Math.floor(middle)] + rates[Math.ceil(middle)]) / 2;
  say({ ...row, tokensPerSecond: { median, min, max } });
  dispose();
}
say({ peakResidentBytes: process.resourceUsage().maxRSS * 1024 });
