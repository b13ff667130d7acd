/** Looks back from a place in a document: what the model read there, expected, and what its loss comes from. */
import type { Floats, LoadedProgram } from '../engine/backend';
import { parameterCount } from '../engine/parameters';
import type { View } from '../engine/program';
import type { Structure } from '../engine/structure';
import { lookBack, type LookBack } from '../inspection/look-back';
import { namedBy, variablesAmong } from '../inspection/variables';
import { topOutput } from '../qualified';
import type { PredictedToken } from './expectations';
import { logSum, rankOf, type Logits } from './logits';
import type { TokenChange } from './pieces';
import type { ReadModel, Reading } from './reading';

export interface LookRequest {
  readonly offset: number;
  /** Most tokens, and where the earliest may begin. */
  readonly window: number;
  readonly from: number;
  readonly target: 'next' | 'last' | undefined;
  /** Names or symbols; undefined: the last layer's output. */
  readonly variables: readonly string[] | undefined;
  /** How many next tokens to give. */
  readonly top: number;
  readonly gradients: boolean;
  readonly context: number;
}

/** Columns have an entry a token of the window, oldest first: `[n]`. */
export interface LookAnswer {
  readonly ids: readonly number[];
  readonly starts: Float64Array<ArrayBuffer>;
  readonly ends: Float64Array<ArrayBuffer>;
  /** Nats; NaN for the text's first token. */
  readonly loss: Float64Array<ArrayBuffer>;
  readonly next: readonly PredictedToken[];
  /** After each token. `[n, width]`, row-major */
  readonly variables: readonly {
    readonly name: string;
    readonly width: number;
    readonly values: Float32Array<ArrayBuffer>;
  }[];
  readonly target: Target | undefined;
  readonly gradients: LookBack | undefined;
  readonly readFrom: number;
}

/** The token whose loss is derived. */
export interface Target {
  readonly id: number;
  readonly start: number;
  readonly end: number;
  readonly loss: number;
  readonly rank: number;
  /** The token of the window at lag 0. */
  readonly at: number;
}

/** One of a model, for all documents: what it ran forward last is still there for the next look. */
export interface Looker {
  /**
   * @yields after each bit of work; one look at a time
   * @throws InputError if a variable is not the model's
   */
  look(reading: Reading, request: LookRequest): Generator<undefined, LookAnswer, undefined>;
  edited(reading: Reading, change: TokenChange): void;
  /** Forgets what it ran: the weights are others. */
  clear(): void;
}

/** What the program's rows hold. */
interface Rows {
  readonly reading: Reading;
  /** The place before the first row, and where reading began. */
  place: number;
  start: number;
  readonly age: number;
  readonly ids: number[];
}

/** Most tokens of a window, and rows of the program: typing goes on in the rest before all is read again. */
export const longestWindow = 256;
const manyRows = 2 * longestWindow + 64;
const fewRows = longestWindow + 64;
/** A model with more parameters gets few rows. */
const largeModel = 5_000_000;

