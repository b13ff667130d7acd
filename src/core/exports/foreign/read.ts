/** Reading a model that another program has written. */
import { Damage, damagedFile } from '../../formats/damage';
import { sentence } from '../../sentence';
import { isHdf5 } from './hdf5';
import { isKerasArchive, readKerasArchive, readKerasHdf5 } from './keras';
import { fromForeign, sizesOf, checkForeign, type ForeignModel } from './model';
import { VocabularyNeeded, type Nonlinearity } from './needs';
import { isOnnx, readOnnx } from './onnx';
import {
  isPytorchArchive,
  isPytorchPickles,
  readPytorchArchive,
  readPytorchPickles,
} from './pytorch';
import { recogniseTensors } from './recognise';
import type { NamedTensors } from './tensors';
import { bytesVocabulary, readVocabulary, type Vocabulary } from './vocabulary';
import { isZip, openZip } from './zip';

/** What a file of another program may not tell of its model. */
export interface Told {
  /** The file with its tokens. */
  readonly vocabulary?: { readonly name: string; readonly bytes: Uint8Array } | undefined;
  readonly nonlinearity?: Nonlinearity | undefined;
}

/** A model, and its tokenizer as JSON where the file has it. */
interface Found {
  readonly model: ForeignModel;
  readonly tokenizer?: string | undefined;
}

/** By how files begin: what reads them. */
const readers: readonly {
  readonly reads: (bytes: Uint8Array) => boolean;
  readonly read: (bytes: Uint8Array, told: Told) => Found;
}[] = [
  {
    reads: isZip,
    read(bytes, { nonlinearity }) {
      const archive = openZip(bytes);
      if (isPytorchArchive(archive)) {
        return { model: recogniseTensors(readPytorchArchive(archive), nonlinearity) };
      }
      if (isKerasArchive(archive)) return { model: readKerasArchive(archive) };
      throw new Damage(
        sentence`it is an archive, but holds neither data.pkl, as PyTorch’s do, nor config.json and model.weights.h5, as Keras’ do`,
      );
    },
  },
  {
    reads: isPytorchPickles,
    read: (bytes, { nonlinearity }) => ({
      model: recogniseTensors(readPytorchPickles(bytes), nonlinearity),
    }),
  },
  { reads: isHdf5, read: (bytes) => ({ model: readKerasHdf5(bytes) }) },
  { reads: isOnnx, read: readOnnx },
];

/** Whether a file is, by its first bytes, one that another program has written. */
export function isForeign(bytes: Uint8Array): boolean {
  return readers.some(({ reads }) => reads(bytes));
}

/**
 * @param name what messages call the file
 * @throws Damage, or `VocabularyNeeded` and its like for what the file does not tell
 */
export function readForeign(bytes: Uint8Array, name: string, told: Told): Begun {
  const reader = readers.find(({ reads }) => reads(bytes))!;
  return begunWith(reader.read(bytes, told), name, told);
}

/** The model of named tensors alone, as of a safetensors file. */
export function readForeignTensors(tensors: NamedTensors, name: string, told: Told): Begun {
  return begunWith({ model: recogniseTensors(tensors, told.nonlinearity) }, name, told);
}

export type Begun = ReturnType<typeof fromForeign>;

function begunWith({ model, tokenizer }: Found, name: string, told: Told): Begun {
  checkForeign(model);
  const own = tokenizer === undefined ? undefined : new TextEncoder().encode(tokenizer);
  const vocabulary = told.vocabulary ?? (own && { name, bytes: own });
  return fromForeign(model, vocabularyOf(sizesOf(model).vocabulary, name, { vocabulary }));
}

function vocabularyOf(tokens: number, name: string, { vocabulary }: Told): Vocabulary {
  if (!vocabulary) {
    if (tokens === bytesVocabulary.order.length) return bytesVocabulary;
    throw new VocabularyNeeded(name, tokens);
  }
  try {
    return readVocabulary(vocabulary.bytes, tokens);
  } catch (error) {
    throw damagedFile(
      vocabulary.name,
      error,
      sentence`Give the vocabulary that the model was trained with.`,
    );
  }
}
