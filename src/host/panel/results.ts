import { l10n } from 'vscode';
import type { ExampleEvaluation } from '../../protocol/engine';
import type { ExamplePart, FromPanel, Results, ResultsMessage } from '../../protocol/panel';
import type { Engine } from '../engine';
import { oneAtATime } from '../one-at-a-time';
import { readDocument, sourceOf } from '../runs/folder';
import { canPredict, type Run } from '../runs/run';
import type { Runs } from '../runs/runs';
import { messageOf } from '../translate';

type Question = Extract<FromPanel, { readonly type: 'evaluate' }>;

/** Answers how a model does on a part of its examples. */
export interface Evaluator {
  /** Every question is answered by a message, but for those that another one has overtaken. */
  ask(question: Question): void;
}

/** Of the examples that are told, those with the greatest loss. */
const worstShown = 100;

/** What the panel shows of an evaluation. */
function resultsOf({
  of: _of,
  part: _part,
  seconds: _seconds,
  warnings: _warnings,
  ...results
}: ExampleEvaluation): Results {
  return results;
}

/** @param post sends to the panel */
export function createEvaluator(
  engine: Engine,
  runs: Runs,
  post: (answer: ResultsMessage) => void,
): Evaluator {
  let asked: Question | undefined;

  async function evaluate(run: Run, part: ExamplePart) {
    const { folder, traveled } = run;
    const document = await readDocument(folder);
    const model = { kind: 'run', run: folder } as const;
    const result = await engine.start({
      kind: 'evaluate',
      model: traveled === undefined ? model : { ...model, checkpoint: traveled },
      part,
      // Of a run from the command line its folder says where the data is.
      ...(document && { source: sourceOf(document) }),
      worst: worstShown,
      details: true,
      // As far as `evaluate` does: a season, or 8 steps.
      horizon: 0,
    }).result;
    if (result.of !== 'examples') throw new Error('A run of examples is measured on examples.');
    return resultsOf(result);
  }

  async function answer({ id, part }: Question): Promise<ResultsMessage> {
    const about = { type: 'results', id, part } as const;
    const run = runs.current;
    if (run?.folder !== id) return { ...about, result: null, message: '' };
    if (!canPredict(run)) {
      const message = l10n.t('The model can be measured once its first checkpoint is written.');
      return { ...about, result: null, message };
    }
    try {
      return { ...about, result: await evaluate(run, part), message: '' };
    } catch (error) {
      return { ...about, result: null, message: messageOf(error) };
    }
  }

  const work = oneAtATime(async () => {
    if (asked) post(await answer(asked));
  });

  return {
    ask(question) {
      asked = question;
      work();
    },
  };
}
