/** PyTorch itself, asked now. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import type { Backend } from '../../../src/core/engine/backend';
import type { GraphModel } from '../../../src/core/engine/model';
import { createWasmBackend } from '../../../src/core/kernels/wasm';
import { atMost, required, type Check, type Found } from '../check';
import { cases, distance, initialWeights, trainFrom, training, type PyTorchCase } from './cases';
import { fixtures, lossesFile, trainingText, weightsFile, type Recording } from './recorded';

const answer = v.object({
  losses: v.object({ float64: v.array(v.number()), float32: v.array(v.number()) }),
  versions: v.record(v.string(), v.string()),
});
type Answer = v.InferOutput<typeof answer>;

const wasm = ({ layout }: GraphModel): Backend => createWasmBackend({ layout });

/** Makes the untrained weights of a case, and asks PyTorch what it makes of them. */
async function ask(python: string, wanted: PyTorchCase, text: string): Promise<Asked> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-pytorch-'));
  try {
    const weights = await initialWeights(wanted, text);
    const files = { weights: path.join(folder, 'weights'), text: path.join(folder, 'text') };
    fs.writeFileSync(files.weights, weights);
    fs.writeFileSync(files.text, text);
    const { cell, layers } = wanted;
    const options = JSON.stringify({ ...training, ...files, cell, layers });
    const script = path.resolve('test/verify/pytorch/train.py');
    const { status, stdout, stderr } = spawnSync(python, [script, options], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${script} failed.\n${stderr}`);
    return { weights, ...v.parse(answer, JSON.parse(stdout)) };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
type Asked = Answer & { readonly weights: Uint8Array };

export const pytorch: Check = {
  name: 'pytorch',
  title: 'Training against PyTorch: same initial weights, same batches, 200 steps of Adam',
  source: 'PyTorch on this machine (torch.nn.RNN, GRU, LSTM; clip_grad_norm_; optim.Adam)',
  async *run({ torch }) {
    const python = required(torch);
    const text = trainingText();
    for (const wanted of cases) {
      const { weights, losses } = await ask(python, wanted, text);
      const courses = {
        'float64 reference': (await trainFrom(weights, text)).losses,
        'float32 kernels': (await trainFrom(weights, text, wasm)).losses,
      };
      for (const [backend, course] of Object.entries(courses)) {
        const most = Math.max(distance(course, losses.float64), distance(course, losses.float32));
        yield atMost(`${wanted.name}, ${backend}: largest difference of a loss`, most, 1e-4);
      }
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
  const recording: Recording = {
    made: {
      by: 'PyTorch, by test/verify/pytorch/train.py from the weights beside this file',
      again: 'npm run verify -- --record',
      versions,
    },
    training,
    textHash: createHash('sha256').update(text).digest('hex'),
    losses,
  };
  fs.writeFileSync(lossesFile(), `${JSON.stringify(recording, undefined, 1)}\n`);
}
