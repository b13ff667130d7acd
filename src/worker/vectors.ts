/** Files of word vectors that an embedding starts with. */
import { sentence } from '../core/sentence';
import type { Settings } from '../core/settings/settings';
import type { StartingVectors } from '../core/training/starting-vectors';
import { vectorsHead } from '../core/vectors/head';
import { readVectors } from '../core/vectors/read-vectors';
import { inputError } from './failures';
import type { Platform } from './platform';

/** Bytes of a file; what is kept of it is no more than the vocabulary. */
const largestVectors = 2 ** 40;

type Reading = Pick<Platform, 'files' | 'createHash'>;

/**
 * Looks at a file of vectors.
 * @throws JobError, InputError
 */
export async function openVectors(
  { files, createHash }: Reading,
  path: string,
): Promise<StartingVectors> {
  const name = files.baseName(path);
  const file = await files.pieces(path, largestVectors);
  const head = await vectorsHead(file, name);
  return {
    name,
    width: head.width,
    async read(words) {
      const hash = createHash();
      const found = await readVectors(file, head, words, (bytes) => {
        hash.update(bytes);
      });
      return { ...found, hash: hash.hex() };
    },
  };
}

/**
 * The settings of a new run, with an embedding as wide as the vectors that they name.
 * @throws JobError, InputError where they do not fit
 */
export async function withVectors(
  platform: Reading,
  settings: Settings,
): Promise<{ readonly asked: Settings; readonly vectors: StartingVectors | undefined }> {
  const { model } = settings;
  if (model.vectors === '') {
    if (model.vectorsFrozen === 'off') return { asked: settings, vectors: undefined };
    throw inputError(
      sentence`There are no word vectors that could be left as they are.`,
      sentence`Give a file of them (--vectors FILE), or leave out --vectors-frozen.`,
    );
  }
  const vectors = await openVectors(platform, model.vectors);
  const { name, width } = vectors;
  if (model.embedding !== 0 && model.embedding !== width) {
    throw inputError(
      sentence`The vectors of ${name} have ${width} values each, and model.embedding (--embedding) is ${model.embedding}.`,
      sentence`Leave out --embedding: it is as wide as they are.`,
    );
  }
  return { asked: { ...settings, model: { ...model, embedding: width } }, vectors };
}
