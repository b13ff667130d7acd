/**
 * Transcendental functions of four floats: range reduction and a minimax polynomial (fitted by
 * Lawson's iteration against 30-digit values). NaN propagates, ±∞ give the limits, denormal results
 * are kept. Largest errors, seen over the whole float range: exp 1.1 ulp, tanh 1.5, sigmoid 1.92,
 * log 0.8, softplus 1.90.
 *
 * Coefficients are loaded from a table: engines build a vector constant in three instructions each
 * time it is used, but load and spread a float in one.
 */
import { Size } from './layout';
import { madd, nmadd, splat } from './vector';

/** Places in the table; of polynomials the first, highest power first. */
const ROUND: usize = 0;
const LOG2_E: usize = 4;
const LN2_HIGH: usize = 8;
const LN2_LOW: usize = 12;
const ONE: usize = 16;
const TWO: usize = 20;
const EXP: usize = 24;
const EXP_FIRST: usize = 44;
const EXP_LAST: usize = 48;
const EXP_TINY: usize = 52;
const TANH: usize = 56;
const TANH_CUT: usize = 76;
const LOG: usize = 80;
const LOG_CUT: usize = 92;
const SOFTPLUS: usize = 96;
const MINUS_TWO: usize = 112;
const SIGN: usize = 116;
const SCALE_UP: usize = 120;
const SCALE_DOWN: usize = 124;

// @ts-ignore: decorator
@inline
function put(place: usize, value: f32): void {
  store<f32>(<usize>Size.constants + place, value);
}

/** Fills the table; once, before anything else runs. */
export function writeConstants(): void {
  // 1.5·2²³: adding it leaves the nearest integer in a float's low bits.
  put(ROUND, 12582912);
  put(LOG2_E, 1.44269504088896341);
  // ln 2 in two parts; the first has trailing zero bits, so that small multiples of it are exact.
  put(LN2_HIGH, 0.693359375);
  put(LN2_LOW, -2.12194440054690583e-4);
  put(ONE, 1);
  put(TWO, 2);
  put(MINUS_TWO, -2);
  put(SIGN, -0.0);
  put(SCALE_UP, 4294967296);
  put(SCALE_DOWN, 2.3283064365386963e-10);
  // e^r = 1 + r + r² p(r), |r| ≤ ln 2 / 2
  put(EXP, 0.00139504881);
  put(EXP + 4, 0.00836888768);
  put(EXP + 8, 0.0416662058);
  put(EXP + 12, 0.166665189);
  put(EXP + 16, 0.50000001);
  // Beyond these bounds the result is 0 or ∞.
  put(EXP_FIRST, -104.5);
  put(EXP_LAST, 89);
  // Below this it is denormal.
  put(EXP_TINY, -87);
  // tanh x = x + x³ p(x²), |x| < 0.55
  put(TANH, -0.00628247291);
  put(TANH + 4, 0.0210777581);
  put(TANH + 8, -0.0538538579);
  put(TANH + 12, 0.133326017);
  put(TANH + 16, -0.33333318);
  put(TANH_CUT, 0.55);
  // 2 artanh s = 2 s + s³ p(s²), |s| ≤ 0.172 and |s| ≤ 1/3
  put(LOG, 0.298723108);
  put(LOG + 4, 0.399775216);
  put(LOG + 8, 0.666667765);
  put(LOG_CUT, 1.17549435e-38);
  put(SOFTPLUS, 0.280244593);
  put(SOFTPLUS + 4, 0.27999141);
  put(SOFTPLUS + 8, 0.400216991);
  put(SOFTPLUS + 12, 0.666664131);
}

// @ts-ignore: decorator
@inline
function constant(place: usize): v128 {
  return v128.load32_splat(<usize>Size.constants + place);
}

/** x·p + the coefficient at `place`. */
// @ts-ignore: decorator
@inline
function horner(p: v128, x: v128, place: usize): v128 {
  return madd(p, x, constant(place));
}

