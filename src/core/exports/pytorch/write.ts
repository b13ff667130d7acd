/** A language model as a folder of Python that trains it further with PyTorch, alone or on many machines. */
import type { Extent } from '../../training/evaluate';
import type { Stretch } from '../../data/split';
import type { Checkpoint } from '../../training/checkpoint';
import { heightOf } from '../../training/trainer-setup';
import dataPython from './data.py';
import evaluationPython from './evaluation.py';
import filesPython from './files.py';
import jobScript from './job.sh';
import layoutPython from './layout.py';
import optimizersPython from './optimizers.py';
import optionsPython from './options.py';
import predictPython from './predict.py';
import processesPython from './processes.py';
import randomnessPython from './randomness.py';
import sequencesPython from './sequences.py';
import trainPython from './train.py';
import { writeModel } from './model';
import { readmeOf } from './readme';

/** The text that a run is trained on, as it comes with the folder. */
export interface ExportedText {
  /** SHA-256. */
  readonly hash: string;
  /** What is measured of it. */
  readonly heldOut: (Extent & { readonly stretches: readonly Stretch[] }) | undefined;
}

/** What is the same in every folder. */
const python: Readonly<Record<string, string>> = {
  'data.py': dataPython,
  'evaluation.py': evaluationPython,
  'files.py': filesPython,
  'job.sh': jobScript,
  'layout.py': layoutPython,
  'optimizers.py': optimizersPython,
  'options.py': optionsPython,
  'predict.py': predictPython,
  'processes.py': processesPython,
  'randomness.py': randomnessPython,
  'sequences.py': sequencesPython,
  'train.py': trainPython,
};

/**
 * The files of the folder by their names, but for the run and its text.
 * @throws EquationError if the model's shapes do not fit
 */
export function writePyTorch(
  checkpoint: Checkpoint,
  text: ExportedText | undefined,
): Readonly<Record<string, string>> {
  const { model, settings } = checkpoint;
  const { vectors, vectorsFrozen, embedding } = settings.model;
  const isFrozen = vectors !== '' && vectorsFrozen === 'on' && embedding > 0;
  const heldOut = text?.heldOut;
  const about = {
    textHash: text?.hash ?? null,
    learningRate: heightOf(settings, model.spec.cell),
    heldOut: heldOut
      ? {
          stretches: heldOut.stretches.map(({ from, to }) => [from, to]),
          characters: heldOut.characters,
          spelling: heldOut.spelling,
        }
      : null,
  };
  return {
    ...python,
    'model.py': writeModel(checkpoint, isFrozen),
    'export.json': `${JSON.stringify(about, undefined, 2)}\n`,
    'README.md': readmeOf(checkpoint, { hasText: text !== undefined }),
  };
}
