/** What a run has measured as a folder that TensorBoard shows: an event file, and what its projector reads. */
import type { Histogram, Observation, TrainingSample } from '../../inspection/observation';
import { channels, columnsOf, flatten, type Column } from '../../metrics/columns';
import type { Settings } from '../../settings/settings';
import type { AnyCheckpoint } from '../../training/checkpoint';
import { isOfExamples } from '../../training/checkpoint';
import type { EvaluationEvent, MetricsEvent } from '../../training/events';
import type { RunInfo } from '../../training/run';
import {
  fileVersion,
  histogram,
  hyperparameters,
  scalar,
  textSummary,
  type Moment,
  type Setting,
} from './events';
import { writeRecords } from './records';

/** What a run's folder has for TensorBoard. */
export interface BoardSource {
  readonly info: RunInfo;
  /** All of the run's, in their order. */
  readonly events: readonly (MetricsEvent | EvaluationEvent)[];
  readonly observations: readonly Observation[];
  readonly samples: readonly TrainingSample[];
  /** Of the model, whose embedding the projector shows; undefined: there is none. */
  readonly checkpoint?: AnyCheckpoint | undefined;
}

/** What places on an axis rather than is measured. */
const axes = new Set(['step', 'seconds', 'steps', 'best']);

/** The folder's files by their names. */
export function writeTensorBoard(
  source: BoardSource,
): Readonly<Record<string, Uint8Array | string>> {
  const { info, events, observations, samples, checkpoint } = source;
  const begin = info.created / 1000;
  const at = ({ step, seconds }: { readonly step: number; readonly seconds: number }): Moment => ({
    ...{ time: begin + seconds, step },
  });
  const records: { readonly step: number; readonly record: Uint8Array }[] = [];
  const add = (step: number, record: Uint8Array): void => void records.push({ step, record });
  const tags = new Set<string>();
  for (const event of events) {
    const moment = at(event.row);
    for (const [tag, value] of scalarsOf(event)) {
      tags.add(tag);
      add(moment.step, scalar(moment, tag, value));
    }
  }
  const names = parametersOf(checkpoint);
  for (const row of observations) {
    const moment = at(row);
    row.gradientNorm.forEach((norm, i) => {
      const name = names[i] ?? `parameter ${String(i + 1)}`;
      add(row.step, scalar(moment, `gradient norm/${name}`, norm));
      add(row.step, scalar(moment, `weight norm/${name}`, row.weightNorm[i]!));
      add(row.step, scalar(moment, `update ratio/${name}`, row.updateRatio[i]!));
      for (const [group, shown] of [
        ['weights', row.weights[i]!],
        ['gradients', row.gradients[i]!],
      ] as const) {
        if (isShown(shown)) add(row.step, histogram(moment, `${group}/${name}`, shown));
      }
    });
    for (const { variable, share } of row.saturation)
      add(row.step, scalar(moment, `saturation/${variable}`, share));
  }
  for (const row of samples) {
    // Indented, so that Markdown leaves it as it is.
    const indented = row.text.replace(/^/gm, '    ');
    add(row.step, textSummary(at(row), 'sample', indented));
  }
  const results = ['training/loss [nats/token]', 'validation/validation loss [nats/token]'];
  const first: Moment = { time: begin, step: 0 };
  const about = hyperparameters(
    first,
    settingsOf(info.settings),
    results.filter((tag) => tags.has(tag)),
  );
  const inOrder = [...records].sort((a, b) => a.step - b.step).map(({ record }) => record);
  const file = writeRecords([fileVersion(begin), ...about, ...inOrder]);
  return {
    [`events.out.tfevents.${String(Math.floor(begin))}.rnn-lab`]: file,
    ...projectorFiles(checkpoint),
  };
}

function* scalarsOf(
  event: MetricsEvent | EvaluationEvent,
): Generator<readonly [tag: string, value: number]> {
  const isTraining = event.event === 'metrics';
  const group = isTraining ? 'training' : 'validation';
  const numbers: Readonly<Record<string, number>> = isTraining
    ? flatten(channels.metrics, event.row)
    : flatten(channels.evaluation, event.row);
  const columns: readonly Column[] = isTraining
    ? columnsOf(channels.metrics)
    : columnsOf(channels.evaluation);
  for (const { name, label } of columns) {
    const value = numbers[name]!;
    if (label !== undefined && !axes.has(name) && !Number.isNaN(value)) {
      yield [`${group}/${label}`, value];
    }
  }
}

function isShown({ counts }: Histogram): boolean {
  return counts.length > 0;
}

function parametersOf(checkpoint: AnyCheckpoint | undefined): readonly string[] {
  return checkpoint?.model.parameters.map(({ name }) => name) ?? [];
}

/** By their dotted keys; those of the model first, as only the first few are shown at once. */
function settingsOf({ model, training, ...others }: Settings): Record<string, Setting> {
  const found: Record<string, Setting> = {};
  for (const [group, values] of Object.entries({ model, training, ...others })) {
    for (const [name, value] of Object.entries(values as Readonly<Record<string, unknown>>)) {
      if (typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value))
        found[`${group}.${name}`] = value as Setting;
    }
  }
  return found;
}

/** The embedding as the projector reads it: a row a token, and what each row is called. */
function projectorFiles(checkpoint: AnyCheckpoint | undefined): Record<string, string> {
  const embedding = 'embedding.E';
  const values = checkpoint?.tensors.get(embedding);
  if (!checkpoint || isOfExamples(checkpoint) || !values) return {};
  const { vocabulary } = checkpoint.tokenizer;
  const width = checkpoint.model.spec.embedding;
  const rows = Array.from({ length: vocabulary }, (_, token) =>
    Array.from({ length: width }, (_each, i) => String(values[i * vocabulary + token])).join('\t'),
  );
  // Tokens are shown with their white space visible, so none has a tab or a line of its own.
  const labels = rows.map((_, token) => checkpoint.tokenizer.describe(token).replace(/\s/g, ' '));
  return {
    'embedding.tsv': `${rows.join('\n')}\n`,
    'metadata.tsv': `${labels.join('\n')}\n`,
    'projector_config.pbtxt': `embeddings {\n  tensor_name: "embedding"\n  tensor_path: "embedding.tsv"\n  metadata_path: "metadata.tsv"\n}\n`,
  };
}
