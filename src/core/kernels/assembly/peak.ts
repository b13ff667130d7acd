/** The most that the processor's multiply-add units can do, to compare the kernels with. */
import { madd } from './vector';

/**
 * Rounds of multiply-adds on registers: 96 floating-point operations each, 160 in the wide build, whose pairs become
 * vectors of 256 bits; they end in 324 bytes from `at` on.
 */
export function peakLoop(at: usize, rounds: i32, factor: f32): void {
  store<f32>(at, factor, 320);
  // Not constants: the engine would build those again for each use.
  const a = v128.load32_splat(at, 320);
  let l0 = v128.load(at, 0), h0 = v128.load(at, 16);
  let l1 = v128.load(at, 32), h1 = v128.load(at, 48);
  let l2 = v128.load(at, 64), h2 = v128.load(at, 80);
  let l3 = v128.load(at, 96), h3 = v128.load(at, 112);
  let l4 = v128.load(at, 128), h4 = v128.load(at, 144);
  let l5 = v128.load(at, 160), h5 = v128.load(at, 176);
  let l6 = v128.load(at, 192), h6 = v128.load(at, 208);
  let l7 = v128.load(at, 224), h7 = v128.load(at, 240);
  let l8 = v128.load(at, 256), h8 = v128.load(at, 272);
  let l9 = v128.load(at, 288), h9 = v128.load(at, 304);
  for (let i = 0; i < rounds; i++) {
    l0 = madd(l0, a, a); h0 = madd(h0, a, a);
    l1 = madd(l1, a, a); h1 = madd(h1, a, a);
    l2 = madd(l2, a, a); h2 = madd(h2, a, a);
    l3 = madd(l3, a, a); h3 = madd(h3, a, a);
    l4 = madd(l4, a, a); h4 = madd(h4, a, a);
    l5 = madd(l5, a, a); h5 = madd(h5, a, a);
    if (WIDE) {
      l6 = madd(l6, a, a); h6 = madd(h6, a, a);
      l7 = madd(l7, a, a); h7 = madd(h7, a, a);
      l8 = madd(l8, a, a); h8 = madd(h8, a, a);
      l9 = madd(l9, a, a); h9 = madd(h9, a, a);
    }
  }
  v128.store(at, l0, 0); v128.store(at, h0, 16);
  v128.store(at, l1, 32); v128.store(at, h1, 48);
  v128.store(at, l2, 64); v128.store(at, h2, 80);
  v128.store(at, l3, 96); v128.store(at, h3, 112);
  v128.store(at, l4, 128); v128.store(at, h4, 144);
  v128.store(at, l5, 160); v128.store(at, h5, 176);
  if (WIDE) { v128.store(at, l6, 192); v128.store(at, h6, 208); }
  if (WIDE) { v128.store(at, l7, 224); v128.store(at, h7, 240); }
  if (WIDE) { v128.store(at, l8, 256); v128.store(at, h8, 272); }
  if (WIDE) { v128.store(at, l9, 288); v128.store(at, h9, 304); }
}
