/** A table as a data set: rows that can be used, dealt to parts, as ids and numbers. */
import { upTo } from '../numerics';
import { InputError } from '../input-error';
import { createRandom } from '../random/random';
import { sentence, type Sentence } from '../sentence';
import type { Table } from '../tables/table';
import type { Dataset, PartName } from './dataset';
import { encodeSeries } from './encode-series';
import type { Encoded, EncodeOptions } from './encoded';
import { inputCodec, outputCodec, type CodecRequest } from './make-codecs';
import { datesOf } from './dates';
import { createRemarks } from './remarks';
import { countsOf, firstRows } from './first-rows';
import { deal, groupsOf, inOrder, keyOf, partNamed, type Groups } from './split-rows';
import { cellAt, examplesOf, spelt } from './table-cells';
import type { Understanding, UsedColumn } from './understanding';
import { encodeRows, usableRows } from './usable-rows';

/** @throws InputError where nothing is left to train on */
export function encode(
  table: Table,
  understanding: Understanding,
  options: EncodeOptions,
): Encoded {
  const remarks = createRemarks(table);
  const { notes } = remarks;
  if (understanding.series !== undefined) return encodeSeries(table, understanding, notes);
  const rows = usableRows(table, understanding, remarks);
  if (rows.length === 0) throw nothingLeft(table.name);
  const part = partsOf(table, understanding, rows, options, notes);
  const training = rows.filter((_, i) => part[i] === 0);
  if (training.length === 0) throw nothingLeft(table.name);
  const request: CodecRequest = { table, understanding, training, all: rows };
  const [input, output] = [inputCodec(request), outputCodec(request)];
  const encoded = encodeRows(table, understanding, rows, [input, output], remarks, longerHint);
  const kept = byPart(part, (example) => encoded.isWhole(example));
  if (kept.train.length === 0) throw nothingLeft(table.name);
  const dataset: Dataset = {
    count: rows.length,
    input: encoded.input,
    output: encoded.output,
    alignment: understanding.alignment,
    parts: kept,
  };
  const told = { notes, rows: remarks.rows };
  return { dataset, input, output, examples: rows, series: undefined, ...told };
}

const longerHint = sentence`--longest, or "longest" in the file’s .rnn.json, sets another limit.`;

function nothingLeft(name: string): InputError {
  return new InputError(
    sentence`${name} has no row to train on.`,
    sentence`Give more rows, or hold out less with --validation and --test.`,
  );
}

function byPart(
  part: Uint8Array,
  isWhole: (example: number) => boolean,
): Record<PartName, Uint32Array> {
  const of = (wanted: number): Uint32Array =>
    upTo(part.length).filter((i) => part[i] === wanted && isWhole(i));
  return { train: of(0), validation: of(1), test: of(2) };
}

/** The number of the part of each of some rows. */
function partsOf(
  table: Table,
  understanding: Understanding,
  rows: Uint32Array,
  { seed, fold }: EncodeOptions,
  notes: Sentence[],
): Uint8Array {
  const { split, inputs, outputs, alignment } = understanding;
  const random = createRandom(seed);
  // The same numbers may well come again; the same text, sequence or picture was copied.
  const isCopy = inputs.some(({ type }) => type !== 'number' && type !== 'category');
  const same = isCopy ? keysOf(table, inputs, rows) : new Float64Array(rows.length);
  const lists = [same];
  // Who says what belongs together says, too, that the rest does not.
  if (split.group !== undefined) lists.push(keysOf(table, [split.group], rows));
  else if (alignment === 'delayed') {
    const targets = keysOf(table, outputs, rows);
    const times = countsOf(firstRows(targets));
    if (times.every((each) => each <= Math.max(1, largestGroup * rows.length))) {
      lists.push(targets);
      tellShared(times, notes);
    }
  }
  const groups = groupsOf(rows.length, lists);
  const strata = strataOf(table, understanding, rows);
  const plain = { groups, strata, random };
  if (fold !== undefined) {
    const folds = deal({
      ...plain,
      shares: Array<number>(fold.of).fill(1 / fold.of),
      firstStays: false,
    });
    const rest = deal({
      ...plain,
      shares: [1 - split.validation, split.validation],
      firstStays: true,
    });
    return rest.map((part, i) => (folds[i] === fold.index ? 2 : part));
  }
  if (split.kind === 'chronological') {
    const order =
      split.by === undefined
        ? Float64Array.from(rows)
        : inRows(datesOf(table, split.by, split.finer), rows);
    return inOrder(order, groups, split.validation, split.test);
  }
  if (split.kind === 'given') return givenParts(table, split, rows, plain, same, notes);
  const shares = [1 - split.validation - split.test, split.validation, split.test];
  const part = deal({ ...plain, shares, firstStays: true });
  tellRare(understanding, strata, rows, notes);
  return part;
}

