/** Beginnings of an example as examples of their own. */
import type { ChannelData, Values } from '../core/task/dataset';

/**
 * @param first row of the example in its channel
 * @param lengths of the beginnings, rows
 */
export function prefixesOf(
  { values }: ChannelData,
  first: number,
  lengths: readonly number[],
): ChannelData {
  const starts = new Uint32Array(lengths.length + 1);
  lengths.forEach((length, i) => (starts[i + 1] = starts[i]! + length));
  const rows = lengths.flatMap((length) => Array.from({ length }, (_, i) => first + i));
  const taken: Values =
    values.kind === 'symbols'
      ? { ...values, ids: Int32Array.from(rows, (row) => values.ids[row]!) }
      : {
          kind: 'numbers',
          width: values.width,
          values: Float32Array.from(
            rows.flatMap((row) => [
              ...values.values.subarray(row * values.width, (row + 1) * values.width),
            ]),
          ),
        };
  return { values: taken, starts };
}
