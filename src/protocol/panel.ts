/**
 * What the extension host and the panel (a webview) say to each other.
 *
 * The panel speaks first: `ready`. The host answers with `hydrate`, the whole state, and from then on
 * sends only what is new, as fast as the panel draws it. The host owns all state, so a panel may be closed, hidden or reloaded at
 * any time. Both directions are decoded from `unknown` on arrival.
 *
 * Units: losses are cross-entropies in nats per token, times are seconds, rates are tokens/s.
 */
import * as v from 'valibot';
import { tokenizerNames } from '../core/data/kinds';
import {
  evaluationColumns,
  metricsColumns,
  type EvaluationColumn,
  type MetricsColumn,
} from './history';
import { columns, count, list, record } from './jobs/schema';
import { looked } from './jobs/look';
import { inspectResult } from './jobs/model';
import { networkFacts, observation, trainingSample } from './jobs/observation';
import { backendKind, baselines, limit, settingValues, taskFacts } from './jobs/shared';
import { exampleMessage, examplePart, results, watchExample } from './panel-examples';
import { openPlace, projectionMessage, projectQuestion } from './panel-projector';
import { worksheetMessage, worksheetQuestion } from './panel-worksheet';

export type {
  ExampleMessage,
  ExamplePart,
  ExampleQuestion,
  ExampleShading,
  Results,
} from './panel-examples';
export type { ProjectedPoints, ProjectionMessage } from './panel-projector';
export type { SheetQuestion, WorksheetMessage } from './panel-worksheet';

/** What a panel can ask the host to do: each is also a command of the palette. */
export const panelCommand = v.picklist([
  'train',
  'stop',
  'pause',
  'resume',
  'continue',
  'sample',
  'predict',
  'changeTable',
  'debugText',
  'debugRow',
  'debugFailedStep',
  'export',
  'clearComparison',
  'showLog',
  'openText',
  'useRun',
]);
export type PanelCommand = v.InferOutput<typeof panelCommand>;

/**
 * `interrupted`: the process that trained ended without a word, as in a crash; `elsewhere`: another
 * window trains it now; `vanished`: its folder is gone, though nobody has deleted it here.
 */
export const runPhase = v.picklist([
  'preparing',
  'training',
  'paused',
  'stopping',
  'finished',
  'stopped',
  'interrupted',
  'failed',
  'elsewhere',
  'vanished',
]);
export type RunPhase = v.InferOutput<typeof runPhase>;

/** Settings to be tried in place of those of the run on show, by their dotted keys; the engine checks them. */
const retrainSettings = v.pipe(v.record(v.string(), v.number()), v.readonly());
export type RetrainSettings = v.InferOutput<typeof retrainSettings>;

/** What a model of examples learns, its one line in the display language. */
const panelTask = record({
  line: v.string(),
  ...v.omit(taskFacts.pipe[0], ['line']).entries,
});
export type PanelTask = v.InferOutput<typeof panelTask>;

/** What does not change while a run goes on. */
const panelFacts = record({
  /** Name of the text. */
  name: v.string(),
  cell: record({ name: v.string(), equations: v.string() }),
  hidden: count,
  layers: count,
  dropout: v.number(),
  parameters: count,
  vocabulary: count,
  tokenizer: v.picklist(tokenizerNames),
  /** Tokens to train on, and tokens held out for validation. */
  tokens: count,
  validationTokens: count,
  baselines,
  network: networkFacts,
  /** Of a model that answers examples; null: it goes on with a text. */
  task: v.nullable(panelTask),
  /** All of them, by their dotted keys. */
  settings: settingValues,
  optimizer: v.string(),
  /** As used: what `auto` came to. */
  learningRate: v.number(),
  batch: count,
  sequence: count,
  /** Global norm that gradients are clipped to; 0: they are not. */
  clip: v.number(),
  /** Whether its gradients are looked at while it is trained. */
  isObserved: v.boolean(),
  /** Time between two texts that the model writes while it is trained, s; 0: it writes none. */
  sampleEvery: v.number(),
  seed: v.number(),
  /** Null for a run that was not trained since the window was opened: its folder does not tell. */
  threads: v.nullable(count),
  backend: v.nullable(backendKind),
  warnings: list(v.string()),
});
export type PanelFacts = v.InferOutput<typeof panelFacts>;

