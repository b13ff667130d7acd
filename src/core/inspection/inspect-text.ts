import { InputError } from '../input-error';
import { prepareText } from '../data/text';
import type { TokenIds, Tokenizer } from '../data/tokenizer';
import type { LoadedProgram } from '../engine/backend';
import { likeliest, logSumExp } from '../numerics';
import { inLayer } from '../qualified';
import { sentence } from '../sentence';
import type { Network } from '../engine/network';
import { namedBy, variablesAmong } from './variables';

/** What a model makes of a text, token by token: T tokens, without those that are read before it. */
export interface TextInspection {
  /** The tokens' names (`Tokenizer.describe`). */
  readonly tokens: readonly string[];
  /** Of token i given those before; entry 0 is NaN where there is nothing before. `[T]` */
  readonly probability: Float64Array<ArrayBuffer>;
  /** -ln of the probability, nats; entry 0 is NaN where there is nothing before. `[T]` */
  readonly loss: Float64Array<ArrayBuffer>;
  /** The last layer's output after token i. `[T, H]`, row-major */
  readonly hidden: Float64Array<ArrayBuffer>;
  readonly hiddenSize: number;
  /** Values after token i of the variables that were asked for. `[T, width]`, row-major */
  readonly variables: readonly VariableValues[];
  /** The likeliest tokens after token i, greatest probability first. `[T]` */
  readonly top: readonly (readonly { readonly token: string; readonly probability: number }[])[];
  /**
   * Norm of the gradient of the last token's loss with respect to the last layer's output, by lag: entry k is k
   * steps before the prediction of the last token. `[T - 1]`, or `[T]` where something is read before
   */
  readonly gradientByLag: Float64Array<ArrayBuffer>;
}

export interface VariableValues {
  /** Qualified: `layer1.s`. */
  readonly name: string;
  readonly width: number;
  readonly values: Float64Array<ArrayBuffer>;
}

export interface InspectOptions {
  /** Qualified names, or symbols for those of all layers; default: every variable of every layer. */
  readonly variables?: readonly string[] | undefined;
  /** How many of the likeliest tokens to give; default 5. */
  readonly top?: number | undefined;
  /** What the model reads before the text, of any length; nothing is given of it. */
  readonly before?: string | undefined;
}

/** Every step's variables are kept, so the length is what memory goes by. */
const mostTokens = 4096;
/** Of all variables that are asked for together: half a gigabyte. */
const mostValues = 2 ** 26;

/**
 * Reads a text and looks inside.
 *
 * @throws InputError if it has fewer than two tokens or more than 4096, a variable is not the model's, or
 * the model's output is not finite
 */
export function inspectText(
  network: Network,
  tokenizer: Tokenizer,
  text: string,
  { variables, top = 5, before = '' }: InspectOptions = {},
): TextInspection {
  const { ids: all } = tokenizer.encode(prepareText(before + text).text);
  const context = tokenizer.encode(prepareText(before).text).ids.length;
  // The token before the text predicts its first: one step more, of which nothing else is given.
  const skipped = Math.min(1, context);
  const first = context - skipped;
  const ids = all.subarray(first);
  if (ids.length < 2 || ids.length > mostTokens) {
    throw new InputError(
      ids.length === 1
        ? sentence`The text has 1 token that the model knows; from 2 to ${mostTokens} can be inspected.`
        : sentence`The text has ${ids.length} tokens that the model knows; from 2 to ${mostTokens} can be inspected.`,
      ids.length < 2 ? sentence`Give a longer text.` : sentence`Use part of it.`,
    );
  }
  const length = ids.length;
  const loaded = network.program('inspect', { batch: 1, sequence: length });
  const names = chooseVariables(loaded, length, variables);
  readBefore(network, loaded, all.subarray(0, first));
  loaded.tokens.set(ids);
  loaded.targets.fill(-1);
  // Only the last token's loss is differentiated: its prediction is made at the step before.
  loaded.targets[length - 2] = ids[length - 1]!;
  loaded.run(0);
  const { cell, layers } = network.model.spec;
  const output = inLayer(layers, cell.output);
  const logits = rowReader(network, loaded, 'logits');
  const gradient = rowReader(network, loaded, `d ${output}`);
  const sums = Float64Array.from(ids, (_, i) => finite(logSumExp(logits(i))));
  const shown = ids.subarray(skipped);
  const loss = Float64Array.from(shown, (id, i) => {
    const before = i + skipped - 1;
    return before < 0 ? NaN : sums[before]! - logits(before)[id]!;
  });
  const hidden = valuesOf(network, loaded, output, skipped);
  return {
    tokens: Array.from(shown, (id) => tokenizer.describe(id)),
    probability: loss.map((nats) => Math.exp(-nats)),
    loss,
    hidden: hidden.values,
    hiddenSize: hidden.width,
    variables: names.map((name) => valuesOf(network, loaded, name, skipped)),
    top: Array.from(shown, (_, i) => {
      const row = logits(i + skipped);
      return likeliest(row, top).map((id) => ({
        token: tokenizer.describe(id),
        probability: Math.exp(row[id]! - sums[i + skipped]!),
      }));
    }),
    gradientByLag: Float64Array.from({ length: length - 1 }, (_, lag) =>
      Math.hypot(...gradient(length - 2 - lag)),
    ),
  };
}

