/** The most that the processor's multiply-add units can do, to compare the kernels with. */
import { madd, splat } from './vector';

/** Rounds of 12 multiply-adds on registers: 96 floating-point operations each. */
export function peakLoop(rounds: i32, factor: f32): f32 {
  let c0 = splat(0), c1 = splat(1), c2 = splat(2), c3 = splat(3);
  let c4 = splat(4), c5 = splat(5), c6 = splat(6), c7 = splat(7);
  let c8 = splat(8), c9 = splat(9), c10 = splat(10), c11 = splat(11);
  // Not constants: the engine would build those anew for each use.
  const a = splat(factor);
  let b = splat(factor);
  for (let i = 0; i < rounds; i++) {
    c0 = madd(a, b, c0); c1 = madd(a, b, c1); c2 = madd(a, b, c2); c3 = madd(a, b, c3);
    c4 = madd(a, b, c4); c5 = madd(a, b, c5); c6 = madd(a, b, c6); c7 = madd(a, b, c7);
    c8 = madd(a, b, c8); c9 = madd(a, b, c9); c10 = madd(a, b, c10); c11 = madd(a, b, c11);
    // Another operand each round, or the product would be taken out of the loop.
    b = v128.xor(b, a);
  }
  c0 = f32x4.add(f32x4.add(c0, c1), f32x4.add(c2, c3));
  c4 = f32x4.add(f32x4.add(c4, c5), f32x4.add(c6, c7));
  c8 = f32x4.add(f32x4.add(c8, c9), f32x4.add(c10, c11));
  return f32x4.extract_lane(f32x4.add(f32x4.add(c0, c4), c8), 0);
}
