/** The messages of event files, by their fields' numbers (tensorboard/compat/proto, plugins/hparams/*.proto). */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { Histogram } from '../../inspection/observation';

/** A value of a setting. */
export type Setting = string | number | boolean;

type Write = (writer: BinaryWriter) => BinaryWriter;

function message(write: Write): Uint8Array {
  return write(new BinaryWriter()).finish();
}

/** A field that is a message. */
function within(writer: BinaryWriter, field: number, write: Write): BinaryWriter {
  return write(writer.tag(field, WireType.LengthDelimited).fork()).join();
}

function text(writer: BinaryWriter, field: number, value: string): BinaryWriter {
  return writer.tag(field, WireType.LengthDelimited).string(value);
}

function double(writer: BinaryWriter, field: number, value: number): BinaryWriter {
  return writer.tag(field, WireType.Bit64).double(value);
}

function integer(writer: BinaryWriter, field: number, value: number): BinaryWriter {
  return writer.tag(field, WireType.Varint).int64(value);
}

/** When, in seconds since 1970, and after which step. */
export interface Moment {
  readonly time: number;
  readonly step: number;
}

/** The first record of every event file. */
export function fileVersion(time: number): Uint8Array {
  return message((writer) => text(double(writer, 1, time), 3, 'brain.Event:2'));
}

/** An event with one value of a summary. */
function summary({ time, step }: Moment, tag: string, value: Write): Uint8Array {
  return message((writer) =>
    within(integer(double(writer, 1, time), 2, step), 5, (values) =>
      within(values, 1, (one) => value(text(one, 1, tag))),
    ),
  );
}

export function scalar(moment: Moment, tag: string, value: number): Uint8Array {
  return summary(moment, tag, (writer) => writer.tag(2, WireType.Bit32).float(value));
}

/** Sums are reckoned from the middles of the bins. */
export function histogram(
  moment: Moment,
  tag: string,
  { least, greatest, counts }: Histogram,
): Uint8Array {
  const width = (greatest - least) / counts.length;
  const middle = (i: number): number => least + (i + 0.5) * width;
  const total = (value: (i: number) => number): number =>
    counts.reduce((sum, count, i) => sum + count * value(i), 0);
  const limits = Array.from(counts, (_, i) => least + (i + 1) * width);
  return summary(moment, tag, (writer) =>
    within(writer, 5, (histo) => {
      double(histo, 1, least);
      double(histo, 2, greatest);
      double(
        histo,
        3,
        total(() => 1),
      );
      double(histo, 4, total(middle));
      double(
        histo,
        5,
        total((i) => middle(i) ** 2),
      );
      return doubles(doubles(histo, 6, limits), 7, Array.from(counts));
    }),
  );
}

function doubles(writer: BinaryWriter, field: number, values: readonly number[]): BinaryWriter {
  return within(writer, field, (list) => values.reduce((all, value) => all.double(value), list));
}

/** The number of DT_STRING among TensorFlow's types. */
const stringType = 7;

/** A text, as Markdown. */
export function textSummary(moment: Moment, tag: string, value: string): Uint8Array {
  return summary(moment, tag, (writer) => {
    within(writer, 8, (tensor) => {
      integer(tensor, 1, stringType);
      within(tensor, 2, (shape) => within(shape, 2, (dimension) => integer(dimension, 1, 1)));
      return text(tensor, 8, value);
    });
    return plugin(writer, 'text', () => new Uint8Array());
  });
}

function plugin(writer: BinaryWriter, name: string, content: () => Uint8Array): BinaryWriter {
  return within(writer, 9, (metadata) =>
    within(metadata, 1, (data) =>
      text(data, 1, name).tag(2, WireType.LengthDelimited).bytes(content()),
    ),
  );
}

/** Data types of the plugin, by the values that settings have. */
const settingTypes = { string: 1, boolean: 2, number: 3 } as const;

/** A run's settings, and the tags of the scalars that are its results: three events. */
export function hyperparameters(
  moment: Moment,
  settings: Readonly<Record<string, Setting>>,
  results: readonly string[],
): Uint8Array[] {
  const entries = Object.entries(settings);
  const part = (tag: string, content: Write): Uint8Array =>
    summary(moment, `_hparams_/${tag}`, (writer) =>
      plugin(writer, 'hparams', () => message(content)),
    );
  return [
    part('experiment', (writer) =>
      within(writer, 2, (experiment) => {
        for (const [name, value] of entries) {
          const type = settingTypes[typeof value as keyof typeof settingTypes];
          within(experiment, 4, (info) => integer(text(info, 1, name), 4, type));
        }
        for (const tag of results) {
          within(experiment, 5, (info) => within(info, 1, (metric) => text(metric, 2, tag)));
        }
        return experiment;
      }),
    ),
    part('session_start_info', (writer) =>
      within(writer, 3, (start) => {
        for (const [name, value] of entries) {
          within(start, 1, (entry) =>
            within(text(entry, 1, name), 2, (held) => setting(held, value)),
          );
        }
        return double(start, 5, moment.time);
      }),
    ),
    // 1: it went well.
    part('session_end_info', (writer) => within(writer, 4, (end) => integer(end, 1, 1))),
  ];
}

/** A google.protobuf.Value. */
function setting(writer: BinaryWriter, value: Setting): BinaryWriter {
  if (typeof value === 'string') return text(writer, 3, value);
  return typeof value === 'number'
    ? double(writer, 2, value)
    : writer.tag(4, WireType.Varint).bool(value);
}
