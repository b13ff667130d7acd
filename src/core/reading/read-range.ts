/** Surprise and values of all tokens of a range. */
import { prepareText } from '../data/text';
import { InputError } from '../input-error';
import { likeliest } from '../numerics';
import { namedBy, variablesAmong } from '../inspection/variables';
import { sentence } from '../sentence';
import { asArray, logSum, rankOf, type Logits } from './logits';
import { probeRow, type ReadBit, type ReadModel, type Reading } from './reading';
import type { TokenText } from './token-text';

/** What of a range is wanted. */
export interface RangeRequest {
  readonly from: number;
  readonly to: number;
  readonly context: number;
  /** Expected tokens to give of each. */
  readonly top: number;
  /** Qualified names, or symbols for those of all layers; with `unit` one entry alone. */
  readonly variables: readonly { readonly name: string; readonly unit?: number | undefined }[];
}

/** Columns have an entry a token: `[T]`. */
export interface RangeReading {
  readonly starts: Float64Array<ArrayBuffer>;
  readonly ends: Float64Array<ArrayBuffer>;
  /** −ln p, nats; NaN for the first token of a text that is no document. */
  readonly loss: Float64Array<ArrayBuffer>;
  /** From 1; 0 for the text's first token. */
  readonly rank: Float64Array<ArrayBuffer>;
  /** Ids and probabilities of the likeliest, `[T, top]`, row-major. */
  readonly expected: Float64Array<ArrayBuffer>;
  readonly probability: Float64Array<ArrayBuffer>;
  /** After each token. `[T, width]`, row-major */
  readonly variables: readonly {
    readonly name: string;
    readonly unit?: number | undefined;
    readonly width: number;
    readonly values: Float32Array<ArrayBuffer>;
  }[];
  /**
   * Unicode code points that each stands for, a line end being one; bytes that share one have it at the first.
   * Characters that are left out are with the token behind them.
   */
  readonly characters: Float64Array<ArrayBuffer>;
  /** Nats for spelling what of these the model does not know. */
  readonly spelling: Float64Array<ArrayBuffer>;
  readonly readFrom: number;
}

/**
 * Reads all tokens that overlap a range.
 *
 * @param most tokens, of which more are refused
 * @yields after each bit of work
 * @throws InputError if the range is too long or a variable is not the model's
 */
export function* readRange(
  reading: Reading,
  request: RangeRequest,
  most: number,
): Generator<undefined, RangeReading, undefined> {
  const { text, model } = reading;
  const { from, to, context, top } = request;
  const start = text.place(text.startAfter(from));
  const end = Math.max(start, text.endBefore(Math.max(from, to)));
  const length = text.count(start, end);
  if (length > most) {
    throw new InputError(
      sentence`The range has ${length} tokens; at most ${most} are read at once.`,
      sentence`Ask for part of it.`,
    );
  }
  const known = variablesAmong(model.loaded.program.probes);
  const variables = request.variables
    .flatMap(({ name, unit }) => namedBy(known)(name).map((found) => ({ name: found, unit })))
    .map((choice) => variableReader(model, choice, length));
  const column = (entries = length): Float64Array<ArrayBuffer> => new Float64Array(entries);
  const [starts, ends, loss, rank] = [column(), column(), column(), column()];
  const [characters, spelling] = [column(), column()];
  const extent = extentIn(text, start, end);
  const shown = Math.min(top, model.network.model.spec.vocabulary);
  const [expected, probability] = [column(length * shown), column(length * shown)];
  const logitsOf = logitsBefore(model);
  const state = yield* reading.at(start, context);
  // Of a document the first token is told by the mark before it; of any other text by nothing.
  const marks = model.tokenizer.boundary === undefined ? 0 : 1;
  const isBegun = state.stretch.start === 0 && marks > 0;
  yield* reading.on(state, end, (bit) => {
    const { tokens, first, count } = bit;
    for (let row = 0; row < count; row++) {
      const i = first + row;
      starts[i] = tokens.starts[i]!;
      ends[i] = tokens.ends[i]!;
      if (i === 0 || starts[i] !== starts[i - 1]) {
        const place = state.stretch.start === 0 ? marks + state.age + i : Infinity;
        const behind = place === 0 ? starts[i] : i > 0 ? ends[i - 1]! : start;
        [characters[i], spelling[i]] = extent(behind, starts[i], ends[i], place === 1);
      }
      variables.forEach(({ take }) => {
        take(row, i);
      });
      if (state.age + i === 0 && !isBegun) {
        loss[i] = NaN;
        expected.fill(NaN, i * shown, (i + 1) * shown);
        probability.fill(NaN, i * shown, (i + 1) * shown);
        continue;
      }
      const logits = logitsOf(bit, row);
      const sum = logSum(logits);
      const id = tokens.ids[i]!;
      loss[i] = sum - logits.floats[logits.start + id]!;
      rank[i] = rankOf(logits, id);
      if (shown === 0) continue;
      likeliest(asArray(logits), shown).forEach((likely, k) => {
        expected[i * shown + k] = likely;
        probability[i * shown + k] = Math.exp(logits.floats[logits.start + likely]! - sum);
      });
    }
  });
  const values = variables.map((variable) => variable.values);
  const readFrom = state.stretch.start;
  return {
    starts,
    ends,
    loss,
    rank,
    expected,
    probability,
    variables: values,
    characters,
    spelling,
    readFrom,
  };
}

