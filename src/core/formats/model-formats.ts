import { shapeOf } from '../engine/parameters';
import { descriptionOf, type Checkpoint } from '../training/checkpoint';
import { writeModelJson } from './json';
import { writeSafetensors } from './safetensors';

/** A file format that a trained model can be exported to. */
export interface ModelFormat {
  /** The usual end of such a file's name, without the dot. */
  readonly extension: string;
  /** One line for help texts. */
  readonly description: string;
  write(checkpoint: Checkpoint): Uint8Array | string;
}

/** All formats by the names that `rnn-lab export --format` takes. */
export const modelFormats: ReadonlyMap<string, ModelFormat> = new Map<string, ModelFormat>([
  [
    'safetensors',
    {
      extension: 'safetensors',
      description: 'the parameters alone, with equations and tokenizer in the metadata',
      write: writeModelSafetensors,
    },
  ],
  [
    'json',
    {
      extension: 'json',
      description: 'equations, tokenizer and parameters as text',
      write: writeModelJson,
    },
  ],
]);

/** A checkpoint without what only training needs: a third of its size. */
function writeModelSafetensors(checkpoint: Checkpoint): Uint8Array {
  const { model, tensors } = checkpoint;
  const written = model.parameters.map((parameter) => {
    const values = tensors.get(parameter.name);
    if (values === undefined) throw new Error(`The checkpoint has no ${parameter.name}.`);
    return { name: parameter.name, shape: shapeOf(parameter), values };
  });
  return writeSafetensors(written, { format: 'rnn-lab model 1', ...descriptionOf(checkpoint) });
}
