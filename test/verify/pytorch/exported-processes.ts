/** Exported folders trained by two processes, killed, brought back, and asked for token ids. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { builtinCells } from '../../../src/core/cells/index';
import { atMost, type Finding } from '../check';
import { callAll, differenceOf, type Call } from './exported';
import { goOn, limit, prepare, resultOf, type Prepared } from './exported-cases';

const example = {
  name: 'processes',
  cell: builtinCells.get('lstm')!,
  settings: { 'model.layers': 2, 'model.dropout': 0.2, 'training.weightDecay': 0.01 },
};

const script = path.resolve('test/verify/pytorch/exported.py');

/** A copy of a folder, and the call that trains it on in float64. */
function copied({ folder }: Prepared, name: string, more: readonly string[] = []): Call {
  const copy = `${folder}-${name}`;
  fs.cpSync(folder, copy, { recursive: true });
  const run = ['--run', path.join(copy, 'run'), '--steps', limit, '--dtype', 'float64'];
  return { folder: copy, program: 'train.py', arguments: [...run, ...more] };
}

/** @returns whether it ended well */
function started(python: string, call: Call, environment: Record<string, string>) {
  const list = path.join(call.folder, `calls-${environment['RANK'] ?? '0'}.json`);
  fs.writeFileSync(list, JSON.stringify([call]));
  const child = spawn(python, [script, list], {
    ...{ stdio: 'ignore', env: { ...process.env, ...environment } },
  });
  const ended = new Promise<boolean>((resolve) => {
    child.on('exit', (code) => {
      resolve(code === 0);
    });
  });
  return { child, ended };
}

/** What torchrun says to each of its processes. */
function environmentOf(rank: number, port: number): Record<string, string> {
  return {
    ...{ RANK: String(rank), WORLD_SIZE: '2', OMP_NUM_THREADS: '1' },
    ...{ MASTER_ADDR: '127.0.0.1', MASTER_PORT: String(port) },
  };
}

export async function* processes(
  python: string,
  text: string,
  parent: string,
): AsyncGenerator<Finding> {
  const prepared = await prepare(example, text, parent);

  const both = copied(prepared, 'both');
  const port = 20_000 + (process.pid % 10_000);
  await Promise.all([0, 1].map((r) => started(python, both, environmentOf(r, port)).ended));
  const shared = differenceOf(prepared, both.folder);
  yield atMost('two processes under gloo: largest difference of a loss', shared.losses, 1e-9);
  yield atMost('two processes under gloo: largest difference of a tensor', shared.tensors, 1e-7);

  const killed = copied(prepared, 'killed', ['--checkpoint-every', '0.01']);
  const file = path.join(killed.folder, 'run', 'checkpoint-last.safetensors');
  const { mtimeMs: before } = fs.statSync(file);
  const { child, ended } = started(python, killed, {});
  const watch = setInterval(() => {
    if (fs.statSync(file).mtimeMs !== before) child.kill('SIGKILL');
  }, 5);
  await ended;
  clearInterval(watch);
  const reached = resultOf(killed.folder).end.training.step;
  const [answer] = callAll(python, parent, [killed]);
  if (answer!.error !== undefined) throw new Error(answer!.error);
  const again = differenceOf(prepared, killed.folder);
  const after = `killed after step ${String(reached)}`;
  yield atMost(`${after} and continued: largest difference of a loss`, again.losses, 1e-9);
  yield atMost(`${after} and continued: largest difference of a tensor`, again.tensors, 1e-7);

  const here = await goOn(prepared.end, text, 100);
  const back = await goOn(resultOf(both.folder).end, text, 100);
  yield atMost(
    'brought back and trained for 100 steps: largest difference of a loss',
    Math.max(...here.losses.map((loss, i) => Math.abs(loss - (back.losses[i] ?? Infinity)))),
    1e-9,
  );
  yield {
    what: 'brought back: warnings',
    expected: 'other-kernels',
    got: back.warnings.join(', '),
    passed: back.warnings.join() === 'other-kernels',
  };
}

const idsProgram = `import json, os
from data import HERE, tokenizer_of
def main():
    with open(os.path.join(HERE, "asked.json"), encoding="utf-8") as file:
        asked = json.load(file)
    tokenizer = tokenizer_of(asked["tokenizer"])
    print(json.dumps([tokenizer.encode(text) for text in asked["texts"]]))
`;

/** Token ids of random texts. */
export async function* tokenIds(
  python: string,
  text: string,
  parent: string,
): AsyncGenerator<Finding> {
  const random = fc.sample(fc.string({ unit: 'binary', maxLength: 200 }), {
    ...{ numRuns: 2000, seed: 3 },
  });
  const near = fc.sample(
    fc.string({
      unit: fc.constantFrom(...Array.from('aÄéßŒ“”–…ﬁΣ½Ａ\u00a0\u2003\ufeff\u0301日Ж🙂\t\n')),
    }),
    { numRuns: 2000, seed: 4 },
  );
  const words = fc.sample(
    fc.string({ unit: fc.constantFrom(...Array.from('the of and \n')), maxLength: 60 }),
    {
      numRuns: 2000,
      seed: 5,
    },
  );
  const calls: Call[] = [];
  const expected: number[][][] = [];

  const kinds = ['char', 'byte', 'bpe'] as const;
  for (const kind of kinds) {
    const settings = { 'data.tokenizer': kind, 'data.vocabulary': 300 };
    const prepared = await prepare(
      { name: `ids of ${kind}`, cell: builtinCells.get('vanilla')!, settings },
      text,
      parent,
    );
    const { tokenizer } = prepared.end;
    // What Python cannot cut as Unicode does is left out.
    const texts = kind === 'bpe' ? words : [...random, ...near, ...words];
    // Letters that Unicode 16 has brought and Python 3.11 does not know are left out with broken halves.
    const wellFormed = texts.map((each) =>
      each.replace(/[\p{Surrogate}\u{1CC00}-\u{1CEBF}]/gu, '\uFFFD'),
    );
    fs.writeFileSync(path.join(prepared.folder, 'ids.py'), idsProgram);
    fs.writeFileSync(
      path.join(prepared.folder, 'asked.json'),
      JSON.stringify({ tokenizer: tokenizer.toJSON(), texts: wellFormed }),
    );
    calls.push({ folder: prepared.folder, program: 'ids.py', arguments: [] });
    expected.push(wellFormed.map((each) => [...tokenizer.encode(each).ids]));
  }
  for (const [i, answer] of callAll(python, parent, calls).entries()) {
    if (answer.error !== undefined) throw new Error(answer.error);
    const found = JSON.parse(answer.written!) as number[][];
    const wrong = expected[i]!.filter((ids, at) => ids.join() !== found[at]!.join()).length;
    yield atMost(
      `token ids of ${String(found.length)} random texts, ${kinds[i]!}: texts that differ`,
      wrong,
      0,
    );
  }
}
