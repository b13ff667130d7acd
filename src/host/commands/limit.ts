/** What ends a training, as people write it. */
import type { Limit } from '../../protocol/engine';

const units: readonly { readonly words: readonly string[]; readonly limit: Limit }[] = [
  {
    words: ['', 's', 'sec', 'secs', 'second', 'seconds', '秒', '秒钟'],
    limit: { kind: 'seconds', value: 1 },
  },
  {
    words: ['m', 'min', 'mins', 'minute', 'minutes', '分', '分钟'],
    limit: { kind: 'seconds', value: 60 },
  },
  {
    words: ['h', 'hr', 'hrs', 'hour', 'hours', '时', '小时'],
    limit: { kind: 'seconds', value: 3600 },
  },
  { words: ['step', 'steps', '步'], limit: { kind: 'steps', value: 1 } },
  {
    words: ['epoch', 'epochs', 'pass', 'passes', '轮'],
    limit: { kind: 'epochs', value: 1 },
  },
];

/** `90`, `90 s`, `5 min`, `1.5 h`, `2,000 steps`, `3 epochs`; undefined: none of these. */
export function parseLimit(text: string): Limit | undefined {
  const match = /^(\d[\d,]*(?:\.\d+)?|\.\d+)\s*(\p{L}*)\.?$/u.exec(text.trim().toLowerCase());
  if (!match) return undefined;
  const [, number = '', word = ''] = match;
  const unit = units.find(({ words }) => words.includes(word))?.limit;
  const count = Number(number.replaceAll(',', ''));
  if (!unit || !(count > 0)) return undefined;
  const value = count * unit.value;
  return unit.kind === 'steps' && !Number.isSafeInteger(value) ? undefined : { ...unit, value };
}

/** The unit in which a time is a short number: `{ count: 5, unit: 'minutes' }` of 300 s. */
export function unitsOf(seconds: number): {
  readonly count: number;
  readonly unit: 'seconds' | 'minutes' | 'hours';
} {
  if (seconds >= 3600 && seconds % 1800 === 0) return { count: seconds / 3600, unit: 'hours' };
  if (seconds >= 60 && seconds % 30 === 0) return { count: seconds / 60, unit: 'minutes' };
  return { count: seconds, unit: 'seconds' };
}
