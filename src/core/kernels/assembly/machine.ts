/** The machine: runs an encoded program's phases, and what follows them in a training step. */
import { additive, additiveGradient, dot, mix, unmix } from './attention';
import { axisWord, beginOf, endOf, enterAxis, firstRun, stepOf } from './axes';
import { elementwise } from './elementwise';
import { Axis, Header, Kind, Control, Op, Part, Size } from './layout';
import { bernoulli, squaredError } from './losses';
import { crossEntropy, layernorm, layernormGradient, softmax, softmaxGradient, stepSoftmax } from './normalize';
import { globalNorm, partialNorms, update } from './optimizer';
import { packMatrices } from './packing';
import { product } from './product';
import { endPart, startPart } from './profile';
import { outer, scatter, sum } from './reduction';
import { dropoutMask, gather, onehot } from './rows';
import { argmax, border, copyValues, perStep, pick, spread, stepSum, unpick } from './steps';
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

/** One instruction over rows [b0, b1) of runs [r0, r1). */
function execute(at: usize, r0: i32, r1: i32, b0: i32, b1: i32): void {
  const words = at + 8;
  switch (load<i32>(at)) {
    case Op.gather:
      gather(words, r0, r1, b0, b1);
      break;
    case Op.onehot:
      onehot(words, r0, r1, b0, b1);
      break;
    case Op.product:
      product(words, r0, r1, b0, b1);
      break;
    case Op.elementwise:
      elementwise(words, r0, r1, b0, b1);
      break;
    case Op.softmax:
      softmax(words, r0, r1, b0, b1);
      break;
    case Op.softmaxGradient:
      softmaxGradient(words, r0, r1, b0, b1);
      break;
    case Op.layernorm:
      layernorm(words, r0, r1, b0, b1);
      break;
    case Op.layernormGradient:
      layernormGradient(words, r0, r1, b0, b1);
      break;
    case Op.dropoutMask:
      dropoutMask(words, r0, r1, b0, b1);
      break;
    case Op.crossEntropy:
      crossEntropy(words, r0, r1, b0, b1);
      break;
    case Op.outer:
      outer(words, r0, r1);
      break;
    case Op.scatter:
      scatter(words, r0, r1);
      break;
    case Op.sum:
      sum(words, r0, r1);
      break;
    default:
      executeSteps(load<i32>(at), words, r0, r1, b0, b1);
  }
}

/** Those that only models of examples have. */
function executeSteps(op: i32, words: usize, r0: i32, r1: i32, b0: i32, b1: i32): void {
  switch (op) {
    case Op.bernoulli:
      bernoulli(words, r0, r1, b0, b1);
      break;
    case Op.squaredError:
      squaredError(words, r0, r1, b0, b1);
      break;
    case Op.stepSum:
      stepSum(words, r0, r1, b0, b1);
      break;
    case Op.spread:
      spread(words, r0, r1, b0, b1);
      break;
    case Op.perStep:
      perStep(words, r0, r1, b0, b1);
      break;
    case Op.argmax:
      argmax(words, r0, r1, b0, b1);
      break;
    case Op.pick:
      pick(words, r0, r1, b0, b1);
      break;
    case Op.unpick:
      unpick(words, r0, r1, b0, b1);
      break;
    case Op.dot:
      dot(words, r0, r1, b0, b1);
      break;
    case Op.additive:
      additive(words, r0, r1, b0, b1);
      break;
    case Op.stepSoftmax:
      stepSoftmax(words, r0, r1, b0, b1);
      break;
    case Op.mix:
      mix(words, r0, r1, b0, b1);
      break;
    case Op.unmix:
      unmix(words, r0, r1, b0, b1);
      break;
    case Op.additiveGradient:
      additiveGradient(words, r0, r1, b0, b1);
      break;
    case Op.copyValues:
      copyValues(words, r0, r1, b0, b1);
      break;
    case Op.border:
      border(words, r0, r1, b0, b1);
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

function runStretch(first: usize, end: usize, r0: i32, r1: i32): void {
  for (let at = first; at < end; at = next(at)) {
    const started = startPart();
    execute(at, r0, r1, rowBegin, rowEnd);
    endPart((at - program) >> 2, started);
    noteProgress();
  }
}

/** Instruction by instruction over all runs; in pieces, where others may go first in between. */
function runSweep(first: usize, end: usize, r0: i32, r1: i32): void {
  const runs = isPolite ? max(1, Size.politeRows / (rowEnd - rowBegin)) : max(1, r1 - r0);
  for (let at = first; at < end; at = next(at)) {
    for (let r = r0; r < r1; r += runs) {
      runStretch(at, next(at), r, min(r + runs, r1));
      giveWay();
    }
  }
}

function runPhase(kind: i32, domain: i32, first: usize, end: usize): void {
  enterAxis(domain);
  let from = 0;
  let to = axisWord(domain, Axis.steps);
  if (control(Control.partial) != 0) {
    if (domain == control(Control.partDomain)) {
      from = stepFrom;
      to = stepTo;
    } else if (stepFrom > 0) {
      return;
    }
  }
  if (kind == Kind.reduction) {
    runStretch(first, end, firstRun(from), firstRun(to));
    return;
  }
  if (rowBegin == rowEnd) return;
  if (kind == Kind.sweep) {
    runSweep(first, end, firstRun(from), firstRun(to));
  } else if (kind == Kind.forward) {
    for (let t = from; t < to; t++) {
      runStretch(first, end, firstRun(t), firstRun(t + 1));
      giveWay();
    }
  } else {
    for (let t = to - 1; t >= from; t--) {
      runStretch(first, end, firstRun(t), firstRun(t + 1));
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
    if (kind == Kind.reduction || summing) {
      waitForAll();
      summing = kind == Kind.reduction;
      summed = true;
    }
    runPhase(kind, load<i32>(at, 8), at + 12, phaseEnd);
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

/** Sum of the losses of all rows that are there, in the order of the positions. */
function addLosses(): f64 {
  let total: f64 = 0;
  const domain = <i32>header(Header.lossDomain);
  enterAxis(domain);
  const runs = firstRun(axisWord(domain, Axis.steps));
  for (let r = 0; r < runs; r++) {
    const row = losses + (<usize>(stepOf(r) * batch) << 2);
    const end = row + (<usize>endOf(r, batch) << 2);
    for (let at = row + (<usize>beginOf(r, 0) << 2); at < end; at += 4) total += <f64>load<f32>(at);
  }
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
