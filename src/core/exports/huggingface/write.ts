/** A model of texts in the layout of Hugging Face. */
import type { Checkpoint } from '../../training/checkpoint';
import type { RunInfo } from '../../training/run';
import type { Trained } from '../../formats/model-description';
import { writeModelSafetensors } from '../safetensors';
import { writeCard, type CardFigures, type Copied } from './card';
import { writeTokenizerJson } from './tokenizer';

/** The folder's files by their names. */
export function writeHuggingFace(
  checkpoint: Checkpoint,
  info: RunInfo,
  figures: CardFigures,
  training: Trained,
): Readonly<Record<string, Uint8Array | string>> {
  const { cell, hidden, layers, vocabulary, embedding, dropout } = checkpoint.model.spec;
  const tokenizer = writeTokenizerJson(checkpoint.tokenizer);
  const config = {
    model_type: 'rnn-lab',
    architectures: [cell.name],
    cell: { name: cell.name, equations: cell.source },
    ...{ hidden_size: hidden, num_hidden_layers: layers, vocab_size: vocabulary },
    ...{ embedding_size: embedding, dropout, torch_dtype: 'float32' },
    tokenizer: checkpoint.tokenizer.toJSON(),
  };
  return {
    'config.json': `${JSON.stringify(config, undefined, 2)}\n`,
    'model.safetensors': writeModelSafetensors(checkpoint, training),
    'model.rnn': cell.source,
    ...(tokenizer !== undefined && { 'tokenizer.json': tokenizer }),
    'README.md': writeCard(checkpoint, info, figures),
  };
}

/** How many stretches of a sample's characters stand in a text, of several lengths. */
export function copiedFrom(text: string, sample: string, lengths: readonly number[]): Copied[] {
  return lengths.map((length) => {
    const stretches = Array.from({ length: Math.max(0, sample.length - length + 1) }, (_, i) =>
      sample.slice(i, i + length),
    );
    const wanted = new Set(stretches);
    const there = new Set<string>();
    for (let i = 0; i + length <= text.length && there.size < wanted.size; i++) {
      const stretch = text.slice(i, i + length);
      if (wanted.has(stretch)) there.add(stretch);
    }
    const found = stretches.filter((stretch) => there.has(stretch)).length;
    return { length, of: stretches.length, found };
  });
}
