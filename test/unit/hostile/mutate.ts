import type { Random } from '../../../src/core/random/random';

/** What readers of numbers, of JSON and of text have been known to stumble over. */
const nasty = [
  ...['-1', '0', '1e308', '1e999', '-0', '0.5', '4294967296', '2147483648', '9007199254740993'],
  ...['null', '{}', '[]', '""', 'true', 'NaN', '"__proto__"', '"constructor"', '"toString"'],
  ...['{"a":'.repeat(40), '['.repeat(3000), '('.repeat(3000), '-'.repeat(500), '\\u0000', '\u0000'],
  ...['\ud800', '\ufeff', '\u2028', '\r\n', '[t-999999999]', '[t-1]', 'size p = 999999999', 'x[t]'],
].map((text) => new TextEncoder().encode(text));

const numberAt = /-?\d+(\.\d+)?(e[+-]?\d+)?/gi;

/** One to four changes of a file, drawn at random: of bits, bytes, stretches, numbers and lengths. */
export function mutate(seeds: readonly Uint8Array[], random: Random): Uint8Array {
  let bytes = pick(seeds, random);
  for (let changes = 1 + random.integer(4); changes > 0; changes--) {
    bytes = change(bytes, pick(seeds, random), random);
  }
  return bytes;
}

function change(bytes: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  const at = random.integer(bytes.length + 1);
  const length = random.integer(Math.min(64, bytes.length - at) + 1);
  switch (random.integer(8)) {
    case 0:
      return replaced(bytes, at, at + 1, [(1 << random.integer(8)) ^ (bytes[at] ?? 0)]);
    case 1:
      return replaced(bytes, at, at + 1, [random.integer(256)]);
    case 2:
      return replaced(bytes, at, at + length, []);
    case 3:
      return replaced(bytes, at, at, bytes.subarray(at, at + length));
    case 4:
      return replaced(bytes, at, at + length, pick(nasty, random));
    case 5: {
      const from = random.integer(other.length + 1);
      return replaced(bytes, at, at + length, other.subarray(from, from + random.integer(200)));
    }
    case 6:
      return bytes.subarray(0, at);
    default:
      return withOtherNumber(bytes, random);
  }
}

/** A number in the text of a file becomes another, or a word. */
function withOtherNumber(bytes: Uint8Array, random: Random): Uint8Array {
  const start = random.integer(bytes.length + 1);
  // As many characters as bytes, so that places are the same.
  const text = Buffer.from(bytes.subarray(start, start + 400)).toString('latin1');
  const numbers = [...text.matchAll(numberAt)];
  if (numbers.length === 0) return bytes;
  const { 0: number, index } = numbers[random.integer(numbers.length)]!;
  return replaced(bytes, start + index, start + index + number.length, pick(nasty, random));
}

function replaced(bytes: Uint8Array, from: number, to: number, by: ArrayLike<number>): Uint8Array {
  const rest = bytes.subarray(Math.min(to, bytes.length));
  const made = new Uint8Array(from + by.length + rest.length);
  made.set(bytes.subarray(0, from));
  made.set(by, from);
  made.set(rest, from + by.length);
  return made;
}

function pick<T>(items: readonly T[], random: Random): T {
  return items[random.integer(items.length)]!;
}
