import type { Domain } from '../graph/operation';
import type { Examples } from './backend';
import type { Program } from './program';

/** Number of steps of each row by domain; 0: a row that is not there. */
export type Lengths = Readonly<Record<Domain, Int32Array>>;

/** Lengths of a program's rows to begin with: all steps of streams, no example. */
export function createLengths({ batch, steps, rows }: Program): Lengths {
  const of = (domain: Domain): Int32Array =>
    new Int32Array(batch).fill(rows === 'streams' ? steps[domain] : 0);
  return { example: of('example'), t: of('t'), u: of('u') };
}

/** Writes the examples' lengths; see `LoadedProgram.setExamples`. */
export function writeLengths(lengths: Lengths, program: Program, examples: Examples): void {
  const { batch, steps, rows } = program;
  const { count } = examples;
  if (rows === 'streams') throw new RangeError('This program runs over streams, not examples.');
  if (!Number.isInteger(count) || count < 1 || count > batch) {
    throw new RangeError(`A program of ${String(batch)} rows has no ${String(count)} examples.`);
  }
  for (const domain of ['t', 'u'] as const) {
    const given = examples[domain];
    if (steps[domain] === 0) continue;
    if (given?.length !== count) {
      throw new RangeError(
        `${String(count)} examples need as many lengths, not ${String(given?.length ?? 0)}.`,
      );
    }
    const wrong = Array.from(given).find(
      (length) => !Number.isInteger(length) || length < 1 || length > steps[domain],
    );
    if (wrong !== undefined) {
      throw new RangeError(
        `A length must be from 1 to the program's ${String(steps[domain])} steps, not ${String(wrong)}.`,
      );
    }
  }
  for (let b = 0; b < batch; b++) {
    lengths.example[b] = Number(b < count);
    for (const domain of ['t', 'u'] as const) {
      lengths[domain][b] = b < count && steps[domain] > 0 ? examples[domain]![b]! : 0;
    }
  }
}

/** First step of a span and the step after its last, of an example of `length` steps. */
export function spanOf(span: number | 'all', length: number): readonly [number, number] {
  if (span === 'all') return [0, length];
  return span > 0 ? [0, Math.min(span, length)] : [Math.max(length + span, 0), length];
}