/** a where the mask's lane is all ones, b where it is all zeros. */
// @ts-ignore: decorator
@inline
function choose(a: v128, b: v128, mask: v128): v128 {
  if (RELAXED) return v128.relaxed_laneselect<i32>(a, b, mask);
  return v128.bitselect(a, b, mask);
}

/** x rounded to the nearest integer: as a float's low bits. */
// @ts-ignore: decorator
@inline
function roundedQuotient(x: v128): v128 {
  return madd(x, constant(LOG2_E), constant(ROUND));
}

/** e^r for r = x - n ln 2, |r| ≤ ln 2 / 2; in [0.70, 1.42]. */
// @ts-ignore: decorator
@inline
function expRest(x: v128, rounded: v128): v128 {
  const k = f32x4.sub(constant(ROUND), rounded);
  const r = madd(k, constant(LN2_LOW), madd(k, constant(LN2_HIGH), x));
  let p = horner(constant(EXP), r, EXP + 4);
  p = horner(p, r, EXP + 8);
  p = horner(p, r, EXP + 12);
  p = horner(p, r, EXP + 16);
  return f32x4.add(madd(p, f32x4.mul(r, r), r), constant(ONE));
}

/** eˣ, within 1.1 ulp. */
// @ts-ignore: decorator
@inline
export function exp(a: v128): v128 {
  // The order of operands lets NaN through.
  const x = f32x4.pmin(f32x4.pmax(a, constant(EXP_FIRST)), constant(EXP_LAST));
  const rounded = roundedQuotient(x);
  const y = expRest(x, rounded);
  // Two factors, as 2ⁿ alone may be no float where the result is denormal or just below ∞: bits of
  // n are the low ones of `rounded`, and what is above them falls out of the shift.
  const n = i32x4.sub(rounded, constant(ROUND));
  const half = i32x4.shr_s(n, 1);
  const one = constant(ONE);
  const first = i32x4.add(i32x4.shl(half, 23), one);
  const second = i32x4.add(i32x4.shl(i32x4.sub(n, half), 23), one);
  return f32x4.mul(f32x4.mul(y, first), second);
}

/** eˣ for x ≤ 0 where what is below 2⁻¹²⁶ may be 2⁻¹²⁶, as only sums with larger numbers follow; NaN is not kept. */
// @ts-ignore: decorator
@inline
function expNegative(a: v128): v128 {
  const x = f32x4.pmax(a, constant(EXP_TINY));
  const rounded = roundedQuotient(x);
  // n is in [-126, 0]: adding it to the exponent cannot leave the normal floats.
  return i32x4.add(expRest(x, rounded), i32x4.shl(rounded, 23));
}

/** exp(-|x|), within 1.1 ulp; NaN is kept. */
// @ts-ignore: decorator
@inline
function expMinusSize(x: v128): v128 {
  const a = f32x4.pmax(v128.or(x, constant(SIGN)), constant(EXP_FIRST));
  const rounded = roundedQuotient(a);
  // n is in [-151, 0]: 2ⁿ⁺³² is a normal float, and only the second product can round.
  const scale = i32x4.add(i32x4.shl(rounded, 23), constant(SCALE_UP));
  return f32x4.mul(f32x4.mul(expRest(a, rounded), scale), constant(SCALE_DOWN));
}

/** tanh x, within 1.5 ulp. */
// @ts-ignore: decorator
@inline
export function tanh(x: v128): v128 {
  const size = f32x4.abs(x);
  const z = f32x4.mul(x, x);
  let p = horner(constant(TANH), z, TANH + 4);
  p = horner(p, z, TANH + 8);
  p = horner(p, z, TANH + 12);
  p = horner(p, z, TANH + 16);
  const small = madd(f32x4.mul(p, z), size, size);
  // tanh = (1 - e) / (1 + e) = 1 - 2 e / (1 + e), e = exp(-2|x|)
  const e = expNegative(f32x4.mul(size, constant(MINUS_TWO)));
  const one = constant(ONE);
  const large = f32x4.sub(one, f32x4.div(f32x4.add(e, e), f32x4.add(e, one)));
  // NaN takes the small side, where it stays NaN.
  const y = v128.bitselect(large, small, f32x4.ge(size, constant(TANH_CUT)));
  return v128.or(y, v128.xor(size, x));
}

