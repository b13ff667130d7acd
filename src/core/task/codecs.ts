/** How the cells of a channel become ids or numbers, and how these are said again. */
import * as v from 'valibot';
import { printable } from '../data/tokenizer';
import { readTokenizer } from '../data/tokenizers';
import { InputError, type DataPlace } from '../input-error';
import { sentence } from '../sentence';
import { didYouMean } from '../suggest';
import { scaled } from '../tables/images';
import { isMissing, parseNumber } from './cells';
import { createChannel, type ChannelBuilder, type ChannelForm } from './channel-builder';
import { codecData, type CodecData, type DataOf, type Field } from './codec-data';
import type { ChannelData } from './dataset';
import { createTextWriter } from './text-symbols';
import { unknownClass } from './unknown-symbols';

/** A picture's pixels, 0 … 255: `[height, width, channels]`, 1 grey or 3 red, green and blue. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly pixels: Uint8Array;
}

/** A cell as a file or a user has it: a text, a list, or a picture. */
export type Cell = string | readonly string[] | Pixels;

export interface EncodedCells {
  readonly channel: ChannelData;
  /** Examples, by their places, that were cut to the longest that may be; steps of the longest before it was. */
  readonly cut: readonly number[];
  readonly longest: number;
}

export interface Codec {
  readonly data: CodecData;
  readonly form: ChannelForm;
  /** The columns that an example has a cell of, in their order. */
  readonly columns: readonly string[];
  /**
   * @param where the place of an example in its file; undefined: it has none
   * @throws InputError for a cell that cannot be read, with its line, or the example’s number from 1
   */
  encode(
    examples: Iterable<readonly Cell[]>,
    where?: (example: number) => DataPlace | undefined,
  ): EncodedCells;
  /** A symbol as the data has it: a class, a character, a tag. */
  name(id: number): string;
  /** A symbol for the eye: `␣` for a space. */
  describe(id: number): string;
  /** A sequence of symbols as the data has it. */
  decode(ids: ArrayLike<number>): string;
  /** A row of numbers in the data’s own units, a number a field. */
  restore(row: ArrayLike<number>): number[];
  /** The symbol that stands for those that are not known; undefined: there is none. */
  readonly unknown: number | undefined;
  /** What the numbers of a row were divided by; 1 for what is not standardised. */
  readonly deviations: readonly number[];
  toJSON(): CodecData;
}

/**
 * A codec from what `toJSON` gave.
 * @throws v.ValiError if it is something else
 */
export function readCodec(data: unknown): Codec {
  return createCodec(v.parse(codecData, data));
}

export function createCodec(data: CodecData): Codec {
  switch (data.kind) {
    case 'category':
      return ofCategory(data);
    case 'labels':
      return ofLabels(data);
    case 'text':
      return ofText(data);
    case 'sequence':
      return ofSequence(data);
    case 'row':
      return ofRow(data);
    case 'image':
      return ofImage(data);
  }
}

interface Parts {
  readonly data: CodecData;
  readonly form: ChannelForm;
  readonly columns: readonly string[];
  /** Adds an example’s rows; for a sequence at most `longest` of them. */
  readonly write: (cells: readonly Cell[], channel: ChannelBuilder) => { readonly steps: number };
  readonly longest?: number;
  readonly name?: (id: number) => string;
  readonly describe?: (id: number) => string;
  readonly decode?: (ids: ArrayLike<number>) => string;
  readonly restore?: (row: ArrayLike<number>) => number[];
  readonly deviations?: readonly number[];
  readonly unknown?: number | undefined;
}

const one = { steps: 1 } as const;

function codec({ data, form, columns, write, longest = Infinity, ...parts }: Parts): Codec {
  const name = parts.name ?? String;
  const describe = parts.describe ?? ((id) => printable(name(id)));
  return {
    data,
    form,
    columns,
    encode(examples, where) {
      const channel = createChannel(form);
      const cut: number[] = [];
      let [number, most] = [0, 0];
      for (const cells of examples) {
        number++;
        try {
          const { steps } = write(cells, channel);
          if (steps > longest) cut.push(number - 1);
          most = Math.max(most, steps);
        } catch (error) {
          throw error instanceof CellError ? error.at(number, where) : error;
        }
        if (form.sequence) channel.end();
      }
      return { channel: channel.finish(), cut, longest: most };
    },
    name,
    describe,
    decode: parts.decode ?? ((ids) => Array.from(ids, name).join(' ')),
    unknown: parts.unknown,
    restore: parts.restore ?? ((row) => Array.from(row)),
    deviations: parts.deviations ?? Array.from({ length: form.width }, () => 1),
    toJSON: () => data,
  };
}

