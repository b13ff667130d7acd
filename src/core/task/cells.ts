/** Symbols, numbers and dates as files write them. */

/** Symbols that are separated by spaces. */
export function symbolsOf(text: string): string[] {
  return text === '' ? [] : text.split(/\s+/);
}

/** What stands in a column of numbers or dates where there is none. */
const missing = /^(|-|\?|\.|na|n\/a|nan|null|none|nil|missing)$/i;

export function isMissing(cell: string): boolean {
  return missing.test(cell);
}

/** What a comma in a number is. */
export type Comma = 'thousands' | 'decimal';

const plainNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const withThousands = /^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$/;
const withDecimalComma = /^[+-]?(\d+|\d{1,3}(\.\d{3})+),\d+$/;

/** How numbers are told from other cells, for a script that has to read the same (exports/script/cells.ts). */
export const numberForms = { missing, plainNumber, withThousands, withDecimalComma } as const;

/** NaN for what is none. */
export function parseNumber(cell: string, comma: Comma = 'thousands'): number {
  if (plainNumber.test(cell)) return Number(cell);
  if (comma === 'thousands' && withThousands.test(cell)) return Number(cell.replaceAll(',', ''));
  if (comma === 'decimal' && withDecimalComma.test(cell)) {
    return Number(cell.replaceAll('.', '').replace(',', '.'));
  }
  return NaN;
}

const iso =
  /^(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;
const numeric = /^(\d{1,2})([-/.])(\d{1,2})[-/.](\d{4})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2}))?)?$/;
const worded = /^[A-Z][a-z]{2,8}\.? \d{1,2},? \d{4}$/;

/** How the parts of `3/4/2005` are ordered. */
export type DateOrder = 'day first' | 'month first';

/** Milliseconds since 1970 in UTC; NaN for what is no date. */
export function parseDate(cell: string, order: DateOrder = 'month first'): number {
  const written = iso.exec(cell);
  if (written !== null) {
    const [, year, month, day, hour, minute, second, zone] = written;
    return dateOf([year, month, day, hour, minute, second]) - minutesOf(zone) * 60_000;
  }
  const parts = numeric.exec(cell);
  if (parts !== null) {
    const [, first, sign, second, year, ...time] = parts;
    const isDayFirst = sign === '.' || order === 'day first';
    return dateOf([year, ...(isDayFirst ? [second, first] : [first, second]), ...time]);
  }
  return worded.test(cell) ? Date.parse(`${cell} UTC`) : NaN;
}

function dateOf(parts: readonly (string | undefined)[]): number {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts.map((part) =>
    part === undefined ? undefined : Number(part),
  );
  const isOne = month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour < 25 && minute < 60;
  return isOne ? Date.UTC(year, month - 1, day, hour, minute, second) : NaN;
}

/** `+02:00` */
function minutesOf(zone: string | undefined): number {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone ?? '') ?? [];
  const total = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
  return sign === '-' ? -total : total;
}
