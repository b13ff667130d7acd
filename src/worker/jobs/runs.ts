import { scoresOf } from '../../core/metrics/columns';
import { joined, type Sentence } from '../../core/sentence';
import {
  checkpointsAmong,
  decodeMetrics,
  runFileNames,
  stepsAmong,
  type RunInfo,
} from '../../core/training/run';
import { limitKeys, limitOf, settingEntries, type Settings } from '../../core/settings/settings';
import type {
  DescribeRequest,
  DescribeResult,
  ListRequest,
  ListResult,
  RunState,
  RunSummary,
  SettingValues,
} from '../../protocol/engine';
import { evaluationsOf, metricsOf } from '../../protocol/history';
import { observationLimit, sampleLimit, thinned } from '../../protocol/thinned';
import { failureOf } from '../failures';
import type { Job } from '../handler';
import type { Files } from '../platform';
import { readLooks } from '../look-file';
import {
  dotted,
  factsOf,
  observationFile,
  readMetrics,
  readRunInfo,
  runFiles,
  sampleFile,
} from '../run-folder';

/** Of a longer note, bytes, a list tells nothing. */
const noteLimit = 64 * 2 ** 10;

/** All that a run's folder tells. */
export async function describe(
  { run }: DescribeRequest,
  { platform: { files } }: Job<'describe'>,
): Promise<DescribeResult> {
  const info = await readRunInfo(files, run);
  const events = decodeMetrics(await readMetrics(files, run));
  const { failure } = info;
  const folder = runFiles(files, run);
  const names = await files.names(run);
  return {
    summary: await summarise(files, run, info),
    facts: await factsOf(files, run, info),
    history: {
      metrics: metricsOf(events.flatMap((event) => (event.event === 'metrics' ? [event.row] : []))),
      evaluations: evaluationsOf(
        events.flatMap((event) => (event.event === 'evaluation' ? [event.row] : [])),
      ),
    },
    observations: thinned(observationLimit, await readLooks(folder, observationFile)).items,
    samples: thinned(sampleLimit, await readLooks(folder, sampleFile)).items,
    checkpoints: checkpointsAmong(names),
    steps: stepsAmong(names),
    failure: failure === null ? null : { code: 'failure', ...failure },
  };
}

/** The runs among a folder's subfolders. */
export async function list(
  { folder, only }: ListRequest,
  { platform: { files } }: Job<'list'>,
): Promise<ListResult> {
  const runs: RunSummary[] = [];
  const damaged: { run: string; message: Sentence }[] = [];
  const all = async () => (await files.names(folder)).map((name) => files.join(folder, name));
  for (const run of only ?? (await all())) {
    if ((await files.entry(files.join(run, runFileNames.info))) === undefined) continue;
    try {
      runs.push(await summarise(files, run, await readRunInfo(files, run)));
    } catch (error) {
      damaged.push({ run, message: failureOf(error).message });
    }
  }
  runs.sort((a, b) => b.changed - a.changed);
  return { runs, damaged };
}

async function summarise(files: Files, run: string, info: RunInfo): Promise<RunSummary> {
  const { name, source, cell, created, changed, step, loss, best, settings, failure } = info;
  const { seconds, parameters, vocabulary, text, trained } = info;
  const names = await files.names(run);
  return {
    run,
    title: info.title ?? null,
    tags: info.tags ?? [],
    experiment: info.experiment ?? null,
    note: names.includes(runFileNames.note) ? await noteOf(files, run) : '',
    name,
    source,
    git: info.git ?? null,
    cell: cell.name,
    task: info.task === undefined ? null : { line: info.task.line, scores: scoresOf(best ?? {}) },
    state: await stateOf(files, run, info),
    created,
    changed,
    step,
    loss,
    bestValidationLoss: best?.validationLoss ?? null,
    imported: trained
      ? { step: trained.step, bestValidationLoss: trained.best?.validationLoss ?? null }
      : null,
    seconds,
    parameters,
    vocabulary,
    tokens: text.tokens,
    hasCheckpoint: checkpointsAmong(names).length > 0,
    hasFailedStep: names.includes(runFileNames.failedStep),
    limit: limitOf(settings.training),
    hidden: settings.model.hidden,
    layers: settings.model.layers,
    settings: chosenSettings(settings),
    failure: failure === null ? null : joined(failure.message, failure.hint),
  };
}

/** A note that cannot be read hides no run. */
async function noteOf(files: Files, run: string): Promise<string> {
  try {
    const bytes = await files.read(files.join(run, runFileNames.note), noteLimit);
    return new TextDecoder().decode(bytes).trim();
  } catch {
    return '';
  }
}

/**
 * `run.json` says `training` even after its process was killed, and something else until another window that goes on with
 * the run has written it; a lock to write a title is no training.
 */
async function stateOf(files: Files, run: string, { state }: RunInfo): Promise<RunState> {
  if ((await files.lockedFor(run)) === 'training') return 'training';
  return state === 'training' ? 'interrupted' : state;
}

/** What a list tells anyway. */
const toldApart = new Set(['model.cell', 'model.hidden', 'model.layers', ...limitKeys]);

/** Those that the user chose otherwise than they are by default. */
function chosenSettings(settings: Settings): SettingValues {
  const all = dotted(settings);
  return Object.fromEntries(
    settingEntries
      .filter(({ key, setting }) => all[key] !== setting.default && !toldApart.has(key))
      .map(({ key }) => [key, all[key]!]),
  );
}
