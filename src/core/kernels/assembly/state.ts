/** What a thread knows of the job it works on. One instance of the module a thread: globals are the thread's own. */
import { Axis, Control, Domain, Header, Size, Thread } from './layout';

/** Index of this thread's slot; 0 is the main thread. */
export let slot: usize = <usize>Size.threads;
/** Place among the job's threads. */
export let rank: i32 = 0;
export let participants: i32 = 1;
/** This thread's batch rows. */
export let rowBegin: i32 = 0;
export let rowEnd: i32 = 0;
export let scratch: usize = 0;
export let program: usize = 0;
export let batch: i32 = 0;
export let sequence: i32 = 0;
/** The steps that run. */
export let stepFrom: i32 = 0;
export let stepTo: i32 = 0;
export let targets: usize = 0;
export let losses: usize = 0;
/** Address of the examples' dropout keys `[B]`. */
export let keys: usize = 0;
export let dropoutKey: i32 = 0;
export let lossScale: f32 = 0;
/** Whether this thread lets others go first. */
export let isPolite: bool = false;
/** Where this thread notes how long things take; 0: nowhere. */
export let times: usize = 0;

/** Address of a thread's slot. */
// @ts-ignore: decorator
@inline
export function slotOf(index: i32): usize {
  return <usize>Size.threads + (<usize>index * Thread.words << 2);
}

export function setSlot(index: i32): void {
  slot = slotOf(index);
}

// @ts-ignore: decorator
@inline
export function control(word: i32): i32 {
  return load<i32>(<usize>word << 2);
}

// @ts-ignore: decorator
@inline
export function controlFloat(word: i32): f32 {
  return load<f32>(<usize>word << 2);
}

// @ts-ignore: decorator
@inline
export function header(word: i32): usize {
  return load<usize>(program + (<usize>word << 2));
}

/** First of this thread's share of `count` equal pieces; the next thread's first ends it. */
// @ts-ignore: decorator
@inline
export function shareStart(count: i32, index: i32, threads: i32): i32 {
  return <i32>((<i64>count * index) / threads);
}

/** Takes the job's data from the control words. */
export function enterJob(place: i32): void {
  rank = place;
  participants = control(Control.participants);
  program = <usize>control(Control.program);
  scratch = <usize>control(Control.scratch) + <usize>place * <usize>control(Control.scratchStride);
  batch = <i32>header(Header.batch);
  sequence = <i32>header(Header.sequence);
  stepFrom = control(Control.stepFrom);
  stepTo = control(Control.stepTo);
  targets = header(Header.targets);
  losses = header(Header.losses);
  keys = header(Header.keys);
  dropoutKey = control(Control.dropoutKey);
  lossScale = controlFloat(Control.lossScale);
  isPolite = control(Control.polite) != 0;
  times = place == 0 ? <usize>control(Control.profile) : 0;
  const rowThreads = control(Control.rowThreads);
  if (place < rowThreads) {
    rowBegin = firstRow(place, rowThreads);
    rowEnd = firstRow(place + 1, rowThreads);
  } else {
    rowBegin = rowEnd = 0;
  }
}

/** Steps of both sequences of row `b`. */
// @ts-ignore: decorator
@inline
function stepsOf(b: i32): i32 {
  const place = <usize>b << 2;
  const ofSource = load<i32>(header(Header.axes + Domain.t * Axis.words + Axis.lengths) + place);
  return ofSource + load<i32>(header(Header.axes + Domain.u * Axis.words + Axis.lengths) + place) + 1;
}

/** The first of a thread's batch rows: the rows of each have about as many steps together. */
function firstRow(place: i32, rowThreads: i32): i32 {
  if (header(Header.streams) != 0 || place == rowThreads) return shareStart(batch, place, rowThreads);
  let total = 0;
  for (let b = 0; b < batch; b++) total += stepsOf(b);
  const before = shareStart(total, place, rowThreads);
  let sum = 0;
  for (let b = 0; b < batch; b++) {
    if (sum >= before) return b;
    sum += stepsOf(b);
  }
  return batch;
}

/** Tells the others that this thread is alive. */
// @ts-ignore: decorator
@inline
export function noteProgress(): void {
  const address = slot + (Thread.progress << 2);
  store<i32>(address, load<i32>(address) + 1);
}
