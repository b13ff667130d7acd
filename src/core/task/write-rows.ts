/** The one place where examples become rows of a program. */
import type { Floats, LoadedProgram } from '../engine/backend';
import type { View } from '../engine/program';
import type { Domain } from '../graph/operation';
import { boundaryOf, stepsOf } from './channels';
import { firstRow, type ChannelData, type Dataset } from './dataset';

/** Writes examples into a program's rows; nothing is allocated. */
export interface RowWriter {
  /**
   * The examples are in rows 0 … count - 1 then.
   * @returns steps of all their sequences together
   */
  write(examples: ArrayLike<number>, count: number): number;
}

/** @param floats the arena, as it is now */
export function createRowWriter(
  dataset: Dataset,
  loaded: LoadedProgram,
  floats: () => Floats,
): RowWriter {
  const { input, output, alignment } = dataset;
  const { batch, given, lossDomain } = loaded.program;
  const lengths = { t: new Int32Array(batch), u: new Int32Array(batch) };
  const places = Array.from({ length: batch + 1 }, (_, count) => ({
    count,
    t: lengths.t.subarray(0, count),
    u: lengths.u.subarray(0, count),
  }));
  const writeInput = createInputWriter(input, loaded, floats);
  const targets = { ids: loaded.targets, view: given.get('y'), batch, floats };
  const writeTarget = writerOf(output, targets);
  const writeBefore = writerOf(output, {
    ids: output.values.kind === 'symbols' ? loaded.inputs.u : undefined,
    view: given.get('x[u]'),
    batch,
    floats,
    first: 1,
  });
  const isTokens = output.values.kind === 'symbols';
  const boundary = boundaryOf(dataset);

  return {
    write(examples, count) {
      let total = 0;
      for (let row = 0; row < count; row++) {
        const example = examples[row]!;
        const { t, u } = stepsOf(dataset, example);
        lengths.t[row] = t;
        lengths.u[row] = u;
        total += t + u;
        loaded.keys[row] = example;
        writeInput(example, row, t || 1);
        if (alignment === 'delayed') {
          const answers = isTokens ? u - 1 : u;
          writeTarget(example, row, answers);
          if (loaded.inputs.u.length > 0) writeBefore(example, row, u - 1);
          if (isTokens) {
            loaded.inputs.u[row] = boundary;
            loaded.targets[answers * batch + row] = boundary;
          }
        } else {
          writeTarget(example, row, lossDomain === 't' ? t : 1);
        }
      }
      loaded.setExamples(places[count]!);
      return Math.max(total, count);
    },
  };
}

/** Writes the source of an example, `steps` rows of it, into a row of the batch. */
export function createInputWriter(
  input: ChannelData,
  { program, inputs }: LoadedProgram,
  floats: () => Floats,
): WriteRows {
  const source: Domain = input.starts === undefined ? 'example' : 't';
  return writerOf(input, {
    ids: input.values.kind === 'symbols' ? inputs[source] : undefined,
    view: program.given.get(source === 't' ? 'x[t]' : 'x'),
    batch: program.batch,
    floats,
  });
}

/** Where a channel's rows go: to ids, or to numbers. */
interface Place {
  readonly ids: Int32Array | undefined;
  readonly view: View | undefined;
  readonly batch: number;
  readonly floats: () => Floats;
  /** The step of the first row; 0 if not given. */
  readonly first?: number;
}

/** Writes so many rows of an example, one a step, into a row of the batch. */
type WriteRows = (example: number, row: number, steps: number) => void;

function writerOf(channel: ChannelData, { ids, view, batch, floats, first = 0 }: Place): WriteRows {
  const { values } = channel;
  if (values.kind === 'symbols') {
    return (example, row, steps) => {
      const start = firstRow(channel, example);
      let to = first * batch + row;
      if (ids === undefined) return;
      for (let t = 0; t < steps; t++, to += batch) ids[to] = values.ids[start + t]!;
    };
  }
  const { width, known } = values;
  // From here on copying a row at once is quicker than a loop, although it makes a view (0.2 beside 0.8 ns a number at 784).
  const isWide = width >= 128;
  return (example, row, steps) => {
    const start = firstRow(channel, example);
    const arena = floats();
    for (let t = 0; t < steps; t++) {
      if (ids !== undefined) ids[(first + t) * batch + row] = known?.[start + t] === 0 ? -1 : 0;
      if (view === undefined) continue;
      const to = view.offset + (first + t) * view.timeStride + row * view.rowStride;
      const from = (start + t) * width;
      if (isWide) arena.set(values.values.subarray(from, from + width), to);
      else for (let i = 0; i < width; i++) arena[to + i] = values.values[from + i]!;
    }
  };
}