/** 1 / (1 + e⁻ˣ), within 1.92 ulp. */
// @ts-ignore: decorator
@inline
export function sigmoid(x: v128): v128 {
  // e = exp(-|x|) cannot overflow; below 0 the sigmoid is s = e / (1 + e), above 1 - s.
  const e = expMinusSize(x);
  const one = constant(ONE);
  const d = f32x4.add(one, e);
  const s = f32x4.div(e, d);
  const rest = f32x4.sub(one, s);
  // What the sum has rounded away is exact, and costs s that / (1 + e) = s (1 - s) that.
  const lost = f32x4.sub(e, f32x4.sub(d, one));
  const below = nmadd(f32x4.mul(s, lost), rest, s);
  // The sign bit chooses.
  return choose(below, rest, i32x4.shr_s(x, 31));
}

/** ln x, within 0.8 ulp; -∞ at 0, NaN below. */
// @ts-ignore: decorator
@inline
export function log(x: v128): v128 {
  // Denormals are scaled by 2²⁵ first.
  const tiny = f32x4.lt(x, constant(LOG_CUT));
  const scaled = v128.bitselect(f32x4.mul(x, splat(33554432)), x, tiny);
  // x = 2ᵏ m with m in [√½, √2): subtracting √½'s bits moves the cut of the exponent there.
  const bits = i32x4.sub(scaled, i32x4.splat(0x3f3504f3));
  const exponent = i32x4.sub(i32x4.shr_s(bits, 23), v128.and(tiny, i32x4.splat(25)));
  const m = i32x4.add(v128.and(bits, i32x4.splat(0x007fffff)), i32x4.splat(0x3f3504f3));
  const k = f32x4.convert_i32x4_s(exponent);
  const f = f32x4.sub(m, constant(ONE));
  const s = f32x4.div(f, f32x4.add(f, constant(TWO)));
  const z = f32x4.mul(s, s);
  let p = horner(constant(LOG), z, LOG + 4);
  p = horner(p, z, LOG + 8);
  const half = f32x4.mul(f32x4.mul(f, f), splat(0.5));
  // ln m = f - (f²/2 - s (f²/2 + z p)), which loses nothing where f is small
  const inner = madd(s, madd(z, p, half), f32x4.mul(k, constant(LN2_LOW)));
  const y = f32x4.sub(f32x4.mul(k, constant(LN2_HIGH)), f32x4.sub(f32x4.sub(half, inner), f));
  const finite = v128.bitselect(y, f32x4.add(x, x), f32x4.lt(x, splat(Infinity)));
  const positive = v128.bitselect(splat(-Infinity), finite, f32x4.eq(x, splat(0)));
  return v128.bitselect(splat(NaN), positive, f32x4.lt(x, splat(0)));
}

/** ln(1 + eˣ), within 1.90 ulp. */
// @ts-ignore: decorator
@inline
export function softplus(x: v128): v128 {
  // max(x, 0) + ln(1 + e) with e = exp(-|x|); ln(1 + e) = 2 artanh(s), s = e / (2 + e)
  const e = expMinusSize(x);
  const two = constant(TWO);
  const d = f32x4.add(e, two);
  const s = f32x4.div(e, d);
  const z = f32x4.mul(s, s);
  let p = horner(constant(SOFTPLUS), z, SOFTPLUS + 4);
  p = horner(p, z, SOFTPLUS + 8);
  p = horner(p, z, SOFTPLUS + 12);
  // What the sum has rounded away is exact, and costs 2 s that / (2 + e) = s (1 - s) that.
  const lost = f32x4.sub(e, f32x4.sub(d, two));
  const cost = f32x4.mul(lost, f32x4.sub(constant(ONE), s));
  const tail = madd(f32x4.sub(f32x4.mul(p, z), cost), s, f32x4.add(s, s));
  return f32x4.add(f32x4.pmax(x, splat(0)), tail);
}
