const units = [
  ['year', 365 * 24 * 3600],
  ['month', 30 * 24 * 3600],
  ['week', 7 * 24 * 3600],
  ['day', 24 * 3600],
  ['hour', 3600],
  ['minute', 60],
] as const;

/**
 * How long ago something was, in the largest unit that fits: `5 min. ago`, `yesterday`.
 *
 * @param time and now are milliseconds since 1970
 * @param style `long`: `5 minutes ago`, as it is spoken
 */
export function age(
  time: number,
  now: number,
  locale: string,
  style: 'short' | 'long' = 'short',
): string {
  const known = Intl.RelativeTimeFormat.supportedLocalesOf([locale]);
  const format = new Intl.RelativeTimeFormat(known.length > 0 ? known : 'en', {
    numeric: 'auto',
    style,
  });
  // A clock that was set back makes nothing of the future.
  const seconds = Math.max(0, now - time) / 1000;
  for (const [unit, length] of units) {
    if (seconds >= length) return format.format(-Math.floor(seconds / length), unit);
  }
  return format.format(0, 'second');
}
