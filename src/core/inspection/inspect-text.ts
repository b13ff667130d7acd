import { InputError } from '../data/input-error';
import { prepareText } from '../data/text';
import type { Tokenizer } from '../data/tokenizer';
import type { LoadedProgram } from '../engine/backend';
import { logProbability } from '../sampling/choose';
import type { Network } from '../training/network';

/** What a model makes of a text, token by token. */
export interface TextInspection {
  /** The tokens' names (`Tokenizer.describe`). */
  readonly tokens: readonly string[];
  /** Of token i given those before; entry 0 is NaN. `[T]` */
  readonly probability: Float64Array;
  /** -ln of the probability, nats; entry 0 is NaN. `[T]` */
  readonly loss: Float64Array;
  /** The last layer's output after token i. `[T, H]`, row-major */
  readonly hidden: Float64Array;
  readonly hiddenSize: number;
  /**
   * Norm of the gradient of the last token's loss by the last layer's output, by lag: entry k is k steps
   * before the prediction of the last token. `[T - 1]`
   */
  readonly gradientByLag: Float64Array;
}

/** Every step's variables are kept, so the length is what memory goes by. */
const mostTokens = 4096;

/**
 * Reads a text and looks inside.
 * @throws InputError if it has fewer than two tokens or more than 4096
 */
export function inspectText(network: Network, tokenizer: Tokenizer, text: string): TextInspection {
  const { ids } = tokenizer.encode(prepareText(text).text);
  if (ids.length < 2 || ids.length > mostTokens) {
    throw new InputError(
      `The text has ${String(ids.length)} tokens that the model knows; from 2 to ${String(mostTokens)} can be inspected.`,
      ids.length < 2 ? 'Give a longer text.' : 'Give a part of it.',
    );
  }
  const length = ids.length;
  const loaded = network.program('inspect', 1, length);
  loaded.resetState();
  loaded.tokens.set(ids);
  loaded.targets.fill(-1);
  // Only the last token's loss is derived: its prediction is made at the step before.
  loaded.targets[length - 2] = ids[length - 1]!;
  loaded.run(0);
  const { cell, layers } = network.model.spec;
  const output = `layer${String(layers)}.${cell.output}`;
  const logits = rowReader(network, loaded, 'logits');
  const hidden = rowReader(network, loaded, output);
  const gradient = rowReader(network, loaded, `d ${output}`);
  const loss = Float64Array.from(ids, (id, i) =>
    i === 0 ? NaN : -logProbability(logits(i - 1), id),
  );
  const rows = Array.from(ids, (_, i) => hidden(i));
  const hiddenSize = rows[0]!.length;
  const states = new Float64Array(length * hiddenSize);
  rows.forEach((row, i) => {
    states.set(row, i * hiddenSize);
  });
  return {
    tokens: Array.from(ids, (id) => tokenizer.describe(id)),
    probability: loss.map((nats) => Math.exp(-nats)),
    loss,
    hidden: states,
    hiddenSize,
    gradientByLag: Float64Array.from({ length: length - 1 }, (_, lag) =>
      Math.hypot(...gradient(length - 2 - lag)),
    ),
  };
}

/** Reads a probe's row at a step, for a batch of one. */
function rowReader(
  { backend }: Network,
  { program }: LoadedProgram,
  name: string,
): (step: number) => number[] {
  const view = program.probes.get(name);
  if (view === undefined) throw new Error(`The program keeps no ${name}.`);
  return (step) => {
    const start = view.offset + step * view.timeStride;
    return Array.from(backend.floats().subarray(start, start + view.width));
  };
}
