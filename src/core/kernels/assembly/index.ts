/**
 * What JavaScript calls. The way of a step: `run` checks the positions and hands the job out, then
 * every thread runs `work` (machine.ts): row phases on its own batch rows (product.ts and tiles.ts,
 * elementwise.ts and math.ts, normalize.ts, losses.ts, rows.ts, steps.ts, attention.ts), sums over all rows (reduction.ts), the update
 * (optimizer.ts) and fresh packed weights (packing.ts), with barriers (sync.ts) in between.
 *
 * Dot products of rows (dots.ts) are no job: the caller's thread does them.
 *
 * Nothing is allocated and nothing lies in the module's own data: all addresses come from the
 * encoded program (encode.ts) and from the control words (layout.ts).
 */
import { axisWord, beginOf, endOf, enterAxis, firstRun, stepOf, tokens } from './axes';
import { Axis, Control, Domain, Header, Status, Thread } from './layout';
import { work } from './machine';
import { packMatrices } from './packing';
import { notePicked } from './picked';
import { abort, handOut, readyThreads, waitForJob } from './sync';
import { batch, control, enterJob, header, setSlot, slot, stepFrom, stepTo, targets } from './state';

// Exported so that they stay functions of their own: the engine optimises each hot loop by itself.
export { writeConstants } from './math';
export { dots } from './dots';
export { runStep } from './elementwise';
export { peakLoop } from './peak';
export { copyLeft, copyRight, outerTile, outerTile2, sumPanels1, sumPanels4 } from './reduction';
export { product } from './product';
export * from './tiles';
export { work } from './machine';
export { abort } from './sync';

/** Checks tokens and targets of the rows that run, and counts the targets. */
function checkPositions(): Status {
  const lossDomain = <i32>header(Header.lossDomain);
  const targetLimit = <i32>header(Header.targetLimit);
  let count = 0;
  for (let domain = 0; domain < Domain.count; domain++) {
    enterAxis(domain);
    const isPart = control(Control.partial) != 0 && domain == control(Control.partDomain);
    const from = firstRun(isPart ? stepFrom : 0);
    const to = firstRun(isPart ? stepTo : axisWord(domain, Axis.steps));
    const tokenLimit = <u32>axisWord(domain, Axis.tokenLimit);
    for (let r = from; r < to; r++) {
      const end = endOf(r, batch);
      for (let b = beginOf(r, 0); b < end; b++) {
        const i = stepOf(r) * batch + b;
        const offset = <usize>i << 2;
        let status = Status.done;
        if (load<u32>(tokens + offset) >= tokenLimit) status = Status.badToken;
        if (domain == lossDomain) {
          const target = load<i32>(targets + offset);
          if (status == Status.done && target >= targetLimit) status = Status.badTarget;
          count += i32(target >= 0);
        }
        if (status != Status.done) {
          store<i32>(Control.position << 2, i);
          store<i32>(Control.partDomain << 2, domain);
          return status;
        }
      }
    }
  }
  store<i32>(Control.count << 2, count);
  store<f32>(Control.lossScale << 2, count > 0 ? <f32>1 / <f32>count : 0);
  return Status.done;
}

/** The main thread: runs the job noted in the control words on up to `threads` threads, `rowThreads` of them with batch rows. */
export function run(threads: i32, rowThreads: i32): i32 {
  store<i32>(Control.participants << 2, 1);
  store<i32>(Control.rowThreads << 2, 1);
  enterJob(0);
  const status = checkPositions();
  if (status != Status.done) return status;
  if (control(Control.partial) == 0) notePicked();
  const participants = threads > 1 ? min(threads, readyThreads() + 1) : 1;
  store<i32>(Control.participants << 2, participants);
  store<i32>(Control.rowThreads << 2, min(rowThreads, participants));
  if (participants > 1) handOut(participants - 1);
  work(0);
  return Status.done;
}

/** Any other thread: works on jobs until told to stop. */
export function serve(index: i32): void {
  setSlot(index);
  let seen = atomic.load<i32>(slot, Thread.mailbox << 2);
  atomic.store<i32>(slot, 1, Thread.ready << 2);
  for (;;) {
    const job = waitForJob(seen);
    if (job == seen) return;
    seen = job;
    work(load<i32>(slot, Thread.rank << 2));
  }
}

/** Packs the matrices of the program at `address`; called by the main thread while no job runs. */
export function pack(address: usize): void {
  store<i32>(Control.program << 2, <i32>address);
  store<i32>(Control.participants << 2, 1);
  store<i32>(Control.rowThreads << 2, 1);
  enterJob(0);
  packMatrices(header(Header.packing), header(Header.packingEnd));
}
