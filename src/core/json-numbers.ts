/**
 * Numbers in JSON that a program of ours reads again. JSON has none for what is not finite: that is the text
 * `NaN`, `Infinity` or `-Infinity`.
 */
import * as v from 'valibot';

/** For `JSON.stringify`. */
export function replaceNumbers(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

/** A number, also as `replaceNumbers` has left it; older versions wrote null for what is not finite. */
export const anyNumber = v.union([
  v.number(),
  v.nan(),
  v.pipe(v.picklist(['NaN', 'Infinity', '-Infinity']), v.transform(Number)),
  v.pipe(
    v.null(),
    v.transform(() => NaN),
  ),
]);
