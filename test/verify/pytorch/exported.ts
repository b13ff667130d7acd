/** Folders of `export --format pytorch`, whose training is run by PyTorch. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Checkpoint } from '../../../src/core/training/checkpoint';
import { atMost, type Finding } from '../check';
import {
  exportedCases,
  limit,
  prepare,
  randomCases,
  resultOf,
  type Prepared,
} from './exported-cases';

export interface Call {
  readonly folder: string;
  readonly program: string;
  readonly arguments: readonly string[];
}
interface Answer {
  readonly written?: string;
  readonly seconds?: number;
  readonly error?: string;
}

/** Calls programs of exported folders. */
export function callAll(python: string, folder: string, calls: readonly Call[]): readonly Answer[] {
  const list = path.join(folder, 'calls.json');
  fs.writeFileSync(list, JSON.stringify(calls));
  const script = path.resolve('test/verify/pytorch/exported.py');
  const { status, stdout, stderr } = spawnSync(python, [script, list], {
    ...{ encoding: 'utf8', maxBuffer: 2 ** 28 },
  });
  if (status !== 0) throw new Error(`${script} failed.\n${stderr}`);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
}

/** How far PyTorch is from the reference. */
export interface Difference {
  /** Of a step's loss, of a step's gradient norm, of a measurement; nats. */
  readonly losses: number;
  /** Of an entry of a parameter, a moment or a state, relative to 1 + its size. */
  readonly tensors: number;
}

export function differenceOf(expected: Omit<Prepared, 'folder'>, folder: string): Difference {
  const found = resultOf(folder);
  let losses = expected.rows.length === found.rows.length ? 0 : Infinity;
  expected.rows.forEach((row, i) => {
    const other = found.rows[i];
    if (row.event === 'metrics' && other?.event === 'metrics') {
      losses = Math.max(losses, Math.abs(row.row.loss.mean - other.row.loss.mean));
      if (row.row.step !== other.row.step) losses = Infinity;
    } else if (row.event === 'evaluation' && other?.event === 'evaluation') {
      losses = Math.max(losses, Math.abs(row.row.validationLoss - other.row.validationLoss));
      losses = Math.max(losses, Math.abs(row.row.bitsPerCharacter - other.row.bitsPerCharacter));
    } else losses = Infinity;
  });
  return { losses, tensors: tensorDifference(expected.end, found.end) };
}

function tensorDifference(expected: Checkpoint, found: Checkpoint): number {
  let largest = expected.tensors.size === found.tensors.size ? 0 : Infinity;
  for (const [name, values] of expected.tensors) {
    const others = found.tensors.get(name);
    if (others?.length !== values.length) return Infinity;
    for (let i = 0; i < values.length; i++) {
      const difference = Math.abs(values[i]! - others[i]!) / (1 + Math.abs(values[i]!));
      if (!(difference <= largest)) largest = difference;
    }
  }
  return largest;
}

/** Each case goes on for 200 steps, in float64 and in float32. */
export async function* sameSteps(
  python: string,
  text: string,
  parent: string,
): AsyncGenerator<Finding> {
  const cases = [...exportedCases, ...randomCases(20)];
  const prepared: Prepared[] = [];
  for (const each of cases) prepared.push(await prepare(each, text, parent));
  for (const [dtype, losses] of [
    ['float64', 1e-9],
    ['float32', 1e-4],
  ] as const) {
    const calls = prepared.map(({ folder }) => {
      const copy = `${folder}-${dtype}`;
      fs.cpSync(folder, copy, { recursive: true });
      return {
        ...{ folder: copy, program: 'train.py' },
        arguments: ['--run', path.join(copy, 'run'), '--steps', limit, '--dtype', dtype],
      };
    });
    const answers = callAll(python, parent, calls);
    for (const [i, { name }] of cases.entries()) {
      const { error } = answers[i]!;
      if (error !== undefined) {
        yield { what: `${name}, ${dtype}`, expected: 'no error', got: error, passed: false };
        continue;
      }
      const found = differenceOf(prepared[i]!, calls[i]!.folder);
      yield atMost(`${name}, ${dtype}: largest difference of a loss`, found.losses, losses);
      if (dtype === 'float64')
        yield atMost(`${name}: largest difference of a tensor`, found.tensors, 1e-7);
    }
  }
}
