import { InputError } from '../../core/input-error';
import type { Tokenizer } from '../../core/data/tokenizer';
import { suggestByModel } from '../../core/keystrokes/model-suggester';
import { learnPpm, suggestByPpm } from '../../core/keystrokes/ppm';
import type { Suggester } from '../../core/keystrokes/suggestion';
import { typeText } from '../../core/keystrokes/typist';
import { suggestByWords } from '../../core/keystrokes/word-list';
import { createReadModel } from '../../core/reading/model';
import { sentence, type Sentence } from '../../core/sentence';
import type { RunInfo } from '../../core/training/run';
import {
  completionDefaults,
  defaultContext,
  defaultThresholds,
  type KeystrokesRequest,
  type KeystrokesResult,
  type ModelSource,
  type TextSource,
} from '../../protocol/engine';
import { inputError, JobError } from '../failures';
import type { Job } from '../handler';
import { openModel } from '../models';
import type { Platform } from '../platform';
import { readRunInfo } from '../run-folder';
import { evaluateInSlices } from '../slices';
import { partsOf } from '../text-parts';
import { readWhole } from '../whole-text';

/** Symbols of the n-gram model's longest context. */
const order = 5;

/** Most UTF-16 units that the baselines learn, the last ones: their contexts take some hundred bytes each. */
const mostLearnt = 4 * 2 ** 20;

/** Measures what completion by a model is worth to a typist, and what simpler ways are. */
export async function keystrokes(
  request: KeystrokesRequest,
  job: Job<'keystrokes'>,
): Promise<KeystrokesResult> {
  const { platform } = job;
  const start = platform.now();
  const { thresholds = defaultThresholds, maxTokens = completionDefaults.maxTokens } = request;
  const { until = completionDefaults.until, limit = 0 } = request;
  checkThresholds(thresholds);
  const model = await openModel(job, request.model, 1);
  try {
    const texts = await gather(platform, request, model.tokenizer);
    const typed = limit === 0 ? texts.typed : Array.from(texts.typed).slice(0, limit).join('');
    if (typed === '') throw inputError(sentence`The text has nothing to type.`);
    const reader = createReadModel(model.network, model.tokenizer);
    const suggesters: [KeystrokesResult['suggesters'][number]['name'], () => Suggester][] = [
      ['model', () => suggestByModel(reader, { until, maxTokens, context: defaultContext })],
    ];
    const { learnt } = texts;
    if (learnt !== undefined) {
      suggesters.push(
        ['n-gram', () => suggestByPpm(learnPpm(learnt, order), order, { until, maxTokens })],
        ['words', () => suggestByWords(learnt)],
      );
    }
    const results: KeystrokesResult['suggesters'][number][] = [];
    for (const [name, make] of suggesters) {
      const typing = typeText(typed, make(), thresholds);
      const rows = await evaluateInSlices(job, typing, (done) => {
        job.emit({ event: 'progress', done: (results.length + done) / suggesters.length });
      });
      results.push({ name, rows });
    }
    return {
      characters: Array.from(typed).length,
      suggesters: results,
      seconds: platform.now() - start,
      warnings: texts.warnings,
    };
  } finally {
    model.close();
  }
}

function checkThresholds(thresholds: readonly number[]): void {
  if (thresholds.length > 0 && thresholds.every((value) => value > 0 && value <= 1)) return;
  throw inputError(
    sentence`A confidence is a number above 0 and at most 1.`,
    sentence`Give a list, as in 0.3,0.5,0.7.`,
  );
}

interface Texts {
  readonly typed: string;
  /** Undefined: there is nothing to learn from. */
  readonly learnt: string | undefined;
  readonly warnings: readonly Sentence[];
}

async function gather(
  platform: Platform,
  { source, training, model }: KeystrokesRequest,
  tokenizer: Tokenizer,
): Promise<Texts> {
  const { text, name, hash, changes } = await readWhole(platform, source);
  const info = model.kind === 'run' ? await readRunInfo(platform.files, model.run) : undefined;
  const own = info?.text.hash === hash ? partsOf(text, info, tokenizer) : undefined;
  const isHeldOut = own !== undefined && own.heldOut !== '';
  const given = training === undefined ? undefined : await readWhole(platform, training);
  const learnt =
    given !== undefined
      ? given.text
      : (own?.learnt ?? (await learntText(platform, info, tokenizer)));
  const warnings = [
    ...[changes, given?.changes].filter((change) => change !== undefined),
    ...(isHeldOut
      ? [sentence`${name} is the run's own text: only the part that it held out is typed.`]
      : own !== undefined
        ? [sentence`${name} is the run's own text, all of which the model has learnt from.`]
        : []),
    ...(learnt === undefined ? [withoutBaselines(model)] : []),
  ];
  return { typed: isHeldOut ? own.heldOut : text, learnt: learnt?.slice(-mostLearnt), warnings };
}

function withoutBaselines({ kind }: ModelSource): Sentence {
  return kind === 'run'
    ? sentence`The text that the run was trained on is gone or has changed: there is nothing to compare with.`
    : sentence`It is not known what the model was trained on: there is nothing to compare with.`;
}

/** What a run learnt from, if its file is still the same. */
async function learntText(
  platform: Platform,
  info: RunInfo | undefined,
  tokenizer: Tokenizer,
): Promise<string | undefined> {
  if (typeof info?.source !== 'string') return undefined;
  const source: TextSource = { kind: 'file', path: info.source };
  try {
    const { text, hash } = await readWhole(platform, source);
    if (hash === info.text.hash) return partsOf(text, info, tokenizer).learnt;
  } catch (error) {
    if (!(error instanceof JobError || error instanceof InputError)) throw error;
  }
  return undefined;
}
