import { shapeOf } from '../engine/parameters';
import {
  isOfExamples,
  type AnyCheckpoint,
  type Checkpoint,
  type ExampleCheckpoint,
} from '../training/checkpoint';
import { exampleModelFormat, modelFormat, type Trained } from '../formats/model-description';

/**
 * A model as JSON that any language reads: equations, sizes, tokenizer (of a model of examples its task), and each parameter, a matrix as a
 * list of rows. Numbers have as few digits as give the same float32 (or float64) again.
 */
export function writeModelJson(checkpoint: AnyCheckpoint, training?: Trained): string {
  const { model, tensors } = checkpoint;
  const parameters = model.parameters.map((parameter) => {
    const stored = tensors.get(parameter.name) ?? [];
    const shown = Array.from(stored, stored instanceof Float32Array ? shortest : Number);
    const { kind, rows, columns, name } = parameter;
    const row = (r: number): number[] => shown.slice(r * columns, (r + 1) * columns);
    const values = kind === 'vector' ? shown : Array.from({ length: rows }, (_, r) => row(r));
    return JSON.stringify({ name, shape: shapeOf(parameter), values });
  });
  const { name, source } = checkpoint.model.spec.cell;
  const description = {
    format: isOfExamples(checkpoint) ? exampleModelFormat : modelFormat,
    cell: { name, equations: source },
    ...(isOfExamples(checkpoint) ? ofExamples(checkpoint) : ofText(checkpoint)),
    ...(training && { training }),
  };
  const head = JSON.stringify(description, undefined, 2).replace(/\n\}$/, '');
  return `${head},\n  "parameters": [\n    ${parameters.join(',\n    ')}\n  ]\n}\n`;
}

function ofText({ model: { spec }, tokenizer }: Checkpoint) {
  const { hidden, layers, vocabulary, embedding, dropout } = spec;
  return {
    model: { hidden, layers, vocabulary, embedding, dropout },
    tokenizer: tokenizer.toJSON(),
  };
}

function ofExamples({ model: { spec }, task }: ExampleCheckpoint) {
  const { hidden, dropout, input, answer, output } = spec;
  return { model: { hidden, dropout, input, answer, output }, task };
}

/** The number with the fewest digits that rounds to the same float32. */
function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return Number(value.toPrecision(9));
}
