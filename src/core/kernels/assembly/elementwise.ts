/** Elementwise chains: a tiny machine whose registers are strips of up to 256 floats. */
import { Size, Slot, Step } from './layout';
import { exp, log, sigmoid, softplus, tanh } from './math';
import { areStreams, beginOf, endOf, stepOf } from './axes';
import { batch, scratch } from './state';
import { splat, storePair, zero } from './vector';

/** Bytes of an encoded slot: kind, address, time stride, row stride. */
const SLOT: usize = 16;
/** Bytes of an encoded step: opcode, and three byte offsets into the slot table: result, a, b. */
const STEP: usize = 16;
const STRIP: i32 = Size.strip << 2;

/**
 * Words from `at`: bytes of a row with padding, values in a row, number of view slots, of all slots,
 * of steps, of stores whose padding must be cleared, 1 if in every view a step's rows touch one
 * another (2: and the steps do), 0; then slots, steps, and the slots to clear.
 */
export function elementwise(at: usize, r0: i32, r1: i32, b0: i32, b1: i32): void {
  const rowBytes = load<i32>(at);
  const views = load<i32>(at, 8);
  const slots = load<i32>(at, 12);
  const table = scratch + Size.slots;
  const places = at + 32;
  const first = places + <usize>slots * SLOT;
  const last = first + <usize>load<i32>(at, 16) * STEP;
  for (let i = views; i < slots; i++) {
    const place = places + <usize>i * SLOT;
    const address = load<usize>(place, 4);
    store<usize>(table + (<usize>i << 2), load<i32>(place) == Slot.scratch ? scratch + address : address);
  }
  const clears = load<i32>(at, 20);
  // Rows that touch one another are one long row.
  const dense = load<i32>(at, 24);
  const timeStep = dense == 2 && b1 - b0 == batch && areStreams() ? r1 - r0 : 1;
  for (let r = r0; r < r1; r += timeStep) {
    const t = stepOf(r);
    const begin = beginOf(r, b0);
    const end = endOf(r, b1);
    const rowStep = dense != 0 ? end - begin : 1;
    const bytes = rowBytes * timeStep * rowStep;
    for (let b = begin; b < end; b += rowStep) {
      for (let i = 0; i < views; i++) {
        const place = places + <usize>i * SLOT;
        const address = load<usize>(place, 4) + <usize>t * load<usize>(place, 8) + <usize>b * load<usize>(place, 12);
        store<usize>(table + (<usize>i << 2), address);
      }
      for (let left = bytes; left > 0; left -= STRIP) {
        const size = <usize>min(left, STRIP);
        for (let step = first; step < last; step += STEP) {
          runStep(
            load<i32>(step),
            load<usize>(table + load<usize>(step, 4)),
            load<usize>(table + load<usize>(step, 8)),
            load<usize>(table + load<usize>(step, 12)),
            size,
          );
        }
        if (left > STRIP) {
          for (let i = 0; i < views; i++) {
            const entry = table + (<usize>i << 2);
            store<usize>(entry, load<usize>(entry) + STRIP);
          }
        }
      }
      for (let i = 0; i < clears; i++) {
        const place = places + <usize>load<i32>(last + (<usize>i << 2)) * SLOT;
        clearRows(at, place, t, t + timeStep, b, b + rowStep);
      }
    }
  }
}

/** Zeroes the padding of stored rows where the chain leaves something else there. */
function clearRows(at: usize, place: usize, t0: i32, t1: i32, b0: i32, b1: i32): void {
  const padded = load<usize>(at);
  const width = load<usize>(at, 4) << 2;
  for (let t = t0; t < t1; t++) {
    for (let b = b0; b < b1; b++) {
      const row = load<usize>(place, 4) + <usize>t * load<usize>(place, 8) + <usize>b * load<usize>(place, 12);
      for (let p = row + width; p < row + padded; p += 4) store<f32>(p, 0);
    }
  }
}

/** g (1 - y²) */
// @ts-ignore: decorator
@inline
function tanhGradient(y: v128, g: v128): v128 {
  return f32x4.mul(g, f32x4.sub(splat(1), f32x4.mul(y, y)));
}

/** g y (1 - y) */
// @ts-ignore: decorator
@inline
function sigmoidGradient(y: v128, g: v128): v128 {
  return f32x4.mul(g, f32x4.mul(y, f32x4.sub(splat(1), y)));
}

/** g where y > 0, else 0 */
// @ts-ignore: decorator
@inline
function reluGradient(y: v128, g: v128): v128 {
  return v128.and(g, f32x4.gt(y, zero()));
}

/** g sign x, 0 where x is */
// @ts-ignore: decorator
@inline
function absGradient(x: v128, g: v128): v128 {
  const sign = v128.and(x, i32x4.splat(i32.MIN_VALUE));
  return v128.and(v128.xor(g, sign), f32x4.ne(x, zero()));
}

