/** Threads: handing out jobs, barriers, and noticing that one has died. */
import { Control, Size, Thread } from './layout';
import { control, participants, slot, slotOf } from './state';

/** Loads before a waiting thread goes to sleep: some 30 µs. */
const SPINS: i32 = 10_000;
/** A sleeping thread looks around once a second. */
const SLEEP: i64 = 1_000_000_000;

/** How much all threads have done; stands still only when none of them works. */
function totalProgress(): i32 {
  let sum = 0;
  for (let i = 0; i < Size.maxThreads; i++) {
    sum += load<i32>(slotOf(i), Thread.progress << 2);
  }
  return sum;
}

// @ts-ignore: decorator
@inline
function aborted(): bool {
  return atomic.load<i32>(Control.abort << 2) != 0;
}

/** Makes all threads give up; JavaScript sees a trap. */
export function abort(): void {
  atomic.store<i32>(Control.abort << 2, 1);
  atomic.notify(Control.barrierGeneration << 2, -1);
  for (let i = 0; i < Size.maxThreads; i++) {
    atomic.notify(slotOf(i), -1);
  }
}

/** Waits until all of the job's threads have come here. */
export function barrier(): void {
  if (participants == 1) return;
  const generation = Control.barrierGeneration << 2;
  const seen = atomic.load<i32>(generation);
  if (atomic.add<i32>(Control.barrierCount << 2, 1) + 1 == participants) {
    atomic.store<i32>(Control.barrierCount << 2, 0);
    atomic.store<i32>(generation, seen + 1);
    atomic.notify(generation, -1);
    return;
  }
  for (let i = 0; i < SPINS; i++) {
    if (atomic.load<i32>(generation) != seen) return;
  }
  let still = 0;
  let progress = totalProgress();
  while (atomic.load<i32>(generation) == seen) {
    if (aborted()) unreachable();
    if (atomic.wait<i32>(generation, seen, SLEEP) == 2 /* timed out */) {
      const now = totalProgress();
      still = now == progress ? still + 1 : 0;
      progress = now;
      if (still >= control(Control.patience)) {
        abort();
        unreachable();
      }
    }
  }
}

/** Waits for a job with another number than `seen`; its number, or `seen` where the thread shall end. */
export function waitForJob(seen: i32): i32 {
  const mailbox = slot + (Thread.mailbox << 2);
  for (let i = 0; i < SPINS; i++) {
    const job = atomic.load<i32>(mailbox);
    if (job != seen) return job;
  }
  while (atomic.load<i32>(mailbox) == seen) {
    if (atomic.load<i32>(Control.stop << 2) != 0 || aborted()) return seen;
    atomic.wait<i32>(mailbox, seen, SLEEP);
  }
  return atomic.load<i32>(mailbox);
}

/** Number of threads beside the main one that wait for jobs. */
export function readyThreads(): i32 {
  let count = 0;
  for (let i = 1; i < Size.maxThreads; i++) {
    count += atomic.load<i32>(slotOf(i), Thread.ready << 2);
  }
  return count;
}

/** Wakes `count` of the waiting threads; they become ranks 1 … count. */
export function handOut(count: i32): void {
  let given = 0;
  for (let i = 1; given < count; i++) {
    const place = slotOf(i);
    if (atomic.load<i32>(place, Thread.ready << 2) == 0) continue;
    given++;
    atomic.store<i32>(place, given, Thread.rank << 2);
    atomic.add<i32>(place, 1, Thread.mailbox << 2);
    atomic.notify(place + (Thread.mailbox << 2), 1);
  }
}
