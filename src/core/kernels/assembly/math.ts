/**
 * Transcendental functions of four floats: range reduction and a minimax polynomial (fitted by
 * Lawson's iteration against 30-digit values). NaN propagates, ±∞ give the limits, denormal results
 * are kept. Largest errors over the whole float range are in test/unit/kernels/math.test.ts.
 */
import { madd, splat } from './vector';

/** 1.5·2²³: adding it leaves the nearest integer in a float's low bits. */
const ROUND: f32 = 12582912;
/** Bits of `ROUND`. */
const ROUND_BITS: i32 = 0x4b400000;
const LOG2_E: f32 = 1.44269504088896341;
/** ln 2 in two parts; the first has 9 trailing zero bits, so that small multiples of it are exact. */
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.12194440054690583e-4;

/** 2ⁿ for integers n in [-126, 127]. */
// @ts-ignore: decorator
@inline
function powerOfTwo(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

/** eˣ, within 1.1 ulp. */
// @ts-ignore: decorator
@inline
export function exp(a: v128): v128 {
  // Beyond these bounds the result is 0 or ∞; the order of operands lets NaN through.
  const x = f32x4.pmin(f32x4.pmax(a, splat(-104.5)), splat(89));
  const rounded = madd(x, splat(LOG2_E), splat(ROUND));
  const n = i32x4.sub(rounded, i32x4.splat(ROUND_BITS));
  const k = f32x4.sub(rounded, splat(ROUND));
  let r = f32x4.sub(x, f32x4.mul(k, splat(LN2_HIGH)));
  r = f32x4.sub(r, f32x4.mul(k, splat(LN2_LOW)));
  let p = madd(splat(0.00139504881), r, splat(0.00836888768));
  p = madd(p, r, splat(0.0416662058));
  p = madd(p, r, splat(0.166665189));
  p = madd(p, r, splat(0.50000001));
  const y = f32x4.add(madd(p, f32x4.mul(r, r), r), splat(1));
  // Two factors, as 2ⁿ alone may be no float where the result is denormal or just below ∞.
  const half = i32x4.shr_s(n, 1);
  return f32x4.mul(f32x4.mul(y, powerOfTwo(half)), powerOfTwo(i32x4.sub(n, half)));
}

/** eˣ for x ≤ 0 whose denormal results may be 0, where only sums with larger numbers follow. */
// @ts-ignore: decorator
@inline
function expNegative(a: v128): v128 {
  const x = f32x4.pmax(a, splat(-87));
  const rounded = madd(x, splat(LOG2_E), splat(ROUND));
  const n = i32x4.sub(rounded, i32x4.splat(ROUND_BITS));
  const k = f32x4.sub(rounded, splat(ROUND));
  let r = f32x4.sub(x, f32x4.mul(k, splat(LN2_HIGH)));
  r = f32x4.sub(r, f32x4.mul(k, splat(LN2_LOW)));
  let p = madd(splat(0.00139504881), r, splat(0.00836888768));
  p = madd(p, r, splat(0.0416662058));
  p = madd(p, r, splat(0.166665189));
  p = madd(p, r, splat(0.50000001));
  const y = f32x4.add(madd(p, f32x4.mul(r, r), r), splat(1));
  // y is in [0.70, 1.42] and n in [-126, 0]: adding to the exponent cannot leave it.
  return i32x4.add(y, i32x4.shl(n, 23));
}

/** tanh x, within 1.5 ulp. */
// @ts-ignore: decorator
@inline
export function tanh(x: v128): v128 {
  const size = f32x4.abs(x);
  const z = f32x4.mul(x, x);
  let p = madd(splat(-0.00628247291), z, splat(0.0210777581));
  p = madd(p, z, splat(-0.0538538579));
  p = madd(p, z, splat(0.133326017));
  p = madd(p, z, splat(-0.33333318));
  const small = madd(f32x4.mul(p, z), x, x);
  // tanh = (1 - e) / (1 + e) = 1 - 2 e / (1 + e), e = exp(-2|x|)
  const e = expNegative(f32x4.mul(size, splat(-2)));
  const large = f32x4.sub(splat(1), f32x4.div(f32x4.add(e, e), f32x4.add(e, splat(1))));
  // NaN takes the small side, where it stays NaN.
  const sign = v128.and(x, i32x4.splat(i32.MIN_VALUE));
  return v128.bitselect(v128.or(large, sign), small, f32x4.ge(size, splat(0.55)));
}

/** 1 / (1 + e⁻ˣ), within 2 ulp. */
// @ts-ignore: decorator
@inline
export function sigmoid(x: v128): v128 {
  // e = exp(-|x|) cannot overflow; below 0 the sigmoid is e / (1 + e).
  const e = exp(f32x4.neg(f32x4.abs(x)));
  const one = splat(1);
  const top = v128.bitselect(e, one, f32x4.lt(x, splat(0)));
  return f32x4.div(top, f32x4.add(one, e));
}

/** ln x, within 1.5 ulp; -∞ at 0, NaN below. */
// @ts-ignore: decorator
@inline
export function log(x: v128): v128 {
  // Denormals are scaled by 2²⁵ first.
  const tiny = f32x4.lt(x, splat(1.17549435e-38));
  const scaled = v128.bitselect(f32x4.mul(x, splat(33554432)), x, tiny);
  // x = 2ᵏ m with m in [√½, √2): subtracting √½'s bits moves the cut of the exponent there.
  const bits = i32x4.sub(scaled, i32x4.splat(0x3f3504f3));
  const exponent = i32x4.sub(i32x4.shr_s(bits, 23), v128.and(tiny, i32x4.splat(25)));
  const m = i32x4.add(v128.and(bits, i32x4.splat(0x007fffff)), i32x4.splat(0x3f3504f3));
  const k = f32x4.convert_i32x4_s(exponent);
  const f = f32x4.sub(m, splat(1));
  const s = f32x4.div(f, f32x4.add(f, splat(2)));
  const z = f32x4.mul(s, s);
  let p = madd(splat(0.2987231), z, splat(0.39977521));
  p = madd(p, z, splat(0.66666775));
  const half = f32x4.mul(f32x4.mul(f, f), splat(0.5));
  // ln m = f - (f²/2 - s (f²/2 + z p)), which loses nothing where f is small
  const inner = madd(s, madd(z, p, half), f32x4.mul(k, splat(LN2_LOW)));
  const y = f32x4.sub(f32x4.mul(k, splat(LN2_HIGH)), f32x4.sub(f32x4.sub(half, inner), f));
  const finite = v128.bitselect(y, f32x4.add(x, x), f32x4.lt(x, splat(Infinity)));
  const positive = v128.bitselect(splat(-Infinity), finite, f32x4.eq(x, splat(0)));
  return v128.bitselect(splat(NaN), positive, f32x4.lt(x, splat(0)));
}

/** ln(1 + eˣ), within 2 ulp. */
// @ts-ignore: decorator
@inline
export function softplus(x: v128): v128 {
  // max(x, 0) + ln(1 + e) with e = exp(-|x|); ln(1 + e) = 2 artanh(e / (2 + e))
  const e = exp(f32x4.neg(f32x4.abs(x)));
  const s = f32x4.div(e, f32x4.add(e, splat(2)));
  const z = f32x4.mul(s, s);
  let p = madd(splat(0.2802446), z, splat(0.2799914));
  p = madd(p, z, splat(0.400217));
  p = madd(p, z, splat(0.66666414));
  const tail = madd(f32x4.mul(p, z), s, f32x4.add(s, s));
  return f32x4.add(f32x4.max(x, splat(0)), tail);
}