/** A cell that cannot be read, of an example that is not known yet. */
class CellError extends Error {
  constructor(
    readonly cell: string,
    readonly column: string,
    readonly hint: InputError['hint'],
  ) {
    super(cell);
  }

  at(number: number, where?: (example: number) => DataPlace | undefined): InputError {
    const place = where?.(number - 1);
    const cell = JSON.stringify(shortened(this.cell));
    return place === undefined
      ? new InputError(
          sentence`Example ${number}: ${cell} is nothing that ${this.column} can be.`,
          this.hint,
        )
      : new InputError(
          sentence`${place.file}, line ${place.line}: ${cell} is nothing that ${this.column} can be.`,
          this.hint,
          { place },
        );
  }
}

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);

export function textOf(cell: Cell | undefined): string {
  if (typeof cell === 'string') return cell;
  return cell === undefined || isPixels(cell) ? '' : cell.join(' ');
}

export function isPixels(cell: Cell): cell is Pixels {
  return typeof cell === 'object' && 'pixels' in cell;
}

function listOf(cell: Cell | undefined, separator: RegExp): readonly string[] {
  if (typeof cell === 'string') return cell.trim() === '' ? [] : cell.trim().split(separator);
  return cell === undefined || isPixels(cell) ? [] : cell;
}

const numbered = (names: readonly string[]): ReadonlyMap<string, number> =>
  new Map(names.map((name, id) => [name, id]));

function idIn(ids: ReadonlyMap<string, number>, name: string, column: string): number {
  const id = ids.get(name);
  if (id !== undefined) return id;
  const few = [...ids.keys()].slice(0, 10);
  throw new CellError(
    name,
    column,
    didYouMean(name, ids.keys()) ??
      sentence`It is one of ${few.join(', ')}${few.length < ids.size ? ' …' : ''}.`,
  );
}

function ofCategory(data: DataOf<'category'>): Codec {
  const { column, names } = data;
  const ids = numbered(names);
  return codec({
    data,
    form: { kind: 'symbols', width: names.length, sequence: false },
    columns: [column],
    write([cell], channel) {
      channel.push(idIn(ids, textOf(cell), column));
      return one;
    },
    name: (id) => names[id] ?? '',
  });
}

/** What stands between the labels of a row. */
export const labelSeparator = /\s*[|;,]\s*/;

function ofLabels(data: DataOf<'labels'>): Codec {
  const { columns, names } = data;
  const ids = numbered(names);
  const row = new Float32Array(names.length);
  return codec({
    data,
    form: { kind: 'labels', width: names.length, sequence: false },
    columns,
    write(cells, channel) {
      row.fill(0);
      if (columns.length > 1) {
        cells.forEach((cell, i) => (row[i] = Number(parseNumber(textOf(cell)) > 0)));
      } else {
        for (const name of listOf(cells[0], labelSeparator)) row[idIn(ids, name, columns[0]!)] = 1;
      }
      channel.add(row);
      return one;
    },
    name: (id) => names[id] ?? '',
  });
}

function ofText(data: DataOf<'text'>): Codec {
  const { columns, spaces, longest } = data;
  const tokenizer = readTokenizer(data.tokenizer);
  const writeText = createTextWriter(tokenizer, spaces);
  return codec({
    data,
    form: { kind: 'symbols', width: tokenizer.vocabulary, sequence: true },
    columns,
    longest,
    write(cells, channel) {
      let steps = 0;
      writeText(cells.map(textOf).join('\n'), (id) => {
        if (steps++ < longest) channel.push(id);
      });
      return { steps };
    },
    unknown: tokenizer.unknown,
    name: (id) => tokenizer.decode([id]),
    describe: (id) => tokenizer.describe(id),
    decode: (ids) => tokenizer.decode(ids),
  });
}