/** What changes now and then. */
const panelStatus = record({
  /** What tells it from other runs: its title, or text and cell. */
  label: v.string(),
  phase: runPhase,
  /** What ends the run: so many steps, passes over the text, or seconds of training. */
  limit,
  /** Why it failed or stopped, a sentence or two; empty where there is nothing to say. */
  message: v.string(),
  /** Whether there is a model to sample from, and a checkpoint to go on from. */
  canSample: v.boolean(),
  /** Whether there is a model that answers examples. */
  canPredict: v.boolean(),
  canContinue: v.boolean(),
  /** Whether the step at which its numbers went wrong can be gone through. */
  canDebugStep: v.boolean(),
  /** The learning rate that was set by hand and holds, whatever the schedule says; null: as it says. */
  fixedRate: v.nullable(v.number()),
  /** Steps whose weights are kept, ascending, and the one at which the model is looked at; null: as it is now. */
  keptSteps: list(count),
  traveled: v.nullable(count),
  /** What the file of an imported model told of the training before, as long as none has gone on here; else null. */
  imported: v.nullable(record({ step: count, bestValidationLoss: v.nullable(v.number()) })),
  /** Which colour it has beside the runs it is compared with; it keeps it whichever of them is on show. */
  slot: count,
});
export type PanelStatus = v.InferOutput<typeof panelStatus>;

const panelRun = record({
  /** The run's folder: what the panel remembers to be restored. */
  id: v.string(),
  facts: panelFacts,
  status: panelStatus,
  metrics: columns<MetricsColumn>(metricsColumns),
  evaluations: columns<EvaluationColumn>(evaluationColumns),
  observations: list(observation),
  samples: list(trainingSample),
});
export type PanelRun = v.InferOutput<typeof panelRun>;

/** What two runs can differ in. */
const comparedFacts = v.pipe(
  v.strictObject(
    v.pick(panelFacts.pipe[0], [
      ...(['name', 'cell', 'parameters', 'vocabulary', 'tokens', 'task', 'settings'] as const),
    ]).entries,
  ),
  v.readonly(),
);
export type ComparedFacts = v.InferOutput<typeof comparedFacts>;

/** Another run, whose loss is drawn beside that of the run on show. */
const comparedRun = record({
  id: v.string(),
  /** What tells it from other runs: its title, or text and cell. */
  label: v.string(),
  /** As of the run on show. */
  slot: count,
  /** Of its text: they tell it from another one. */
  baselines,
  facts: comparedFacts,
  /** Of its newest observation; null before the first. */
  lags: v.nullable(record({ step: count, states: observation.pipe[0].entries.lags })),
  metrics: columns<MetricsColumn>(metricsColumns),
  evaluations: columns<EvaluationColumn>(evaluationColumns),
});
export type ComparedRun = v.InferOutput<typeof comparedRun>;

/** Whose model looks at the text at the cursor: its own run's, which need not be the one on show. */
const cursorModel = record({
  run: v.string(),
  /** As the Runs view has it. */
  label: v.string(),
  /** `chosen` by the user; trained on the text, its `own`; or only the one on show. */
  reason: v.picklist(['chosen', 'own', 'shown']),
  facts: v.pipe(
    v.strictObject(
      v.pick(panelFacts.pipe[0], ['name', 'tokenizer', 'baselines', 'network']).entries,
    ),
    v.readonly(),
  ),
});
export type CursorModel = v.InferOutput<typeof cursorModel>;

