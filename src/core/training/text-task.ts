/** Learning to predict each token of a text from those before it. */
import { createBatches } from '../data/batches';
import { createCorpus, type Corpus } from '../data/corpus';
import { evaluationShapes, limitStretches } from '../data/evaluation-batches';
import { readText } from '../data/read-text';
import type { SourceText } from '../data/source';
import { textSplit } from '../data/split';
import type { Tokenizer } from '../data/tokenizer';
import { buildModel, type Model } from '../engine/model';
import type { Network } from '../engine/network';
import { parameterCount } from '../engine/parameters';
import { structureOf } from '../engine/structure';
import type { Cell } from '../equations/syntax';
import { createLagProbe } from '../inspection/lag-probe';
import { chooseWindows } from '../inspection/windows';
import { sentence } from '../sentence';
import type { Settings } from '../settings/settings';
import type { Checkpoint } from './checkpoint';
import { extentOf, summary } from './evaluate';
import type { WarningEvent } from './events';
import type { Hash } from './hash';
import { measurables, measure } from './measure';
import { wordsOfTokenizer } from './starting-vectors';
import type { Feed, PlannedTask, Task } from './task';

export interface TextTaskOptions {
  readonly settings: Settings;
  readonly cell: Cell;
  readonly text: SourceText;
  readonly hash: Hash;
  /** Whose model, and tokenizer, it is. */
  readonly resume: Checkpoint | undefined;
}

export interface PlannedTextTask extends PlannedTask<Model> {
  readonly corpus: Corpus;
}

/**
 * Reads and splits a text.
 *
 * @throws InputError if the text cannot be trained on
 * @throws EquationError if the cell's shapes do not fit
 */
export async function planTextTask(options: TextTaskOptions): Promise<PlannedTextTask> {
  const { settings, cell, text, hash, resume } = options;
  const { training, data } = settings;
  const read = await readText(
    text,
    { kind: data.tokenizer, limit: data.vocabulary, tokenizer: resume?.tokenizer },
    (utf8) => {
      hash.update(utf8);
    },
  );
  const corpus = createCorpus(read, {
    batch: training.batch,
    sequence: training.sequence,
    validation: data.validation,
    kind: textSplit(data.split),
  });
  const model = resume?.model ?? buildModel(modelSpec(settings, cell, read.tokenizer));
  const { batch, sequence, validation } = corpus.split;
  const measured = validation.length > 0 ? toMeasure(settings, corpus).shapes : [];
  return {
    model,
    corpus,
    embedding: { parameter: 'embedding.E', words: wordsOfTokenizer(read.tokenizer.toJSON()) },
    hash: hash.hex(),
    shapes: [
      { mode: 'train', batch, sequence },
      ...measured.map((shape) => ({ mode: 'evaluate' as const, ...shape })),
    ],
    open: (network) => openTask(settings, corpus, network),
  };
}

function openTask(settings: Settings, corpus: Corpus, network: Network): Task {
  const { split, tokenizer } = corpus;
  const { batch, sequence } = split;
  const program = network.program('train', { batch, sequence });
  const structure = structureOf(network.model.spec);
  return {
    program,
    feed: streams(corpus, program),
    evaluation: evaluationOf(settings, corpus, network),
    facts: {
      vocabulary: tokenizer.vocabulary,
      tokens: corpus.trainingTokens,
      validationTokens: corpus.validationTokens,
      batch,
      sequence,
      baselines: { uniform: Math.log(tokenizer.vocabulary), ...corpus.entropies },
      network: structure,
    },
    warnings: warningsOf(corpus),
    createLagProbe() {
      const { observeWindow } = settings.inspection;
      const parameters = parameterCount(network.model.parameters);
      const windows = chooseWindows(split.training, observeWindow, structure.reach, parameters);
      // One run of the program should take no longer than a training step, or a single window.
      const rows = Math.max(1, Math.floor((batch * sequence) / windows.length));
      const together = Math.min(windows.starts.length, rows);
      return createLagProbe(network, structure, corpus.encoding.ids, windows, together);
    },
  };
}

function streams(
  { encoding, split }: Corpus,
  { tokens, targets }: Pick<Task['program'], 'tokens' | 'targets'>,
): Feed {
  const batches = createBatches(encoding.ids, split);
  return {
    ...batches,
    next: (integer) => batches.fill(tokens, targets, integer),
    tokens: () => batches.chunkTokens,
  };
}

function modelSpec({ model }: Settings, cell: Cell, { vocabulary }: Tokenizer) {
  const { hidden, layers, embedding, dropout } = model;
  return { cell, hidden, layers, embedding, dropout, vocabulary };
}

/** What of the held-out part is measured, and in which shapes. */
function toMeasure({ training }: Settings, { split, tokenizer }: Corpus) {
  const { validation, batch, sequence } = split;
  const stretches = limitStretches(validation, training.evaluationTokens);
  const { vocabulary } = tokenizer;
  return { stretches, shapes: evaluationShapes(stretches, sequence, vocabulary, batch * sequence) };
}

function evaluationOf(settings: Settings, corpus: Corpus, network: Network): Task['evaluation'] {
  const { split, encoding } = corpus;
  if (split.validation.length === 0) return undefined;
  const { stretches, shapes } = toMeasure(settings, corpus);
  const ways = measurables(network, encoding.ids, stretches, shapes);
  const extent = extentOf(encoding, stretches);
  return {
    plan: {
      every: settings.training.evaluateEvery,
      tokens: ways[0]!.batches.tokens,
      stepTokens: split.batch * split.sequence,
    },
    *measure() {
      const { loss, bitsPerCharacter, spelling, perplexity, tokens } = summary(
        yield* measure(ways),
        extent,
      );
      return { validationLoss: loss, bitsPerCharacter, spelling, perplexity, tokens };
    },
  };
}

function warningsOf({ split, encoding, tokenizer }: Corpus): WarningEvent[] {
  const warnings: WarningEvent[] = split.warnings.map((warning) => ({
    event: 'warning',
    ...warning,
  }));
  // A tokenizer with UNKNOWN has unknown words by design.
  const { kinds, times, examples } = encoding.unknown;
  if (kinds > 0 && tokenizer.unknown === undefined) {
    const shown = examples.slice(0, 10).join(' ');
    const message = sentence`The tokenizer does not know ${kinds} of the text’s symbols (${times} occurrences), among them ${shown}; they are replaced by the nearest known symbol, or left out.`;
    warnings.push({ event: 'warning', code: 'unknown-characters', message });
  }
  return warnings;
}