/** Brings a program into the state after some tokens: first those that fill no chunk of it, then whole chunks. */
function readBefore(network: Network, loaded: LoadedProgram, ids: TokenIds): void {
  const { sequence } = loaded.program;
  const rest = ids.length % sequence;
  loaded.resetState();
  if (rest > 0) {
    const short = network.program('inspect', { batch: 1, sequence: rest });
    short.resetState();
    readChunk(short, ids.subarray(0, rest));
    loaded.writeState(short.readState());
  }
  for (let at = rest; at < ids.length; at += sequence) {
    readChunk(loaded, ids.subarray(at, at + sequence));
  }
}

function readChunk(loaded: LoadedProgram, ids: TokenIds): void {
  loaded.tokens.set(ids);
  loaded.targets.fill(-1);
  loaded.run(0);
}

/** @throws InputError if one is not the model's, or they are too many for the text's length */
function chooseVariables(
  { program: { probes } }: LoadedProgram,
  length: number,
  asked: readonly string[] | undefined,
): string[] {
  const known = variablesAmong(probes);
  const chosen = asked === undefined ? known : [...new Set(asked.flatMap(namedBy(known)))];
  const values = chosen.reduce((sum, name) => sum + probes.get(name)!.width * length, 0);
  if (values > mostValues) {
    throw new InputError(
      sentence`The variables of ${length} tokens are ${values} numbers, too many to show.`,
      sentence`Use part of the text, or ask for only some of the variables.`,
    );
  }
  return chosen;
}

/** A model that trained itself to infinity has no probabilities. */
function finite(sum: number): number {
  if (Number.isFinite(sum)) return sum;
  throw new InputError(
    sentence`The model’s output is not a finite number: its training has gone wrong.`,
    sentence`Use an earlier checkpoint, or train again with a lower learning rate.`,
  );
}

/** Of the steps from `first` on. */
function valuesOf(
  network: Network,
  loaded: LoadedProgram,
  name: string,
  first: number,
): VariableValues {
  const row = rowReader(network, loaded, name);
  const { sequence, probes } = loaded.program;
  const { width } = probes.get(name)!;
  const values = new Float64Array((sequence - first) * width);
  for (let t = first; t < sequence; t++) values.set(row(t), (t - first) * width);
  return { name, width, values };
}

/** Reads a probe's row at a step, for a batch of one. */
function rowReader(
  { backend }: Network,
  { program }: LoadedProgram,
  name: string,
): (step: number) => Float32Array | Float64Array {
  const view = program.probes.get(name);
  if (view === undefined) throw new Error(`The program keeps no ${name}.`);
  const floats = backend.floats();
  return (step) => {
    const start = view.offset + step * view.timeStride;
    return floats.subarray(start, start + view.width);
  };
}
