import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/** The seeded generator of everything random; its state is in the checkpoint. */
export interface Random {
  /** 32 random bits as a signed integer. */
  bits(): number;
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** Normal with mean 0 and standard deviation 1. */
  normal(): number;
  /** Uniform among 0 … n - 1. */
  integer(n: number): number;
  /** Four numbers that `restoreRandom` goes on from. */
  state(): readonly number[];
}

/** xoroshiro128+ (Blackman & Vigna 2018); the same seed gives the same numbers on every machine. */
export function createRandom(seed: number): Random {
  return restoreRandom(Array.from({ length: 4 }, (_, word) => mix(seed, word)));
}

/**
 * Word `word` of a seed's first state: Weyl's sequence mixed by Wellons' lowbias32. The generator itself
 * mixes slowly: from a seed put into it as it is, its first number would be next to 1 for every small seed.
 */
function mix(seed: number, word: number): number {
  let x = (seed + Math.imul(word + 1, 0x9e3779b9)) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return x ^ (x >>> 15);
}

/** @throws Error if it is not a state of this generator */
export function restoreRandom(state: readonly number[]): Random {
  return wrap(xoroshiro128plusFromState(state));
}

function wrap(generator: ReturnType<typeof xoroshiro128plusFromState>): Random {
  const bits = (): number => generator.next();
  const uniform = (): number => {
    const high = generator.next() >>> 5;
    const low = generator.next() >>> 6;
    return (high * 0x4000000 + low) / 0x20000000000000;
  };
  return {
    bits,
    uniform,
    // Box & Muller 1958; the second value is thrown away so that the state is the generator's alone.
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    integer: (n) => uniformInt(generator, 0, n - 1),
    state: () => generator.getState(),
  };
}
