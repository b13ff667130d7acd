/** What is in a run's folder: names, types and decoders. Files themselves are the caller's. */
import * as v from 'valibot';
import { InputError } from '../input-error';
import { anyNumber, replaceNumbers } from '../json-numbers';
import { channels, rowEntries, scoreNames, type ScoreName } from '../metrics/columns';
import { sentence, sentenceSchema, verbatim, type Sentence } from '../sentence';
import type { EvaluationEvent, MetricsEvent, NamedCheckpoint } from './events';
import { exampleSizes, trained } from '../formats/model-description';
import { decodeTask } from '../task/description';
import { floor } from '../task/floor';
import { kernels } from './course';
import { parseSavedSettings } from '../settings/settings';

export const runFileNames = {
  /** Settings, seed, data hash, version, and how far the run is. */
  info: 'run.json',
  /** The cell's equations. */
  cell: 'model.rnn',
  /** One JSON object a line: the events `metrics` and `evaluation`. */
  metrics: 'metrics.jsonl',
  /** Looks at gradients, weights and states, and texts written while training (`run-looks.ts`). */
  observations: 'observations.jsonl',
  samples: 'samples.jsonl',
  /** What the user has written about it, Markdown. */
  note: 'note.md',
  /** The step whose numbers went wrong, with the weights before it (`failed-step.ts`). */
  failedStep: 'failed-step.safetensors',
} as const;

/** A run's checkpoint: a named one, or an earlier one by its step. */
export type WhichCheckpoint = NamedCheckpoint | number;

export function checkpointFileName(which: WhichCheckpoint): string {
  return typeof which === 'number'
    ? `checkpoint-step-${String(which)}.safetensors`
    : `checkpoint-${which}.safetensors`;
}

/** The checkpoints among a folder's files that training can go on from. */
export function checkpointsAmong(names: readonly string[]): NamedCheckpoint[] {
  return (['best', 'last'] as const).filter((which) => names.includes(checkpointFileName(which)));
}

