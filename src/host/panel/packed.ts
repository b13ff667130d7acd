/**
 * The same message with all its columns in one buffer.
 *
 * VS Code sends a message to a webview as a call with an argument for each of the buffers in it, and writes
 * the number of arguments as one byte: of more than 253 buffers the rest arrives empty, and nothing tells of
 * it. The looks at a training have some thousand columns.
 */
export function packed<Message>(message: Message): Message {
  const columns = new Set<Float64Array>();
  collect(message, columns);
  let length = 0;
  for (const column of columns) length += column.length;
  const all = new Float64Array(length);
  const places = new Map<Float64Array, Float64Array>();
  let start = 0;
  for (const column of columns) {
    all.set(column, start);
    places.set(column, all.subarray(start, start + column.length));
    start += column.length;
  }
  return replaced(message, places) as Message;
}

function collect(value: unknown, columns: Set<Float64Array>): void {
  if (value instanceof Float64Array) columns.add(value);
  else if (typeof value === 'object' && value !== null)
    for (const part of Object.values(value)) collect(part, columns);
}

function replaced(value: unknown, places: ReadonlyMap<Float64Array, Float64Array>): unknown {
  if (value instanceof Float64Array) return places.get(value);
  if (Array.isArray(value)) return value.map((part) => replaced(part, places));
  if (typeof value !== 'object' || value === null) return value;
  const parts = Object.entries(value).map(([key, part]) => [key, replaced(part, places)]);
  return Object.fromEntries(parts);
}
