import { loadCell } from '../../core/equations/load-cell';
import { characterTokenizer } from '../../core/data/characters';
import { buildModel } from '../../core/engine/model';
import { sampleText } from '../../core/sampling/sample';
import { initialise } from '../../core/engine/initialise';
import { createNetwork } from '../../core/engine/network';
import { createRandom } from '../../core/random/random';
import { parseSettings } from '../../core/settings/settings';
import type { BenchRequest, SamplingSpeed } from '../../protocol/engine';
import { createBackend } from '../backends';
import type { Job } from '../handler';
import { rates, spreadOf } from './bench-rates';

export type SamplingRow = Pick<SamplingSpeed, 'cell' | 'hidden'>;

export const samplingRows: readonly SamplingRow[] = ['vanilla', 'gru', 'lstm'].flatMap((cell) =>
  [128, 512].map((hidden) => ({ cell, hidden })),
);

export function samplingLabel({ cell, hidden }: SamplingRow): string {
  return `sampling ${cell} ${String(hidden)}`;
}

/** As many as tiny Shakespeare has. */
const symbols = Array.from({ length: 65 }, (_, i) => String.fromCodePoint(0x40 + i));

/** Tokens of a text; reading the model's state again for each costs nothing beside them. */
const length = 100;

/**
 * Writes with temperature 0.8, all that `rnn-lab sample` does but the output.
 * @returns undefined if the job was stopped
 */
export async function benchSampling(
  row: SamplingRow,
  { repetitions = 5, seconds = 0.5 }: BenchRequest,
  job: Job<'bench'>,
): Promise<SamplingSpeed | undefined> {
  const tokenizer = characterTokenizer(symbols);
  const { vocabulary } = tokenizer;
  const cell = loadCell(row.cell);
  const { hidden } = row;
  const model = buildModel({ cell, hidden, layers: 1, vocabulary, embedding: 0, dropout: 0 });
  const backend = createBackend(job.platform, model, 1);
  try {
    initialise(model, backend.floats(), createRandom(1));
    backend.parametersChanged();
    const network = createNetwork(model, backend);
    const settings = { ...parseSettings({}).sampling, length, prime: 'A', seed: 1 };
    const write = (): void => {
      const writing = sampleText(network, tokenizer, settings);
      while (writing.next().done !== true);
    };
    const texts = await rates(job, write, { repetitions, seconds });
    if (texts.length === 0) return undefined;
    return { ...row, vocabulary, tokensPerSecond: spreadOf(texts.map((rate) => rate * length)) };
  } finally {
    backend.close();
  }
}