/** Where the logits are that each token of a bit was predicted by. */
export function logitsBefore(model: ReadModel): (bit: ReadBit, row: number) => Logits {
  const { states } = model;
  const logits = probeRow(model, 'logits');
  const width = model.network.model.spec.vocabulary;
  return ({ before }, row) =>
    row === 0
      ? { floats: states.shelf(before), start: states.logitsStart(before), width }
      : { ...logits(row - 1), width };
}

function variableReader(
  model: ReadModel,
  { name, unit }: RangeRequest['variables'][number],
  length: number,
): {
  readonly values: RangeReading['variables'][number];
  readonly take: (row: number, token: number) => void;
} {
  const units = model.loaded.program.probes.get(name)!.width;
  if (unit !== undefined && unit >= units) {
    throw new InputError(
      sentence`${name} has ${units} units; there is no unit ${unit}.`,
      sentence`Units count from 0 to ${units - 1}.`,
    );
  }
  const row = probeRow(model, name);
  const width = unit === undefined ? units : 1;
  const values = new Float32Array(length * width);
  return {
    values: { name, ...(unit === undefined ? {} : { unit }), width, values },
    take(step, token) {
      const { floats, start } = row(step);
      const first = start + (unit ?? 0);
      for (let i = 0; i < width; i++) values[token * width + i] = floats[first + i]!;
    },
  };
}

/**
 * Code points and nats for spelling of a unit of text with what is left out before it; of the text's second token also
 * with what is left out before the first, which nothing predicts, and of its last one with what is left out behind it.
 */
function extentIn(text: TokenText, start: number, end: number) {
  const { tokenizer } = text;
  const written = text.slice(start, end);
  const isLast = text.startAfter(end) === text.length();
  const sizeOf = (symbol: string): number => Array.from(symbol).length;
  const costOf = (symbol: string): number =>
    tokenizer.knows(symbol) ? 0 : tokenizer.spelling(symbol);
  return (behind: number, from: number, to: number, isSecond: boolean): [number, number] => {
    const unit = prepared(written.slice(from - start, to - start));
    const leftOut = Array.from(
      (isSecond ? prepareText(text.slice(0, text.startAfter(0))).text : '') +
        prepared(written.slice(behind - start, from - start)) +
        (isLast && to === end ? prepared(text.slice(end, text.length())) : ''),
    );
    return [
      sizeOf(unit) + leftOut.length,
      leftOut.reduce((nats, symbol) => nats + costOf(symbol), costOf(unit)),
    ];
  };
}

/** As a training text has it, behind something else: a byte order mark is left out at a text's start alone. */
function prepared(text: string): string {
  return /[\r\p{Surrogate}]/u.test(text) ? prepareText(` ${text}`).text.slice(1) : text;
}
