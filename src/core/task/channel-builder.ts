import type { ChannelData } from './dataset';

/** Numbers that are added one by one or by many, in an array that grows. */
function growing<Values extends Int32Array<ArrayBuffer> | Float32Array<ArrayBuffer>>(
  make: (length: number) => Values,
): { length: number; room(more: number): Values; finish(): Values } {
  let values = make(1024);
  return {
    length: 0,
    room(more) {
      const needed = this.length + more;
      if (needed > values.length) {
        const wider = make(Math.max(needed, 2 * values.length));
        wider.set(values);
        values = wider;
      }
      return values;
    },
    finish() {
      return values.subarray(0, this.length) as Values;
    },
  };
}

/** A channel whose rows are added one by one. */
export interface ChannelBuilder {
  /** A symbol. */
  push(id: number): void;
  /** A row of numbers. */
  add(row: ArrayLike<number>): void;
  /** Ends an example of a sequence. */
  end(): void;
  /** Rows of the example so far. */
  readonly rows: number;
  finish(): ChannelData;
}

export interface ChannelForm {
  readonly kind: 'symbols' | 'numbers' | 'labels';
  /** Classes, or numbers a row. */
  readonly width: number;
  /** Examples are sequences. */
  readonly sequence: boolean;
}

export function createChannel({ kind, width, sequence }: ChannelForm): ChannelBuilder {
  const ids = growing((length) => new Int32Array(length));
  const numbers = growing((length) => new Float32Array(length));
  const ends = growing((length) => new Int32Array(length));
  let rows = 0;
  let last = 0;
  return {
    get rows() {
      return rows - last;
    },
    push(id) {
      ids.room(1)[ids.length++] = id;
      rows++;
    },
    add(row) {
      numbers.room(width).set(row, numbers.length);
      numbers.length += width;
      rows++;
    },
    end() {
      ends.room(1)[ends.length++] = rows;
      last = rows;
    },
    finish() {
      const starts = new Uint32Array(ends.length + 1);
      starts.set(ends.finish(), 1);
      return {
        values:
          kind === 'symbols'
            ? { kind, classes: width, ids: ids.finish() }
            : {
                kind: 'numbers',
                width,
                values: numbers.finish(),
                ...(kind === 'labels' && ({ labels: true } as const)),
              },
        ...(sequence && { starts }),
      };
    },
  };
}
