/**
 * Right of way: who has a question that a person waits for says so in a word that all threads share, and those who
 * train in the background rest meanwhile, so that cores, caches and memory are free for the answer.
 */

/** Shared by threads; word 0 is the number of questions that are under way. */
export type RightOfWay = Int32Array<SharedArrayBuffer>;

export function createRightOfWay(): RightOfWay {
  return new Int32Array(new SharedArrayBuffer(4));
}

/** A question is under way, until `leaveRightOfWay`. */
export function takeRightOfWay(word: RightOfWay): void {
  Atomics.add(word, 0, 1);
}

export function leaveRightOfWay(word: RightOfWay): void {
  Atomics.sub(word, 0, 1);
  Atomics.notify(word, 0);
}
