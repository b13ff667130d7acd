import { readText } from '../../core/data/read-text';
import { describeChanges } from '../../core/data/text';
import { sentence } from '../../core/sentence';
import { evaluateText } from '../../core/training/evaluate';
import type { Globs } from '../../core/data/globs';
import type {
  EvaluateRequest,
  EvaluateResult,
  TextEvaluation,
  TextSource,
} from '../../protocol/engine';
import { inputError } from '../failures';
import type { Job } from '../handler';
import { openExampleModel, openModel } from '../models';
import { evaluateInSlices, evaluationStopped } from '../slices';
import { evaluateModel } from './evaluate-examples';
import { readRunInfo } from '../run-folder';
import { openTextOrFolder, stoppable } from '../sources';

/** Measures a model: of text on a text that it was not trained on, of examples on those. */
export async function evaluate(
  request: EvaluateRequest,
  job: Job<'evaluate'>,
): Promise<EvaluateResult> {
  const ofExamples = await openExampleModel(job, request.model, 0);
  if (ofExamples === undefined) return await evaluateOnText(request, job);
  try {
    return await evaluateModel(request, ofExamples, job);
  } finally {
    ofExamples.close();
  }
}

async function evaluateOnText(
  { model: source, source: textSource, globs }: EvaluateRequest,
  job: Job<'evaluate'>,
): Promise<TextEvaluation> {
  const start = job.platform.now();
  if (textSource === undefined) {
    throw inputError(
      sentence`Which text should be predicted?`,
      sentence`Give a file: rnn-lab evaluate RUN FILE.`,
    );
  }
  const text = await openTextOrFolder(
    job.platform,
    textSource,
    globs ?? (await globsOf(source, textSource, job)),
  );
  const model = await openModel(job, source, 0);
  try {
    const { tokenizer } = model;
    const options = { kind: tokenizer.kind, limit: tokenizer.vocabulary, tokenizer };
    const { encoding } = await readText(stoppable(text, job, evaluationStopped), options);
    const measuring = evaluateText(model.network, encoding);
    const measured = await evaluateInSlices(job, measuring, (done) => {
      job.emit({ event: 'progress', done });
    });
    const { unknown, ...numbers } = measured;
    const changes = describeChanges(text.changes());
    return {
      of: 'text',
      ...numbers,
      unknownTokens: unknown.times,
      seconds: job.platform.now() - start,
      warnings: changes === undefined ? [] : [changes],
    };
  } finally {
    model.close();
  }
}

/** Which files of the folder that a run has learnt were meant; of any other folder all are. */
async function globsOf(
  model: EvaluateRequest['model'],
  text: TextSource,
  { platform: { files } }: Job<'evaluate'>,
): Promise<Globs> {
  if (model.kind !== 'run' || text.kind !== 'file') return {};
  const info = await readRunInfo(files, model.run);
  return info.source === text.path ? (info.documents ?? {}) : {};
}
