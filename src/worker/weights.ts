/** Models whose weights are gone through number by number. */
import { characterTokenizer } from '../core/data/characters';
import type { Tokenizer } from '../core/data/tokenizer';
import type { Matrix } from '../core/debugger/values';
import type { Floats } from '../core/engine/backend';
import { initialise } from '../core/engine/initialise';
import { buildModel, type GraphModel } from '../core/engine/model';
import { readParameter } from '../core/engine/parameters';
import { createReferenceBackend } from '../core/engine/reference';
import { requireTextModel } from '../core/equations/text-model';
import type { ModelSpec } from '../core/graph/model-spec';
import { createRandom } from '../core/random/random';
import { sentence } from '../core/sentence';
import { parseSettings } from '../core/settings/settings';
import type { FreshModel, ModelSource } from '../protocol/engine';
import { inputError } from './failures';
import { openModel } from './models';
import { readWrittenCell } from './sources';
import type { Work } from './work';

export interface Weighted {
  readonly spec: ModelSpec;
  /** Row-major, by qualified names. */
  readonly parameters: ReadonlyMap<string, Matrix>;
  readonly tokenizer: Tokenizer;
}

/** A trained model's. */
export async function keptWeights(source: ModelSource, job: Work): Promise<Weighted> {
  const opened = await openModel(job, source, 1);
  try {
    const { model, backend } = opened.network;
    const parameters = readParameters(model, backend.floats());
    return { spec: model.spec, parameters, tokenizer: opened.tokenizer };
  } finally {
    opened.close();
  }
}

/** New ones, for the characters of a text. @throws JobError if there are none */
export async function freshWeights(
  { cell: source, hidden, layers, embedding = 0, seed }: FreshModel,
  text: string,
  { platform: { files } }: Work,
): Promise<Weighted> {
  parseSettings({ model: { hidden, layers, embedding }, training: { seed } });
  const cell = requireTextModel(await readWrittenCell(files, source));
  const characters = [...new Set(text)].sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!);
  if (characters.length === 0) throw inputError(sentence`There is no text to go through.`);
  const tokenizer = characterTokenizer(characters);
  const { vocabulary } = tokenizer;
  const spec = { cell, hidden, layers, embedding, vocabulary, dropout: 0 };
  const model = buildModel(spec);
  const backend = createReferenceBackend(model.layout);
  initialise(model, backend.floats(), createRandom(seed));
  return { spec, parameters: readParameters(model, backend.floats()), tokenizer };
}

export function readParameters(
  { parameters, layout }: GraphModel,
  floats: Floats,
): Map<string, Matrix> {
  return new Map(
    parameters.map((parameter) => {
      const { name, rows, columns } = parameter;
      return [name, { rows, columns, values: readParameter(floats, layout.parameters, parameter) }];
    }),
  );
}
