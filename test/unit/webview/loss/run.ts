import {
  evaluationColumns,
  evaluationTable,
  metricsColumns,
  metricsTable,
  toColumns,
  type MetricsColumn,
} from '../../../../src/protocol/history';
import { formatFor } from '../../../../src/protocol/format';
import type { Run } from '../../../../webview/state';

export const format = formatFor('en');

/** A run of rows that stand for two steps and a second each, and of evaluations at some steps. */
export function runOf(
  losses: readonly number[],
  evaluated: readonly (readonly [
    step: number,
    loss: number,
    bitsPerCharacter: number,
    spelling?: number,
  ])[],
  tokenizer: Run['facts']['tokenizer'] = 'char',
): Run {
  const metrics = metricsTable();
  losses.forEach((loss, i) => {
    const values = Object.fromEntries(metricsColumns.map((name) => [name, 0]));
    const row = { step: 2 * (i + 1), steps: 2, seconds: i + 1, learningRate: 0.1 };
    metrics.append(
      toColumns(metricsColumns, {
        ...(values as Record<MetricsColumn, number>),
        ...row,
        lossMean: loss,
        lossMin: loss - 0.1,
        lossMax: loss + 0.1,
      }),
    );
  });
  const evaluations = evaluationTable();
  for (const [step, validationLoss, bitsPerCharacter, spelling = 0] of evaluated) {
    const measured = { validationLoss, bitsPerCharacter, spelling };
    const row = { step, epoch: 0, seconds: step / 2, ...measured, best: 0 };
    evaluations.append(toColumns(evaluationColumns, row));
  }
  const facts = {
    tokenizer,
    baselines: { uniform: Math.log(64), unigram: 3, bigram: 2 },
    task: null,
  };
  const status = { label: 'a.txt · gru', slot: 0 };
  return { id: 'a', facts, status, metrics, evaluations } as unknown as Run;
}
