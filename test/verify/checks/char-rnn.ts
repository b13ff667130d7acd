/** Karpathy's char-rnn, trained as its README says: its own validation loss after 1,000 iterations. */
import fs from 'node:fs';
import path from 'node:path';
import { loadCell } from '../../../src/core/equations/load-cell';
import { memoryText } from '../../../src/core/data/source';
import { prepareText } from '../../../src/core/data/text';
import { createWasmBackend } from '../../../src/core/kernels/wasm';
import { createRandom } from '../../../src/core/random/random';
import { parseSettings } from '../../../src/core/settings/settings';
import { toEnglish } from '../../../src/core/sentence';
import { createTrainer, type Trainer } from '../../../src/core/training/trainer';
import { sha256 } from '../../../src/worker/sha256';
import { nodeThreads } from '../../../src/worker/spawn';
import { near, NotRun, within, type Check, type Circumstances } from '../check';
import { setParameters } from '../stream';

const sequence = 50;
const settings = {
  'model.hidden': 128,
  'model.layers': 2,
  'data.split': 'streams',
  'data.validation': 0.05,
  'training.batch': 50,
  'training.sequence': sequence,
  'training.optimizer': 'rmsprop',
  'training.learningRate': 0.002,
  'training.alpha': 0.95,
  'training.schedule': 'constant',
  'training.warmup': 0,
  'training.clip': 0,
  // char-rnn cuts the gradient of the sum over the sequence to ±5, RNN Lab that of the mean.
  'training.clipValue': 5 / sequence,
  'training.evaluateEvery': 1000,
  'training.evaluationTokens': 0,
  'training.steps': 1000,
  'inspection.observeEvery': 0,
  'inspection.sampleEvery': 0,
};

function readShakespeare(file: string | undefined): string {
  if (file === undefined) {
    throw new NotRun('it needs tiny Shakespeare (--shakespeare=FILE, 1,115,394 characters)');
  }
  return prepareText(fs.readFileSync(file, 'utf8')).text;
}

async function start(text: string, threads: number): Promise<Trainer> {
  const spawn = nodeThreads(path.resolve('dist/thread.js'));
  const trainer = await createTrainer({
    settings: parseSettings(settings),
    cell: loadCell('lstm'),
    data: { kind: 'text', text: memoryText(text, 'tiny Shakespeare') },
    createHash: sha256,
    createBackend: ({ layout }) => createWasmBackend({ layout, threads, spawn }),
    now: () => performance.now() / 1000,
  });
  // Its initial values: all uniform in ±0.08, but the forget gates' biases, which are 1.
  const { network } = trainer;
  const initial = { network, random: createRandom(123) };
  setParameters(initial, ({ symbol }, random) =>
    symbol === 'bf' ? 1 : 0.08 * (2 * random.uniform() - 1),
  );
  return trainer;
}

export const charRnn: Check = {
  name: 'char-rnn',
  title: 'char-rnn on tiny Shakespeare: LSTM 2×128, 50 streams, the last 5 % of each held out',
  source:
    'char-rnn’s published 1.785 after 1,000 iterations; RMSProp 0.002 (α 0.95), sequence 50, cut at ±5, forget bias 1',
  async *run({ shakespeare, threads }: Circumstances) {
    const text = readShakespeare(shakespeare);
    yield near('characters of the text', text.length, 1_115_394, 0, 0);
    const trainer = await start(text, threads);
    const { vocabulary, baselines } = trainer.facts;
    yield near('symbols of the text', vocabulary, 65, 0, 0);
    const losses: number[] = [];
    while (!trainer.hasEnded()) {
      for (const event of trainer.runFor(0.1)) {
        if (event.event === 'failed') throw new Error(toEnglish(event.message));
        if (event.event === 'evaluation') losses.push(event.row.validationLoss);
      }
      // Lets threads' messages in.
      await new Promise((resolve) => setImmediate(resolve));
    }
    trainer.close();
    yield within('validation loss after 1,000 iterations', losses.at(-1)!, [1.755, 1.815]);
    yield near(
      'entropy of a symbol, of its successor (training part)',
      baselines.bigram,
      2.453,
      0.02,
    );
  },
};
