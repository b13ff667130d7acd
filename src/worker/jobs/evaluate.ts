import { describeChanges } from '../../core/data/text';
import { sentence } from '../../core/sentence';
import { evaluateText } from '../../core/training/evaluate';
import type { EvaluateRequest, EvaluateResult } from '../../protocol/engine';
import { inputError } from '../failures';
import type { Job } from '../handler';
import { openModel } from '../models';
import { inSlices } from '../slices';
import { readText } from '../sources';

/** Measures a text that the model was not trained on. */
export async function evaluate(
  { model: source, source: textSource }: EvaluateRequest,
  job: Job<'evaluate'>,
): Promise<EvaluateResult> {
  const start = job.platform.now();
  const text = await readText(job.platform.files, textSource);
  const model = await openModel(job, source, 0);
  try {
    const measuring = evaluateText(model.network, model.tokenizer, text.text);
    let done = 0;
    const measured = await inSlices(
      job,
      measuring,
      (share) => (done = share),
      () => {
        job.emit({ event: 'progress', done });
      },
    );
    if (measured === undefined)
      throw inputError(sentence`The evaluation was stopped before its end.`);
    const { unknown, ...numbers } = measured;
    const changes = describeChanges(text.changes);
    return {
      ...numbers,
      unknownTokens: [...unknown.values()].reduce((sum, times) => sum + times, 0),
      seconds: job.platform.now() - start,
      warnings: changes === undefined ? [] : [changes],
    };
  } finally {
    model.close();
  }
}
