/** What a model of examples answers to rows that are typed. */
import type { Engine } from '../engine';
import { knownRun } from '../runs/run';
import type { Runs } from '../runs/runs';
import type { Prediction, TaskFacts } from '../../protocol/engine';
import type { TypedRow } from '../rows/reader';

/** An answer as it is suggested. */
export interface RowAnswer {
  readonly text: string;
  /** NaN of a number. */
  readonly probability: number;
}

export interface RowAnswers {
  /** What a run learns, by its folder. */
  task(run: string): Promise<TaskFacts | undefined>;
  /** The likeliest first. */
  ask(run: string, row: TypedRow): Promise<readonly RowAnswer[]>;
  /** Models may have changed. */
  forget(): void;
}

/** Rows whose answers are kept: every further character of a target asks again. */
const mostKept = 100;

export function createRowAnswers(
  engine: Pick<Engine, 'start'>,
  runs: Pick<Runs, 'read' | 'current' | 'trained'>,
): RowAnswers {
  const tasks = new Map<string, Promise<TaskFacts | undefined>>();
  const kept = new Map<string, Promise<Prediction>>();

  async function predicted(run: string, inputs: readonly string[]): Promise<Prediction> {
    let answer: Prediction | undefined;
    const checkpoint = knownRun(runs, run)?.traveled;
    const model = { kind: 'run', run, ...(checkpoint !== undefined && { checkpoint }) } as const;
    const asked = { kind: 'cells', examples: [[...inputs]] } as const;
    await engine.start({ kind: 'predict', model, inputs: asked }, ({ prediction }) => {
      answer = prediction;
    }).result;
    if (!answer) throw new Error('An example that is given is answered.');
    return answer;
  }

  return {
    task(run) {
      let task = tasks.get(run);
      if (task === undefined) {
        task = runs.read(run).then(({ facts }) => facts.task);
        tasks.set(run, task);
        task.catch(() => tasks.delete(run));
      }
      return task;
    },
    async ask(run, { inputs, step }) {
      const key = JSON.stringify([run, inputs]);
      let asked = kept.get(key);
      if (asked === undefined) {
        asked = predicted(run, inputs);
        kept.set(key, asked);
        asked.catch(() => kept.delete(key));
        if (kept.size > mostKept) kept.delete(kept.keys().next().value!);
      }
      const { answer, probability, others, steps } = await asked;
      if (step !== undefined) {
        const tag = steps[step];
        return tag ? [{ text: tag.symbol, probability: tag.probability }] : [];
      }
      const rest = others.filter((other) => other.answer !== answer);
      return [{ answer, probability }, ...rest].map((each) => ({
        text: each.answer,
        probability: each.probability,
      }));
    },
    forget: () => kept.clear(),
  };
}