/** Rows with the same target make a group unless it is more than this share of all. */
const largestGroup = 0.05;

/** Says that rows with the same target go together, where that is more than a few. */
function tellShared(times: Uint32Array, notes: Sentence[]): void {
  const rows = times.length;
  const distinct = times.reduce((sum, each) => sum + Math.min(each, 1), 0);
  if (rows < 2 * distinct) return;
  notes.push(
    sentence`Rows with the same target (${distinct} targets in ${rows} rows) are in the same part. If a target should be asked for that was learnt from other inputs, name a column with --group.`,
  );
}

/** Dates that are missing come last. */
function inRows(values: Float64Array, rows: Uint32Array): Float64Array {
  return Float64Array.from(rows, (row) => (Number.isNaN(values[row]!) ? Infinity : values[row]!));
}

function keysOf(table: Table, columns: readonly UsedColumn[], rows: Uint32Array): Float64Array {
  const keys = new Float64Array(rows.length);
  let i = 0;
  for (const cells of examplesOf(table, columns, rows)) {
    const text = spelt(cells);
    keys[i++] = text === '' ? 0 : keyOf(text);
  }
  return keys;
}

/** A number for each category of the output. */
function strataOf(
  table: Table,
  { split, outputs }: Understanding,
  rows: Uint32Array,
): Float64Array | undefined {
  if (split.kind !== 'stratified' || outputs[0]!.type !== 'category') return undefined;
  const numbers = new Map<string, number>();
  return Float64Array.from(rows, (row) => {
    const name = cellAt(table, outputs[0]!, row) as string;
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return number;
  });
}

/** Tells of labels that can only be learnt from or only be tested with. */
function tellRare(
  { outputs }: Understanding,
  strata: Float64Array | undefined,
  rows: Uint32Array,
  notes: Sentence[],
): void {
  if (strata === undefined) return;
  const counts = new Map<number, number>();
  for (const stratum of strata) counts.set(stratum, (counts.get(stratum) ?? 0) + 1);
  const once = [...counts.values()].filter((times) => times === 1).length;
  if (once === 0) return;
  const { name } = outputs[0]!;
  notes.push(
    2 * once > rows.length
      ? sentence`Values of ${name} that occur once: ${once} of ${counts.size}. They cannot be tested: give more examples of each, or have them spelt: "types": {"${name}": "text"} in the file’s .rnn.json.`
      : sentence`Values of ${name} that occur once: ${once} of ${counts.size}. They are learnt from and never tested.`,
  );
}

/** Parts as a column says them; where it has no validation part, one is taken from the training part. */
function givenParts(
  table: Table,
  { by, validation, test }: Understanding['split'],
  rows: Uint32Array,
  plain: {
    groups: Groups;
    strata: Float64Array | undefined;
    random: ReturnType<typeof createRandom>;
  },
  same: Float64Array,
  notes: Sentence[],
): Uint8Array {
  const part = Uint8Array.from(rows, (row) => {
    const name = cellAt(table, by!, row) as string;
    const number = partNamed(name);
    if (number >= 0) return number;
    throw new InputError(
      sentence`${by!.name} has the value ${JSON.stringify(name)}, which is no part.`,
      sentence`Write train, validation or test there, or name another column as "part" in the file’s .rnn.json.`,
    );
  });
  const has = (wanted: number): boolean => part.includes(wanted);
  const shares = [1, has(1) ? 0 : validation, has(2) ? 0 : test];
  if (shares[1]! + shares[2]! > 0) {
    shares[0] = 1 - shares[1]! - shares[2]!;
    const learnt = upTo(part.length).filter((i) => part[i] === 0);
    const { groups, strata, random } = plain;
    const taken = deal({
      groups: { count: groups.count, of: learnt.map((i) => groups.of[i]!) },
      strata: strata && Float64Array.from(learnt, (i) => strata[i]!),
      shares,
      firstStays: true,
      random,
    });
    learnt.forEach((i, place) => (part[i] = taken[place]!));
  }
  const first = firstRows(same);
  const isSeen = new Uint8Array(same.length);
  first.forEach((row, i) => {
    if (part[i] === 0 && same[i] !== 0) isSeen[row] = 1;
  });
  const twice = first.filter((row, i) => part[i] === 2 && isSeen[row] === 1).length;
  if (twice > 0) {
    notes.push(
      sentence`Inputs of the test part that are in the training part too, as the file has it: ${twice}.`,
    );
  }
  return part;
}
