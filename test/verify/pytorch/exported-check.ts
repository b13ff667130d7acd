/** Folders of `rnn-lab export --format pytorch`, held against the engine. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { required, type Check } from '../check';
import { sameSteps } from './exported';
import { processes, tokenIds } from './exported-processes';
import { trainingText } from './recorded';

export const exported: Check = {
  name: 'exported',
  title: 'Runs exported to PyTorch: 200 steps there and on the float64 reference',
  source: 'PyTorch on this machine, by the Python of the exported folders',
  async *run({ torch }) {
    const python = required(torch);
    const text = trainingText().slice(0, 4000);
    const parent = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-exported-'));
    try {
      yield* tokenIds(python, text, parent);
      yield* processes(python, text, parent);
      yield* sameSteps(python, text, parent);
    } finally {
      fs.rmSync(parent, { recursive: true, force: true });
    }
  },
};
