/** Threads: handing out jobs, barriers, and noticing that one has died. */
import { Control, Size, Thread } from './layout';
import { control, isPolite, participants, slot, slotOf } from './state';

/** Loads before a waiting thread goes to sleep: some 30 µs. */
const SPINS: i32 = 10_000;
/** Milliseconds after which a thread that sleeps at a barrier looks around. */
const SLEEP: f64 = 1000;

/**
 * Sleeps until someone notifies `address`, unless it holds another value than `expected`; false
 * after so many milliseconds. It is JavaScript's wait: with the machine's own, V8 11 (Node 20)
 * overwrites a neighbouring local in functions that it has not optimised yet.
 */
@external('env', 'sleep')
declare function sleep(address: usize, expected: i32, milliseconds: f64): bool;

/** Waits while others go first, not for long. */
@external('env', 'giveWay')
declare function waitForOthers(): void;

/** To be called every millisecond or so, where a thread may rest: nobody waits for it but its own job. */
// @ts-ignore: decorator
@inline
export function giveWay(): void {
  if (isPolite) waitForOthers();
}

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

// @ts-ignore: decorator
@inline
function ended(): bool {
  return atomic.load<i32>(Control.stop << 2) != 0 || aborted();
}

/** Puts something into a thread's mailbox, and the thread out of its sleep. */
function wake(index: i32): void {
  const mailbox = slotOf(index) + (Thread.mailbox << 2);
  atomic.add<i32>(mailbox, 1);
  atomic.notify(mailbox, -1);
}

/** Makes all threads give up; JavaScript sees a trap. */
export function abort(): void {
  atomic.store<i32>(Control.abort << 2, 1);
  atomic.notify(Control.barrierGeneration << 2, -1);
  for (let i = 0; i < Size.maxThreads; i++) wake(i);
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
    if (!sleep(generation, seen, SLEEP)) {
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

/** Waits for a job with another number than `seen`; its number, or `seen` where the thread should end. */
export function waitForJob(seen: i32): i32 {
  const mailbox = slot + (Thread.mailbox << 2);
  for (let i = 0; i < SPINS && atomic.load<i32>(mailbox) == seen; i++) {}
  while (!ended()) {
    const job = atomic.load<i32>(mailbox);
    if (job != seen) return job;
    // Whoever ends the threads says so first and then writes to the mailboxes: no one sleeps through it.
    sleep(mailbox, seen, Infinity);
  }
  return seen;
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
    wake(i);
  }
}
