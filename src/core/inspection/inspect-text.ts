import { InputError } from '../input-error';
import { prepareText } from '../data/text';
import type { Tokenizer } from '../data/tokenizer';
import type { LoadedProgram } from '../engine/backend';
import { logSumExp } from '../numerics';
import { inLayer } from '../qualified';
import { sentence } from '../sentence';
import type { Network } from '../engine/network';
import { likeliest } from './likeliest';
import { namedBy, variablesAmong } from './variables';

/** What a model makes of a text, token by token. */
export interface TextInspection {
  /** The tokens' names (`Tokenizer.describe`). */
  readonly tokens: readonly string[];
  /** Of token i given those before; entry 0 is NaN. `[T]` */
  readonly probability: Float64Array<ArrayBuffer>;
  /** -ln of the probability, nats; entry 0 is NaN. `[T]` */
  readonly loss: Float64Array<ArrayBuffer>;
  /** The last layer's output after token i. `[T, H]`, row-major */
  readonly hidden: Float64Array<ArrayBuffer>;
  readonly hiddenSize: number;
  /** Values after token i of the variables that were asked for. `[T, width]`, row-major */
  readonly variables: readonly VariableValues[];
  /** The likeliest tokens after token i, greatest probability first. `[T]` */
  readonly top: readonly (readonly { readonly token: string; readonly probability: number }[])[];
  /**
   * Norm of the gradient of the last token's loss by the last layer's output, by lag: entry k is k steps
   * before the prediction of the last token. `[T - 1]`
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
  { variables, top = 5 }: InspectOptions = {},
): TextInspection {
  const { ids } = tokenizer.encode(prepareText(text).text);
  if (ids.length < 2 || ids.length > mostTokens) {
    throw new InputError(
      sentence`The text has ${ids.length} tokens that the model knows; from 2 to ${mostTokens} can be inspected.`,
      ids.length < 2 ? sentence`Give a longer text.` : sentence`Use part of it.`,
    );
  }
  const length = ids.length;
  const loaded = network.program('inspect', 1, length);
  const names = chooseVariables(loaded, length, variables);
  loaded.resetState();
  loaded.tokens.set(ids);
  loaded.targets.fill(-1);
  // Only the last token's loss is derived: its prediction is made at the step before.
  loaded.targets[length - 2] = ids[length - 1]!;
  loaded.run(0);
  const { cell, layers } = network.model.spec;
  const output = inLayer(layers, cell.output);
  const logits = rowReader(network, loaded, 'logits');
  const gradient = rowReader(network, loaded, `d ${output}`);
  const sums = Float64Array.from(ids, (_, i) => finite(logSumExp(logits(i))));
  const loss = Float64Array.from(ids, (id, i) =>
    i === 0 ? NaN : sums[i - 1]! - logits(i - 1)[id]!,
  );
  const hidden = valuesOf(network, loaded, output);
  return {
    tokens: Array.from(ids, (id) => tokenizer.describe(id)),
    probability: loss.map((nats) => Math.exp(-nats)),
    loss,
    hidden: hidden.values,
    hiddenSize: hidden.width,
    variables: names.map((name) => valuesOf(network, loaded, name)),
    top: Array.from(ids, (_, i) => {
      const row = logits(i);
      return likeliest(row, top).map((id) => ({
        token: tokenizer.describe(id),
        probability: Math.exp(row[id]! - sums[i]!),
      }));
    }),
    gradientByLag: Float64Array.from({ length: length - 1 }, (_, lag) =>
      Math.hypot(...gradient(length - 2 - lag)),
    ),
  };
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

function valuesOf(network: Network, loaded: LoadedProgram, name: string): VariableValues {
  const row = rowReader(network, loaded, name);
  const { sequence, probes } = loaded.program;
  const { width } = probes.get(name)!;
  const values = new Float64Array(sequence * width);
  for (let t = 0; t < sequence; t++) values.set(row(t), t * width);
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
