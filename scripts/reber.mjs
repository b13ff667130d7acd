// node scripts/reber.mjs [COUNT] [SEED]: strings of the Reber grammar, one a line.
//
// A. S. Reber, Implicit learning of artificial grammars, 1967: from each state two ways lead on,
// taken with equal chance. The text made with the defaults is media/samples/reber.txt.

/**
 * The two ways out of each state: the letter written, and the state reached. State 5 is the end.
 *
 * @type {[string, number][][]}
 */
const WAYS = [
  [
    ['T', 1],
    ['P', 2],
  ],
  [
    ['S', 1],
    ['X', 3],
  ],
  [
    ['T', 2],
    ['V', 4],
  ],
  [
    ['X', 2],
    ['S', 5],
  ],
  [
    ['P', 3],
    ['V', 5],
  ],
];

/**
 * mulberry32, a generator of 32 bits of state: good enough to toss coins, and the same everywhere.
 *
 * @param {number} seed
 * @returns {() => boolean}
 */
function coin(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) & 1) === 1;
  };
}

/** @param {() => boolean} toss */
function reberString(toss) {
  let text = 'B';
  let ways = WAYS[0];
  while (ways) {
    const [letter, next] = ways[toss() ? 1 : 0] ?? ['', WAYS.length];
    text += letter;
    ways = WAYS[next];
  }
  return `${text}E`;
}

const [count = 8000, seed = 1967] = process.argv.slice(2).map(Number);
const toss = coin(seed);
process.stdout.write(`${Array.from({ length: count }, () => reberString(toss)).join('\n')}\n`);
