import type { LoadedProgram } from '../engine/backend';
import type { ExampleModel } from '../engine/model';
import type { Network } from '../engine/network';
import type { View } from '../engine/program';
import { refuseReadingAhead } from '../engine/reading-ahead';
import { nodeOf } from '../graph/graph';
import { responseOf } from '../equations/model-shape';
import { rowsOf, type ChannelData } from '../task/dataset';
import { createInputWriter } from '../task/write-rows';
import type { StepWeights } from './answers';

/** Rows that there are at most, and the longest source and answer. */
export interface Room {
  readonly rows: number;
  readonly source: number;
  readonly answer: number;
}

/** Rows of a program in which answers are read step by step, behind sources that are read once. */
export interface AnswerRows {
  readonly room: Room;
  readonly loaded: LoadedProgram;
  /** Sets the examples, each in `copies` neighbouring rows. */
  begin(input: ChannelData, examples: ArrayLike<number>, copies: number): void;
  /** Runs step u of all rows; with step 0 also all that the source comes to. */
  step(u: number): void;
  /** Row r goes on from row `parents[r]` after step u, `count` rows. */
  follow(u: number, parents: ArrayLike<number>, count: number): void;
  /** Logits of a row at step u; valid until the next step. */
  logits(u: number, row: number): ArrayLike<number>;
  /** What a row answers with at step u, of labels 0 or 1; valid until the next step. */
  prediction(u: number, row: number): ArrayLike<number>;
  /** Writes the numbers that a row reads at step u, `x[u]`. */
  write(u: number, row: number, numbers: ArrayLike<number>): void;
  /** Attention's weights of a row at step u. */
  weights(u: number, row: number): StepWeights;
}

/**
 * A network has one of a room: two of the same would share their rows.
 * @throws InputError if the model's answer cannot be read step by step
 */
export function createAnswerRows(network: Network<ExampleModel>, room: Room): AnswerRows {
  const { model, backend } = network;
  const { rows: batch, source: sequence, answer } = room;
  refuseReadingAhead(model);
  const loaded = network.program('read', { rows: 'examples', batch, sequence, answer });
  const { probes, delayed } = loaded.program;
  const states = delayed.filter(({ axis }) => axis === 'u');
  const widest = Math.max(0, ...states.map(({ view }) => view.width));
  const moved = new Float64Array(batch * widest);
  const attention = attentionOf(model, probes);
  const lengths = new Int32Array(batch);
  const isLabels = responseOf(model.spec.cell)?.kind === 'sigmoid';
  const at = ({ offset, timeStride, rowStride }: View, u: number, row: number): number =>
    offset + u * timeStride + row * rowStride;
  const read = (view: View, u: number, row: number) => {
    const start = at(view, u, row);
    return backend.floats().subarray(start, start + view.width);
  };

  const logits = (u: number, row: number) => read(probes.get('logits')!, u, row);

  function move(view: View, u: number, parents: ArrayLike<number>, count: number): void {
    const floats = backend.floats();
    const { width } = view;
    for (let row = 0; row < count; row++) moved.set(read(view, u, parents[row]!), row * width);
    for (let row = 0; row < count; row++) {
      floats.set(moved.subarray(row * width, (row + 1) * width), at(view, u, row));
    }
  }

  return {
    room,
    loaded,
    begin(input, examples, copies) {
      const write = createInputWriter(input, loaded, () => backend.floats());
      const count = examples.length * copies;
      for (let row = 0; row < count; row++) {
        const example = examples[Math.floor(row / copies)]!;
        lengths[row] = rowsOf(input, example);
        write(example, row, lengths[row]!);
      }
      const t = lengths.subarray(0, count);
      loaded.setExamples({ count, t, u: new Int32Array(count).fill(answer) });
    },
    step(u) {
      loaded.runPart({ pass: 'forward', axis: 'u', from: u, to: u + 1 });
    },
    follow(u, parents, count) {
      if (Array.from({ length: count }, (_, row) => parents[row] === row).every(Boolean)) return;
      for (const { view, lag } of states) {
        for (let step = Math.max(0, u - lag + 1); step <= u; step++) {
          move(view, step, parents, count);
        }
      }
    },
    logits,
    prediction(u, row) {
      const values = logits(u, row);
      return isLabels ? values.map((logit) => Number(logit > 0)) : values;
    },
    write(u, row, numbers) {
      const view = loaded.program.given.get('x[u]');
      if (view) backend.floats().set(numbers, at(view, u, row));
    },
    weights: (u, row) =>
      new Map(
        [...attention].map(([name, view]) => [
          name,
          Float32Array.from(read(view, u, row).subarray(0, lengths[row])),
        ]),
      ),
  };
}

/** Attention's weights at each step of the answer, by the variable whose equation attends. */
function attentionOf(
  model: ExampleModel,
  probes: ReadonlyMap<string, View>,
): ReadonlyMap<string, View> {
  const { graph, variables } = model.build({ dropout: false, steps: { example: 1, t: 1, u: 1 } });
  const prefix = 'weights ';
  return new Map(
    [...variables].flatMap(([name, id]) => {
      const view = probes.get(name);
      const isRead = name.startsWith(prefix) && nodeOf(graph, id).domain === 'u' && view;
      return isRead ? [[name.slice(prefix.length), view] as const] : [];
    }),
  );
}