/** What a model makes of the tokens before the cursor of the editor in front. */
const cursorMessage = record({
  type: v.literal('cursor'),
  /** Of the run on show. */
  id: v.string(),
  /** Null: there is none, or no text. */
  model: v.nullable(cursorModel),
  /** Of the text that is looked at the share that the model does not know and leaves out, 0 to 1. */
  unread: v.number(),
  /** Null: there is no text in front. */
  place: v.nullable(
    record({
      /** Of the document. */
      name: v.string(),
      /** From 1, as the editor counts them. */
      line: count,
      column: count,
    }),
  ),
  /** Whether it stays where it is while the cursor moves on. */
  pinned: v.boolean(),
  /** Offsets are in the document. Null: it could not be had, and `message` says why. */
  result: v.nullable(looked),
  message: v.string(),
});
export type CursorMessage = v.InferOutput<typeof cursorMessage>;

/**
 * What the model makes of the tokens of a window, as an inspection has it. What was read before them is left
 * out, so that the first may have a probability, too.
 */
const windowResult = v.pipe(
  v.strictObject(
    v.pick(inspectResult.pipe[0], ['tokens', 'probability', 'loss', 'variables', 'top']).entries,
  ),
  v.readonly(),
);
export type WindowResult = v.InferOutput<typeof windowResult>;

const toPanel = v.variant('type', [
  /** The whole state; without a run the panel shows how to begin. The page answers `drawn`. */
  record({
    type: v.literal('hydrate'),
    /** The editor's display language, for numbers: `en`, `zh-cn`. */
    locale: v.string(),
    /**
     * The extension's texts in that language, by their English, as `l10n/bundle.l10n.zh-cn.json` has them; empty
     * for English. The panel gives them to `@vscode/l10n`, which the views ask for each text they show.
     */
    texts: v.pipe(v.record(v.string(), v.string()), v.readonly()),
    run: v.nullable(panelRun),
    /** The name of the text of a run that is about to begin, which is shown instead. */
    preparing: v.nullable(v.string()),
    compared: list(comparedRun),
  }),
  /** What the training has added since the last message. The page answers `drawn`. */
  record({
    type: v.literal('append'),
    id: v.string(),
    metrics: columns<MetricsColumn>(metricsColumns),
    evaluations: columns<EvaluationColumn>(evaluationColumns),
    observations: list(observation),
    samples: list(trainingSample),
  }),
  record({ type: v.literal('status'), id: v.string(), status: panelStatus }),
  /** Others are compared with the run on show, or there is more of them. */
  record({ type: v.literal('compared'), compared: list(comparedRun) }),
  /** The answer to `inspect`. */
  record({
    type: v.literal('inspection'),
    id: v.string(),
    /** That of the question. */
    request: count,
    /** Where the window is, and how long the text is; all in the units of the question. */
    start: count,
    length: count,
    textLength: count,
    /** Whether these are bytes of a file, and not UTF-16 units. */
    inBytes: v.boolean(),
    /** Where the part begins that is held out for validation, about; null: nothing is. */
    heldOut: v.nullable(count),
    /** Null: it could not be had, and `message` says why. */
    result: v.nullable(windowResult),
    message: v.string(),
  }),
  cursorMessage,
  exampleMessage,
  worksheetMessage,
  projectionMessage,
  /** The answer to `evaluate`. */
  record({
    type: v.literal('results'),
    id: v.string(),
    part: examplePart,
    /** Null: it could not be had, and `message` says why. */
    result: v.nullable(results),
    message: v.string(),
  }),
]);
/** Host → panel. */
export type ToPanel = v.InferOutput<typeof toPanel>;
export type ResultsMessage = Extract<ToPanel, { readonly type: 'results' }>;
export type Inspection = Extract<ToPanel, { readonly type: 'inspection' }>;
export type { Observation, TrainingSample } from './jobs/observation';

