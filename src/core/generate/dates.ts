/** Dates as people write them, to be written as ISO 8601 does. */
import { oneOf, symbols, type GeneratedTask } from './task';

const months =
  'January February March April May June July August September October November December'.split(
    ' ',
  );
const weekdays = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

/** What a form is made of. */
interface Parts {
  readonly y: string;
  /** Two digits each. */
  readonly yy: string;
  readonly mm: string;
  readonly dd: string;
  /** Without leading zeros. */
  readonly m: string;
  readonly d: string;
  readonly month: string;
  readonly mon: string;
  readonly weekday: string;
}

/** Twenty forms, no two of which can be mistaken: before / the month comes first, before . and - the day. */
const dateForms: readonly ((parts: Parts) => string)[] = [
  ({ y, mm, dd }) => `${y}-${mm}-${dd}`,
  ({ y, mm, dd }) => `${y}/${mm}/${dd}`,
  ({ y, m, d }) => `${y}.${m}.${d}`,
  ({ y, mm, dd }) => `${y}${mm}${dd}`,
  ({ y, m, d }) => `${y}年${m}月${d}日`,
  ({ y, mm, dd }) => `${mm}/${dd}/${y}`,
  ({ y, m, d }) => `${m}/${d}/${y}`,
  ({ yy, mm, dd }) => `${mm}/${dd}/${yy}`,
  ({ yy, m, d }) => `${m}/${d}/${yy}`,
  ({ y, mm, dd }) => `${dd}-${mm}-${y}`,
  ({ y, m, d }) => `${d}.${m}.${y}`,
  ({ yy, mm, dd }) => `${dd}.${mm}.${yy}`,
  ({ y, mon, dd }) => `${dd}${mon.toUpperCase()}${y}`,
  ({ y, mon, dd }) => `${dd}-${mon}-${y}`,
  ({ y, mon, d }) => `${d} ${mon} ${y}`,
  ({ y, mon, d }) => `${mon} ${d}, ${y}`,
  ({ y, month, d }) => `${month} ${d}, ${y}`,
  ({ y, month, d }) => `${d} ${month} ${y}`,
  ({ y, month, d, weekday }) => `${weekday}, ${month} ${d}, ${y}`,
  ({ y, month, d, weekday }) => `${weekday}, ${d} ${month} ${y}`,
];

/** From 1 January 2000 on, so that two digits are enough for a year: 25 years. */
const firstDay = 10_957;
const days = 9132;
const millisecondsADay = 86_400_000;

function partsOf(day: number): Parts {
  const date = new Date(day * millisecondsADay);
  const [y, month, d] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const two = (value: number): string => String(value).padStart(2, '0');
  return {
    y: String(y),
    yy: two(y % 100),
    mm: two(month + 1),
    dd: two(d),
    m: String(month + 1),
    d: String(d),
    month: months[month]!,
    mon: months[month]!.slice(0, 3),
    weekday: weekdays[date.getUTCDay()]!,
  };
}

export const dates: GeneratedTask = {
  summary: 'write a date in any of 20 forms as ISO 8601 has it',
  source: 'TensorFlow.js’s date-conversion-attention',
  format: 'csv',
  // The group is the day, so that no part of the data has a day of another's in another form.
  columns: ['source', 'target', 'group'],
  rows: 40_000,
  key: ({ cells: [written] }) => String(written),
  floors: () => [
    { metric: 'exactMatch', value: 1 / days, knowing: 'nothing: always the same day' },
  ],
  row(random) {
    const day = firstDay + random.integer(days);
    const parts = partsOf(day);
    const { y, mm, dd } = parts;
    return {
      cells: [oneOf(random, dateForms)(parts), symbols(`${y}-${mm}-${dd}`), String(day)],
    };
  },
};
