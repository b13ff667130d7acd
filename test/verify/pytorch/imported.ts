/** What PyTorch saves today, imported, held against its logits. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { differenceOf, folder as fixtures, foreignCases } from '../../unit/exports/foreign/tools';
import { required, type Check } from '../check';

/** As in the unit tests, on other weights. */
const tolerance = 1e-5;
const seeds = [2, 3, 4, 5, 6];

export const imported: Check = {
  name: 'imported',
  title: 'Models that PyTorch saves, imported',
  source: 'the logits of PyTorch on this machine, of 12 tokens each',
  *run({ torch }) {
    const python = required(torch);
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-imported-'));
    try {
      const largest = new Map<string, number>();
      for (const seed of seeds) {
        const script = path.join(fixtures, 'pytorch.py');
        const { status, stderr } = spawnSync(python, [script, folder, String(seed)], {
          encoding: 'utf8',
        });
        if (status !== 0) throw new Error(stderr);
        const made = foreignCases(path.join(folder, 'pytorch.json'));
        for (const each of made.cases) {
          const bytes = new Uint8Array(fs.readFileSync(path.join(folder, each.file)));
          const difference = differenceOf(bytes, each, made, 'wasm');
          largest.set(each.file, Math.max(difference, largest.get(each.file) ?? 0));
        }
      }
      for (const [file, difference] of largest) {
        yield {
          what: `${file}: largest difference of a logit, ${String(seeds.length)} models`,
          expected: `≤ ${tolerance.toExponential(0)}`,
          got: difference.toExponential(1),
          passed: difference <= tolerance,
        };
      }
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  },
};