export function createLooker(model: ReadModel, structure: Structure): Looker {
  const { network, states } = model;
  const { vocabulary } = network.model.spec;
  const rows = parameterCount(network.model.parameters) > largeModel ? fewRows : manyRows;
  let loaded: LoadedProgram | undefined;
  let load: (slot: number) => void = () => undefined;
  let held: Rows | undefined;

  function program(): LoadedProgram {
    if (loaded === undefined) {
      loaded = network.program('look', { batch: 1, sequence: rows });
      load = states.loaderFor(loaded);
    }
    return loaded;
  }

  /** Runs forward all tokens between a place and a later one; what has been run already stays. */
  function* forward(
    reading: Reading,
    earliest: number,
    end: number,
    context: number,
  ): Generator<undefined, Rows, undefined> {
    const { text } = reading;
    const run = program();
    const usable =
      held?.reading === reading &&
      held.place <= earliest &&
      (held.start === 0 || held.age + text.count(held.place, earliest) >= context) &&
      text.count(held.place, end) <= rows
        ? held
        : undefined;
    let known = usable;
    if (known === undefined) {
      held = undefined;
      const state = yield* reading.at(earliest, context);
      load(state.slot);
      known = { reading, place: earliest, start: state.stretch.start, age: state.age, ids: [] };
      held = known;
    }
    const { ids } = text.tokens(known.place, end);
    let same = 0;
    while (same < ids.length && same < known.ids.length && ids[same] === known.ids[same]) same++;
    known.ids.length = same;
    for (let at = same; at < ids.length; at += model.bit) {
      const to = Math.min(ids.length, at + model.bit);
      for (let i = at; i < to; i++) run.tokens[i] = ids[i]!;
      run.runPart({ pass: 'forward', from: at, to });
      for (let i = at; i < to; i++) known.ids.push(ids[i]!);
      if (to < ids.length) yield undefined;
    }
    return known;
  }

  function rowOf(name: string, row: number): { readonly floats: Floats; readonly start: number } {
    const view: View = program().program.probes.get(name)!;
    return { floats: network.backend.floats(), start: view.offset + row * view.timeStride };
  }

  function logitsAt(row: number): Logits {
    return { ...rowOf('logits', row), width: vocabulary };
  }

  function lossAt(row: number, id: number): number {
    const logits = logitsAt(row);
    return logSum(logits) - logits.floats[logits.start + id]!;
  }

  function valuesOf(name: string, first: number, count: number): LookAnswer['variables'][number] {
    const { width } = program().program.probes.get(name)!;
    const values = new Float32Array(count * width);
    for (let i = 0; i < count; i++) {
      const { floats, start } = rowOf(name, first + i);
      for (let k = 0; k < width; k++) values[i * width + k] = floats[start + k]!;
    }
    return { name, width, values };
  }

  /** The token whose loss is wanted; undefined where the window has nothing to predict it from. */
  function targetOf(
    { text }: Reading,
    { target }: LookRequest,
    end: number,
    first: number,
    ids: readonly number[],
    lastStart: number,
  ): Target | undefined {
    const start = text.startAfter(end);
    const isNext = start < text.length();
    if ((target ?? (isNext ? 'next' : 'last')) === 'next') {
      if (!isNext) return undefined;
      const tokens = text.tokens(end, text.endBefore(start + 1));
      return predicted(tokens.ids[0]!, start, tokens.ends[0]!, ids.length - 1);
    }
    return predicted(ids.at(-1)!, lastStart, end, ids.length - 2);

    function predicted(id: number, from: number, to: number, row: number): Target | undefined {
      if (row < first) return undefined;
      const [loss, rank] = [lossAt(row, id), rankOf(logitsAt(row), id)];
      return { id, start: from, end: to, loss, rank, at: row - first };
    }
  }

  return {
    *look(reading, request) {
      const { text } = reading;
      const end = text.place(request.offset);
      const window = Math.min(longestWindow, request.window);
      const start = Math.max(text.back(end, window), Math.min(end, text.place(request.from)));
      // One token more, whose prediction is the loss of the first.
      const earliest = text.back(start, 1);
      const variables = variableNames(program(), structure, request.variables);
      const context = Math.max(0, reading.enough(request.context) - text.count(earliest, end));
      const known = yield* forward(reading, earliest, end, context);
      const tokens = text.tokens(known.place, end);
      const count = Math.min(window, text.count(start, end));
      const first = tokens.ids.length - count;
      const ids = Array.from(tokens.ids);
      const loss = Float64Array.from({ length: count }, (_, i) =>
        first + i === 0 ? NaN : lossAt(first + i - 1, ids[first + i]!),
      );
      const target =
        count === 0
          ? undefined
          : targetOf(reading, request, end, first, ids, tokens.starts.at(-1)!);
      const answer = {
        ids: ids.slice(first),
        starts: Float64Array.from(tokens.starts.subarray(first)),
        ends: Float64Array.from(tokens.ends.subarray(first)),
        loss,
        next: count === 0 ? [] : model.expectations.list(logitsAt(ids.length - 1), '', request.top),
        variables: variables.map((name) => valuesOf(name, first, count)),
        target,
        readFrom: known.start,
      };
      if (target === undefined || !request.gradients) return { ...answer, gradients: undefined };
      const place = { first, at: first + target.at, target: target.id };
      const gradients = yield* lookBack(network, structure, program(), place);
      return { ...answer, gradients };
    },
    edited(reading, change) {
      if (held?.reading !== reading || held.place <= change.from) return;
      if (held.start < change.oldTo) {
        held = undefined;
        return;
      }
      held.place += change.newTo - change.oldTo;
      held.start += change.newTo - change.oldTo;
    },
    clear() {
      held = undefined;
    },
  };
}

/** @throws InputError if one is not the model's */
function variableNames(
  { program: { probes } }: LoadedProgram,
  structure: Structure,
  asked: readonly string[] | undefined,
): string[] {
  if (asked !== undefined) return [...new Set(asked.flatMap(namedBy(variablesAmong(probes))))];
  return [topOutput(structure)];
}
