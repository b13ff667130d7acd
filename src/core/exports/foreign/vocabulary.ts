/** Which token each number of a model from elsewhere is. */
import { Damage } from '../../formats/damage';
import { sentence } from '../../sentence';

export interface Vocabulary {
  /** As `Tokenizer.toJSON` gives it. */
  readonly tokenizer: unknown;
  /** By our number of a token: the file's. */
  readonly order: readonly number[];
}

/** Names that others give the token for words they do not know. */
const unknownNames = /^(?:<unk>|\[unk\]|unk|<unknown>|unknown|<oov>|\[oov\]|<\|unk\|>)$/i;
/** Tokens that are no text, such as `<pad>`. */
const special = /^$|^[<[]\S+[>\]]$|^\$$/u;
/** Characters of nobody stand for them. */
const privateUse = 0xe000;
const mostSpecial = 16;

/** Bytes: number 65 is the byte 65. */
export const bytesVocabulary: Vocabulary = {
  tokenizer: { kind: 'byte' },
  order: Array.from({ length: 256 }, (_, id) => id),
};

/**
 * Reads a vocabulary: JSON with a list of tokens, or with their numbers by tokens or tokens by their numbers; a text
 * with a token a line, with all characters in order, or the text that was trained on, whose characters in the order
 * of their code points are the vocabulary, as is usual.
 *
 * @param count how many tokens the model has
 * @throws Damage if it has another number of tokens, or two of one kind
 */
export function readVocabulary(bytes: Uint8Array, count: number): Vocabulary {
  const text = new TextDecoder().decode(bytes);
  const json = parsed(text);
  if (isTokenizer(json))
    return { tokenizer: json, order: Array.from({ length: count }, (_, i) => i) };
  const found = json === undefined ? tokensOfText(text, count) : tokensOfJson(json, count);
  if (found === undefined) {
    throw new Damage(sentence`it holds neither a list of tokens nor their numbers`);
  }
  if (found.length !== count) {
    throw new Damage(sentence`it has ${found.length} tokens, the model ${count}`);
  }
  const seen = new Set<string>();
  const twice = found.find((token) => seen.size === seen.add(token).size);
  if (twice !== undefined) throw new Damage(sentence`it has ${JSON.stringify(twice)} twice`);
  return vocabularyOf(found);
}

function parsed(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isTokenizer(json: unknown): json is object {
  return isObject(json) && typeof json['kind'] === 'string';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** How deep within a JSON a vocabulary may be, as in `{"model": {"vocab": {…}}}`. */
const deepest = 2;

function tokensOfJson(json: unknown, count: number, depth = 0): readonly string[] | undefined {
  if (isObject(json) && Array.isArray(json['merges'])) {
    throw new Damage(
      sentence`it is a tokenizer of byte pairs: its tokens are parts of words, which its merges put together`,
    );
  }
  const own = tokensOf(json, count);
  if (own || depth === deepest || !isObject(json)) return own;
  const inner = Object.values(json).map((value) => tokensOfJson(value, count, depth + 1));
  return inner.find((tokens) => tokens?.length === count) ?? inner.find(Boolean);
}

function tokensOf(json: unknown, count: number): readonly string[] | undefined {
  if (Array.isArray(json)) return json.length > 0 && json.every(isText) ? json : undefined;
  if (!isObject(json)) return undefined;
  const entries = Object.entries(json);
  const pairs = entries.every(([, value]) => typeof value === 'number')
    ? entries.map(([token, id]) => [Number(id), token] as const)
    : entries.map(([id, token]) => [/^\d+$/.test(id) ? Number(id) : -1, token] as const);
  const tokens = new Map<number, string>();
  for (const [id, token] of pairs) if (id >= 0 && isText(token)) tokens.set(id, token);
  if (tokens.size === 0 || tokens.size !== entries.length) return undefined;
  // Keras counts words from 1; 0 is what rows are filled up with.
  if (!tokens.has(0) && tokens.size === count - 1) tokens.set(0, '<pad>');
  const inOrder = Array.from({ length: tokens.size }, (_, id) => tokens.get(id));
  return inOrder.every(isText) ? inOrder : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

const escapes: Readonly<Record<string, string>> = {
  '\\n': '\n',
  '\\r': '\r',
  '\\t': '\t',
  '\\s': ' ',
  '\\\\': '\\',
};

function tokensOfText(text: string, count: number): readonly string[] {
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/);
  const characters = Array.from(text);
  const different = [...new Set(characters)];
  const inOrder = [...different].sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!);
  const ways = [
    lines.map((line) => escapes[line] ?? line),
    ...(different.length === characters.length ? [characters] : []),
    inOrder,
  ];
  const fitting = ways.filter(({ length }) => length === count);
  // A text of as many lines as there are tokens is no list of them where a line comes twice.
  return fitting.find((way) => new Set(way).size === count) ?? fitting[0] ?? ways[0]!;
}

function vocabularyOf(tokens: readonly string[]): Vocabulary {
  const long = tokens.filter((token) => Array.from(token).length !== 1);
  const ofCharacters =
    long.length < tokens.length && long.length <= mostSpecial && long.every(isSpecial);
  return ofCharacters ? charactersOf(tokens) : wordsOf(tokens);
}

function isSpecial(token: string): boolean {
  return special.test(token) || unknownNames.test(token);
}

function charactersOf(tokens: readonly string[]): Vocabulary {
  const used = new Set(tokens);
  let next = privateUse;
  const characters = tokens.map((token) => {
    if (Array.from(token).length === 1) return token;
    while (used.has(String.fromCodePoint(next))) next++;
    return String.fromCodePoint(next++);
  });
  const order = characters
    .map((_, id) => id)
    .sort((a, b) => characters[a]!.codePointAt(0)! - characters[b]!.codePointAt(0)!);
  return {
    tokenizer: { kind: 'char', characters: order.map((id) => characters[id]).join('') },
    order,
  };
}

function wordsOf(tokens: readonly string[]): Vocabulary {
  const unknown = tokens.findIndex((token) => unknownNames.test(token));
  if (unknown < 0) {
    throw new Damage(
      sentence`it is of words, none of which stands for all others, as <unk> does: texts could not be read`,
    );
  }
  const order = [unknown, ...tokens.map((_, id) => id).filter((id) => id !== unknown)];
  const words = order.slice(1).map((id) => tokens[id]);
  return { tokenizer: { kind: 'word', words }, order };
}
