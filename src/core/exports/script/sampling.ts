/** The parts of a script that choose tokens: the same for every model, but for a number or two. */
import { settingsTable } from '../../settings/table';
import { quote, type Code } from './code';

/** What of the tokenizer decides how tokens are chosen. */
export interface SpecialTokens {
  /** The token of a line end, after which a text without prime starts. */
  readonly lineEnd: number | undefined;
  /** The token that is never written. */
  readonly unknown: number | undefined;
  /** The mark between documents: each begins behind it, and ends with it. */
  readonly boundary: number | undefined;
}

/** A setting's default, as a literal. */
function standard(name: keyof typeof settingsTable.sampling): string {
  const value = settingsTable.sampling[name].default;
  return typeof value === 'string' ? quote(value) : String(value);
}

/** `sample` and `generate`: what a program that imports the script calls. */
export function samplingPart(code: Code, { lineEnd, boundary }: SpecialTokens): string {
  const start =
    lineEnd === undefined
      ? '[random.integer(vocabularySize)]; // There is no line end to start after.'
      : `[${String(lineEnd)}]; // As after a line end.`;
  const read =
    boundary === undefined
      ? code`known.length > 0 ? known : ${start}`
      : `[${String(boundary)}, ...known]; // A document begins behind the mark between documents.`;
  const end =
    boundary === undefined
      ? ''
      : `\n    if (id === ${String(boundary)}) break; // The document ends.`;
  return code`«export interface SampleOptions {
  /** Text the model reads before it begins to write; not part of what is written. */
  prime?: string | undefined;
  /** Number of tokens to write. */
  length?: number | undefined;
  /** What logits are divided by: lower is safer, higher is bolder, 0 takes the likeliest token. */
  temperature?: number | undefined;
  /** Choose among this many likeliest tokens only; 0 among all. */
  topK?: number | undefined;
  /** Choose among the likeliest tokens that together hold this probability; 1 among all. */
  topP?: number | undefined;
  /** The same seed gives the same text; 0 another text each time. */
  seed?: number | undefined;
}

export interface Token {
  id: number;
  /** What can be shown now: of a character of several bytes nothing before its last one. */
  text: string;
}

»/** Writes a text. */
export function sample(options«: SampleOptions» = {})«: string» {
  const tokens = generate(options);
  let text = '';
  for (;;) {
    const { done, value } = tokens.next();
    if (done === true) return text + value;
    text += value.text;
  }
}

/** Writes a text token by token; returns what is left of a character that was cut off at the end. */
export function* generate({
  prime = ${standard('prime')},
  length = ${standard('length')},
  temperature = ${standard('temperature')},
  topK = ${standard('topK')},
  topP = ${standard('topP')},
  seed = ${standard('seed')},
}«: SampleOptions» = {})«: Generator<Token, string, undefined>» {
  check('length', length, Infinity);
  check('temperature', temperature, Infinity);
  check('topK', topK, Infinity);
  check('topP', topP, 1);
  check('seed', seed, 0xffffffff);
  const random = createRandom(seed === 0 ? Math.ceil(Math.random() * 0xffffffff) : seed);
  const known = encode(prime);
  const read = ${read}
  const state = initialState();
  let logits«: Vector» = new Float64Array(vocabularySize);
  for (const id of read) logits = step(state, id);
  const decoder = createDecoder();
  for (let count = 1; count <= length; count++) {
    const id = draw(distribution(logits, { temperature, topK, topP }), random.uniform());${end}
    yield { id, text: decoder.push(id) };
    if (count < length) logits = step(state, id);
  }
  return decoder.end();
}

function check(name«: string», value«: number», most«: number»)«: void» {
  if (typeof value === 'number' && value >= 0 && value <= most) return;
  const range = most === Infinity ? 'of at least 0' : 'from 0 to ' + most;
  throw new RangeError(name + ' must be a number ' + range + '; ' + value + ' was given.');
}
`;
}

