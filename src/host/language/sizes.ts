import { workspace, type Uri } from 'vscode';
import { tokenizerNamed, tokenizerOf } from '../../core/data/kinds';
import type { ModelSizes } from '../../core/equations/shapes';

/** The sizes that the settings give a model, as far as they are known before a text is read. */
export interface ConfiguredSizes {
  readonly hidden: number;
  readonly layers: number;
  /** Of each layer that reads another input: the first, and one above it where there is any. */
  readonly inputs: readonly ModelSizes[];
}

/**
 * Stands for the number of tokens C, which the text decides: a prime that no one gives a layer. It is shown
 * as `C`.
 */
const unknownVocabulary = 999_983;

/** As the settings for a document say; what cannot be used is passed over here, and told when it is trained with. */
export function configuredSizes(document: Uri): ConfiguredSizes {
  const settings = workspace.getConfiguration('rnnLab', document);
  const whole = (key: string, least: number, fallback: number): number => {
    const value = settings.get(key);
    return typeof value === 'number' && Number.isSafeInteger(value) && value >= least
      ? value
      : fallback;
  };
  const hidden = whole('model.hidden', 1, 256);
  const layers = whole('model.layers', 1, 1);
  const embedding = whole('model.embedding', 0, 0);
  const tokenizer = tokenizerOf(tokenizerNamed(settings.get('data.tokenizer')));
  const vocabulary = tokenizer.vocabulary ?? unknownVocabulary;
  const first = { input: embedding > 0 ? embedding : vocabulary, hidden, vocabulary };
  return { hidden, layers, inputs: layers === 1 ? [first] : [first, { ...first, input: hidden }] };
}

/** A size as it is shown: `256`, `C`. */
export function sizeText(size: number): string {
  return size === unknownVocabulary ? 'C' : String(size);
}

/** How many numbers tensors of these shapes have together, as a sum: `65,792 + 256 C`. */
export function countText(
  shapes: readonly (readonly number[])[],
  write: (count: number) => string,
): string {
  // By how often the vocabulary is a factor.
  const counts = new Map<number, number>();
  for (const shape of shapes) {
    const power = shape.filter((size) => size === unknownVocabulary).length;
    const rest = shape.filter((size) => size !== unknownVocabulary);
    const product = rest.reduce((all, size) => all * size, 1);
    counts.set(power, (counts.get(power) ?? 0) + product);
  }
  const factors = ['', ' C', ' C²'];
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([power, count]) => write(count) + (factors[power] ?? ` C^${power}`))
    .join(' + ');
}

/** `[256, C]` */
export function shapeText(shape: readonly number[]): string {
  return `[${shape.map(sizeText).join(', ')}]`;
}

/** Whether a shape or a message depends on the text's vocabulary. */
export function mentionsVocabulary(text: string): boolean {
  return text.includes(String(unknownVocabulary));
}

/** A message with `C` for the vocabulary. */
export function withVocabulary(text: string): string {
  return text.replaceAll(String(unknownVocabulary), 'C');
}
