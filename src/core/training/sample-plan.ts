/** The early texts come sooner: the first after this share of the interval, and so on, each time twice as late. */
const firstShare = 1 / 8;
/** Later a text has less news: the interval grows to this share of the time trained. */
const growth = 0.1;

/**
 * When the next text is due, after one at `seconds` of training time.
 * @param every time between two texts, s
 */
export function nextSample(every: number, seconds: number): number {
  if (seconds < every) return Math.min(every, Math.max(every * firstShare, 2 * seconds));
  return seconds + Math.max(every, growth * seconds);
}