/** From logits to a token, step by step as `src/core/sampling/choose.ts` and `training/random.ts` do it. */
export function choicePart(code: Code, { lineEnd, unknown }: SpecialTokens): string {
  const skip =
    unknown === undefined ? '' : `\n    if (id === ${String(unknown)}) continue; // UNKNOWN`;
  const integer = code`
    /** Uniform among 0 … n - 1. */
    integer(n«: number»)«: number» {
      const most = Math.floor(0x100000000 / n) * n;
      for (;;) {
        const value = bits() + 0x80000000;
        if (value < most) return value % n;
      }
    },`;
  return code`«interface Choice {
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
}

»/**
 * What a token is drawn from: softmax(logits / temperature), of which only the topK likeliest are
 * kept, and of these only the likeliest that together reach topP.
 */
function distribution(logits«: Vector», choice«: Choice»)«: Vector» {
  const { temperature, topK, topP } = choice;
  let likeliest = 0;
  let highest = -Infinity;
  for (let id = 0; id < logits.length; id++) {${skip}
    if (Number.isNaN(logits[id])) highest = NaN;
    if (logits[id] > highest) [likeliest, highest] = [id, logits[id]];
  }
  if (!Number.isFinite(highest)) throw new RangeError('The model’s output is not a finite number.');
  const odds = new Float64Array(logits.length);
  if (temperature === 0 || topK === 1) {
    odds[likeliest] = 1;
    return odds;
  }
  for (let id = 0; id < logits.length; id++) {${skip}
    odds[id] = Math.exp((logits[id] - highest) / temperature);
  }
  normalise(odds);
  if ((topK === 0 || topK >= odds.length) && topP === 1) return odds;
  const order = Array.from(odds, (_, id) => id).sort((a, b) => odds[b] - odds[a] || a - b);
  const kept = topK === 0 ? order : order.slice(0, topK);
  const mass = kept.reduce((sum, id) => sum + odds[id], 0);
  let reached = 0;
  let size = 0;
  while (size < kept.length && (size === 0 || reached < topP * mass)) reached += odds[kept[size++]];
  for (const id of order.slice(size)) odds[id] = 0;
  normalise(odds);
  return odds;
}

function normalise(odds«: Vector»)«: void» {
  const sum = odds.reduce((total, p) => total + p, 0);
  for (let id = 0; id < odds.length; id++) odds[id] /= sum;
}

/** The token at which the probabilities, added up, go beyond a number in [0, 1). */
function draw(probabilities«: Vector», uniform«: number»)«: number» {
  let reached = 0;
  let last = 0;
  for (let id = 0; id < probabilities.length; id++) {
    if (probabilities[id] === 0) continue;
    reached += probabilities[id];
    last = id;
    if (uniform < reached) return id;
  }
  return last;
}

/** xoroshiro128+ (Blackman & Vigna 2018), its 64-bit words in halves, seeded by Wellons' lowbias32. */
function createRandom(seed«: number») {
  let [s01, s00, s11, s10] = [1, 2, 3, 4].map((word) => {
    let x = (seed + Math.imul(word, 0x9e3779b9)) | 0;
    x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
    x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
    return x ^ (x >>> 15);
  })« as [number, number, number, number]»;
  const bits = () => {
    const out = (s00 + s10) | 0;
    const [a0, a1, b0, b1] = [s10 ^ s00, s11 ^ s01, s00, s01];
    s00 = (b0 << 24) ^ (b1 >>> 8) ^ a0 ^ (a0 << 16);
    s01 = (b1 << 24) ^ (b0 >>> 8) ^ a1 ^ ((a1 << 16) | (a0 >>> 16));
    s10 = (a1 << 5) ^ (a0 >>> 27);
    s11 = (a0 << 5) ^ (a1 >>> 27);
    return out;
  };
  return {
    /** Uniform in [0, 1), 53 bits. */
    uniform: () => ((bits() >>> 5) * 0x4000000 + (bits() >>> 6)) / 0x20000000000000,${lineEnd === undefined ? integer : ''}
  };
}
`;
}
