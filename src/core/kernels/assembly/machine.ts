/** The machine: runs an encoded program's phases, and what follows them in a training step. */
import { elementwise } from './elementwise';
import { Header, Kind, Control, Op, Part, Size } from './layout';
import { crossEntropy, layernorm, layernormGradient, softmax, softmaxGradient } from './normalize';
import { globalNorm, partialNorms, update } from './optimizer';
import { packMatrices } from './packing';
import { product } from './product';
import { endPart, startPart } from './profile';
import { outer, scatter, sum } from './reduction';
import { dropoutMask, gather, onehot } from './rows';
import {
  batch,
  control,
  enterJob,
  header,
  isPolite,
  losses,
  noteProgress,
  program,
  rank,
  rowBegin,
  rowEnd,
  sequence,
  stepFrom,
  stepTo,
} from './state';
import { barrier, giveWay } from './sync';

/** One instruction over rows [b0, b1) of steps [t0, t1). */
function execute(at: usize, t0: i32, t1: i32, b0: i32, b1: i32): void {
  const words = at + 8;
  switch (load<i32>(at)) {
    case Op.gather:
      gather(words, t0, t1, b0, b1);
      break;
    case Op.onehot:
      onehot(words, t0, t1, b0, b1);
      break;
    case Op.product:
      product(words, t0, t1, b0, b1);
      break;
    case Op.elementwise:
      elementwise(words, t0, t1, b0, b1);
      break;
    case Op.softmax:
      softmax(words, t0, t1, b0, b1);
      break;
    case Op.softmaxGradient:
      softmaxGradient(words, t0, t1, b0, b1);
      break;
    case Op.layernorm:
      layernorm(words, t0, t1, b0, b1);
      break;
    case Op.layernormGradient:
      layernormGradient(words, t0, t1, b0, b1);
      break;
    case Op.dropoutMask:
      dropoutMask(words, t0, t1, b0, b1);
      break;
    case Op.crossEntropy:
      crossEntropy(words, t0, t1, b0, b1);
      break;
    case Op.outer:
      outer(words);
      break;
    case Op.scatter:
      scatter(words);
      break;
    case Op.sum:
      sum(words);
      break;
    default:
      unreachable();
  }
}

// @ts-ignore: decorator
@inline
function next(at: usize): usize {
  return at + (<usize>load<i32>(at, 4) << 2);
}

function runStretch(first: usize, end: usize, t0: i32, t1: i32): void {
  for (let at = first; at < end; at = next(at)) {
    const started = startPart();
    execute(at, t0, t1, rowBegin, rowEnd);
    endPart((at - program) >> 2, started);
    noteProgress();
  }
}

/** Instruction by instruction over all steps; in pieces, where others may go first in between. */
function runSweep(first: usize, end: usize): void {
  const steps = isPolite ? max(1, Size.politeRows / (rowEnd - rowBegin)) : stepTo - stepFrom;
  for (let at = first; at < end; at = next(at)) {
    for (let t = stepFrom; t < stepTo; t += steps) {
      runStretch(at, next(at), t, min(t + steps, stepTo));
      giveWay();
    }
  }
}

function runPhase(kind: i32, first: usize, end: usize): void {
  if (kind == Kind.reduction) {
    runStretch(first, end, stepFrom, stepTo);
    return;
  }
  if (rowBegin == rowEnd) return;
  if (kind == Kind.sweep) {
    runSweep(first, end);
  } else if (kind == Kind.forward) {
    for (let t = stepFrom; t < stepTo; t++) {
      runStretch(first, end, t, t + 1);
      giveWay();
    }
  } else {
    for (let t = stepTo - 1; t >= stepFrom; t--) {
      runStretch(first, end, t, t + 1);
      giveWay();
    }
  }
}

function waitForAll(): void {
  const started = startPart();
  barrier();
  endPart(Part.waiting, started);
}

/** The phases that are asked for; where sums over all rows begin or end, threads wait for one another. Returns whether there were any. */
function runPhases(): bool {
  let summing = false;
  let summed = false;
  const end = <usize>control(Control.phaseTo);
  for (let at = <usize>control(Control.phaseFrom); at < end; ) {
    const kind = load<i32>(at);
    const phaseEnd = load<usize>(at, 4);
    if ((kind == Kind.reduction) != summing) {
      waitForAll();
      summing = !summing;
      summed = true;
    }
    runPhase(kind, at + 8, phaseEnd);
    at = phaseEnd;
  }
  return summed;
}

/** Moves the last steps of carried states before the first, for this thread's rows. */
function carryStates(): void {
  const end = header(Header.carriedEnd);
  for (let at = header(Header.carried); at < end; at += 20) {
    const states = load<usize>(at);
    const timeStride = load<usize>(at, 4);
    const rowStride = load<usize>(at, 8);
    const bytes = load<usize>(at, 12);
    const lag = load<i32>(at, 16);
    for (let t = -lag; t < 0; t++) {
      const to = states + <usize>t * timeStride;
      const from = states + <usize>(t + sequence) * timeStride;
      for (let b = rowBegin; b < rowEnd; b++) {
        memory.copy(to + <usize>b * rowStride, from + <usize>b * rowStride, bytes);
      }
    }
  }
}

/** Sum of all losses, in the order of the positions. */
function addLosses(): f64 {
  let total: f64 = 0;
  const end = losses + (<usize>(batch * sequence) << 2);
  for (let at = losses; at < end; at += 4) total += <f64>load<f32>(at);
  return total;
}

/** A thread's whole part in a job. */
export function work(place: i32): void {
  enterJob(place);
  const train = control(Control.train) != 0;
  if (runPhases() || train) waitForAll();
  if (control(Control.partial) != 0) {
    waitForAll();
    return;
  }
  let started = startPart();
  carryStates();
  endPart(Part.carrying, started);
  if (train) optimise();
  waitForAll();
  if (rank != 0) return;
  started = startPart();
  store<f64>(Control.lossSum << 2, addLosses());
  endPart(Part.losses, started);
}

/** Norm, clipping, update, and fresh copies of the weights; nothing changes where the norm is not finite. */
function optimise(): void {
  let started = startPart();
  partialNorms();
  endPart(Part.norm, started);
  waitForAll();
  const norm = globalNorm();
  if (rank == 0) store<f64>(Control.norm << 2, norm);
  if (!(norm < Infinity)) return;
  started = startPart();
  update(norm);
  endPart(Part.update, started);
  waitForAll();
  started = startPart();
  packMatrices(header(Header.packing), header(Header.packingEnd));
  endPart(Part.packing, started);
}