/** One step over `size` bytes, a multiple of 32. */
export function runStep(operation: i32, to: usize, a: usize, b: usize, size: usize): void {
  const end = to + size;
  switch (operation) {
    case Step.copy:
      memory.copy(to, a, size);
      break;
    case Step.add:
      for (; to < end; to += 32, a += 32, b += 32) {
        const low = f32x4.add(v128.load(a), v128.load(b));
        const high = f32x4.add(v128.load(a, 16), v128.load(b, 16));
        storePair(to, low, high);
      }
      break;
    case Step.subtract:
      for (; to < end; to += 32, a += 32, b += 32) {
        const low = f32x4.sub(v128.load(a), v128.load(b));
        const high = f32x4.sub(v128.load(a, 16), v128.load(b, 16));
        storePair(to, low, high);
      }
      break;
    case Step.multiply:
      for (; to < end; to += 32, a += 32, b += 32) {
        const low = f32x4.mul(v128.load(a), v128.load(b));
        const high = f32x4.mul(v128.load(a, 16), v128.load(b, 16));
        storePair(to, low, high);
      }
      break;
    case Step.divide:
      for (; to < end; to += 32, a += 32, b += 32) {
        const low = f32x4.div(v128.load(a), v128.load(b));
        const high = f32x4.div(v128.load(a, 16), v128.load(b, 16));
        storePair(to, low, high);
      }
      break;
    case Step.negate:
      for (; to < end; to += 32, a += 32) {
        const low = f32x4.neg(v128.load(a));
        const high = f32x4.neg(v128.load(a, 16));
        storePair(to, low, high);
      }
      break;
    case Step.tanh:
      for (; to < end; to += 32, a += 32) {
        const low = tanh(v128.load(a));
        const high = tanh(v128.load(a, 16));
        storePair(to, low, high);
      }
      break;
    case Step.sigmoid:
      for (; to < end; to += 32, a += 32) {
        const low = sigmoid(v128.load(a));
        const high = sigmoid(v128.load(a, 16));
        storePair(to, low, high);
      }
      break;
    case Step.relu:
      // NaN stays NaN
      for (; to < end; to += 32, a += 32) {
        const low = f32x4.max(v128.load(a), zero());
        const high = f32x4.max(v128.load(a, 16), zero());
        storePair(to, low, high);
      }
      break;
    case Step.exp:
      for (; to < end; to += 32, a += 32) {
        const low = exp(v128.load(a));
        const high = exp(v128.load(a, 16));
        storePair(to, low, high);
      }
      break;
    case Step.log:
      for (; to < end; to += 32, a += 32) {
        const low = log(v128.load(a));
        const high = log(v128.load(a, 16));
        storePair(to, low, high);
      }
      break;
    case Step.softplus:
      for (; to < end; to += 32, a += 32) {
        const low = softplus(v128.load(a));
        const high = softplus(v128.load(a, 16));
        storePair(to, low, high);
      }
      break;
    case Step.sqrt:
      for (; to < end; to += 32, a += 32) {
        const low = f32x4.sqrt(v128.load(a));
        const high = f32x4.sqrt(v128.load(a, 16));
        storePair(to, low, high);
      }
      break;
    case Step.abs:
      for (; to < end; to += 32, a += 32) {
        const low = f32x4.abs(v128.load(a));
        const high = f32x4.abs(v128.load(a, 16));
        storePair(to, low, high);
      }
      break;
    case Step.tanhGradient:
      for (; to < end; to += 32, a += 32, b += 32) {
        const low = tanhGradient(v128.load(a), v128.load(b));
        const high = tanhGradient(v128.load(a, 16), v128.load(b, 16));
        storePair(to, low, high);
      }
      break;
    case Step.sigmoidGradient:
      for (; to < end; to += 32, a += 32, b += 32) {
        const low = sigmoidGradient(v128.load(a), v128.load(b));
        const high = sigmoidGradient(v128.load(a, 16), v128.load(b, 16));
        storePair(to, low, high);
      }
      break;
    case Step.reluGradient:
      for (; to < end; to += 32, a += 32, b += 32) {
        const low = reluGradient(v128.load(a), v128.load(b));
        const high = reluGradient(v128.load(a, 16), v128.load(b, 16));
        storePair(to, low, high);
      }
      break;
    case Step.absGradient:
      for (; to < end; to += 32, a += 32, b += 32) {
        const low = absGradient(v128.load(a), v128.load(b));
        const high = absGradient(v128.load(a, 16), v128.load(b, 16));
        storePair(to, low, high);
      }
      break;
    default:
      unreachable();
  }
}
