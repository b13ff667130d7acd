import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

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
  return wrap(xoroshiro128plus(seed | 0));
}

/** @throws Error if it is not a state of this generator */
export function restoreRandom(state: readonly number[]): Random {
  return wrap(xoroshiro128plusFromState(state));
}

function wrap(generator: ReturnType<typeof xoroshiro128plus>): Random {
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
