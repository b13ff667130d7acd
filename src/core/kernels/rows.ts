/** What the machine knows of a program's rows, behind its code in the memory: ids, lengths, runs (assembly/axes.ts). */
import type { Examples } from '../engine/backend';
import { createLengths, writeLengths, type Lengths } from '../engine/examples';
import type { Program } from '../engine/program';
import type { Domain } from '../graph/operation';
import { Axis, Domain as Index } from './assembly/layout';

export const domains = ['example', 't', 'u'] as const satisfies readonly Domain[];

/** Offsets in bytes of the tables of a program, from where they begin. */
export interface RowTables {
  readonly targets: number;
  readonly keys: number;
  readonly axes: Readonly<Record<Domain, AxisTables>>;
  readonly bytes: number;
}

interface AxisTables {
  readonly tokens: number;
  readonly lengths: number;
  readonly runs: number;
  readonly firstRuns: number;
}

/** Words of a run. */
const RUN = 3;

/** Lays the tables out. */
export function rowTables({ batch, steps, rows, lossDomain }: Program): RowTables {
  let next = 0;
  const take = (words: number): number => {
    next += words * 4;
    return next - words * 4;
  };
  const axisOf = (domain: Domain): AxisTables => {
    const count = steps[domain];
    // Runs of a step have gaps between them.
    const runs = rows === 'streams' ? count : count * Math.ceil(batch / 2);
    return {
      tokens: take(count * batch),
      lengths: take(batch),
      runs: take(runs * RUN),
      firstRuns: take(count + 1),
    };
  };
  // The source's ids and the targets first, where they have always been.
  const t = axisOf('t');
  const targets = take(steps[lossDomain] * batch);
  const axes = { t, example: axisOf('example'), u: axisOf('u') };
  return { targets, keys: take(batch), axes, bytes: next };
}

/** The words of the header that tell of the axes. */
export function axisWords(
  { steps }: Program,
  tables: RowTables,
  start: number,
  tokenLimits: Readonly<Record<Domain, number>>,
): number[] {
  const words = new Array<number>(Index.count * Axis.words).fill(0);
  for (const domain of domains) {
    const first = Index[domain] * Axis.words;
    const { tokens, lengths, runs, firstRuns } = tables.axes[domain];
    words[first + Axis.steps] = steps[domain];
    words[first + Axis.tokens] = start + tokens;
    words[first + Axis.tokenLimit] = tokenLimits[domain];
    words[first + Axis.lengths] = start + lengths;
    words[first + Axis.runs] = start + runs;
    words[first + Axis.firstRuns] = start + firstRuns;
  }
  return words;
}

/** The tables in the memory. */
export class ProgramRows {
  readonly inputs: Readonly<Record<Domain, Int32Array>>;
  readonly targets: Int32Array;
  readonly keys: Int32Array;
  private readonly lengths: Lengths;

  constructor(
    private readonly program: Program,
    private readonly buffer: ArrayBufferLike,
    private readonly start: number,
    private readonly tables: RowTables,
  ) {
    const { batch, steps, lossDomain } = program;
    new Int32Array(buffer, start, tables.bytes / 4).fill(0);
    const at = (offset: number, words: number): Int32Array =>
      new Int32Array(buffer, start + offset, words);
    const of = (read: (domain: Domain) => Int32Array) => ({
      example: read('example'),
      t: read('t'),
      u: read('u'),
    });
    this.inputs = of((domain) => at(tables.axes[domain].tokens, steps[domain] * batch));
    this.targets = at(tables.targets, steps[lossDomain] * batch);
    this.keys = at(tables.keys, batch);
    this.lengths = of((domain) => at(tables.axes[domain].lengths, batch));
    const lengths = createLengths(program);
    for (const domain of domains) this.lengths[domain].set(lengths[domain]);
    this.writeRuns();
  }

  setExamples(examples: Examples): void {
    writeLengths(this.lengths, this.program, examples);
    this.writeRuns();
  }

  private writeRuns(): void {
    const { batch, steps } = this.program;
    for (const domain of domains) {
      const { runs, firstRuns } = this.tables.axes[domain];
      const list = new Int32Array(this.buffer, this.start + runs);
      const first = new Int32Array(this.buffer, this.start + firstRuns, steps[domain] + 1);
      const lengths = this.lengths[domain];
      let count = 0;
      for (let t = 0; t < steps[domain]; t++) {
        first[t] = count;
        for (let b = 0; b < batch; b++) {
          if (lengths[b]! <= t) continue;
          const begin = b;
          while (b < batch && lengths[b]! > t) b++;
          list.set([t, begin, b], RUN * count++);
        }
      }
      first[steps[domain]] = count;
    }
  }
}
