import { shapeOf } from '../engine/parameters';
import {
  descriptionOf,
  exampleDescriptionOf,
  isOfExamples,
  type AnyCheckpoint,
} from '../training/checkpoint';
import { exampleModelFormat, modelFormat, type Trained } from '../formats/model-description';
import { writeSafetensors } from '../formats/safetensors';

/** A checkpoint without what only training needs: a third of its size. */
export function writeModelSafetensors(
  checkpoint: AnyCheckpoint,
  training?: Trained,
): Uint8Array<ArrayBuffer> {
  const { model, tensors } = checkpoint;
  const written = model.parameters.map((parameter) => {
    const values = tensors.get(parameter.name);
    if (values === undefined) throw new Error(`The checkpoint has no ${parameter.name}.`);
    return { name: parameter.name, shape: shapeOf(parameter), values };
  });
  return writeSafetensors(written, {
    ...(isOfExamples(checkpoint)
      ? { format: exampleModelFormat, ...exampleDescriptionOf(checkpoint) }
      : { format: modelFormat, ...descriptionOf(checkpoint) }),
    ...(training && { training: JSON.stringify(training) }),
  });
}
