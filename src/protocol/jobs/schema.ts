/** Small schema builders that all messages share. */
import * as v from 'valibot';

/** An object with exactly these keys, readonly. */
export function record<const Entries extends v.ObjectEntries>(entries: Entries) {
  return v.pipe(v.strictObject(entries), v.readonly());
}

export function list<const Item extends v.GenericSchema>(item: Item) {
  return v.pipe(v.array(item), v.readonly());
}

export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/**
 * NaN and ±∞ are numbers that a diverging run really has. Valibot's `number` refuses NaN, and JSON, as which
 * VS Code writes a message to a webview, makes null of all of them.
 */
export const anyNumber = v.pipe(
  v.custom<number | null>(
    (value) => typeof value === 'number' || value === null,
    'Expected a number',
  ),
  v.transform((value) => value ?? NaN),
);
export const column = v.instance(Float64Array);

/** Rows of one table as columns of the same length. */
export function columns<const Name extends string>(names: readonly Name[]) {
  const entries = Object.fromEntries(names.map((name) => [name, column])) as Record<
    Name,
    typeof column
  >;
  return v.pipe(
    v.strictObject(entries),
    v.check((value) => {
      const lengths = Object.values<Float64Array>(value).map(({ length }) => length);
      return lengths.every((length) => length === lengths[0]);
    }, 'Expected columns of equal length'),
    v.readonly(),
  );
}
