import { joinedBytes } from '../../core/bytes';
import { readText } from '../../core/data/read-text';
import { sentence } from '../../core/sentence';
import { countWords } from '../../core/vectors/count-words';
import { trainSkipGram } from '../../core/vectors/skip-gram';
import { vectorFormats, writeVectors, type VectorFormat } from '../../core/vectors/write-vectors';
import type { VectorsRequest, VectorsResult } from '../../protocol/engine';
import { brokenError, inputError } from '../failures';
import type { Job } from '../handler';
import { inSlices } from '../slices';
import { openText, stoppable } from '../sources';

/** Most words that are counted. */
const mostWords = 1_000_000;
const stopped = sentence`Stopped before the vectors were trained; nothing was written.`;

/** Trains word vectors on a text and writes them. */
export async function vectors(
  request: VectorsRequest,
  job: Job<'vectors'>,
): Promise<VectorsResult> {
  const { platform } = job;
  const { files, now } = platform;
  const start = now();
  const { source, path, minCount, learningRate, ...options } = request;
  const format = formatOf(path);
  const text = stoppable(await openText(files, source), job, stopped);
  const counted = countWords(await readText(text, { kind: 'word', limit: mostWords }), minCount);
  let done = 0;
  const trained = await inSlices(
    job,
    trainSkipGram(counted, { ...options, rate: learningRate }),
    (share) => (done = share),
    () => {
      job.emit({ event: 'progress', done });
    },
  );
  if (trained === undefined) throw brokenError(stopped);
  const bytes = joinedBytes([...writeVectors(counted.words, trained, format)]);
  await files.write(path, bytes);
  const tokens = counted.counts.reduce((sum, count) => sum + count, 0);
  return { words: counted.words.length, tokens, bytes: bytes.length, seconds: now() - start };
}

function formatOf(path: string): VectorFormat {
  const found = Object.entries(vectorFormats).find(([extension]) => path.endsWith(extension));
  if (found !== undefined) return found[1];
  throw inputError(
    sentence`${path} does not say what to write.`,
    sentence`Let it end with .vec or .txt for text, or with .bin for word2vec’s binary form.`,
  );
}