function ofSequence(data: DataOf<'sequence'>): Codec {
  const { column, names, unknown, longest } = data;
  const ids = numbered(names.slice(unknown));
  const classes = numbered(names.slice(0, unknown));
  const idOf = (symbol: string): number => {
    const id = ids.get(symbol);
    if (id !== undefined) return id + unknown;
    return unknown > 0 ? unknownClass(symbol, classes) : idIn(ids, symbol, column);
  };
  return codec({
    data,
    form: { kind: 'symbols', width: names.length, sequence: true },
    columns: [column],
    longest,
    write([cell], channel) {
      const symbols = listOf(cell, /\s+/);
      for (let t = 0; t < Math.min(symbols.length, longest); t++) channel.push(idOf(symbols[t]!));
      return { steps: symbols.length };
    },
    name: (id) => names[id] ?? '',
  });
}

/** Numbers that a field takes in a row. */
export function widthOf(field: Field): number {
  return field.kind === 'category' ? field.names.length : field.flag ? 2 : 1;
}

function ofRow(data: DataOf<'row'>): Codec {
  const { fields, inTime, longest } = data;
  const width = fields.reduce((sum, field) => sum + widthOf(field), 0);
  const row = new Float32Array(width);
  const writers = fields.map(fieldWriter);
  const writeRow = (cells: readonly (string | undefined)[], channel: ChannelBuilder): void => {
    row.fill(0);
    let at = 0;
    writers.forEach((write, i) => {
      write(cells[i] ?? '', row, at);
      at += widthOf(fields[i]!);
    });
    channel.add(row);
  };
  return codec({
    data,
    form: { kind: 'numbers', width, sequence: inTime },
    columns: fields.map(({ name }) => name),
    longest,
    write(cells, channel) {
      if (!inTime) {
        writeRow(cells.map(textOf), channel);
        return one;
      }
      const lists = cells.map((cell) => listOf(cell, /[\s,;]+/));
      const steps = Math.max(...lists.map(({ length }) => length));
      for (let t = 0; t < Math.min(steps, longest); t++)
        writeRow(
          lists.map((list) => list[t]),
          channel,
        );
      return { steps };
    },
    name: (id) => fields[id]?.name ?? '',
    restore(values) {
      let at = 0;
      return fields.map((field) => {
        const value = values[at]!;
        at += widthOf(field);
        return field.kind === 'number' ? value * field.deviation + field.mean : value;
      });
    },
    deviations: fields.flatMap((field) =>
      Array.from({ length: widthOf(field) }, (_, i) =>
        field.kind === 'number' && i === 0 ? field.deviation : 1,
      ),
    ),
  });
}

type WriteField = (cell: string, row: Float32Array, at: number) => void;

function fieldWriter(field: Field): WriteField {
  if (field.kind === 'category') {
    const ids = numbered(field.names);
    return (cell, row, at) => {
      const id = ids.get(cell);
      // One that was never seen is none of them.
      if (id !== undefined) row[at + id] = 1;
    };
  }
  const { name, mean, deviation, flag, comma } = field;
  return (cell, row, at) => {
    const value = isMissing(cell) ? NaN : parseNumber(cell, comma);
    if (!Number.isNaN(value)) row[at] = (value - mean) / deviation;
    else if (flag) row[at + 1] = 1;
    else if (!isMissing(cell)) throw new CellError(cell, name, sentence`Give a number.`);
  };
}

function ofImage(data: DataOf<'image'>): Codec {
  const { column, width, height, channels, rows, mean, deviation } = data;
  const steps = rows === 'time' ? height : 1;
  const each = (width * height * channels) / steps;
  const row = new Float32Array(each);
  return codec({
    data,
    form: { kind: 'numbers', width: each, sequence: rows === 'time' },
    columns: [column],
    write([cell], channel) {
      if (cell === undefined || !isPixels(cell)) {
        throw new CellError(textOf(cell), column, sentence`Give the path of a PNG or JPEG image.`);
      }
      const pixels = fitted(cell, { width, height, channels });
      for (let t = 0; t < steps; t++) {
        for (let i = 0; i < each; i++) row[i] = (pixels[t * each + i]! / 255 - mean) / deviation;
        channel.add(row);
      }
      return one;
    },
  });
}

function fitted(
  picture: Pixels,
  form: { width: number; height: number; channels: 1 | 3 },
): Uint8Array {
  const { width, height, channels, pixels } = picture;
  if (width === form.width && height === form.height && channels === form.channels) return pixels;
  const colored =
    channels === 3
      ? pixels
      : Uint8Array.from({ length: 3 * pixels.length }, (_, i) => pixels[Math.floor(i / 3)]!);
  return scaled({ width, height, pixels: colored }, form);
}
