/** Tasks whose best possible loss is known: what a network reaches must be close to it and not below. */
import { createRandom, type Random } from '../../../src/core/random/random';
import { within, type Check, type Finding } from '../check';
import { createTask, mean, type TaskOptions } from '../stream';
import { anUpdate } from '../../unit/kernels/machine';

/** Symbols one after the other. */
interface Stream {
  readonly next: () => { readonly symbol: number; readonly predicted: boolean };
}

interface Training extends Omit<TaskOptions, 'seed'> {
  readonly learningRate: number;
  readonly steps: number;
  /** A stream of its own for each row of the batch. */
  readonly stream: (random: Random) => Stream;
}

/** Mean loss over the last fifth of the steps, whose learning rate falls to zero; nats per symbol. */
function trainOnStreams({ stream, steps, learningRate, ...options }: Training): number {
  const task = createTask({ ...options, seed: 1 });
  const { program, random } = task;
  const { batch, sequence } = options;
  const rows = Array.from({ length: batch }, () => stream(random));
  const last = rows.map((row) => row.next().symbol);
  const losses: number[] = [];
  for (let step = 1; step <= steps; step++) {
    for (let t = 0; t < sequence; t++) {
      rows.forEach((row, b) => {
        program.tokens[t * batch + b] = last[b]!;
        const { symbol, predicted } = row.next();
        last[b] = symbol;
        program.targets[t * batch + b] = predicted ? symbol : -1;
      });
    }
    const rate =
      learningRate * Math.min(1, step / 50) * Math.min(1, (5 * (steps - step)) / (3 * steps));
    const update = anUpdate({ optimizer: 'adam', learningRate: rate, clip: 1, step });
    losses.push(program.train(0, update).loss);
  }
  task.close();
  return mean(losses.slice(Math.floor(0.9 * steps)));
}

/** Elman 1990: every third bit is the exclusive or of the two before it. */
function exclusiveOr(random: Random): Stream {
  let queue: number[] = [];
  return {
    next() {
      if (queue.length === 0) {
        const [a, b] = [random.integer(2), random.integer(2)];
        queue = [a, b, a ^ b];
      }
      return { symbol: queue.shift()!, predicted: true };
    },
  };
}

/** States of Reber's grammar: two ways to go on, each a symbol and the next state; the last one ends. */
const reber: readonly (readonly (readonly [string, number])[])[] = [
  [
    ['T', 1],
    ['P', 2],
  ],
  [
    ['S', 1],
    ['X', 3],
  ],
  [
    ['T', 2],
    ['V', 4],
  ],
  [
    ['X', 2],
    ['S', 5],
  ],
  [
    ['P', 3],
    ['V', 5],
  ],
];
const alphabet = 'BTPSXVE';

function reberString(random: Random): string {
  let text = 'B';
  for (let state = 0; state < reber.length;) {
    const [symbol, next] = reber[state]![random.integer(2)]!;
    text += symbol;
    state = next;
  }
  return `${text}E`;
}

/** The second symbol comes again at the end, past a whole string of the grammar. */
function embeddedString(random: Random): string {
  const link = 'TP'[random.integer(2)]!;
  return `B${link}${reberString(random)}${link}E`;
}

/** One string after the other; where a new one begins there is nothing to predict. */
function strings(make: (random: Random) => string): (random: Random) => Stream {
  return (random) => {
    let text = '';
    let at = 0;
    return {
      next() {
        if (at === text.length) [text, at] = [make(random), 0];
        const predicted = at > 0;
        return { symbol: alphabet.indexOf(text[at++]!), predicted };
      },
    };
  };
}

/** Nats per predicted symbol that choices cost, counted in a great many strings. */
function entropyRate(
  make: (random: Random) => string,
  choicesOf: (text: string) => number,
): number {
  const random = createRandom(5);
  let [symbols, choices] = [0, 0];
  for (let i = 0; i < 200_000; i++) {
    const text = make(random);
    symbols += text.length - 1;
    choices += choicesOf(text);
  }
  return (choices * Math.LN2) / symbols;
}

/** Every symbol of a plain string is a choice between two but the first and the last. */
const inner = (text: string): number => text.length - 2;

/** Copy memory (Hochreiter & Schmidhuber 1997; Arjovsky et al. 2016): 10 symbols of 8, T blanks, a sign, 10 to be given back. */
function* copyMemory(distance: number, cell: string, steps: number): Generator<number> {
  const [symbols, blank, sign] = [8, 8, 9];
  const [batch, length] = [32, 10];
  const sequence = distance + 2 * length;
  const task = createTask({ cell, hidden: 32, vocabulary: 10, batch, sequence, seed: 1 });
  const { program, random } = task;
  for (let step = 1; step <= steps; step++) {
    program.resetState();
    for (let b = 0; b < batch; b++) {
      const memory = Array.from({ length }, () => random.integer(symbols));
      for (let t = 0; t < sequence; t++) {
        const isSign = t === sequence - length - 1;
        program.tokens[t * batch + b] = memory[t] ?? (isSign ? sign : blank);
        program.targets[t * batch + b] = memory[t - (sequence - length)] ?? blank;
      }
    }
    const update = anUpdate({ optimizer: 'adam', learningRate: 0.003, clip: 1, step });
    yield program.train(0, update).loss;
  }
  task.close();
}

export const floors: Check = {
  name: 'floors',
  title: 'Tasks with known floors: temporal XOR, Reber’s grammars, copy memory',
  source:
    'Elman 1990, (2/3) ln 2; Reber 1967, Hochreiter & Schmidhuber 1997; copy memory without a memory, 10 ln 8 / (T + 20)',
  *run(): Generator<Finding> {
    const xor = (2 / 3) * Math.LN2;
    const common = { batch: 32, sequence: 24 };
    const got = trainOnStreams({
      ...common,
      ...{ cell: 'vanilla', hidden: 32, vocabulary: 2, learningRate: 0.005, steps: 3000 },
      stream: exclusiveOr,
    });
    yield within('temporal XOR, vanilla 32', got, [xor - 0.003, xor + 0.02], 4);

    const plainRate = entropyRate(reberString, inner);
    yield within('Reber’s grammar: entropy of a symbol, counted', plainRate, [0.5931, 0.5951], 4);
    const learnt = trainOnStreams({
      ...common,
      ...{ cell: 'vanilla', hidden: 32, vocabulary: 7, learningRate: 0.005, steps: 3000 },
      stream: strings(reberString),
    });
    yield within('Reber’s grammar, vanilla 32', learnt, [0.5891, 0.6091], 4);

    // One more choice, of the link, whose second coming is none.
    const embeddedRate = entropyRate(embeddedString, (text) => inner(text.slice(2, -2)) + 1);
    yield within(
      'embedded grammar: entropy of a symbol, counted',
      embeddedRate,
      [0.4401, 0.4421],
      4,
    );
    const linked = trainOnStreams({
      ...{ batch: 32, sequence: 48, cell: 'lstm', hidden: 48, vocabulary: 7 },
      ...{ learningRate: 0.005, steps: 3000 },
      stream: strings(embeddedString),
    });
    yield within(
      'embedded grammar, LSTM 48: below 0.5041 without the link',
      linked,
      [0.4361, 0.4561],
      4,
    );

    const distance = 100;
    const floor = (10 * Math.log(8)) / (distance + 20);
    const losses = [...copyMemory(distance, 'vanilla', 600)];
    const settled = mean(losses.slice(-100));
    yield within(
      `copy memory over ${String(distance)} steps, vanilla 32, settles where one without memory does`,
      settled,
      [floor - 0.004, floor + 0.01],
      4,
    );
  },
};
