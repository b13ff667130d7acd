// node scripts/reber.mjs [COUNT] [SEED]: strings of the Reber grammar, one a line, as src/core/generate/grammars.ts makes
// them. The text made with the defaults is media/samples/reber.txt.
import { importSource } from './build/import-source.mjs';

/**
 * mulberry32, a generator of 32 bits of state: good enough to toss coins, and the same everywhere.
 *
 * @param {number} seed
 * @returns {() => 0 | 1}
 */
function coin(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) & 1) === 1 ? 1 : 0;
  };
}

const [count = 8000, seed = 1967] = process.argv.slice(2).map(Number);
const { reberString } = await importSource(
  `export { reberString } from './core/generate/grammars';`,
);
const random = { integer: coin(seed) };
const strings = Array.from({ length: count }, () => reberString(random).join(''));
process.stdout.write(`${strings.join('\n')}\n`);
