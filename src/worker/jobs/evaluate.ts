import { readText } from '../../core/data/read-text';
import { describeChanges } from '../../core/data/text';
import { sentence } from '../../core/sentence';
import { evaluateText } from '../../core/training/evaluate';
import type { EvaluateRequest, EvaluateResult } from '../../protocol/engine';
import { inputError } from '../failures';
import type { Job } from '../handler';
import { openModel } from '../models';
import { inSlices } from '../slices';
import { openText, stoppable } from '../sources';

const stopped = sentence`The evaluation was stopped before its end.`;

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
    const { encoding } = await readText(stoppable(text, job, stopped), options);
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
    if (measured === undefined) throw inputError(stopped);
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
