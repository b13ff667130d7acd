import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { rnnLab } from '../cli/tools';

/** What a build makes of a run folder. */
export interface Measured {
  /** Of the whole text; the loss in nats per token. */
  readonly evaluation: {
    readonly loss: number;
    readonly tokens: number;
    readonly characters: number;
    readonly unknownTokens: number;
  };
  /** 80 tokens after a prime, by a seed. */
  readonly sampled: string;
  /** The hash of all tensors of the last checkpoint after 20 steps more. */
  readonly continued: string;
}

interface Recipe {
  readonly text: 'verse.txt' | 'faces.txt';
  readonly cell?: string;
  readonly flags?: string;
  /** The step up to which the run is resumed before it is recorded. */
  readonly resumedTo?: number;
  /** The run is exported, and imported again. */
  readonly imported?: true;
}

export const recipes: Readonly<Record<string, Recipe>> = {
  char: { text: 'verse.txt' },
  byte: { text: 'faces.txt', cell: 'gru', flags: '--tokenizer byte' },
  word: { text: 'verse.txt', flags: '--tokenizer word --vocabulary 60' },
  embedding: { text: 'verse.txt', cell: 'gru', flags: '--embedding 5 --optimizer rmsprop' },
  layers: {
    text: 'verse.txt',
    cell: 'lstm',
    flags: '--layers 2 --dropout 0.2 --split streams --observe-every 0.01',
  },
  output: { text: 'verse.txt', cell: 'output.rnn', flags: '--optimizer adagrad' },
  resumed: { text: 'verse.txt', cell: 'lstm', flags: '--schedule halve', resumedTo: 180 },
  imported: { text: 'verse.txt', flags: '--validation 0', imported: true },
};

/** Small, with identical bits on every machine, and silent about what depends on time. */
const common =
  '--kernels strict --threads 1 --hidden 8 --batch 4 --sequence 16 --steps 120 --learning-rate 0.02 --seed 7 --evaluate-every 20 --checkpoint-every 0 --keep-checkpoints 0 --sample-every 0';

/** Writes the texts and the equations that the recipes name. */
export function writeTexts(folder: string): void {
  const hamlet = fs.readFileSync('media/samples/hamlet.txt', 'utf8');
  fs.writeFileSync(path.join(folder, 'verse.txt'), hamlet.slice(0, 6000));
  // Characters of one to four bytes, and line ends of two.
  const faces = '“Être ou ne pas être”, 问题就在这里 🙂\r\n\tNaïve façade – 生存还是毁灭 🎭\r\n';
  fs.writeFileSync(path.join(folder, 'faces.txt'), faces.repeat(30));
  const equations = 'h[t] = tanh(U x[t] + W h[t-1] + b)\ny[t] = softmax(V tanh(Q h[t] + q) + c)\n';
  fs.writeFileSync(path.join(folder, 'output.rnn'), equations);
}

/** Makes a run by its recipe, in a folder of its name. */
export async function makeRun(folder: string, name: string): Promise<void> {
  const { text, cell = 'vanilla', flags = '', resumedTo, imported } = recipes[name]!;
  await run(folder, `train ${text} ${common} --cell ${cell} ${flags} --out ${name}`);
  if (resumedTo !== undefined)
    await run(folder, `train ${text} --resume ${name} --steps ${resumedTo}`);
  if (imported) {
    await run(folder, `export ${name} --format safetensors --out model.safetensors`);
    fs.rmSync(path.join(folder, name), { recursive: true });
    await run(folder, `import model.safetensors --out ${name}`);
  }
  // Where the text lay on the machine that recorded is nobody's business.
  const info = path.join(folder, name, 'run.json');
  fs.writeFileSync(info, fs.readFileSync(info, 'utf8').replaceAll(`${folder}/`, '/texts/'));
}

/** Evaluates, samples and continues a copy of a run. */
export async function measureRun(folder: string, name: string): Promise<Measured> {
  const { text, resumedTo, imported } = recipes[name]!;
  const evaluation = JSON.parse(
    await run(folder, `evaluate ${name} ${text} --json`),
  ) as Measured['evaluation'];
  const { loss, tokens, characters, unknownTokens } = evaluation;
  const sampled = await run(folder, `sample ${name} --seed 3 --length 80 --prime To`);
  const copy = `${name}-continued`;
  fs.cpSync(path.join(folder, name), path.join(folder, copy), { recursive: true });
  // A model that was imported has taken no steps of its own.
  const steps = 20 + (imported ? 0 : (resumedTo ?? 120));
  await run(folder, `train ${text} --resume ${copy} --kernels strict --steps ${steps}`);
  const continued = hashOfTensors(path.join(folder, copy, 'checkpoint-last.safetensors'));
  return { evaluation: { loss, tokens, characters, unknownTokens }, sampled, continued };
}

/** What a command writes to standard output; its words are separated by spaces. */
async function run(folder: string, command: string): Promise<string> {
  const { code, stdout, stderr } = await rnnLab(command.split(/ +/), folder);
  assert.equal(code, 0, stderr);
  return stdout;
}

/** SHA-256 over names and bytes of all tensors; a checkpoint's metadata have times, and are left out. */
function hashOfTensors(file: string): string {
  const bytes = fs.readFileSync(file);
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, start)) as Record<
    string,
    { readonly data_offsets: readonly [number, number] }
  >;
  const hash = createHash('sha256');
  for (const name of Object.keys(header).sort()) {
    if (name === '__metadata__') continue;
    const [from, to] = header[name]!.data_offsets;
    hash.update(name).update(bytes.subarray(start + from, start + to));
  }
  return hash.digest('hex');
}
