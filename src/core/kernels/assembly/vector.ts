/** Four floats at a time: the few words that all kernels share. */

/** a·b + c: fused in the relaxed build; two roundings, the same on every machine, in the strict one. */
// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (RELAXED) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** c - a·b, likewise. */
// @ts-ignore: decorator
@inline
export function nmadd(a: v128, b: v128, c: v128): v128 {
  if (RELAXED) return f32x4.relaxed_nmadd(a, b, c);
  return f32x4.sub(c, f32x4.mul(a, b));
}

// @ts-ignore: decorator
@inline
export function splat(value: f32): v128 {
  return f32x4.splat(value);
}

// @ts-ignore: decorator
@inline
export function zero(): v128 {
  return f32x4.splat(0);
}

/**
 * Eight floats: both loads of a pair come before it, so that an engine that knows how makes one of 256 bits of
 * what leads here.
 */
// @ts-ignore: decorator
@inline
export function storePair(address: usize, low: v128, high: v128): void {
  v128.store(address, low);
  v128.store(address, high, 16);
}

/** Sum of the four lanes, always in the same order. */
// @ts-ignore: decorator
@inline
export function sumOf(a: v128): f32 {
  return (
    f32x4.extract_lane(a, 0) +
    f32x4.extract_lane(a, 1) +
    (f32x4.extract_lane(a, 2) + f32x4.extract_lane(a, 3))
  );
}

/**
 * Values below 2⁻¹⁰⁰ are 0: a mean that decays for long without new values would end in subnormal numbers, with which
 * processors calculate tens of times slower.
 */
// @ts-ignore: decorator
@inline
export function settled(a: v128): v128 {
  return v128.and(a, f32x4.ge(f32x4.abs(a), splat(LEAST)));
}

/** 2⁻¹⁰⁰ */
const LEAST: f32 = 7.888609052210118e-31;