/** A window of a run's text, in UTF-16 units; where only a file has the text, in its bytes. */
const inspectWindow = {
  /** Null: where the part begins that is held out for validation. */
  start: v.nullable(count),
  length: count,
  /** Qualified names of the variables to give: `layer1.s`. */
  variables: list(v.string()),
};
export type InspectWindow = Omit<
  Extract<FromPanel, { readonly type: 'inspect' }>,
  'type' | 'id' | 'request'
>;

const fromPanel = v.variant('type', [
  record({ type: v.literal('ready') }),
  /** What came last is on the screen: it has time for more. */
  record({ type: v.literal('drawn') }),
  record({ type: v.literal('command'), command: panelCommand }),
  /** From the next step on, of the training under way; null: as the schedule says. */
  record({ type: v.literal('setLearningRate'), learningRate: v.nullable(v.number()) }),
  /** Trains a new run as the one on show was, but for these settings, and compares the two. */
  record({ type: v.literal('retrain'), settings: retrainSettings }),
  /** Asks what the model makes of a window of the run's text. */
  record({ type: v.literal('inspect'), id: v.string(), request: count, ...inspectWindow }),
  /** Asks how the run's kept model answers a part of its examples. */
  record({ type: v.literal('evaluate'), id: v.string(), part: examplePart }),
  worksheetQuestion,
  projectQuestion,
  openPlace,
  /** Show a line of the file that was learnt, from 1. */
  record({ type: v.literal('openLine'), id: v.string(), line: count }),
  /** Asks to be told of the cursor from now on, with the values of one variable; null: no longer. */
  record({ type: v.literal('watchCursor'), id: v.string(), variable: v.nullable(v.string()) }),
  watchExample,
  /** Looks at the model as it was at a kept step; null: as it is now. */
  record({ type: v.literal('travel'), step: v.nullable(count) }),
  /** Stay at this place of the text, or follow the cursor again. */
  record({ type: v.literal('pinCursor'), pinned: v.boolean() }),
  /** Select what a token stands for, in the document that was looked at last. */
  record({ type: v.literal('selectToken'), start: count, end: count }),
  /** Colour the text in front by a unit of a run's variable, `layer1.h`, from 0. */
  record({ type: v.literal('colourByUnit'), run: v.string(), variable: v.string(), unit: count }),
  /** A picture or its data, to be saved where the user says. */
  record({
    type: v.literal('save'),
    /** Proposed for the file, without an extension. */
    name: v.string(),
    format: v.picklist(['png', 'svg', 'csv', 'html']),
    content: v.instance(Uint8Array),
  }),
  /** Something broke in the panel: for the log. */
  record({ type: v.literal('error'), message: v.string() }),
]);
export type SavedFormat = Extract<FromPanel, { readonly type: 'save' }>['format'];
/** Panel → host. */
export type FromPanel = v.InferOutput<typeof fromPanel>;

/** What a panel leaves with the editor to be restored after the window is reloaded. */
const panelMemory = v.object({ run: v.optional(v.string()) });

/** @throws TypeError that names the place in the message and what was expected there */
export function decodeToPanel(message: unknown): ToPanel {
  return decode(toPanel, message);
}

/** @throws TypeError that names the place in the message and what was expected there */
export function decodeFromPanel(message: unknown): FromPanel {
  return decode(fromPanel, message);
}

/** The run a serialised panel showed; undefined if it showed none, or its memory is of another version. */
export function decodePanelMemory(memory: unknown): string | undefined {
  const parsed = v.safeParse(panelMemory, memory);
  return parsed.success ? parsed.output.run : undefined;
}

function decode<T>(schema: v.GenericSchema<unknown, T>, message: unknown): T {
  const parsed = v.safeParse(schema, message, { abortEarly: true });
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  const path = v.getDotPath(issue);
  throw new TypeError(
    `Malformed message${path === null ? '' : ` at '${path}'`}: ${issue.message}.`,
  );
}