/** Steps of the earlier checkpoints among a folder's files, ascending. */
export function stepsAmong(names: readonly string[]): number[] {
  return names
    .flatMap((name) => /^checkpoint-step-(0|[1-9]\d{0,14})\.safetensors$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/**
 * Which checkpoint to use: the one that is asked for, else the best, else the last.
 * @throws InputError if there is none of that kind
 */
export function chooseCheckpoint(
  names: readonly string[],
  run: string,
  asked?: WhichCheckpoint,
): WhichCheckpoint {
  const found = checkpointsAmong(names);
  if (typeof asked === 'number') return chooseStep(stepsAmong(names), run, asked, found[0]);
  const chosen = asked ?? found[0];
  if (chosen !== undefined && found.includes(chosen)) return chosen;
  const [other] = found;
  throw new InputError(
    asked === undefined ? sentence`${run} has no checkpoint.` : missing(run, asked),
    instead(other),
  );
}

function instead(other: NamedCheckpoint | undefined): Sentence {
  if (other === undefined) {
    return sentence`Train it first: the first checkpoint is written after the first step.`;
  }
  return other === 'best' ? sentence`Use its best checkpoint.` : sentence`Use its last checkpoint.`;
}

function chooseStep(
  steps: readonly number[],
  run: string,
  asked: number,
  other: NamedCheckpoint | undefined,
): number {
  if (steps.includes(asked)) return asked;
  const nearest = steps.reduce<number | undefined>(
    (best, step) =>
      best === undefined || Math.abs(step - asked) < Math.abs(best - asked) ? step : best,
    undefined,
  );
  throw new InputError(
    sentence`${run} has no checkpoint of step ${asked}.`,
    nearest === undefined
      ? instead(other)
      : sentence`The nearest that it keeps is of step ${nearest}.`,
  );
}

/** The files of one run's folder. */
export interface RunFiles {
  /** A file of lines; undefined if there is none. */
  read(name: string): Promise<Uint8Array | undefined>;
  /** Under a temporary name first, then renamed: readers find the old file or the new one. */
  write(name: string, contents: Uint8Array | string): Promise<void>;
  append(name: string, text: string): Promise<void>;
  /** It may be missing. */
  remove(name: string): Promise<void>;
  list(): Promise<readonly string[]>;
}

/** Version of the folder's layout. */
export const runVersion = 1;

function missing(run: string, which: NamedCheckpoint): Sentence {
  return which === 'best'
    ? sentence`${run} has no best checkpoint.`
    : sentence`${run} has no last checkpoint.`;
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** Older runs kept their messages in English alone; an empty one is none. */
const kept = v.union([v.pipe(v.string(), v.transform(verbatim)), sentenceSchema]);
const nothing = v.pipe(
  v.literal(''),
  v.transform(() => undefined),
);

/** JSON writes NaN as null: what is not known of a text, or what numbers have not. */
const entropy = v.pipe(
  v.nullable(v.number()),
  v.transform((value) => value ?? NaN),
);

const score = v.optional(v.number());
/** What the best measurement says beside its loss. */
const scores = Object.fromEntries(scoreNames.map((name) => [name, score])) as Record<
  ScoreName,
  typeof score
>;

const globs = v.optional(v.array(v.string()));
const documentFacts = v.object({
  count,
  last: v.string(),
  include: globs,
  exclude: globs,
});

const runInfo = v.object({
  version: v.literal(runVersion),
  /** What the user calls the run. */
  title: v.optional(v.string()),
  /** Words that the user sorts runs by. */
  tags: v.optional(v.array(v.string())),
  /** The experiment of a lab notebook that asked for it. */
  experiment: v.optional(v.string()),
  /** Name of the text. */
  name: v.string(),
  /** Path of the text, if it came from a file. */
  source: v.nullable(v.string()),
  /**
   * Of the Git repository in which the text was as the run began: the commit, and whether the text was as it is there;
   * missing: it was in none.
   */
  git: v.optional(
    v.object({
      commit: v.string(),
      text: v.picklist(['same', 'changed', 'untracked', 'unknown']),
    }),
  ),
  /** SHA-256 of the prepared text, and its size. */
  text: v.object({ hash: v.string(), tokens: count, validationTokens: count }),
  /** Of a folder of texts: how many documents there are, the last that is read, and which of the files were meant. */
  documents: v.optional(documentFacts),
  /** The word vectors that the embedding started with: SHA-256 of their file, and how many words had one. */
  vectors: v.optional(v.object({ hash: v.string(), found: count, words: count })),
  cell: v.object({ name: v.string(), source: v.string() }),
  settings: v.pipe(v.unknown(), v.transform(parseSavedSettings)),
  /** What trained it last; missing in runs of 0.1.0. */
  software: v.optional(v.object({ rnnLab: v.string(), node: v.string(), kernels })),
  /**
   * The step up to which measurements may be of an earlier version, which read the held-out text less exactly; missing:
   * all may be.
   */
  exactAfter: v.optional(count),
  parameters: count,
  vocabulary: count,
  /** Batch and sequence as used; missing in runs of 0.1.0, whose checkpoints tell. */
  chunk: v.optional(v.object({ batch: count, sequence: count })),
  baselines: v.object({ uniform: entropy, unigram: entropy, bigram: entropy }),
  /** Of a model of examples; missing: it goes on with a text. */
  task: v.optional(
    v.object({
      /** What was understood of the data, in one line. */
      line: kept,
      examples: v.object({ train: count, validation: count, test: count }),
      sizes: exampleSizes,
      description: v.pipe(v.unknown(), v.transform(decodeTask)),
      floors: v.optional(v.array(floor), []),
    }),
  ),
  /** Milliseconds since 1970. */
  created: v.number(),
  changed: v.number(),
  /** `training` also after a crash: whether a process has the run is not for this file to say. */
  state: v.picklist(['training', 'finished', 'stopped', 'failed']),
  step: count,
  seconds: v.number(),
  /** Mean of the last row of metrics. */
  loss: v.nullable(v.number()),
  best: v.nullable(v.object({ step: count, validationLoss: v.number(), ...scores })),
  /** Of a model that was imported alone, before it is trained here: what its file tells of its training. */
  trained: v.optional(trained),
  failure: v.nullable(
    v.object({
      message: kept,
      hint: v.optional(v.union([nothing, kept])),
      step: count,
      parameter: v.string(),
    }),
  ),
});
/** The contents of `run.json`. */
export type RunInfo = v.InferOutput<typeof runInfo>;
/** What the user says of a run; the rest is what it is. */
export type Annotations = Pick<RunInfo, 'title' | 'tags'>;

export function encodeRunInfo(info: RunInfo): string {
  return `${JSON.stringify(info, undefined, 2)}\n`;
}

/**
 * Reads `run.json`.
 * @throws InputError if it is damaged or of another version
 */
export function decodeRunInfo(bytes: Uint8Array, run: string): RunInfo {
  const result = v.safeParse(
    v.pipe(v.string(), v.parseJson(), runInfo),
    new TextDecoder().decode(bytes),
  );
  if (result.success) return result.output;
  const [issue] = result.issues;
  const place = v.getDotPath(issue);
  throw new InputError(
    place === null
      ? sentence`${run} is not an RNN Lab run, or its ${runFileNames.info} is damaged.`
      : sentence`${run} is not an RNN Lab run, or its ${runFileNames.info} is damaged at ${place}: ${issue.received}.`,
    sentence`Give the folder of a run.`,
  );
}

/** A line of `metrics.jsonl`. */
export function encodeMetrics(event: MetricsEvent | EvaluationEvent): string {
  return `${JSON.stringify(event, replaceNumbers)}\n`;
}

const spread = v.object({ mean: anyNumber, min: anyNumber, max: anyNumber });
/** What an older version did not measure is not known. */
const valueSchemas = {
  count,
  number: v.optional(anyNumber, NaN),
  flag: v.boolean(),
  spread: v.optional(spread, { mean: NaN, min: NaN, max: NaN }),
};
const metricsLine = v.variant('event', [
  v.object({
    event: v.literal('metrics'),
    row: v.object(rowEntries(channels.metrics, valueSchemas)),
  }),
  v.object({
    event: v.literal('evaluation'),
    row: v.object(rowEntries(channels.evaluation, valueSchemas)),
  }),
]);

/**
 * Reads `metrics.jsonl`. Lines that cannot be read (a last one cut off by a crash) are left out. A run that
 * was resumed from a checkpoint wrote some steps twice: of these the later rows count.
 */
export function decodeMetrics(text: string): (MetricsEvent | EvaluationEvent)[] {
  const events: (MetricsEvent | EvaluationEvent)[] = [];
  for (const line of text.split('\n')) {
    const result = v.safeParse(v.pipe(v.string(), v.parseJson(), metricsLine), line);
    if (!result.success) continue;
    const event = result.output;
    while (events.length > 0 && isOvertaken(events.at(-1)!, event)) events.pop();
    events.push(event);
  }
  return events;
}

/** A row of metrics stands for the steps it sums up, a measurement for the moment after its step. */
function isOvertaken(
  old: MetricsEvent | EvaluationEvent,
  next: MetricsEvent | EvaluationEvent,
): boolean {
  if (next.event === 'metrics') return old.row.step > next.row.step - next.row.steps;
  return old.event === 'metrics' ? old.row.step > next.row.step : old.row.step >= next.row.step;
}
