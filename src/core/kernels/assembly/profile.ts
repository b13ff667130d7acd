/** Where the time of a job goes: measured by the first thread, where someone asks for it. */
import { times } from './state';

/** Milliseconds since some moment. */
@external('env', 'now')
declare function now(): f64;

/** To be called before a part of the work; what it returns belongs to `endPart`. */
// @ts-ignore: decorator
@inline
export function startPart(): f64 {
  return times == 0 ? 0 : now();
}

/** Adds the time since `started` to what a word of the program has taken: an instruction's first word, or a `Part`. */
// @ts-ignore: decorator
@inline
export function endPart(word: usize, started: f64): void {
  if (times == 0) return;
  const entry = times + (word << 3);
  store<f64>(entry, load<f64>(entry) + (now() - started));
}
