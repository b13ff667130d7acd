import { readText } from '../../core/data/read-text';
import { describeChanges } from '../../core/data/text';
import { evaluateText } from '../../core/training/evaluate';
import type { EvaluateRequest, EvaluateResult } from '../../protocol/engine';
import type { Job } from '../handler';
import { openModel } from '../models';
import { inSlices, stoppedError } from '../slices';
import { openText, stoppable } from '../sources';

/** Measures a text that the model was not trained on. */
export async function evaluate(
  { model: source, source: textSource }: EvaluateRequest,
  job: Job<'evaluate'>,
): Promise<EvaluateResult> {
  const start = job.platform.now();
  const text = await openText(job.platform.files, textSource);
  const model = await openModel(job, source, 0);
  try {
    const { tokenizer } = model;
    const options = { kind: tokenizer.kind, limit: tokenizer.vocabulary, tokenizer };
    const { encoding } = await readText(stoppable(text, job, 'The evaluation'), options);
    const measuring = evaluateText(model.network, encoding);
    let done = 0;
    const measured = await inSlices(
      job,
      measuring,
      (share) => (done = share),
      () => {
        job.emit({ event: 'progress', done });
      },
    );
    if (measured === undefined) throw stoppedError('The evaluation');
    const { unknown, ...numbers } = measured;
    const changes = describeChanges(text.changes());
    return {
      ...numbers,
      unknownTokens: unknown.times,
      seconds: job.platform.now() - start,
      warnings: changes === undefined ? [] : [changes],
    };
  } finally {
    model.close();
  }
}
