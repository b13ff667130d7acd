import { sampleText } from '../../core/sampling/sample';
import { parseSettings } from '../../core/settings/settings';
import type { SampleRequest, SampleResult } from '../../protocol/engine';
import type { Job } from '../handler';
import { openModel } from '../models';
import { inSlices } from '../slices';

/** Writes a text; when it is stopped, what there is so far is the result. */
export async function sample(request: SampleRequest, job: Job<'sample'>): Promise<SampleResult> {
  const { model: source, prime, length, temperature, topK, topP, seed } = request;
  const { sampling } = parseSettings({
    sampling: { prime, length, temperature, topK, topP, seed },
  });
  const settings = { ...sampling, seed: sampling.seed === 0 ? randomSeed() : sampling.seed };
  // One token at a time is too little work for two threads.
  const model = await openModel(job, source, 1);
  try {
    const start = job.platform.now();
    let [text, chunk, tokens] = ['', '', 0];
    const flush = (): void => {
      if (chunk === '') return;
      job.emit({ event: 'chunk', text: chunk });
      text += chunk;
      chunk = '';
    };
    const writing = sampleText(model.network, model.tokenizer, settings);
    const end = await inSlices(
      job,
      writing,
      (token) => {
        chunk += token.text;
        tokens++;
      },
      flush,
    );
    chunk = end?.rest ?? '';
    flush();
    return {
      text,
      tokens,
      seed: settings.seed,
      seconds: job.platform.now() - start,
      unknown: [...(end?.unknown.examples ?? [])],
    };
  } finally {
    model.close();
  }
}

/** From 1 to 2³² - 1. */
function randomSeed(): number {
  const [seed = 0] = crypto.getRandomValues(new Uint32Array(1));
  return Math.max(1, seed);
}
