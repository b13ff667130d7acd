import assert from 'node:assert/strict';
import { evaluationColumns, evaluationTable, toColumns } from '../../../../src/protocol/history';
import { insight } from '../../../../webview/insight';
import type { Run } from '../../../../webview/state';
import { lossContents, type LossChoice } from '../../../../webview/views/loss/content';
import { lossCsv, lossTable } from '../../../../webview/views/loss/rows';
import { measuresOf } from '../../../../webview/views/loss/units';
import { tellCourse } from '../../../../webview/views/loss/course';
import { format, runOf } from './run';

const task: NonNullable<Run['facts']['task']> = {
  ...{ line: '', inputs: ['text'], outputs: ['label'], response: 'softmax' },
  examples: { train: 80, validation: 10, test: 10 },
  floors: [
    { name: 'majority', score: 'accuracy', value: 0.5 },
    { name: 'naive Bayes', score: 'accuracy', value: 0.8 },
    { name: 'majority', score: 'f1', value: 0.3 },
  ],
};

/** A run whose validation loss falls while its accuracy is as given. */
function runWith(accuracies: readonly number[], change: Partial<typeof task> = {}): Run {
  const run = runOf([1, 0.8, 0.6], []);
  const evaluations = evaluationTable();
  accuracies.forEach((accuracy, i) => {
    const row = { ...{ step: 2 * (i + 1), epoch: 0, seconds: i + 1, best: 1 }, accuracy, f1: 0.5 };
    evaluations.append(toColumns(evaluationColumns, { ...row, validationLoss: 0.9 - i / 10 }));
  });
  return { ...run, evaluations, facts: { ...run.facts, task: { ...task, ...change } } };
}

const choice: LossChoice = {
  ...{ unit: 'accuracy', axis: 'step', smoothing: 'none', logLoss: false, logAxis: false },
};

describe('the scores of a model of examples', () => {
  it('are offered as far as its evaluations have them, beside the loss', () => {
    const offered = (change: Partial<typeof task>) =>
      measuresOf(runWith([0.6], change), false).map(([measure]) => measure);
    assert.deepEqual(offered({}), ['nats', 'perplexity', 'accuracy', 'f1']);
    assert.deepEqual(offered({ response: 'none' }), ['nats', 'accuracy', 'f1']);
  });

  it('are drawn at each evaluation, with their own floors and no others', () => {
    const { loss } = lossContents(runWith([0.6, 0.7, 0.9]), [], choice, format);
    assert.deepEqual(
      loss.lines.map(({ x, y }) => [Array.from(x), Array.from(y)]),
      [
        [
          [2, 4, 6],
          [0.6, 0.7, 0.9],
        ],
      ],
    );
    assert.deepEqual(loss.references, [
      { label: 'majority 50.0%', value: 0.5 },
      { label: 'naive Bayes 80.0%', value: 0.8 },
    ]);
  });

  it('stand in the table and the CSV in place of the validation loss', () => {
    const run = runWith([0.6, 0.7, 0.9]);
    const { header, rows } = lossTable(run, choice, format);
    const place = header.indexOf('accuracy');
    assert.deepEqual(
      rows.map((row) => row[place]),
      ['60.0%', '70.0%', '90.0%'],
    );
    const csv = lossCsv(run, [], choice, format);
    assert.match(csv.split(/\r?\n/)[0]!, /validation \(accuracy\)/);
    assert.match(csv, /,0\.9,/);
  });

  it('are held against the best way without states', () => {
    assert.equal(
      insight(runWith([0.6, 0.7]), format),
      'Not yet better than a way without states: “naive Bayes”, accuracy 80.0%.',
    );
    assert.equal(
      insight(runWith([0.6, 0.9]), format),
      'Better than the best way without states: “naive Bayes”, accuracy 80.0%.',
    );
    const none = { floors: [], response: 'none' } as const;
    assert.equal(insight(runWith([0.6], none), format), '');
  });

  it('of numbers have a loss that is no likelihood: a small one leaves things to learn', () => {
    const losses = Array.from({ length: 100 }, () => 0.02);
    const courseOf = (response: typeof task.response) => {
      const run = runOf(losses, [[200, 0.02, 0]]);
      return tellCourse({ ...run, facts: { ...run.facts, task: { ...task, response } } }, format)
        ?.course.kind;
    };
    assert.equal(courseOf('softmax'), 'learnt');
    assert.notEqual(courseOf('none'), 'learnt');
  });
});
