/** PyTorch itself, asked now. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import type { Backend } from '../../../src/core/engine/backend';
import type { GraphModel } from '../../../src/core/engine/model';
import { createWasmBackend } from '../../../src/core/kernels/wasm';
import { atMost, required, type Check, type Finding, type Found } from '../check';
import { cases, distance, initialWeights, trainFrom, training, type PyTorchCase } from './cases';
import {
  batchesOf,
  exampleCases,
  exampleTraining,
  initialExampleWeights,
  trainExamplesFrom,
  type ExampleCase,
} from './examples';
import {
  fixtures,
  hashOf,
  lossesFile,
  trainingText,
  weightsFile,
  type Recording,
} from './recorded';

const answer = v.object({
  losses: v.object({ float64: v.array(v.number()), float32: v.array(v.number()) }),
  versions: v.record(v.string(), v.string()),
});
type Answer = v.InferOutput<typeof answer>;

const wasm = ({ layout }: GraphModel): Backend => createWasmBackend({ layout });

/** Runs a script of this folder on files that are there meanwhile. */
function run(
  python: string,
  script: string,
  files: Files,
  argument: (folder: string) => string,
): Answer {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-pytorch-'));
  try {
    for (const [name, contents] of Object.entries(files)) {
      fs.writeFileSync(path.join(folder, name), contents);
    }
    const file = path.resolve('test/verify/pytorch', script);
    const { status, stdout, stderr } = spawnSync(python, [file, argument(folder)], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`${file} failed.\n${stderr}`);
    return v.parse(answer, JSON.parse(stdout));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
type Files = Readonly<Record<string, string | Uint8Array>>;

/** Makes the untrained weights of a case, and asks PyTorch what it makes of them. */
async function ask(python: string, wanted: PyTorchCase, text: string): Promise<Asked> {
  const weights = await initialWeights(wanted, text);
  const { cell, layers } = wanted;
  const found = run(python, 'train.py', { weights, text }, (folder) => {
    const files = { weights: path.join(folder, 'weights'), text: path.join(folder, 'text') };
    return JSON.stringify({ ...training, ...files, cell, layers });
  });
  return { weights, ...found };
}
type Asked = Answer & { readonly weights: Uint8Array };

async function askOfExamples(python: string, wanted: ExampleCase): Promise<Asked> {
  const weights = await initialExampleWeights(wanted);
  const { name: model } = wanted;
  const options = { ...exampleTraining, model, weights: 'weights', batches: batchesOf(wanted) };
  const files = { weights, options: JSON.stringify(options) };
  return {
    weights,
    ...run(python, 'examples.py', files, (folder) => path.join(folder, 'options')),
  };
}

/** A course on either backend. */
type Courses = Readonly<Record<string, readonly number[]>>;

function* compare(name: string, { losses }: Answer, courses: Courses): Generator<Finding> {
  for (const [backend, course] of Object.entries(courses)) {
    const most = Math.max(distance(course, losses.float64), distance(course, losses.float32));
    yield atMost(`${name}, ${backend}: largest difference of a loss`, most, 1e-4);
  }
}

export const pytorch: Check = {
  name: 'pytorch',
  title: 'Training against PyTorch: same initial weights, same batches, 200 steps of Adam',
  source:
    'PyTorch on this machine (torch.nn.RNN, GRU, LSTM, Linear; packed sequences; clip_grad_norm_; optim.Adam)',
  async *run({ torch }) {
    const python = required(torch);
    const text = trainingText();
    for (const wanted of cases) {
      const asked = await ask(python, wanted, text);
      yield* compare(wanted.name, asked, {
        'float64 reference': (await trainFrom(asked.weights, text)).losses,
        'float32 kernels': (await trainFrom(asked.weights, text, wasm)).losses,
      });
    }
    for (const wanted of exampleCases) {
      const asked = await askOfExamples(python, wanted);
      yield* compare(wanted.name, asked, {
        'float64 reference': (await trainExamplesFrom(asked.weights, wanted)).losses,
        'float32 kernels': (await trainExamplesFrom(asked.weights, wanted, wasm)).losses,
      });
    }
  },
};

/** Writes the fixtures that `npm test` compares with. */
export async function record(torch: Found): Promise<void> {
  const python = required(torch);
  const text = trainingText();
  const losses: Recording['losses'] = {};
  let versions: Recording['made']['versions'] = {};
  fs.mkdirSync(fixtures, { recursive: true });
  for (const wanted of cases) {
    const asked = await ask(python, wanted, text);
    fs.writeFileSync(weightsFile(wanted), asked.weights);
    losses[wanted.name] = asked.losses;
    versions = asked.versions;
  }
  const examples: Recording['examples'] = { training: exampleTraining, hashes: {}, losses: {} };
  for (const wanted of exampleCases) {
    const asked = await askOfExamples(python, wanted);
    fs.writeFileSync(weightsFile(wanted), asked.weights);
    examples.hashes[wanted.name] = hashOf(JSON.stringify(batchesOf(wanted)));
    examples.losses[wanted.name] = asked.losses;
  }
  const recording: Recording = {
    made: {
      by: 'PyTorch, by train.py and examples.py in test/verify/pytorch, from the weights beside this file',
      again: 'npm run verify -- --record',
      versions,
    },
    training,
    textHash: hashOf(text),
    losses,
    examples,
  };
  fs.writeFileSync(lossesFile(), `${JSON.stringify(recording, undefined, 1)}\n`);
}
